"""The trial padlocks: the lowest of design, smallest effect and attrition, then threats, which only ever lower."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.rate import Judged, Outcome, evaluate, load_scheme

SCHEME = load_scheme("eef-trial-padlock", 1)
DESIGNS = ("none", "self-selected", "matched-weaker", "matched-well", "randomised-limits", "randomised")
THREATS = (
    "confounding",
    "concurrent_interventions",
    "experimental_effects",
    "fidelity",
    "missing_data",
    "measurement",
    "selective_reporting",
)
SOUND: dict[str, Any] = {"design": "randomised", "mdes": 0.15, "attrition": 5, "directions": "unknown"}


def rated(high: int = 0, moderate: int = 0, directions: str = "unknown", **changed: Any) -> Outcome:
    """The outcome with so many high and moderate threats, the others low."""
    threats = ["high"] * high + ["moderate"] * moderate + ["low"] * (len(THREATS) - high - moderate)
    return evaluate(SCHEME, {**SOUND, **dict(zip(THREATS, threats, strict=True)), "directions": directions, **changed})


def padlocks(outcome: Outcome) -> int:
    return SCHEME.ladder.index(outcome.level or "")


def test_the_six_levels_have_their_published_words() -> None:
    """A level under another word would be taken for another level."""
    words = [SCHEME.levels[key].word for key in SCHEME.ladder]
    assert [word.split(" (")[0] for word in words] == [
        "Very low",
        "Low",
        "Moderate to low",
        "Moderate to high",
        "High",
        "Very high",
    ]
    assert ["0" in words[0], "1" in words[1], "5" in words[5]] == [True] * 3


def test_groups_that_chose_themselves_and_half_of_the_people_lost() -> None:
    """The two published cells of the table of bands: one padlock, and none."""
    assert padlocks(rated(design="self-selected")) == 1
    assert padlocks(rated(attrition=51)) == 0
    assert padlocks(rated(attrition=50)) == 1


@pytest.mark.parametrize(("design", "wanted"), [(design, n) for n, design in enumerate(DESIGNS)])
def test_designs(design: str, wanted: int) -> None:
    """A weaker design must not get a stronger design's padlocks."""
    assert padlocks(rated(design=design)) == wanted


@pytest.mark.parametrize(
    ("mdes", "wanted"),
    [(0, 5), (0.199, 5), (0.2, 4), (0.29, 4), (0.295, 4), (0.3, 3), (0.4, 2), (0.5, 1), (0.599, 1), (0.6, 0), (3, 0)],
)
def test_smallest_effects(mdes: float, wanted: int) -> None:
    """Between two printed bands (0.29 and 0.30) nothing may fall through."""
    assert padlocks(rated(mdes=mdes)) == wanted


@pytest.mark.parametrize(
    ("attrition", "wanted"),
    [(0, 5), (10, 5), (10.5, 4), (11, 4), (20, 4), (21, 3), (30, 3), (40, 2), (50, 1), (50.1, 0), (100, 0)],
)
def test_attrition(attrition: float, wanted: int) -> None:
    """Between two printed bands (10 and 11) nothing may fall through."""
    assert padlocks(rated(attrition=attrition)) == wanted


PUBLISHED = [
    (0, 0, "unknown", 0),
    (0, 1, "unknown", 0),
    (0, 2, "unknown", 0),
    (0, 2, "opposing", 0),
    (0, 2, "same", 1),
    (0, 3, "unknown", 1),
    (0, 4, "unknown", 1),
    (1, 0, "unknown", 1),
    (1, 2, "unknown", 2),
    (2, 0, "unknown", 2),
    (2, 5, "opposing", 2),
    (7, 0, "same", 2),
]
OURS = [
    (0, 1, "same", 1),
    (0, 3, "opposing", 1),
    (0, 4, "opposing", 1),
    (0, 3, "same", 2),
    (0, 5, "unknown", 2),
    (0, 7, "opposing", 2),
    (1, 1, "unknown", 2),
    (1, 3, "unknown", 2),
    (1, 6, "same", 2),
]


