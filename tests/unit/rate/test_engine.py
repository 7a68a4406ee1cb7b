"""The engine turns any scheme's inputs into a level with reasons; here with a scheme from another sector."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.rate.schemes import PUMPS, pumps, written
from whatworks.errors import InputError
from whatworks.rate import Judged, Scheme, evaluate, load_scheme, read_scheme

VISITED: dict[str, Any] = {
    "visited": True,
    "failures": 1,
    "litres": 12.345,
    "keeper": "nobody",
    "worn": Judged(0, "the engineer"),
}


@pytest.fixture
def scheme(tmp_path: Path) -> Scheme:
    return pumps(tmp_path)


def test_each_rule_asked_is_in_the_trail_with_its_values(scheme: Scheme) -> None:
    """A reader must see what was asked, of which numbers, and what came of it."""
    outcome = evaluate(scheme, {**VISITED, "failures": 8, "worn": Judged(1, "the engineer", "Rust.")})
    assert [(step.rule, step.fired, step.effect, step.level) for step in outcome.trail] == [
        ("unseen", False, "", None),
        ("starts", True, "set to Good", "good"),
        ("often", True, "no higher than Fair", "fair"),
        ("worn", True, "lowered by 1", "poor"),
        ("kept", False, "", "poor"),
        ("unkept", True, "needs a person", "poor"),
    ]
    assert [step.sentence for step in outcome.trail if step.fired] == [
        "It failed 8 times and gives 12.3 litres a minute.",
        "8 failures are many.",
        "Lowered 1 for wear: Rust (seen by the engineer).",
        "Nobody keeps it.",
    ]
    assert (outcome.level, outcome.word, outcome.decided_by) == ("poor", "Poor", "worn")


def test_a_person_is_asked_without_losing_the_level(scheme: Scheme) -> None:
    """What a person must settle is said, with its values, beside the level that was computed."""
    outcome = evaluate(scheme, VISITED)
    assert (outcome.level, outcome.state) == ("good", "needs a person")
    assert outcome.needs_person == ("Somebody must find a keeper for a pump with 1 failure.",)
    assert evaluate(scheme, {**VISITED, "keeper": "village"}).state == "computed"


def test_levels_stop_at_the_ends_of_the_ladder(scheme: Scheme) -> None:
    """Lowering below the lowest or raising above the highest must not wrap around or fail."""
    assert evaluate(scheme, {**VISITED, "failures": 9, "worn": Judged(2, "the engineer")}).level == "poor"
    assert evaluate(scheme, {**VISITED, "keeper": "village"}).level == "good"
    assert evaluate(scheme, {**VISITED, "worn": Judged(2, "the engineer"), "keeper": "village"}).level == "fair"


def test_a_level_beside_the_ladder_stays_put(scheme: Scheme) -> None:
    """`Not seen` cannot be lowered to something, or capped at it."""
    outcome = evaluate(scheme, {**VISITED, "visited": False, "failures": 9, "worn": Judged(2, "the engineer")})
    assert outcome.level == "unseen"


def test_an_absent_input_leaves_open_only_what_needs_it(scheme: Scheme) -> None:
    """A level must not be given while a rule that could move it is open, and the trail says what is lacking."""
    outcome = evaluate(scheme, {**VISITED, "failures": None})
    assert (outcome.level, outcome.state, outcome.missing) == (None, "missing inputs", ("failures",))
    assert outcome.decided_by == ""
    assert [step.level for step in outcome.trail] == [None, "good", None, None, None, None]
    assert outcome.trail[2].sentence == "This cannot be said without failures."
    assert outcome.word == "no level"
    assert "Missing: failures." in outcome.summary()


def test_an_input_no_open_rule_needs_is_not_asked_for(scheme: Scheme) -> None:
    """Asking for what cannot matter sends people to look for nothing."""
    assert evaluate(scheme, {**VISITED, "litres": None}).missing == ()


def test_no_rule_no_level(tmp_path: Path) -> None:
    """A hole in the rules shows as such, never as the last level that came to mind."""
    holed = read_scheme(written(tmp_path, PUMPS.replace('set = "good"', "")))
    outcome = evaluate(holed, {**VISITED, "keeper": "village"})
    assert (outcome.level, outcome.state) == (None, "no rule gives a level")


def test_a_final_rule_ends_the_asking(tmp_path: Path) -> None:
    """What comes after the last word must not move the level."""
    final = read_scheme(written(tmp_path, PUMPS.replace('set = "good"', 'set = "good"\nfinal = true')))
    outcome = evaluate(final, {**VISITED, "failures": 9})
    assert (outcome.level, [step.rule for step in outcome.trail]) == ("good", ["unseen", "starts"])


def test_what_would_change_it_is_searched_one_thing_at_a_time(scheme: Scheme) -> None:
    """Only changes that lead elsewhere are named; those the checks forbid, or out of range, are not offered."""
    outcome = evaluate(scheme, {**VISITED, "failures": 8, "worn": Judged(1, "the engineer")})
    assert [(change.sentence, change.level) for change in outcome.would_change] == [
        ("A keeper from the village would make this “Fair”.", "fair"),
        ("Three failures fewer would make this “Fair”.", "fair"),
    ]
    assert evaluate(scheme, VISITED).would_change == ()


def test_what_would_reopen_it_is_said_as_such() -> None:
    """Something that makes the present level untenable matters, even where it cannot say the next."""
    outcome = evaluate(load_scheme("strength-scale", 1), {"evidence_base": "sourced"})
    assert [(change.sentence, change.level) for change in outcome.would_change] == [
        ("A systematic search would mean working this out again.", None)
    ]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"failure": 1}, "no input called 'failure'; it knows: visited, failures"),
        ({"failures": -1}, "below 0"),
        ({"failures": 1.5}, "whole number"),
        ({"failures": True}, "whole number"),
        ({"litres": float("nan")}, "finite number"),
        ({"litres": "12"}, "finite number"),
        ({"visited": 1}, "true or false"),
        ({"keeper": "the council"}, "one of village, nobody"),
        ({"worn": Judged(3, "the engineer")}, "above 2"),
        ({"worn": {"value": 1, "who": "the engineer"}}, "value, by and reason only"),
        ({"worn": {"value": [1], "by": "the engineer"}}, "one plain value"),
        ({"failures": 1, "litres": 0}, "a pump with 1 failure gives some water"),
    ],
)
def test_inputs_that_cannot_be_are_refused(scheme: Scheme, inputs: dict[str, Any], says: str) -> None:
    """A misspelt name or a wrong kind that went through would silently rate something else."""
    with pytest.raises(InputError, match=says) as refused:
        evaluate(scheme, {**VISITED, **inputs})
    assert "village-pumps 1" in str(refused.value)


def test_an_outcome_can_be_stored_and_worked_out_again(scheme: Scheme) -> None:
    """What is stored must be plain, and must give the same outcome when it is read back."""
    outcome = evaluate(scheme, {**VISITED, "failures": 8, "worn": Judged(1, "the engineer", "Rust.")})
    inputs = json.loads(json.dumps(outcome.told.to_dict()))
    assert json.loads(json.dumps(evaluate(scheme, inputs).to_dict())) == json.loads(json.dumps(outcome.to_dict()))
    assert outcome.to_dict()["scheme"]["digest"] == scheme.digest


def test_ten_thousand_ratings_take_no_time() -> None:
    """A nightly run over a whole store must not be a reason to rate less often; measured 0.7 s on one slow core."""
    scheme = load_scheme("grade", 1)
    names = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
    judged = dict.fromkeys(names, Judged(1, "two reviewers", "as read"))
    inputs: dict[str, object] = {"start": "randomised", **judged}
    began = time.process_time()
    for _ in range(10_000):
        evaluate(scheme, inputs)
    assert time.process_time() - began < 2.0
