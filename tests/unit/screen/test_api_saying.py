"""What of screening by program needs no database: what is read, under which key it is kept, and in which words."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from whatworks.errors import InputError
from whatworks.screen.api.saying import MARK, kept_key, read_decision
from whatworks.screen.api.schemas import DecisionIn, Stage
from whatworks.screen.deciding import LONGEST
from whatworks.screen.methods.protocol import LONGEST as LONGEST_REASON
from whatworks.screen.methods.protocol import STAGES
from whatworks.screen.models import Opinion


def test_stages_and_lengths_are_those_of_the_room() -> None:
    """A promise that the room does not keep would be a refusal nobody can explain, or a row that does not fit."""
    fields = DecisionIn.model_json_schema()["properties"]
    assert get_args(Stage) == STAGES
    assert (fields["note"]["maxLength"], fields["reason"]["maxLength"]) == (LONGEST, LONGEST_REASON)
    assert fields["reason"]["maxLength"] <= Opinion._meta.get_field("reason").max_length
    assert set(fields["decision"]["enum"]) == {Opinion.INCLUDE, Opinion.EXCLUDE, Opinion.MAYBE}


def test_a_key_is_its_persons_and_its_purposes_own_and_fits() -> None:
    """Two programs that both count from 1 must not take each other's decisions for their own."""
    keys = {kept_key(who, what, given) for who in ("usr-1", "usr-2") for what in ("say", "undo") for given in "12"}
    assert len(keys) == 8 and all(one.startswith(MARK) for one in keys)
    assert {len(one) for one in keys} == {60} and Opinion._meta.get_field("key").max_length >= 60
    assert kept_key("usr-1", "say", "") == ""
    with pytest.raises(InputError, match="at most 200"):
        kept_key("usr-1", "say", "k" * 201)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "is an object"),
        (["cnd-1"], "is an object"),
        ({}, "candidate cannot be read: field required"),
        ({"candidate": 7, "decision": "include"}, "candidate cannot be read"),
        ({"candidate": "c", "decision": "Include"}, "decision cannot be read"),
        ({"candidate": "c", "decision": "include", "third": True}, "There is no field third"),
        ({"candidate": "c", "decision": "include", "note": "a\0b"}, "note cannot be read: it holds a character"),
        ({"candidate": "c", "decision": "include", "key": "\udc00"}, "key cannot be read"),
        ({"candidate": "c" * 41, "decision": "include"}, "candidate cannot be read"),
    ],
)
def test_what_cannot_be_read_names_its_field(given: Any, says: str) -> None:
    with pytest.raises(InputError, match=says) as said:
        read_decision(given)
    assert str(said.value).endswith(".") and "\n" not in str(said.value)


def test_a_decision_is_read() -> None:
    assert read_decision({"candidate": "cnd-1", "decision": "maybe"}).note == ""
