"""Which questions are asked, what an answer may be, and where what is agreed on is not what both said."""

from __future__ import annotations

import pytest

from whatworks.errors import InputError
from whatworks.rate.conflicts import same_author
from whatworks.rate.methods.asking import answer, asked, differing, followed, typed, unanswered
from whatworks.rate.schemes import load_scheme

GRADE = load_scheme("grade")
STRENGTH = load_scheme("strength-scale")


def test_where_numbers_are_held_only_judgements_are_asked() -> None:
    """A rater who could type the number of studies could change what is counted."""
    held = {"evidence_base": "systematic-search", "studies_randomised": 3}
    names = [one.name for one in asked(STRENGTH, held)]
    assert names == ["search_open", "statistics_sound", "bias_judged", "like_with_like"]


def test_where_nothing_is_held_everything_is_asked() -> None:
    assert [one.name for one in asked(GRADE, {})] == list(GRADE.inputs)


def test_a_question_is_answered_by_a_value_or_by_the_reason_why_there_is_none() -> None:
    questions = asked(GRADE, {})[:2]
    given = {"start": answer(GRADE, "start", "randomised", ""), "risk_of_bias": answer(GRADE, "risk_of_bias", None, "")}
    assert [one.name for one in unanswered(questions, given)] == ["risk_of_bias"]
    given["risk_of_bias"] = answer(GRADE, "risk_of_bias", None, " Nobody judged it. ")
    assert unanswered(questions, given) == [] and given["risk_of_bias"]["reason"] == "Nobody judged it."


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("imprecision", 9, "the most it can be"), ("start", "drawn", "one of"), ("colour", 1, "asks no “colour”")],
)
def test_what_the_scheme_does_not_allow_is_refused(name: str, value: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        answer(GRADE, name, value, "")


def test_words_too_long_are_refused() -> None:
    with pytest.raises(InputError, match="longer than"):
        answer(GRADE, "start", None, "x" * 4001)


def test_what_was_typed_is_a_number_a_yes_or_a_choice() -> None:
    inputs = GRADE.inputs | STRENGTH.inputs
    assert typed(inputs["imprecision"], " 2 ") == 2
    assert typed(inputs["search_open"], "no") is False
    assert typed(inputs["start"], "randomised") == "randomised"
    assert typed(inputs["start"], "  ") is None
    with pytest.raises(InputError, match="“two” is no number"):
        typed(inputs["imprecision"], "two")


def test_the_rules_run_on_what_is_held_and_what_was_answered() -> None:
    held = {"evidence_base": "systematic-search", "studies_randomised": 3, "studies_randomised_low_risk": 2}
    said = {one.name: answer(STRENGTH, one.name, True, "Read.") for one in asked(STRENGTH, held)}
    assert followed(STRENGTH, held, said, "two raters").level == "high"
    said["search_open"] = answer(STRENGTH, "search_open", False, "No terms are given.")
    assert followed(STRENGTH, held, said, "two raters").level == "moderate"


def test_what_is_agreed_is_compared_with_what_each_said() -> None:
    questions = asked(GRADE, {})[:2]
    one = {"start": {"value": "randomised"}, "risk_of_bias": {"value": 1}}
    other = one | {"risk_of_bias": {"value": 0, "reason": "Other words are no other answer."}}
    assert differing(questions, [(one, "low"), (one, "low")], (one, "low")) == []
    assert differing(questions, [(one, "low"), (other, "low")], (one, "low")) == ["risk_of_bias"]
    assert differing(questions, [(one, "low"), (one, "high")], (one, "low")) == ["level"]


@pytest.mark.parametrize(
    ("name", "printed", "same"),
    [
        ("Anna Brown", "Brown, A. B.", True),
        ("Anna Brown", "Brown AB", True),
        ("Anna Brown", "Brown A", True),
        ("Anna Brown", "Anna B. Brown", True),
        ("Anna Brown", "Brown, C.", False),
        ("Anna Brown", "Browning, A.", False),
        ("Émile Zola", "Zola, E.", True),
        ("Ana van Dijk", "van Dijk, A.", True),
        ("Brown", "Brown, A.", False),
        ("", "Brown, A.", False),
        ("Anna Brown", "The Brown Foundation", False),
        ("Anna Brown", "Brown", False),
    ],
)
def test_an_author_is_known_by_surname_and_first_letter(name: str, printed: str, same: bool) -> None:
    """Too wide, and somebody of the same surname never rates; too narrow, and an author rates their own study."""
    assert same_author(name, printed) is same
