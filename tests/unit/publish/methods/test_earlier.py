"""Documents that were stored before: an old revision keeps its shape for ever, and its page must still be read."""

from __future__ import annotations

from typing import Any

from whatworks.publish.methods.earlier import NONE_HELD, UNSAID, held_locally
from whatworks.publish.methods.locally import NO, Typed, reply

LOCAL = {"unit": "families", "low": -2.6, "high": 16.7, "per": 100, "verb": "had a child placed", "trace": "syn-1"}


def outcome(**other: Any) -> dict[str, Any]:
    rows = [{"name": name, "study": name, "pooled": name != "D"} for name in "ABCCD"]
    base = {
        "analysis": "ana-1",
        "name": "Families with a child placed in care",
        "contact": True,
        "safety": False,
        "sentence": ["About ", {"number": "7 more", "trace": "syn-1"}],
        "scale": {"title": "Families out of 100, compared with usual services"},
        "eyebrow": ["3 randomised studies, United States."],
        "table": {"rows": rows},
    }
    return base | other


def document(**other: Any) -> dict[str, Any]:
    return {"local": LOCAL, "outcomes": [outcome(sentence=["Nothing."], table=None, name="Other"), outcome(**other)]}


def test_numbers_of_the_first_schema_still_answer_with_what_it_held_of_the_studies() -> None:
    held = held_locally(document())
    (measure,) = held["measures"]
    assert held["refused"] == [] and measure["studies"] == 3
    assert {part["name"]: part["items"] for part in measure["definition"]} == {
        "Who they were": [UNSAID],
        "What was counted": ["Families"],
        "Compared with": ["Usual services"],
        "What was measured": ["Families with a child placed in care"],
        "The studies": ["3 randomised studies, United States."],
    }
    told = reply(measure, Typed("ana-1", "families", "64", NO))
    assert told.answer[1] == {"number": "between 2 fewer and 11 more", "trace": "syn-1"}
    assert told.minding == ("We do not know whether children were safer.",)


def test_what_was_known_of_safety_is_not_denied() -> None:
    content = document()
    content["outcomes"].append(outcome(safety=True, contact=False, sentence=["Safe."]))
    assert held_locally(content)["measures"][0]["safety"] == ""


def test_an_earlier_result_of_fewer_than_three_studies_is_refused_too() -> None:
    held = held_locally(document(table={"rows": [{"name": "A", "pooled": True}, {"name": "B", "pooled": True}]}))
    assert held["measures"] == []
    assert "fewer than three studies" in held["refused"][0]


def test_nothing_held_is_said() -> None:
    for content in ({"outcomes": []}, {"local": None, "outcomes": []}, document(sentence=["No number."])):
        assert held_locally(content) == {"measures": [], "refused": [NONE_HELD]}


def test_a_document_without_scale_or_line_says_what_it_does_not_hold() -> None:
    (measure,) = held_locally(document(scale=None, eyebrow=[]))["measures"]
    held = {part["name"]: part["items"] for part in measure["definition"]}
    assert held["Compared with"] == held["The studies"] == [UNSAID]


def test_today_s_documents_are_taken_as_they_are() -> None:
    local = {"measures": [{"refused": "few"}], "refused": ["Too few."]}
    assert held_locally({"local": local, "outcomes": []}) == local
