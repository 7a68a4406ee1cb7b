"""The effect scale (our reconstruction): which way the studies point, and how steadily. Not how large the effect is.

A pooled result comes first. Without one, a direction needs a majority of both the studies and the people in them.
`Towards the aim` says what the intervention set out to change, not that the change is good.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.spec.table import Row, holds, names, when_rated
from whatworks.errors import InputError
from whatworks.rate import Reported, evaluate, majority, tally
from whatworks.rate.schemes import load_scheme

SCHEME = load_scheme("effect-scale", 1)
ALWAYS = {
    "aim": "lower",
    "k_pooled": 0,
    "null_value": 0.0,
    "studies_lower": 0,
    "studies_higher": 0,
    "studies_no_difference": 0,
    "participants_lower": 0,
    "participants_higher": 0,
    "participants_no_difference": 0,
}


def counted(
    lower: tuple[int, int | None], higher: tuple[int, int | None], none: tuple[int, int | None]
) -> dict[str, Any]:
    """Studies and people for each direction."""
    return dict(
        zip(("studies_lower", "participants_lower"), lower, strict=True),
        **dict(zip(("studies_higher", "participants_higher"), higher, strict=True)),
        **dict(zip(("studies_no_difference", "participants_no_difference"), none, strict=True)),
    )


def pooled(low: float, high: float, lower: int, higher: int) -> dict[str, Any]:
    return {
        "k_pooled": lower + higher,
        "interval_low": low,
        "interval_high": high,
        "studies_lower": lower,
        "studies_higher": higher,
    }


POOLED = [
    Row("pooled, wholly towards the aim, no study away", pooled(-0.4, -0.1, 3, 0), "steady", "pooled-steady"),
    Row("pooled, wholly towards the aim, one study away", pooled(-0.4, -0.1, 3, 1), "tends", "pooled-towards"),
    Row("pooled, wholly towards the aim, two studies only", pooled(-0.4, -0.1, 2, 0), "tends", "pooled-towards"),
    Row("pooled, either way", pooled(-0.4, 0.1, 3, 0), "mixed-or-none", "pooled-either-way"),
    Row("pooled, touching no difference", pooled(-0.4, 0.0, 3, 0), "mixed-or-none", "pooled-either-way"),
    Row("pooled, wholly away from the aim", pooled(0.1, 0.4, 0, 3), "against", "pooled-away"),
    Row("pooled, and the aim is higher", {"aim": "higher", **pooled(0.1, 0.4, 0, 3)}, "steady", "pooled-steady"),
    Row(
        "pooled either way, though most studies and people point towards the aim",
        {**pooled(-0.4, 0.1, 3, 1), "participants_lower": 900, "participants_higher": 10},
        "mixed-or-none",
        "pooled-either-way",
    ),
]

COUNTED = [
    Row("no study", {}, "not-enough", "too-few"),
    Row("one study, however large", counted((1, 5000), (0, 0), (0, 0)), "not-enough", "too-few"),
    Row("two studies and all people towards", counted((2, 200), (0, 0), (0, 0)), "tends", "counted-towards"),
    Row("three studies, all towards", counted((3, 300), (0, 0), (0, 0)), "steady", "counted-steady"),
    Row("three towards, one without difference", counted((3, 300), (0, 0), (1, 100)), "tends", "counted-towards"),
    Row("most of both towards, one away", counted((3, 300), (1, 100), (0, 0)), "tends", "counted-towards"),
    Row("most studies towards, most people away", counted((3, 300), (1, 400), (0, 0)), "mixed-or-none", "no-majority"),
    Row("most people towards, most studies away", counted((1, 900), (2, 100), (0, 0)), "mixed-or-none", "no-majority"),
    Row("exactly half of the studies", counted((2, 900), (1, 10), (1, 10)), "mixed-or-none", "no-majority"),
    Row("exactly half of the people", counted((3, 300), (1, 300), (0, 0)), "mixed-or-none", "no-majority"),
    Row("most of both away", counted((1, 100), (3, 300), (0, 0)), "against", "counted-away"),
    Row("most of both without difference", counted((1, 100), (0, 0), (3, 300)), "mixed-or-none", "no-majority"),
    Row(
        "people not known, but no direction has most studies anyway",
        counted((1, None), (1, None), (1, None)),
        "mixed-or-none",
        "no-majority",
    ),
    Row("people not known where they would decide", counted((3, None), (1, 100), (0, 0)), None, ""),
]


@pytest.mark.parametrize("row", POOLED, ids=names(POOLED))
def test_a_pooled_result_comes_first(row: Row) -> None:
    """Given a pooled result, then its whole range decides, whatever the counts say."""
    holds(row, when_rated("effect-scale", row, ALWAYS))


@pytest.mark.parametrize("row", COUNTED, ids=names(COUNTED))
def test_without_one_most_studies_and_most_people(row: Row) -> None:
    """Given no pooled result, then a direction only with more than half of the studies and of the people."""
    holds(row, when_rated("effect-scale", row, ALWAYS))


def test_what_is_missing_is_named() -> None:
    """Given a count of people that would decide and is not held, then no level, and the count is asked for."""
    outcome = when_rated("effect-scale", COUNTED[-1], ALWAYS)
    assert outcome.missing == ("participants_lower",)
    assert any(
        "cannot be said without the number of people in studies with lower results" in step.sentence
        for step in outcome.trail
    )


def test_it_says_what_one_more_study_would_do() -> None:
    """Given one study, when asked what would change the level, then one more study, with what it would make it."""
    outcome = evaluate(SCHEME, {**ALWAYS, **counted((1, 200), (0, 0), (0, 0))})
    assert [change.sentence for change in outcome.would_change] == [
        "One more study, with 500 people, that reports lower would make this “Mostly towards the aim”.",
        "One more study, with 500 people, that reports higher would make this “Mixed, or no clear change”.",
    ]


def test_it_claims_no_more_than_it_knows() -> None:
    """Given that the table of the five points was never seen, then the scheme says so: a reconstruction."""
    assert SCHEME.standing == "our reconstruction"
    assert SCHEME.unconfirmed
    assert [source.note for source in SCHEME.sources if source.unconfirmed] == ["unconfirmed text"]


def test_more_pooled_than_held_is_refused() -> None:
    """Given more pooled studies than report a result, then no level."""
    with pytest.raises(InputError, match="3 studies were pooled"):
        evaluate(SCHEME, {**ALWAYS, **pooled(-0.4, -0.1, 3, 0), "studies_lower": 1})


SIDE = st.tuples(st.integers(0, 5), st.integers(0, 900))
EITHER = st.sampled_from(["lower", "higher"])


@given(EITHER, SIDE, SIDE, SIDE, st.booleans(), st.floats(-1, 1), st.floats(0, 1))
def test_both_sides_are_treated_alike(
    aim: str,
    lower: tuple[int, int],
    higher: tuple[int, int],
    none: tuple[int, int],
    is_pooled: bool,
    low: float,
    width: float,
) -> None:
    """Given the same evidence with lower and higher swapped, then the same level: the scale favours neither way."""
    k = lower[0] + higher[0] if is_pooled else 0
    assume(k != 1)
    interval = {"interval_low": low, "interval_high": low + width} if k else {}
    mirror = {"interval_low": -low - width, "interval_high": -low} if k else {}
    other = "higher" if aim == "lower" else "lower"
    one = evaluate(SCHEME, {**ALWAYS, "aim": aim, "k_pooled": k, **counted(lower, higher, none), **interval})
    two = evaluate(SCHEME, {**ALWAYS, "aim": other, "k_pooled": k, **counted(higher, lower, none), **mirror})
    assert one.level == two.level is not None


REPORTS = st.lists(st.tuples(st.sampled_from(["lower", "higher", "no difference"]), st.integers(0, 90)), max_size=8)


@given(REPORTS)
def test_the_scheme_counts_as_the_plain_rule_does(reports: list[tuple[str, int]]) -> None:
    """Given any studies, then the rules in the file agree with the majority rule written out in code."""
    counts = tally(Reported(f"study {n}", way, people) for n, (way, people) in enumerate(reports))
    level = evaluate(SCHEME, {**ALWAYS, **counts.to_dict()}).level
    if counts.studies < 2:
        assert level == "not-enough"
    else:
        assert (level in ("tends", "steady")) is (majority(counts) == "lower")
        assert (level == "against") is (majority(counts) == "higher")
