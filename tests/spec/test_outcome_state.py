"""What we can honestly say about an outcome: the state words, their order, and what each of them needs.

Six kinds of absence and doubt are kept apart: not searched, searched and nothing found, found but cannot be put
together, uncertain, mixed, and no worthwhile effect. Contact with services is fewer or more; better and worse are only
for outcomes whose good direction is agreed. What goes together in studies that cannot show cause is linked, no more.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.table import Row, holds, names, when_rated
from whatworks.errors import InputError
from whatworks.rate import STATES, evaluate
from whatworks.rate.schemes import load_scheme

SCHEME = load_scheme("outcome-state", 1)
NOTHING = {"n_rows_held": 0, "published_review_only": False, "k_pooled": 0}
HELD = {
    "n_rows_held": 6,
    "searched": True,
    "published_review_only": False,
    "studies_lower": 0,
    "studies_higher": 0,
    "studies_no_difference": 0,
    "participants_lower": 0,
    "participants_higher": 0,
    "participants_no_difference": 0,
    "k_pooled": 0,
    "null_value": 0.0,
    "design_kind": "experimental",
    "direction_kind": "contact",
}
POOLED = {"k_pooled": 3, "studies_lower": 2, "studies_higher": 1}
BAND = {"band_low": -0.2, "band_high": 0.2, "band_set_before": True, "band_source": "agreed with the panel"}


def pooled(low: float, high: float, **more: Any) -> dict[str, Any]:
    return {**POOLED, "interval_low": low, "interval_high": high, **more}


ABSENCE = [
    Row("nobody searched and nothing is held", {**NOTHING, "searched": False}, "not-searched", "not-searched"),
    Row("a search found nothing", {**NOTHING, "searched": True}, "nothing-found", "nothing-found"),
    Row(
        "nobody searched, but a trial was sourced by hand",
        {"n_rows_held": 1, "searched": False, "studies_lower": 1},
        "not-poolable",
        "one-study",
    ),
    Row(
        "only somebody else's review is held",
        {"n_rows_held": 1, "published_review_only": True},
        "not-poolable",
        "published-review-only",
    ),
    Row("only one study is held", {"studies_higher": 1}, "not-poolable", "one-study"),
    Row(
        "the only study has a range that holds no difference",
        {"studies_higher": 1, "single_low": -0.3, "single_high": 0.7},
        "uncertain",
        "one-study-either-way",
    ),
    Row(
        "the only study has a range that excludes no difference: still one study",
        {"studies_higher": 1, "single_low": 0.1, "single_high": 0.7},
        "not-poolable",
        "one-study",
    ),
    Row("studies give directions and all agree", {"studies_lower": 3}, "not-poolable", "directions-only"),
    Row(
        "one study reports lower and one no clear difference",
        {"studies_lower": 1, "studies_no_difference": 1},
        "not-poolable",
        "directions-only",
    ),
    Row("rows are held, but none gives a direction", {}, "not-poolable", "directions-only"),
]

DISAGREEMENT = [
    Row(
        "one study reports lower and one higher",
        {"studies_lower": 1, "studies_higher": 1, "participants_lower": 90, "participants_higher": 90},
        "mixed",
        "studies-disagree",
    ),
    Row(
        "most studies report lower, but most people were in those that report higher",
        {"studies_lower": 3, "studies_higher": 1, "participants_lower": 300, "participants_higher": 400},
        "mixed",
        "studies-disagree",
    ),
    Row(
        "most studies report lower, and nobody knows how many people were in them",
        {"studies_lower": 3, "studies_higher": 1, "participants_lower": None, "participants_higher": 400},
        "mixed",
        "studies-disagree",
    ),
    Row(
        "most studies and most people report lower (a direction, but still no pooled answer)",
        {"studies_lower": 3, "studies_higher": 1, "participants_lower": 500, "participants_higher": 400},
        "not-poolable",
        "directions-only",
    ),
    Row(
        "pooled studies are clearly on opposite sides",
        pooled(0.1, 0.4, studies_clearly_lower=1, studies_clearly_higher=2),
        "mixed",
        "pooled-studies-clash",
    ),
]

RANGES = [
    Row("the range runs from fewer to more", pooled(-2.6, 16.7), "uncertain", "either-way"),
    Row("the range touches no difference", pooled(0.0, 0.4), "uncertain", "either-way"),
    Row("the whole range is below, for contact with services", pooled(-0.4, -0.1), "fewer", "fewer"),
    Row("the whole range is above, for contact with services", pooled(0.1, 0.4), "more", "more"),
    Row(
        "the whole range is above, and higher is good", pooled(0.1, 0.4, direction_kind="good-high"), "better", "better"
    ),
    Row(
        "the whole range is below, and higher is good", pooled(-0.4, -0.1, direction_kind="good-high"), "worse", "worse"
    ),
    Row(
        "the whole range is below, and lower is good", pooled(-0.4, -0.1, direction_kind="good-low"), "better", "better"
    ),
    Row("the whole range is above, and lower is good", pooled(0.1, 0.4, direction_kind="good-low"), "worse", "worse"),
    Row(
        "no difference is not at zero on this scale",
        pooled(0.8, 1.3, null_value=1.0),
        "uncertain",
        "either-way",
    ),
    Row(
        "three federal sites of family preservation, log risk ratio (computed from their published counts)",
        pooled(-0.0776, 0.5067, studies_lower=0, studies_higher=3),
        "uncertain",
        "either-way",
    ),
    Row(
        "another defensible method gives another answer",
        pooled(1.5, 12.5, choices_disagree=True),
        "uncertain",
        "choices-disagree",
    ),
    Row(
        "studies cannot show cause, and the range excludes none",
        pooled(0.04, 0.3, design_kind="association"),
        "linked",
        "linked",
    ),
    Row(
        "studies cannot show cause, and the range holds none",
        pooled(-0.04, 0.3, design_kind="association"),
        "uncertain",
        "either-way",
    ),
]

UNUSABLE = [
    Row("the band has no source", pooled(-0.1, 0.1, **{**BAND, "band_source": None}), "uncertain", "either-way"),
    Row("the band has a blank source", pooled(-0.1, 0.1, **{**BAND, "band_source": "  "}), "uncertain", "either-way"),
    Row("it was set afterwards", pooled(-0.1, 0.1, **{**BAND, "band_set_before": False}), "uncertain", "either-way"),
    Row("nobody says when", pooled(-0.1, 0.1, **{**BAND, "band_set_before": None}), "uncertain", "either-way"),
]

BANDS = [
    Row("the whole range is inside a band set beforehand", pooled(-0.1, 0.1, **BAND), "none", "inside-the-band"),
    Row("it also excludes no difference", pooled(0.05, 0.1, **BAND), "none", "inside-the-band"),
    Row("the range leaves the band below", pooled(-0.3, 0.1, **BAND), "uncertain", "either-way"),
    Row("the range leaves the band above", pooled(-0.1, 0.3, **BAND), "uncertain", "either-way"),
    Row("the range touches the lower edge", pooled(-0.2, 0.1, **BAND), "uncertain", "either-way"),
    Row("the range touches the upper edge", pooled(-0.1, 0.2, **BAND), "uncertain", "either-way"),
    Row("there is no band", pooled(-0.01, 0.01), "uncertain", "either-way"),
    Row(
        "studies cannot show cause",
        pooled(-0.1, 0.1, **BAND, design_kind="association"),
        "uncertain",
        "either-way",
    ),
    Row(
        "another method leaves the band",
        pooled(-0.1, 0.1, **BAND, choices_disagree=True),
        "uncertain",
        "choices-disagree",
    ),
    *UNUSABLE,
]


@pytest.mark.parametrize("row", ABSENCE, ids=names(ABSENCE))
def test_absence(row: Row) -> None:
    """Given what is held, when nothing can be pooled, then the kind of absence is named."""
    holds(row, when_rated("outcome-state", row, HELD))


@pytest.mark.parametrize("row", DISAGREEMENT, ids=names(DISAGREEMENT))
def test_disagreement(row: Row) -> None:
    """Given studies on both sides, then mixed, unless most studies and most people are shown to be on one side."""
    holds(row, when_rated("outcome-state", row, HELD))


@pytest.mark.parametrize("row", RANGES, ids=names(RANGES))
def test_ranges(row: Row) -> None:
    """Given a pooled result, then its whole range decides, never its middle."""
    holds(row, when_rated("outcome-state", row, HELD))


@pytest.mark.parametrize("row", BANDS, ids=names(BANDS))
def test_bands(row: Row) -> None:
    """Given a narrow range, then `no worthwhile effect` only inside a band set beforehand with its source."""
    holds(row, when_rated("outcome-state", row, HELD))


@pytest.mark.parametrize("row", UNUSABLE, ids=names(UNUSABLE))
def test_an_unusable_band_goes_to_a_person(row: Row) -> None:
    """Given a band without source or date that would have decided, then somebody is asked about it."""
    assert "band" in when_rated("outcome-state", row, HELD).needs_person[0]


def test_a_pooled_result_without_its_range_has_no_state() -> None:
    """Given a pooled result whose interval is not held, then there is no state, and the interval is asked for."""
    outcome = evaluate(SCHEME, {**HELD, **POOLED})
    assert (outcome.level, outcome.state, outcome.missing) == (
        None,
        "missing inputs",
        ("interval_low", "interval_high"),
    )


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({**HELD, "n_rows_held": 0, **pooled(0.1, 0.2)}, "3 studies were pooled, but we hold only 0 rows"),
        ({**HELD, "n_rows_held": 1, "studies_lower": 2}, "we hold only 1 row"),
        ({**HELD, **pooled(0.3, 0.2)}, "swap them"),
        ({**HELD, "interval_low": 0.1, "interval_high": 0.2}, "leave the interval out"),
        ({**HELD, **POOLED, "interval_low": 0.1}, "two ends"),
        ({**HELD, **pooled(0.3, 0.4), "band_low": 0.1, "band_high": 0.2}, "must lie inside the band"),
        ({**HELD, **pooled(0.3, 0.4), "published_review_only": True}, "only a published review"),
    ],
)
def test_contradictions_are_refused(inputs: dict[str, Any], says: str) -> None:
    """Given inputs that cannot all be true, then no state, and one sentence that says which."""
    with pytest.raises(InputError, match=says):
        evaluate(SCHEME, inputs)


def test_one_study_would_need_a_second() -> None:
    """Given one study, when asked what would change that, then a second one, without guessing what it would find."""
    outcome = evaluate(SCHEME, {**HELD, "studies_lower": 1, "participants_lower": 80})
    assert [(change.sentence[:14], change.level) for change in outcome.would_change] == [
        ("A second study", None),
        ("Another study,", "mixed"),
    ]


def test_a_narrower_range_would_decide() -> None:
    """Given a range that just holds no difference, then a narrower one around its middle is named, with its state."""
    outcome = evaluate(SCHEME, {**HELD, **pooled(-2.63, 16.67)})
    assert [change.level for change in outcome.would_change] == ["more"]
    assert "half as wide" in outcome.would_change[0].sentence


def test_the_words_on_pages_are_the_scheme_s() -> None:
    """Given a state, then the page's word for it is the scheme's, and no state lacks a shape."""
    assert {key: level.word for key, level in SCHEME.levels.items()} == {key: s.word for key, s in STATES.items()}


MAYBE = st.one_of(st.none(), st.booleans())
WAYS = ("lower", "higher", "no_difference")


@st.composite
def any_inputs(draw: st.DrawFn) -> dict[str, Any]:
    """Inputs of every kind, any of them absent, that do not contradict each other."""
    rows = draw(st.integers(0, 9))
    k = draw(st.integers(0, rows))
    ends = (
        sorted(draw(st.tuples(st.floats(-1, 1), st.floats(-1, 1)))) if k >= 2 and draw(st.booleans()) else [None, None]
    )
    band = draw(st.tuples(st.floats(-1, -0.01), st.floats(0.01, 1))) if draw(st.booleans()) else (None, None)
    inputs: dict[str, Any] = {
        "n_rows_held": rows,
        "k_pooled": k,
        "published_review_only": draw(MAYBE) if k < 2 else False,
        "null_value": 0.0,
        "interval_low": ends[0],
        "interval_high": ends[1],
        "band_low": band[0],
        "band_high": band[1],
        "band_source": draw(st.sampled_from([None, "agreed beforehand"])),
        "design_kind": draw(st.sampled_from([None, "experimental", "association"])),
        "direction_kind": draw(st.sampled_from([None, "contact", "good-high", "good-low"])),
        **{name: draw(MAYBE) for name in ("searched", "choices_disagree", "band_set_before")},
        **{f"participants_{way}": draw(st.one_of(st.none(), st.integers(0, 500))) for way in WAYS},
        **{f"studies_clearly_{way}": draw(st.one_of(st.none(), st.integers(0, 2))) for way in WAYS[:2]},
    }
    left = rows
    for way in WAYS:
        inputs[f"studies_{way}"] = draw(st.integers(0, left))
        left -= inputs[f"studies_{way}"]
    absent = draw(
        st.sets(
            st.sampled_from(
                sorted(set(inputs) - {"interval_low", "interval_high", "band_low", "band_high", "k_pooled"})
            ),
            max_size=3,
        )
    )
    return {name: None if name in absent else value for name, value in inputs.items()}


ANY_INPUTS = any_inputs()


def rated(inputs: dict[str, Any]) -> str | None:
    """The state, after checking what every outcome promises: the same again, and a trail that ends in the level."""
    outcome = evaluate(SCHEME, inputs)
    assert outcome.to_dict() == evaluate(SCHEME, dict(reversed(inputs.items()))).to_dict()
    assert outcome.trail[-1].level == outcome.level
    assert (outcome.level is None) is bool(outcome.missing)
    return outcome.level


@given(ANY_INPUTS)
def test_not_searched_is_impossible_while_any_row_is_held(inputs: dict[str, Any]) -> None:
    """Given any row at all, then never `not searched` and never `nothing found`."""
    level = rated(inputs)
    if inputs["n_rows_held"] is None or inputs["n_rows_held"] > 0:
        assert level not in ("not-searched", "nothing-found")


@given(ANY_INPUTS)
def test_contact_is_never_better_or_worse(inputs: dict[str, Any]) -> None:
    """Given contact with services, then fewer or more; given an agreed direction, then better or worse."""
    level = rated(inputs)
    if inputs["direction_kind"] == "contact":
        assert level not in ("better", "worse")
    else:
        assert level not in ("fewer", "more")


@given(ANY_INPUTS)
def test_association_never_becomes_cause(inputs: dict[str, Any]) -> None:
    """Given studies that cannot show cause, then no state that says what the intervention does."""
    if inputs["design_kind"] != "experimental":
        assert rated(inputs) not in ("fewer", "more", "better", "worse", "none")


@given(ANY_INPUTS)
def test_no_worthwhile_effect_needs_all_it_promises(inputs: dict[str, Any]) -> None:
    """Given `no worthwhile effect`, then the whole range is inside a band set beforehand, with its source."""
    if rated(inputs) == "none":
        assert inputs["band_low"] < inputs["interval_low"] <= inputs["interval_high"] < inputs["band_high"]
        assert inputs["band_set_before"]
        assert inputs["band_source"]


@given(ANY_INPUTS)
def test_given_everything_there_is_always_a_state(inputs: dict[str, Any]) -> None:
    """Given all that the rules ask for, then some state: the rules leave no hole."""
    filled = {**HELD, **{name: value for name, value in inputs.items() if value is not None}}
    filled["n_rows_held"] = max(
        filled["n_rows_held"], filled["k_pooled"], sum(filled[f"studies_{way}"] for way in WAYS)
    )
    if filled["k_pooled"] >= 2 and "interval_low" not in filled:
        filled |= {"interval_low": -0.1, "interval_high": 0.3}
    assert rated(filled) in STATES
