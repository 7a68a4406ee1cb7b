"""Code sets of EPPI-Reviewer become frames that ask the same, and codes given there become answers."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.collate.methods.eppi import code_sets_in, codings_in
from whatworks.errors import InputError
from whatworks.extract.methods.coding.answers import Coded
from whatworks.extract.methods.coding.eppi_sets import answers_of, frame_of
from whatworks.extract.methods.coding.faults import faults
from whatworks.extract.methods.coding.writing import to_toml

GIVEN, NOT = "Selectable (show checkbox)", "Not selectable (no checkbox)"


def code(number: int, name: str, *children: dict[str, Any], kind: str = GIVEN, help: str = "") -> dict[str, Any]:
    """One code as the program writes it."""
    told: dict[str, Any] = {"AttributeId": number, "AttributeName": name, "AttributeType": kind}
    told["AttributeSetDescription"] = help
    return told | {"Attributes": {"AttributesList": list(children)}}


def sets(*codes: dict[str, Any], name: str = "Data extraction") -> Any:
    held = {"SetId": 27, "SetName": name, "SetType": {"SetTypeName": "Standard"}, "SetDescription": "What to ask."}
    return code_sets_in([held | {"Attributes": {"AttributesList": list(codes)}}])


TREE = (
    code(
        1,
        "Design",
        kind=NOT,
        help="How it was done",
    )
    | {
        "Attributes": {
            "AttributesList": [
                code(11, "Randomised", code(111, "By computer"), code(112, "By coin"), help="Drawn by lot"),
                code(12, "Matched"),
            ]
        }
    },
    code(2, "Country", code(21, "England"), code(22, "Wales"), code(23, "Other (specify)"), kind=NOT),
)


def test_a_code_set_becomes_questions_with_allowed_values_and_help() -> None:
    (one,) = sets(*TREE)
    frame = frame_of(one)
    assert faults(frame) == ()
    assert (frame.key, frame.title, frame.description) == ("data-extraction", "Data extraction", "What to ask.")
    asked = {one.item.label: one for one in frame.asked()}
    assert [value.value for value in asked["Design"].item.values] == ["Randomised", "Matched"]
    assert asked["Design"].item.values[0].help == "Drawn by lot"
    assert [value.source for value in asked["Country"].item.values] == ["eppi:21", "eppi:22", "eppi:23"]


def test_codes_below_a_code_that_can_be_given_are_asked_when_it_was() -> None:
    frame = frame_of(sets(*TREE)[0])
    how = next(one for one in frame.asked() if one.item.label == "Randomised")
    (condition,) = how.when
    assert condition.values == ("Randomised",)
    assert [one.value for one in how.item.values] == ["By computer", "By coin"]


def test_codes_given_there_come_to_answers_with_notes_and_quotes() -> None:
    frame = frame_of(sets(*TREE)[0])
    item = {
        "ItemId": 9,
        "Codes": [
            {"AttributeId": 11, "AdditionalText": "p. 3", "ItemAttributeFullTextDetails": [{"Text": "drawn by lot"}]},
            {"AttributeId": 12, "AdditionalText": "p. 4"},
            {"AttributeId": 22, "ArmId": 5, "ArmTitle": "Usual"},
            {"AttributeId": 999},
        ],
    }
    design, country = answers_of(frame, codings_in(item))
    assert design.coded == Coded("coded", ("Randomised", "Matched"))
    assert (design.study, design.note, design.quote) == ("9", "p. 3\np. 4", "drawn by lot")
    assert (country.coded, country.arm_title) == (Coded("coded", ("Wales",)), "Usual")


@pytest.mark.parametrize(
    "names",
    [("A | B", "A / B"), ("Same", "Same"), ("Same", "SAME"), ("not reported", "x"), ("", "é"), ("x" * 500, "y")],
)
def test_names_that_a_frame_cannot_have_are_changed_and_stay_apart(names: tuple[str, str]) -> None:
    """Two codes that fell together would be one answer."""
    frame = frame_of(sets(code(1, "Q", code(2, names[0]), code(3, names[1]), kind=NOT))[0])
    assert faults(frame) == ()
    (asked,) = frame.asked()
    assert len({one.value.casefold() for one in asked.item.values}) == 2
    assert [one.source for one in asked.item.values] == ["eppi:2", "eppi:3"]


def test_a_set_nested_without_end_is_cut_off_and_stays_a_frame() -> None:
    held = code(0, "leaf")
    for at in range(1, 40):
        held = code(at, f"code {at}", held)
    frame = frame_of(sets(held)[0])
    assert faults(frame) == () and "code 39" in to_toml(frame)


def test_a_set_without_a_code_to_give_is_refused() -> None:
    with pytest.raises(InputError, match="holds no code that can be given"):
        frame_of(sets()[0])
    with pytest.raises(InputError, match="holds no code that can be given"):
        frame_of(sets(code(1, "Heading", kind=NOT))[0])


def test_two_questions_of_one_name_have_two_keys() -> None:
    frame = frame_of(sets(code(1, "Age", code(2, "x"), kind=NOT), code(3, "Age", code(4, "x"), kind=NOT))[0])
    keys = [one.item.key for one in frame.everything()]
    assert len(set(keys)) == len(keys) == 4
