"""Before a study starts: what each level would need, and which answers stand in the way."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rate.schemes import pumps
from whatworks.errors import InputError
from whatworks.rate import Scheme, evaluate, load_scheme
from whatworks.rate.methods.self_check import Prospect, SelfCheck, self_check
from whatworks.rate.schemes import schemes

PADLOCK = load_scheme("eef-trial-padlock", 1)
STRENGTH = load_scheme("strength-scale", 1)
CERQUAL = load_scheme("cerqual", 1)


def at(check: SelfCheck, level: str) -> Prospect:
    return next(prospect for prospect in check.prospects if prospect.level == level)


def needs(prospect: Prospect) -> dict[str, str]:
    return {need.name: need.must_be for need in prospect.needs or prospect.instead}


def test_what_a_trial_would_need_for_each_padlock() -> None:
    """With nothing settled yet, each level says what it asks of each thing."""
    check = self_check(PADLOCK, {})
    assert [prospect.standing for prospect in check.prospects] == ["open"] * 5 + ["met"]
    top = needs(at(check, "very-high"))
    assert (top["design"], top["mdes"], top["attrition"]) == (
        "randomised, with an analysis that fits",
        "below 0.2",
        "at most 10",
    )
    assert top["confounding"] == "anything but high"
    assert needs(at(check, "low")) == {
        "design": "anything but no comparison group",
        "mdes": "below 0.6",
        "attrition": "at most 50",
    }


def test_an_answer_that_stands_in_the_way_is_named() -> None:
    """A trial too small for four padlocks should hear so before it starts, and what it would take."""
    check = self_check(PADLOCK, {"design": "randomised", "mdes": 0.32})
    high = at(check, "high")
    assert (high.standing, needs(high)) == ("out of reach", {"mdes": "below 0.3"})
    assert "To reach it, change: The smallest effect the trial could find: below 0.3." in high.summary()
    assert at(check, "moderate-to-high").standing == "open"


def test_two_answers_that_stand_in_the_way() -> None:
    """Naming one of two would send somebody to mend it in vain."""
    answers = {"design": "matched-well", "mdes": 0.1, "attrition": 35, "confounding": "high"}
    level = at(self_check(PADLOCK, answers), "moderate-to-high")
    assert needs(level) == {"attrition": "at most 30", "confounding": "anything but high"}


def test_inputs_that_limit_each_other() -> None:
    """Two studies at low risk of bias need two randomised ones; that must not look impossible."""
    check = self_check(STRENGTH, {})
    assert [prospect.standing for prospect in check.prospects] == ["open"] * 4
    assert needs(at(check, "high"))["studies_randomised_low_risk"] == "at least 2"
    assert at(check, "high").example["studies_randomised"] >= 2  # type: ignore[operator]
    assert at(self_check(STRENGTH, {"studies_randomised": 1}), "high").instead[0].must_be == "at least 2"


def test_a_check_is_no_rating() -> None:
    """A maker's hopes must not be passed round as a rating."""
    check = self_check(CERQUAL, {"coherence": "serious"})
    assert "not a rating" in check.summary()
    assert check.outcome.level is None
    told = check.to_dict()
    assert told["scheme"]["digest"] == CERQUAL.digest
    assert [each["standing"] for each in told["prospects"]] == ["out of reach", "out of reach", "open", "met"]


def test_a_full_answer_is_the_rating_and_what_would_change_it() -> None:
    """With nothing open, met is met and the rest is out of reach."""
    answers = dict.fromkeys(("methodological_limitations", "coherence", "adequacy", "relevance"), "moderate")
    check = self_check(CERQUAL, {**answers, "relevance": "none", "adequacy": "none"})
    assert [prospect.standing for prospect in check.prospects] == ["out of reach"] * 2 + ["met"] * 2
    assert (check.unanswered, check.outcome.level) == ((), "low")
    assert any(change["level"] == "moderate" for change in check.to_dict()["would_change"])


def test_checks_between_answers_are_kept(tmp_path: Path) -> None:
    """An answer that contradicts another is no way to a level."""
    check = self_check(pumps(tmp_path), {"visited": True, "litres": 0})
    assert needs(at(check, "good"))["failures"] == "exactly 0"


def test_levels_in_no_order_cannot_be_aimed_for() -> None:
    """Nobody plans to cost more, or to find fewer."""
    with pytest.raises(InputError, match="no order from bad to good"):
        self_check(load_scheme("cost-scale"), {})
    with pytest.raises(InputError, match="no input called 'designs'"):
        self_check(PADLOCK, {"designs": "randomised"})


@pytest.mark.parametrize(
    "scheme", [each for each in schemes() if each.ladder], ids=lambda scheme: f"{scheme.key}-{scheme.version}"
)
def test_every_example_reaches_its_level(scheme: Scheme) -> None:
    """An example that does not work is worse than none."""
    for prospect in self_check(scheme, {}).prospects:
        if prospect.example:
            found = evaluate(scheme, prospect.example)
            assert found.level is None or scheme.ladder.index(found.level) >= scheme.ladder.index(prospect.level)


DOMAINS: list[tuple[Scheme, dict[str, tuple[Any, ...]]]] = [
    (
        CERQUAL,
        dict.fromkeys(
            ("methodological_limitations", "coherence", "adequacy", "relevance"),
            ("none", "minor", "moderate", "serious"),
        ),
    ),
    (
        STRENGTH,
        {
            "evidence_base": ("systematic-search", "sourced"),
            "search_open": (True, False),
            "statistics_sound": (True, False),
            "bias_judged": (True, False),
            "studies_randomised": (0, 1, 2, 3),
            "studies_randomised_low_risk": (0, 1, 2, 3),
        },
    ),
]
FIXED = [{}, {"like_with_like": True}]


def slow(scheme: Scheme, domains: dict[str, tuple[Any, ...]], given: dict[str, Any]) -> set[str | None]:
    """Every level that some answers to the rest give, by trying them all."""
    found = set()
    free = [name for name in domains if name not in given]
    for values in product(*(domains[name] for name in free)):
        try:
            found.add(evaluate(scheme, {**given, **dict(zip(free, values, strict=True))}).level)
        except InputError:
            continue
    return found


@pytest.mark.parametrize("which", [0, 1], ids=["cerqual", "strength-scale"])
@given(data=st.data())
def test_it_agrees_with_trying_everything(which: int, data: st.DataObject) -> None:
    """Open means that some answers reach it; met means that all do; out of reach that none do."""
    scheme, domains = DOMAINS[which]
    names = data.draw(st.sets(st.sampled_from(sorted(domains)), min_size=len(domains) - 3))
    given_now = {**FIXED[which], **{name: data.draw(st.sampled_from(domains[name])) for name in sorted(names)}}
    try:
        evaluate(scheme, given_now)
    except InputError:
        return
    levels = slow(scheme, domains, given_now)
    for prospect in self_check(scheme, given_now).prospects:
        aim = set(scheme.ladder[scheme.ladder.index(prospect.level) :])
        assert (prospect.standing == "out of reach") == (not levels & aim)
        assert prospect.standing != "met" or levels <= aim
