"""Published GRADE reasons are read only where they say plainly how far certainty moves."""

from __future__ import annotations

import pytest

from whatworks.errors import InputError
from whatworks.rate import Judged
from whatworks.rate.methods.grade import judgements, levels_moved


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("wide confidence intervals, downgrade 1 level", -1),
        ("sufficient to affect the interpretation,downgrade 2 levels", -2),
        ("Very serious: downgraded by two levels.", -2),
        ("Large effect, rated up one level", None),
        ("Large effect, upgrade 1 level", 1),
        ("No evidence of inconsistency, no change to rating ", 0),
        ("Not applicable for RCT, no change to rating", 0),
        ("Serious concerns", None),
        ("", None),
        ("downgrade 1 level for size and downgrade 1 level for width", None),
        ("no change to rating, downgrade 1 level", None),
    ],
)
def test_levels_moved(text: str, levels: int | None) -> None:
    """A reason that says nothing, or two things, must not be guessed."""
    if levels is None:
        with pytest.raises(InputError, match="does not say plainly"):
            levels_moved(text)
    else:
        assert levels_moved(text) == levels


def test_judgements_keep_the_published_words_and_the_judge() -> None:
    """The reason shown in the trail is the one that was printed."""
    assert judgements({"imprecision": " Few people, downgrade 2 levels "}, "the review") == {
        "imprecision": Judged(2, "the review", "Few people, downgrade 2 levels")
    }


@pytest.mark.parametrize(
    ("reasons", "says"),
    [
        ({"quality": "downgrade 1 level"}, "'quality' is no GRADE reason"),
        ({"imprecision": "upgrade 1 level"}, "wrong way"),
        ({"large_effect": "downgrade 1 level"}, "wrong way"),
    ],
)
def test_reasons_that_grade_does_not_have_are_refused(reasons: dict[str, str], says: str) -> None:
    """A sign read wrongly would raise what was lowered."""
    with pytest.raises(InputError, match=says):
        judgements(reasons, "the review")
