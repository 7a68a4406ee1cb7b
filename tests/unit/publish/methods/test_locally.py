"""What a result could mean elsewhere: the sum in words, and every reason for giving none. A wrong word here misleads a place."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.locally import (
    BARE,
    FEW,
    FEWEST,
    INFINITIVES,
    MIXED,
    MOST,
    NO,
    NO_RESULT,
    NOTHING,
    OTHER,
    REFUSALS,
    RISK,
    SCORE,
    UNKNOWN,
    YES,
    Typed,
    answer,
    because,
    between,
    counted,
    infinitive,
    one_of,
    reasons,
    refusal,
    reply,
    tallied,
)
from whatworks.publish.methods.numbers import Three, span

HELD = Three(7.02, -2.634, 16.67)


def measure(**other: Any) -> dict[str, Any]:
    base = {
        "key": "ana-1",
        "name": "Families with a child placed in care",
        "refused": None,
        "unit": "families",
        "noun": "trials",
        "studies": 3,
        "low": -2.6340384342936005,
        "high": 16.671559552995205,
        "per": 100,
        "happened": "had a child placed in care",
        "safety": "",
        "definition": [],
        "trace": "syn-1",
    }
    return base | other


def said(parts: Any) -> str:
    return "".join(one if isinstance(one, str) else one["number"] for one in parts)


def typed(number: str = "64", counted: str = "families", offered: str = NO) -> Typed:
    return Typed(outcome="ana-1", counted=counted, number=number, offered=offered)


def test_the_answer_reads_as_agreed_and_its_number_leads_to_its_source() -> None:
    parts = answer(measure(), 64)
    assert said(parts) == (
        "If 64 families like those in the trials were offered this here, and results carried over, "
        "between 2 fewer and 11 more might have a child placed in care."
    )
    assert parts[1] == {"number": "between 2 fewer and 11 more", "trace": "syn-1"}


def test_one_is_not_said_as_many() -> None:
    assert said(answer(measure(), 1)).startswith("If 1 family like those in the trials was offered this here")


def test_thousands_have_commas() -> None:
    words = said(answer(measure(noun="studies"), 100_000))
    assert "If 100,000 families like those in the studies were" in words
    assert "between 2,634 fewer and 16,672 more" in words


def test_what_cannot_be_said_as_what_might_happen_is_said_another_way() -> None:
    """“might broke a leg” would be worse than a longer sentence."""
    words = said(answer(measure(happened="broke a leg"), 64))
    assert words.endswith("there might be between 2 fewer and 11 more of those that broke a leg.")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-1.686, 10.67, "between 2 fewer and 11 more"),
        (2.2, 8.9, "between 2 more and 9 more"),
        (-8.9, -2.2, "between 9 fewer and 2 fewer"),
        (0.0, 0.0, "the same number"),
        (0.0, 5.0, "between the same number and 5 more"),
        (-5.0, 0.01, "between 5 fewer and the same number"),
        (-0.3, 4.0, "between less than 1 fewer and 4 more"),
        (-0.08, 0.5, "less than 1 more or fewer"),
        (0.2, 0.9, "less than 1 more"),
        (-0.9, -0.2, "less than 1 fewer"),
        (0.0, 0.9, "less than 1 more"),
        (1.1, 1.4, "about 1 more"),
        (-1.5, 2.5, "between 2 fewer and 3 more"),
        (-1234.0, 56789.2, "between 1,234 fewer and 56,789 more"),
    ],
)
def test_a_range_in_whole_ones(low: float, high: float, words: str) -> None:
    assert between(low, high) == words


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_for_a_hundred_the_ends_are_those_out_of_100_on_the_page(one: float, other: float) -> None:
    """Whoever types 100 must not read another number than the page's own range has."""
    low, high = sorted((one, other))
    words = between(low, high)
    if words.startswith("between"):
        page = span(Three(low, low, high)).replace("no difference", "the same number")
        assert words == page.replace("from ", "between ", 1).replace(" to ", " and ", 1)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_range_never_says_a_way_that_it_does_not_have(one: float, other: float) -> None:
    low, high = sorted((one, other))
    words = between(low, high)
    assert ("fewer" not in words) or low < 0
    assert ("more" not in words) or high > 0
    assert not re.search(r"\b0 (more|fewer)", words)


def test_a_range_under_one_says_so_in_a_sentence() -> None:
    told = reply(measure(), typed("3"))
    assert said(told.answer).endswith("carried over, less than 1 more or fewer might have a child placed in care.")
    assert told.minding == ("The range is less than one family each way, so it cannot be said in whole families.",)


def test_not_knowing_whether_it_is_offered_gives_the_number_with_a_caution() -> None:
    told = reply(measure(safety="We do not know whether children were safer."), typed(offered=UNKNOWN))
    assert said(told.answer)
    assert told.minding == (
        "Find out first whether it is already offered here: if it is, this number does not apply.",
        "We do not know whether children were safer.",
    )


def test_where_it_is_already_offered_there_is_no_number_whatever_was_typed() -> None:
    for number in ("64", "", "many"):
        told = reply(measure(), typed(number, offered=YES))
        assert not told.answer and not told.problems
        assert told.refused == (
            "The trials compared families offered it with families not offered it, so the sum does not apply where it is "
            "already offered, and we give no number; if you would offer it to more families, count only those."
        )


def test_families_are_not_children() -> None:
    told = reply(measure(), typed(counted="children"))
    assert told.refused == (
        "The trials counted families and you count children, so this result does not fit your number; "
        "count families, each family once, and try again."
    )
    assert not told.answer
    assert "you count something else" in reply(measure(), typed(counted=OTHER)).refused
    assert reply(measure(), typed(counted=" Families ")).answer


