"""What was judged moves with the centre: all of it to the centre's own next machine, only what was approved to the public."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.archive.centres import empty_the_database, files
from tests.integration.rate.raters import Raters, a_rating, agreed, compared, signed
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.rate.models import PersonalRating, Rater, Rating, Signoff
from whatworks.rate.standing import standing_of

pytestmark = pytest.mark.django_db


def approved(team: Raters) -> tuple[str, str]:
    rating = a_rating()
    other = next(key for key in ("mixed", "uncertain") if key != rating.result["level"])
    held = compared(team, (other, other))
    agreed(held, team.mia, other, override="They measured different things.")
    signed(held, team.approver)
    return rating.pk, other


@pytest.mark.parametrize("profile", ["move", "open"])
def test_an_approved_rating_stands_where_the_pack_is_loaded(team: Raters, profile: str, tmp_path: Path) -> None:
    pk, level = approved(team)
    first, second = tmp_path / "first", tmp_path / "second"
    export_pack(folder=first, profile=profile)
    empty_the_database()
    load_pack(folder=first, by="rule:test")
    stands = standing_of(Rating.objects.get(pk=pk))
    assert (stands.state, stands.level, stands.reason) == ("overridden", level, "They measured different things.")
    assert Signoff.objects.count() == 1 and Rater.objects.count() == (2 if profile == "move" else 0)
    assert PersonalRating.objects.count() == (2 if profile == "move" else 0), "what each said stays with the team"
    assert profile == "move" or b"thinks so" not in b"".join(files(first).values())
    assert verify_centre()["differences"] == []
    export_pack(folder=second, profile=profile)
    held, again = files(first), files(second)
    assert {name: text for name, text in held.items() if name.startswith("rate/")} == {
        name: text for name, text in again.items() if name.startswith("rate/")
    }
