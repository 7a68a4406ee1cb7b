"""Answers: one form for each value, refused where the item cannot be answered so; what applies; what is missing."""

from __future__ import annotations

import pytest

from tests.unit.extract_coding.small import small
from whatworks.errors import InputError
from whatworks.extract.methods.coding.answers import Coded, coded, same, stored
from whatworks.extract.methods.coding.asking import Units, asked_of, completeness
from whatworks.extract.methods.coding.frame import Item

FRAME = small()
UNITS = Units(arms=("arm-1", "arm-2"))


def said(item: str, value: object = None, status: str = "coded") -> Coded:
    return coded(FRAME.item(item), status, value)


@pytest.mark.parametrize(
    ("item", "given", "kept"),
    [
        ("aim", "  To see \n whether ", "To see \n whether"),
        ("randomised", True, "yes"),
        ("randomised", "NO", "no"),
        ("drawn", "by computer", "computer"),
        ("drawn", "Coin", "coin"),
        ("settings", ["court", "home", "court"], ("home", "court")),
        ("settings", "school", ("school",)),
        ("joined", "1,204", 1204),
        ("joined", 12.0, 12),
        ("began", "2019-02", "2019-02"),
        ("began", "2020-02-29", "2020-02-29"),
        ("country", "Wales", "Wales"),
        ("lost", "-0", 0.0),
    ],
)
def test_a_value_is_kept_in_one_form(item: str, given: object, kept: object) -> None:
    """Two spellings of one value would be a disagreement that is none."""
    made = said(item, given)
    assert made == Coded("coded", kept)
    assert stored(FRAME.item(item), "coded", made.plain()) == made


@pytest.mark.parametrize(
    ("item", "given", "told"),
    [
        ("aim", "", "has no value"),
        ("aim", "x" * 5001, "5,000 is the most"),
        ("aim", ["x"], "wants words"),
        ("randomised", "perhaps", "wants yes or no"),
        ("drawn", "dice", "'dice' is not one of computer, coin"),
        ("settings", [], "wants one or more"),
        ("settings", ["moon"], "is not one of home"),
        ("joined", "many", "wants a number"),
        ("joined", True, "wants a number"),
        ("joined", 3.5, "wants a whole number"),
        ("joined", -1, "the least it can be is 0"),
        ("joined", float("nan"), "wants a number"),
        ("joined", 1e30, "wants a whole number"),
        ("joined", 10**400, "wants a number"),
        ("began", "2019-13", "wants a date"),
        ("began", "2019-02-29", "wants a date"),
        ("began", "0000", "wants a date"),
        ("began", "May 2019", "wants a date"),
    ],
)
def test_what_is_no_value_of_the_item_is_refused(item: str, given: object, told: str) -> None:
    with pytest.raises(InputError, match=told) as error:
        said(item, given)
    assert "\n" not in str(error.value)


def test_statuses_have_no_value_and_only_three_are_known() -> None:
    assert said("aim", None, "not reported") == Coded("not reported")
    with pytest.raises(InputError, match="so it has no value"):
        said("aim", "x", "not reported")
    with pytest.raises(InputError, match="there is no status 'maybe'"):
        said("aim", "x", "maybe")
    with pytest.raises(InputError, match="heading"):
        coded(Item("g", "Group", "group"), "coded", "x")


def test_words_are_the_same_whatever_their_spacing_and_numbers_within_the_tolerance() -> None:
    aim, joined, lost = (FRAME.item(key) for key in ("aim", "joined", "lost"))
    assert same(aim, said("aim", "To  see."), said("aim", "to see"))
    assert not same(aim, said("aim", "To see"), said("aim", "To hear"))
    assert same(joined, said("joined", 40), said("joined", 41))
    assert not same(joined, said("joined", 40), said("joined", 42))
    assert not same(lost, said("lost", 1.0), said("lost", 1.0000001))
    assert not same(aim, said("aim", "x"), Coded("not reported"))


def test_an_item_is_asked_only_where_its_conditions_hold() -> None:
    found = asked_of(FRAME, UNITS, {})
    assert (found["drawn", ""], found["aim", ""]) == ("open", "yes")
    found = asked_of(FRAME, UNITS, {("randomised", ""): said("randomised", "no"), ("drawn", ""): said("drawn", "coin")})
    assert (found["drawn", ""], found["sealed", ""]) == ("no", "no"), "an answer to what is not asked opens nothing"
    answers = {("randomised", ""): said("randomised", "yes"), ("drawn", ""): said("drawn", None, "not reported")}
    assert asked_of(FRAME, UNITS, answers)["sealed", ""] == "yes", "a status may be a condition"


def test_each_arm_has_conditions_of_its_own() -> None:
    answers = {("offered", "arm-1"): said("offered", "service"), ("offered", "arm-2"): said("offered", "usual")}
    found = asked_of(FRAME, UNITS, answers)
    assert (found["lost", "arm-1"], found["lost", "arm-2"]) == ("yes", "no")


def test_what_is_required_and_applies_is_missing_until_it_is_answered() -> None:
    assert completeness(FRAME, UNITS, {}).missing == (
        ("randomised", ""),
        ("joined", ""),
        ("offered", "arm-1"),
        ("offered", "arm-2"),
    )
    answers = {
        ("randomised", ""): said("randomised", "no"),
        ("drawn", ""): said("drawn", "coin"),
        ("joined", ""): said("joined", None, "not reported"),
        ("offered", "arm-1"): said("offered", "usual"),
        ("offered", "arm-2"): said("offered", "usual"),
    }
    filled = completeness(FRAME, UNITS, answers)
    assert filled.complete and filled.beside == (("drawn", ""),)
    assert filled.sentence == f"4 of {filled.applying} items are answered; nothing required is missing."
    assert completeness(FRAME, Units(), {}).applying == 6, "a study without arms is not asked about arms"