def test_what_is_missing_is_asked_for_once_each() -> None:
    told = reply(measure(), typed("", "", ""))
    assert [name for name, _ in told.problems] == ["counted", "number", "offered"]
    assert not told.refused and not told.answer
    alone = reply(measure(), typed(offered=""))
    assert alone.problems == (("offered", "Say whether it is already offered here; if it is, this sum does not fit."),)


def test_an_offer_that_is_no_answer_is_asked_for_again() -> None:
    assert [name for name, _ in reply(measure(), typed(offered="perhaps")).problems] == ["offered"]


@pytest.mark.parametrize(
    ("given", "number"),
    [("64", 64), (" 64 ", 64), ("1,000", 1000), ("1 000", 1000), ("007", 7), ("1,000,000", MOST), ("1000000", MOST)],
)
def test_numbers_as_people_type_them(given: str, number: int) -> None:
    assert counted(given) == (number, "")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "in figures"),
        ("0", "Type 1 or more"),
        ("-5", "Type 1 or more"),
        ("\N{MINUS SIGN}5", "Type 1 or more"),
        ("12.5", "whole number"),
        ("1,000.5", "whole number"),
        ("sixty", "figures 0 to 9"),
        ("1e3", "figures 0 to 9"),
        ("1,00", "figures 0 to 9"),
        ("64 families", "figures 0 to 9"),
        ("６４", "figures 0 to 9"),
        ("٣", "figures 0 to 9"),
        ("½", "figures 0 to 9"),
        ("10,000,000", "1,000,000 or fewer"),
        ("9" * 60, "1,000,000 or fewer"),
    ],
)
def test_what_is_no_number_gets_one_sentence(given: str, words: str) -> None:
    number, wrong = counted(given)
    assert number is None
    assert words in wrong
    assert wrong.endswith(".") and wrong.count(".") == 1


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_a_sentence(given: str) -> None:
    number, wrong = counted(given)
    assert (number is None) == bool(wrong)
    assert number is None or 1 <= number <= MOST


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({}, None),
        ({"studies": FEWEST - 1}, FEW),
        ({"studies": 0, "three": None}, FEW),
        ({"three": None}, RISK),
        ({"three": None, "happens": False}, SCORE),
        ({"three": Three(1.0, None, None)}, BARE),
        ({"three": Three(1.0, -1.0, None)}, BARE),
        ({"units": ["families", "children"]}, MIXED),
    ],
)
def test_why_a_result_gives_no_number(other: dict[str, Any], why: str | None) -> None:
    base: dict[str, Any] = {"studies": FEWEST, "three": HELD, "happens": True, "units": ["families", "families"]}
    assert refusal(**base | other) == why


@pytest.mark.parametrize("why", REFUSALS)
def test_each_refusal_is_one_sentence_that_says_what_to_do_instead(why: str) -> None:
    words = because(why, ["Having a job"])
    assert "“Having a job”" in words
    assert words.endswith(".") and words.count(".") == 1
    assert "you can read above" in words
    assert not re.search(r"[{}]", words)


def test_a_page_says_each_reason_once() -> None:
    held = [{"refused": why, "name": name} for why, name in [(FEW, "A"), (NOTHING, "B"), (FEW, "C"), (SCORE, "D")]]
    assert reasons(held) == [because(FEW, ["A", "C"]), because(SCORE, ["D"])]
    assert because(FEW, ["A", "C"]).startswith("Each result for “A” and “C” rests on fewer than three studies")
    assert because(FEW, ["A", "B", "C"]).startswith("Each of 3 results on this page rests")


def test_a_page_without_results_says_that_there_is_nothing_to_carry_over() -> None:
    assert reasons([]) == reasons([{"refused": NOTHING, "name": "B"}]) == [NO_RESULT]


def test_a_page_with_one_result_that_fits_gives_no_reason() -> None:
    assert reasons([{"refused": FEW, "name": "A"}, measure()]) == []


def test_what_studies_record_is_said_once_and_what_they_do_not_is_said_too() -> None:
    rows = [("a", "families in crisis"), ("b", "families in crisis"), ("b", "families in crisis"), ("c", " ")]
    assert tallied(rows) == ["Families in crisis (2 of 3 studies)", "Not recorded (1 of 3 studies)"]
    assert tallied([("a", "Kent"), ("b", "Kent")]) == ["Kent"]
    assert tallied([("a", ""), ("b", "")]) == ["Not recorded"]
    assert tallied([("a", ""), ("b", "Kent")])[-1].startswith("Not recorded")


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("families", "family"),
        ("children", "child"),
        ("young people", "young person"),
        ("young women", "young woman"),
        ("schools", "school"),
        ("carers", "carer"),
        ("staff", "staff"),
    ],
)
def test_one_of_many(unit: str, one: str) -> None:
    assert one_of(unit) == one


@pytest.mark.parametrize(
    ("happened", "might"),
    [
        ("had a child placed in care", "have a child placed in care"),
        ("were homeless at some time", "be homeless at some time"),
        ("became pregnant or had a child", "become pregnant or have a child"),
        ("had a bank or savings account", "have a bank or savings account"),
        ("said they had offended", "say they had offended"),
        ("broke a leg", ""),
        ("had a child or adopted one", ""),
        ("had", "have"),
        ("", ""),
    ],
)
def test_what_happened_as_what_might(happened: str, might: str) -> None:
    assert infinitive(happened) == might


def test_every_verb_has_its_form() -> None:
    assert all(form and " " not in form for form in INFINITIVES.values())
