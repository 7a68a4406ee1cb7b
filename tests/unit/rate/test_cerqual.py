"""CERQual: four judgements suggest a level by our house rule; what people judge stands in its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.rate import Judged, Outcome, evaluate, load_scheme

SCHEME = load_scheme("cerqual", 1)
FOUR = ("methodological_limitations", "coherence", "adequacy", "relevance")
STEPS = {"none": 0, "minor": 0, "moderate": 1, "serious": 2}


def found(*concerns: str, **more: Any) -> Outcome:
    """The outcome of four concerns, in order, each judged by two people."""
    judged = {name: Judged(value, "two reviewers", "as read") for name, value in zip(FOUR, concerns, strict=True)}
    return evaluate(SCHEME, {**judged, **more})


@pytest.mark.parametrize(
    ("concerns", "level"),
    [
        (("none", "none", "none", "none"), "high"),
        (("minor", "none", "none", "none"), "high"),
        (("moderate", "none", "none", "none"), "moderate"),
        (("moderate", "minor", "moderate", "none"), "low"),
        (("serious", "none", "none", "none"), "low"),
        (("serious", "serious", "serious", "serious"), "very-low"),
    ],
)
def test_the_suggestion(concerns: tuple[str, ...], level: str) -> None:
    """It is computed, said to be a suggestion, and asks for people."""
    outcome = found(*concerns)
    assert (outcome.level, outcome.state) == (level, "needs a person")
    assert "only a suggestion" in outcome.summary()


@given(st.tuples(*[st.sampled_from(list(STEPS))] * 4))
def test_the_suggestion_is_the_house_rule(concerns: tuple[str, ...]) -> None:
    """One step for moderate and two for serious, and never below the lowest."""
    level = found(*concerns).level or ""
    assert SCHEME.ladder.index(level) == max(0, 3 - sum(STEPS[concern] for concern in concerns))


def test_what_people_judge_stands_and_the_suggestion_is_shown() -> None:
    """An override without the suggestion beside it would hide that people thought otherwise."""
    mine = Judged("low", "the panel", "Thin data from one place.")
    outcome = found("none", "none", "moderate", "none", overall=mine)
    assert (outcome.level, outcome.state, outcome.decided_by) == ("low", "computed", "people-judged-low")
    assert "Thin data from one place (judged by the panel)" in outcome.summary()
    assert "moderate" in [step.level for step in outcome.trail]


def test_minor_concerns_are_handed_to_a_person() -> None:
    """Several small doubts can be one large one; no sum says so."""
    assert any("minor concerns, taken together" in one for one in found("minor", "minor", "none", "none").needs_person)
    assert not any("minor concerns" in one for one in found("minor", "none", "none", "none").needs_person)


def test_a_component_not_judged_leaves_no_level() -> None:
    """People's overall judgement without the four behind it has no reasons."""
    outcome = evaluate(SCHEME, {"coherence": "none", "overall": "high"})
    assert (outcome.level, set(outcome.missing)) == (None, set(FOUR) - {"coherence"})