@pytest.mark.parametrize(("high", "moderate", "directions", "steps"), PUBLISHED)
def test_the_published_adjustment(high: int, moderate: int, directions: str, steps: int) -> None:
    """Every cell that the published rule fills; none may be put down to a house rule."""
    outcome = rated(high, moderate, directions)
    assert padlocks(outcome) == 5 - steps
    assert not next(step.fired for step in outcome.trail if step.rule == "house-rule-used")


@pytest.mark.parametrize(("high", "moderate", "directions", "steps"), OURS)
def test_the_house_rule_says_that_it_is_ours(high: int, moderate: int, directions: str, steps: int) -> None:
    """A cell that the published rule leaves open must not look as if it were published."""
    outcome = rated(high, moderate, directions)
    assert padlocks(outcome) == 5 - steps
    assert any(step.fired and "our house rule" in step.sentence for step in outcome.trail)


def twin(inputs: dict[str, Any]) -> int:
    """The padlocks by plain counting, cell by cell."""
    design = DESIGNS.index(inputs["design"])
    mdes = 5 - sum(inputs["mdes"] >= edge for edge in (0.2, 0.3, 0.4, 0.5, 0.6))
    attrition = 5 - sum(inputs["attrition"] > edge for edge in (10, 20, 30, 40, 50))
    judged = [inputs[name] for name in THREATS]
    high, moderate, way = judged.count("high"), judged.count("moderate"), inputs["directions"]
    if high:
        lowered = 1 if high == 1 and not moderate else 2
    elif moderate <= 2:
        lowered = 1 if moderate and way == "same" else 0
    elif moderate <= 4:
        lowered = 2 if way == "same" else 1
    else:
        lowered = 2
    return max(0, min(design, mdes, attrition) - lowered)


ANY = st.fixed_dictionaries(
    {
        "design": st.sampled_from(DESIGNS),
        "mdes": st.floats(0, 1),
        "attrition": st.floats(0, 100),
        "directions": st.sampled_from(["same", "opposing", "unknown"]),
        **{name: st.sampled_from(["low", "moderate", "high"]) for name in THREATS},
    }
)


@given(ANY)
def test_it_agrees_with_plain_counting(inputs: dict[str, Any]) -> None:
    """Rules as data must say what the tables say, for any trial."""
    assert padlocks(evaluate(SCHEME, inputs)) == twin(inputs)


@given(ANY, st.sampled_from(THREATS))
def test_a_worse_threat_never_raises(inputs: dict[str, Any], name: str) -> None:
    """A study must not gain by one more thing wrong with it."""
    found = [padlocks(evaluate(SCHEME, {**inputs, name: level})) for level in ("low", "moderate", "high")]
    assert found == sorted(found, reverse=True)


def test_what_is_missing_and_what_needs_no_asking() -> None:
    """Two high threats settle the adjustment whatever the rest is; attrition not known leaves no level."""
    assert rated(2, 0, directions=None).level == "moderate-to-high"  # type: ignore[arg-type]
    assert rated(attrition=None).missing == ("attrition",)
    assert rated(0, 1, directions=None).missing == ("directions",)  # type: ignore[arg-type]
    assert rated(0, 0, directions=None).level == "very-high"  # type: ignore[arg-type]


def test_unsigned_judgements_are_handed_to_people() -> None:
    """Reviewers judge design and threats; a number nobody stands by is not a rating."""
    assert rated().state == "needs a person"
    threats = {name: Judged("low", "two reviewers", "as read") for name in THREATS}
    signed = {
        "design": Judged("randomised", "two reviewers", "as read"),
        "directions": Judged("unknown", "two reviewers"),
    }
    assert evaluate(SCHEME, {**SOUND, **threats, **signed}).state == "computed"


def test_what_would_change_it() -> None:
    """The binding limit is named, not the others."""
    said = [change.sentence for change in rated(mdes=0.35).would_change]
    assert "Enough people to find an effect of 0.19 would make this “Very high (5 padlocks)”." in said
    assert not any("Losing 10" in sentence and "Groups" not in sentence for sentence in said)


@pytest.mark.parametrize("wrong", [{"attrition": 101}, {"attrition": -1}, {"mdes": -0.1}, {"design": "rct"}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    """A slip of the pen must not become a rating."""
    with pytest.raises(InputError, match="eef-trial-padlock 1"):
        rated(**wrong)
