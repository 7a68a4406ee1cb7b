"""What the schemes are told about an outcome: every row held counts, a study once, and no row is as good as unsearched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.extract.models import Contrast, Finding
from whatworks.rate.gathering import Ground, direction_of, effect_inputs, grounds, state_inputs, votes
from whatworks.rate.methods.running import run_scheme
from whatworks.rate.models import Rating
from whatworks.scope.models import Intervention, Outcome

OUTCOME = Outcome(subject_id="out-1", name="Care", direction="contact")


def row(name: str, study: str, yi: float, months: float | None = None, **fields: Any) -> tuple[Contrast, Finding]:
    """A contrast with its finding, not saved."""
    contrast = Contrast(subject_id=name, study_id=study, months=months, **fields)
    return contrast, Finding(subject_id=f"fnd-{name}", contrast=contrast, yi=yi, vi=0.01)


def ground(*rows: tuple[Contrast, Finding]) -> Ground:
    found = {contrast.pk: finding for contrast, finding in rows}
    return Ground(Intervention(), OUTCOME, None, tuple(contrast for contrast, _ in rows), (), True, found)


def test_a_study_votes_once_by_its_longest_follow_up() -> None:
    """A study reported at 6, 12 and 24 months would otherwise outvote two others."""
    rows = [row("a", "sty-1", -1, 24, n_total=90), row("b", "sty-1", +1, 6, n_total=100), row("c", "sty-1", +1, 12)]
    counted = votes(ground(*rows, row("d", "sty-2", +1, None, n_total=50)))
    assert (counted["studies_lower"], counted["studies_higher"]) == (1, 1)
    assert (counted["participants_lower"], counted["participants_higher"]) == (90, 50)


@pytest.mark.parametrize("turned", [False, True])
def test_an_interim_cut_of_a_study_is_left_out_wherever_it_stands(turned: bool) -> None:
    final = row("a", "sty-1", -1, 12)
    rows = [final, row("b", "sty-1", +1, 24, overlaps=final[0])]
    counted = votes(ground(*(reversed(rows) if turned else rows)))
    assert (counted["studies_lower"], counted["studies_higher"]) == (1, 0)


def test_an_interim_cut_alone_gives_no_vote() -> None:
    final, _ = row("a", "sty-1", -1)
    counted = votes(ground(row("b", "sty-1", +1, overlaps=final)))
    assert counted["studies_higher"] == counted["studies_lower"] == 0


def test_people_are_unknown_where_a_study_does_not_say_how_many() -> None:
    counted = votes(ground(row("a", "sty-1", -1, n_total=90), row("b", "sty-2", -1)))
    assert counted["studies_lower"] == 2
    assert "participants_lower" not in counted


@pytest.mark.parametrize(
    ("fields", "yi", "direction"),
    [
        ({}, -0.1, "lower"),
        ({"sign": -1}, -0.1, "higher"),
        ({}, 0.0, "no difference"),
        ({"reported_direction": "higher"}, -0.1, "higher"),
        ({"reported_direction": "no clear difference"}, -0.1, "no difference"),
        ({"printed": {"percent1": 10, "percent2": 20}}, None, "lower"),
        ({"printed": {"percent1": 10, "percent2": 20}, "sign": -1}, None, "higher"),
        ({"printed": {"percent1": 10, "percent2": 10}}, None, None),
        ({"printed": {"percent1": 10}}, None, None),
        ({}, None, None),
    ],
)
def test_which_way_a_row_points(fields: dict[str, Any], yi: float | None, direction: str | None) -> None:
    """What the report says comes first, then the sign of the effect, then the percentages; silence is no direction."""
    contrast, finding = row("a", "sty-1", yi or 0.0, **fields)
    assert direction_of(contrast, None if yi is None else finding) == direction


@pytest.mark.parametrize("direction", ["contact", "neutral", "good-low", "good-high"])
def test_the_aim_of_the_theme_and_the_reading_of_the_outcome(direction: str) -> None:
    one = replace(ground(), outcome=Outcome(direction=direction))
    assert effect_inputs(one)["aim"] == ("higher" if direction == "good-high" else "lower")
    assert state_inputs(one)["direction_kind"] == (direction if direction.startswith("good") else "contact")


def test_a_band_without_its_source_or_on_another_scale_is_not_used() -> None:
    """“No worthwhile effect” needs a band that somebody set beforehand."""
    for fields in ({"band_source": ""}, {"band_source": "A protocol", "band_metric": "SMD"}):
        outcome = Outcome(direction="good-low", band_low=-0.1, band_high=0.1, **fields)
        assert "band_low" not in state_inputs(replace(ground(), outcome=outcome))


@pytest.fixture(scope="module")
def held(demo: None, django_db_blocker: Any) -> list[Ground]:
    """Every ground of the centre that ships."""
    with django_db_blocker.unblock():
        return [one for each in Intervention.objects.filter(part_of=None) for one in grounds(each)]


def level(one: Ground) -> str:
    return str(run_scheme("outcome-state", 1, state_inputs(one))["level"])


@pytest.mark.django_db
def test_there_is_no_outcome_without_a_row_and_none_is_called_unsearched(held: list[Ground]) -> None:
    assert len(held) > 80
    assert all(one.rows for one in held)
    results = Rating.objects.current().filter(scheme="outcome-state").values_list("result", flat=True)
    assert not {result["level"] for result in results} & {"not-searched", "nothing-found"}


@pytest.mark.django_db
@given(data=st.data())
def test_whatever_part_of_the_rows_is_held_it_is_not_called_unsearched(data: st.DataObject, held: list[Ground]) -> None:
    """Real rows, any part of them, searched or not: the two words for having nothing need nothing."""
    whole = data.draw(st.sampled_from(held))
    kept = [one for one in whole.contrasts if data.draw(st.booleans())]
    others = [one for one in whole.published if data.draw(st.booleans())]
    part = replace(
        whole, contrasts=tuple(kept), published=tuple(others), default=None, as_published=None,
        searched=data.draw(st.booleans()),
    )  # fmt: skip
    nothing = level(part) in ("not-searched", "nothing-found")
    assert nothing == (part.rows == 0)
    if nothing:
        assert level(part) == ("nothing-found" if part.searched else "not-searched")


@pytest.mark.django_db
def test_without_a_pool_no_outcome_claims_a_change(held: list[Ground]) -> None:
    for one in held:
        if one.default is None:
            assert level(one) in ("not-poolable", "mixed"), one.outcome.name


@pytest.mark.django_db
def test_votes_never_exceed_the_studies_and_each_is_counted_once(held: list[Ground]) -> None:
    for one in held:
        counted = votes(one)
        cast = sum(counted[f"studies_{way}"] for way in ("lower", "higher", "no_difference"))
        assert cast <= len({row.study_id for row in one.contrasts if row.overlaps_id is None}), one.outcome.name
