"""GRADE: people judge, this adds up. Start by design, lower for five reasons, raise for three where that is allowed.

Randomised studies start high and others low (or high too, where they were judged with ROBINS-I). Each reason to lower
takes as many steps as people recorded. Reasons to raise count only for studies that were not randomised and only where
nothing was lowered.
"""

from __future__ import annotations

import csv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from tests.spec.table import Row, holds, names, when_rated
from whatworks.errors import InputError
from whatworks.rate import Judged, evaluate
from whatworks.rate.methods.grade import LOWERING, RAISING, Published, disagreements, judgements
from whatworks.rate.schemes import load_scheme

SCHEME = load_scheme("grade", 1)


def judged(steps: int, reason: str = "agreed at the panel") -> Judged:
    return Judged(steps, "two reviewers", reason)


ALWAYS: dict[str, Any] = {"start": "randomised", **{name: judged(0) for name in LOWERING + RAISING}}
WEAK = {"start": "non-randomised"}
ROBINS = {"start": "non-randomised-robins-i"}

ROWS = [
    Row("randomised, nothing to lower", {}, "high", "starts-high"),
    Row("not randomised, nothing to lower", WEAK, "low", "starts-low"),
    Row("not randomised, judged with ROBINS-I, nothing to lower", ROBINS, "high", "starts-high"),
    Row("randomised, one step for imprecision", {"imprecision": judged(1)}, "moderate", "imprecision"),
    Row("randomised, two steps for risk of bias", {"risk_of_bias": judged(2)}, "low", "risk-of-bias"),
    Row(
        "randomised, one step for each of two reasons",
        {"risk_of_bias": judged(1), "indirectness": judged(1)},
        "low",
        "indirectness",
    ),
    Row(
        "randomised, three steps in all",
        {"risk_of_bias": judged(2), "imprecision": judged(1)},
        "very-low",
        "imprecision",
    ),
    Row(
        "randomised, ten steps in all: it stops at the bottom",
        {name: judged(2) for name in LOWERING},
        "very-low",
        "inconsistency",
    ),
    Row(
        "judged with ROBINS-I, three steps for risk of bias",
        {**ROBINS, "risk_of_bias": judged(3)},
        "very-low",
        "risk-of-bias",
    ),
    Row("not randomised, a large effect", {**WEAK, "large_effect": judged(1)}, "moderate", "large-effect"),
    Row("not randomised, a very large effect", {**WEAK, "large_effect": judged(2)}, "high", "large-effect"),
    Row(
        "not randomised, all three reasons to raise",
        {**WEAK, "large_effect": judged(2), "dose_response": judged(1), "opposing_confounding": judged(1)},
        "high",
        "large-effect",
    ),
    Row(
        "not randomised, a large effect, but lowered",
        {**WEAK, "large_effect": judged(2), "imprecision": judged(1)},
        "very-low",
        "imprecision",
    ),
    Row("randomised, a large effect", {"large_effect": judged(2), "imprecision": judged(1)}, "moderate", "imprecision"),
    Row("one reason to lower was never judged", {"publication_bias": None}, None, ""),
    Row("randomised, and nobody judged the reasons to raise", dict.fromkeys(RAISING), "high", "starts-high"),
    Row(
        "not randomised, lowered, and nobody judged the reasons to raise",
        {**WEAK, **dict.fromkeys(RAISING), "imprecision": judged(1)},
        "very-low",
        "imprecision",
    ),
    Row(
        "not randomised, nothing lowered, and nobody judged the reasons to raise",
        {**WEAK, **dict.fromkeys(RAISING)},
        None,
        "",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=names(ROWS))
def test_certainty(row: Row) -> None:
    """Given recorded judgements, then the level by arithmetic."""
    holds(row, when_rated("grade", row, ALWAYS))


@pytest.mark.parametrize("down", LOWERING)
@pytest.mark.parametrize("up", RAISING)
def test_any_reason_to_lower_bars_any_reason_to_raise(down: str, up: str) -> None:
    """Given one step down for any of the five, then none of the three raises."""
    outcome = evaluate(SCHEME, {**ALWAYS, **ROBINS, down: judged(1), up: judged(1)})
    assert (outcome.level, outcome.state) == ("moderate", "needs a person")


def test_the_trail_gives_each_reason_and_who_judged_it() -> None:
    """Given a judgement, then its steps, its reason and its judge stand in the trail."""
    outcome = evaluate(SCHEME, {**ALWAYS, "imprecision": judged(1, "The range runs from fewer to more.")})
    said = {step.rule: step.sentence for step in outcome.trail}
    assert said["starts-high"] == "Starts high: randomised studies."
    assert (
        said["imprecision"] == "Lowered 1 for imprecision: The range runs from fewer to more (judged by two reviewers)."
    )
    assert said["indirectness"] == "Not lowered for indirectness: agreed at the panel (judged by two reviewers)."


def test_a_reason_to_raise_that_may_not_count_goes_to_a_person() -> None:
    """Given a reason to raise beside one to lower, then it does not count, and somebody must settle it."""
    outcome = evaluate(SCHEME, {**ALWAYS, **WEAK, "imprecision": judged(1), "large_effect": judged(1)})
    assert (outcome.level, outcome.state) == ("very-low", "needs a person")


def test_a_judgement_without_a_name_goes_to_a_person() -> None:
    """Given a number that nobody stands by, then the level is shown as needing a person."""
    outcome = evaluate(SCHEME, {**ALWAYS, "imprecision": 1})
    assert (outcome.level, outcome.state) == ("moderate", "needs a person")
    assert "judged by nobody yet" in outcome.summary()


def test_what_is_missing_is_named() -> None:
    """Given a reason that was never judged, then no level, and it is named."""
    assert evaluate(SCHEME, {**ALWAYS, "publication_bias": None}).missing == ("publication_bias",)


@pytest.mark.parametrize(
    "inputs",
    [{"imprecision": judged(3)}, {"imprecision": judged(-1)}, {"risk_of_bias": judged(3)}, {"start": "expert opinion"}],
)
def test_judgements_that_grade_does_not_have_are_refused(inputs: dict[str, Any]) -> None:
    """Given more steps than a reason has, or an unknown design, then no level."""
    with pytest.raises(InputError):
        evaluate(SCHEME, {**ALWAYS, **inputs})


def test_it_says_what_would_change_the_level() -> None:
    """Given a lowered level, then each single step that would change it is named, with the level it would give."""
    outcome = evaluate(SCHEME, {**ALWAYS, "risk_of_bias": judged(2), "imprecision": judged(1)})
    assert {change.sentence for change in outcome.would_change} == {
        "One step less for risk of bias would make this “Low”.",
        "One step less for imprecision would make this “Low”.",
    }


STEPS = st.fixed_dictionaries({name: st.integers(0, 2) for name in LOWERING})
RAISES = st.fixed_dictionaries(
    {"large_effect": st.integers(0, 2), "dose_response": st.integers(0, 1), "opposing_confounding": st.integers(0, 1)}
)
STARTS = st.sampled_from(["randomised", "non-randomised", "non-randomised-robins-i"])


def place(inputs: dict[str, Any]) -> int:
    return SCHEME.ladder.index(evaluate(SCHEME, inputs).level or "")


@given(STARTS, STEPS, RAISES, st.sampled_from(LOWERING))
def test_one_more_reason_to_lower_never_raises(
    start: str, steps: dict[str, int], up: dict[str, int], name: str
) -> None:
    """Given any judgements, when one more step is taken down, then never a higher level."""
    if steps[name] < 2:
        more = {**steps, name: steps[name] + 1}
        assert place({"start": start, **more, **up}) <= place({"start": start, **steps, **up})


@given(STARTS, STEPS, RAISES, st.sampled_from(RAISING))
def test_one_more_reason_to_raise_never_lowers(
    start: str, steps: dict[str, int], up: dict[str, int], name: str
) -> None:
    """Given any judgements, when one more step is taken up, then never a lower level."""
    if up[name] < SCHEME.inputs[name].maximum:  # type: ignore[operator]  # each of the three has one
        assert place({"start": start, **steps, **up, name: up[name] + 1}) >= place({"start": start, **steps, **up})


@given(STARTS, STEPS, RAISES)
def test_it_is_plain_arithmetic(start: str, steps: dict[str, int], up: dict[str, int]) -> None:
    """Given any judgements, then what adding up on paper gives."""
    at = (1 if start == "non-randomised" else 3) - sum(steps.values())
    if start != "randomised" and not any(steps.values()):
        at += sum(up.values())
    assert place({"start": start, **steps, **up}) == max(0, min(3, at))


COLUMNS = {
    "large_magnitude_of_effect": "large_effect",
    "dose_response_gradient": "dose_response",
    "effect_of_plausible_residual_confounding": "opposing_confounding",
} | {name: name for name in LOWERING}
CARE_LEAVERS = "Taylor and others, care leavers review"


def table(name: str) -> list[dict[str, str]]:
    with (SHARED / "evidence" / "care_leavers" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published() -> list[Published]:
    """The review's 20 outcomes. Its two tables are in the same order; one outcome's name differs by a blank."""
    rows = list(zip(table("grade_detailed.csv"), table("grade_summary.csv"), strict=True))
    for detail, summary in rows:
        assert detail["outcome"].replace(" ", "") == summary["outcome"].replace(" ", "")
    return [
        Published(
            summary["outcome"],
            "randomised",
            {ours: detail[theirs] for theirs, ours in COLUMNS.items()},
            summary["certainty"],
        )
        for detail, summary in rows
    ]


@needs_shared
def test_a_published_review_comes_out_the_same() -> None:
    """Given the judgements of a published review, then its 20 published certainties, all very low."""
    rows = published()
    assert len(rows) == 20
    assert disagreements(SCHEME, rows, CARE_LEAVERS) == ()
    assert {evaluate(SCHEME, {"start": row.start, **judgements(row.reasons, CARE_LEAVERS)}).word for row in rows} == {
        "Very low"
    }


@needs_shared
def test_a_row_that_does_not_add_up_is_reported_not_mended() -> None:
    """Given a published certainty that does not follow from its own reasons, then it is reported with both levels."""
    row = published()[0]
    softer = Published(
        row.outcome, row.start, {**row.reasons, "risk_of_bias": "Some concerns, downgrade 1 level"}, "Very low"
    )
    found = disagreements(SCHEME, [row, softer], CARE_LEAVERS)
    assert [(each.published, each.computed) for each in found] == [("Very low", "Low")]
    assert found[0].summary().endswith("published as Very low, but its own reasons give Low.")


@needs_shared
def test_two_published_reasons_contradict_the_published_interval() -> None:
    """Given the review as printed, then two rows lower imprecision for a range that spans no effect, and theirs do not.

    Their arithmetic holds, so the level stands until a person looks; with one step for few studies it would be low.
    """
    pooled = {row["file"]: row for row in table("pooled_results.csv")}
    excludes = [pooled[f"my_life_{name}_meta.RDS"] for name in ("qol", "hs_ged", "post_secondary_ed")]
    assert [float(row["lower"]) > 0 for row in excludes] == [True, False, True]
    coached = [row for row in published() if row.outcome.startswith(("Quality of life", "Commenced post-secondary"))]
    for row in coached:
        assert "span the line of no effect" in row.reasons["imprecision"]
        inputs = {"start": row.start, **judgements(row.reasons, CARE_LEAVERS)}
        changes = {change.sentence for change in evaluate(SCHEME, inputs).would_change}
        assert "One step less for imprecision would make this “Low”." in changes
    assert len(coached) == 2
