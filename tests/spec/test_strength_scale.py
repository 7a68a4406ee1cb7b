"""The strength scale (our reconstruction): how far the design and conduct of the evidence can be trusted.

It climbs with each of four things done well, and stops at low without a randomised study and at moderate with fewer
than two at low risk of bias. Where nobody searched systematically it is not assessed, whatever else was done well.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.spec.table import Row, holds, names, when_rated
from whatworks.errors import InputError
from whatworks.rate import Judged, evaluate
from whatworks.rate.schemes import load_scheme

SCHEME = load_scheme("strength-scale", 1)
FOUR = ("search_open", "statistics_sound", "bias_judged", "like_with_like")


def done(count: int) -> dict[str, Any]:
    """The first so many of the four done well, each judged by two people."""
    return {name: Judged(n < count, "first and second coder", "as the protocol says") for n, name in enumerate(FOUR)}


ALWAYS = {"evidence_base": "systematic-search", **done(4), "studies_randomised": 4, "studies_randomised_low_risk": 2}

ROWS = [
    Row("everything done well", {}, "high", "all-done-well"),
    Row("three of four done well", done(3), "moderate", "three-done-well"),
    Row("two of four done well", done(2), "low", "two-done-well"),
    Row("one of four done well", done(1), "very-low", "starts"),
    Row("nothing done well", done(0), "very-low", "starts"),
    Row("one randomised study at low risk of bias", {"studies_randomised_low_risk": 1}, "moderate", "few-at-low-risk"),
    Row(
        "no randomised study",
        {"studies_randomised": 0, "studies_randomised_low_risk": 0},
        "low",
        "no-randomised-study",
    ),
    Row(
        "no randomised study and little done well",
        {**done(1), "studies_randomised": 0, "studies_randomised_low_risk": 0},
        "very-low",
        "starts",
    ),
    Row("trials we could source, all done well", {"evidence_base": "sourced"}, "not-assessed", "no-search"),
    Row(
        "trials we could source, nothing else known",
        dict.fromkeys(ALWAYS) | {"evidence_base": "sourced"},
        "not-assessed",
        "no-search",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=names(ROWS))
def test_strength(row: Row) -> None:
    """Given how the evidence was found and made, then its strength."""
    holds(row, when_rated("strength-scale", row, ALWAYS))


def test_one_more_good_trial_would_raise_it() -> None:
    """Given one randomised study at low risk of bias, then one more is named as what would make it high."""
    outcome = evaluate(SCHEME, {**ALWAYS, "studies_randomised_low_risk": 1})
    assert [change.sentence for change in outcome.would_change] == [
        "One more randomised study with low risk of bias would make this “High”."
    ]


def test_a_search_would_let_us_assess_it() -> None:
    """Given trials we could source, then a systematic search is the one thing that would change that."""
    outcome = evaluate(SCHEME, {**ALWAYS, "evidence_base": "sourced"})
    assert [change.sentence for change in outcome.would_change] == ["A systematic search would make this “High”."]


def test_an_unsigned_judgement_goes_to_a_person() -> None:
    """Given a judgement without a name, then the level is computed and a person is asked to stand by it."""
    outcome = evaluate(SCHEME, {**ALWAYS, "bias_judged": True})
    assert (outcome.level, outcome.state) == ("high", "needs a person")
    assert outcome.needs_person == ("A judgement of how bias was judged: nobody has put their name to it.",)


def test_a_judgement_not_made_leaves_it_open() -> None:
    """Given one of the four not judged at all, then no level, and it is asked for."""
    outcome = evaluate(SCHEME, {**ALWAYS, "like_with_like": None})
    assert (outcome.level, outcome.missing) == (None, ("like_with_like",))


def test_impossible_counts_are_refused() -> None:
    """Given more studies at low risk than studies, then no level."""
    with pytest.raises(InputError, match="3 randomised studies at low risk of bias, but only 2"):
        evaluate(SCHEME, {**ALWAYS, "studies_randomised": 2, "studies_randomised_low_risk": 3})


def place(answers: tuple[bool, ...], randomised: int, low_risk: int) -> int:
    inputs = {**ALWAYS, **dict(zip(FOUR, answers, strict=True))}
    level = evaluate(
        SCHEME, {**inputs, "studies_randomised": randomised, "studies_randomised_low_risk": low_risk}
    ).level
    return SCHEME.ladder.index(level or "")


def test_doing_better_never_lowers_it() -> None:
    """Given one more thing done well or one more good study, then never a lower level. All cases."""
    for answers in product((False, True), repeat=4):
        for randomised, low_risk in ((0, 0), (1, 0), (2, 1), (3, 2)):
            before = place(answers, randomised, low_risk)
            assert place(answers, randomised + 1, low_risk + 1) >= before
            for n in range(4):
                assert place((*answers[:n], True, *answers[n + 1 :]), randomised, low_risk) >= before


def test_it_claims_no_more_than_it_knows() -> None:
    """Given that the published steps were not seen, then the scheme says so."""
    assert (SCHEME.standing, SCHEME.unconfirmed) == ("our reconstruction", True)
