"""Codings as rows and as JSON-LD: what goes out comes in again, and a wrong row is named by its line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.extract_coding.small import small
from whatworks.errors import InputError
from whatworks.extract.methods.coding.answers import Coded
from whatworks.extract.methods.coding.linked import Estimated, Found, Investigated, Observed, linked, read_linked
from whatworks.extract.methods.coding.tables import COLUMNS, Told, read_rows

FRAME = small()


def told(item: str, coded: Coded, unit: str = "", **more: Any) -> Told:
    return Told("sty-1", "Oak", "small", 1, item, item.title(), unit, "", "", coded, how="agreed", **more)


VALUES = (
    told("aim", Coded("coded", "=1+1"), quote="to see", page=3, place="Table 2"),
    told("randomised", Coded("coded", "yes")),
    told("settings", Coded("coded", ("home", "court"))),
    told("joined", Coded("coded", 1204)),
    told("began", Coded("not reported")),
    told("lost", Coded("coded", 0.1 + 0.2), unit="arm-1"),
)


def test_rows_come_back_as_the_answers_they_were() -> None:
    rows = [one.row() for one in VALUES]
    assert all(tuple(row) == COLUMNS for row in rows)
    found = read_rows(FRAME, enumerate([{name: str(value) for name, value in row.items()} for row in rows], 2))
    assert [(one.item, one.unit, one.coded) for one in found] == [(one.item, one.unit, one.coded) for one in VALUES]
    assert (found[0].page, found[0].place, found[0].quote) == (3, "Table 2", "to see")


def test_a_text_that_a_spreadsheet_guarded_is_the_text() -> None:
    (found,) = read_rows(FRAME, [(2, {"study": "s", "item": "aim", "value": "'=1+1"})])
    assert found.coded.value == "=1+1"


def test_json_values_keep_their_types() -> None:
    plain = [json.loads(json.dumps(one.plain())) for one in VALUES]
    assert [one.coded for one in read_rows(FRAME, enumerate(plain, 1))] == [one.coded for one in VALUES]


def test_empty_lines_of_a_form_are_passed_over() -> None:
    assert read_rows(FRAME, [(2, {"study": "s", "item": "aim", "value": "", "status": None})]) == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"study": "s", "item": "aim"}, "Line 7: there is no column 'value'"),
        ({"study": "s", "item": "nothing", "value": "x"}, "Line 7: “A small frame” version 1 has no item 'nothing'"),
        ({"study": "s", "item": "joined", "value": "many"}, "Line 7: “People who joined” wants a number"),
        ({"study": "s", "item": "aim", "value": "x", "page": "iv"}, "Line 7: page 'iv' is not a page number"),
        ({"study": "s", "item": "aim", "value": "x", "frame": "other"}, "Line 7: it answers frame other, not small"),
        ({"study": "s", "item": "aim", "value": "x", "version": "2"}, "Line 7: it answers version 2, not 1"),
        ({"study": "s", "item": "aim", "value": "x", "status": "not reported"}, "Line 7: .* so it has no value"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(row: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_rows(FRAME, [(7, row)])


def test_two_answers_to_one_item_are_refused() -> None:
    row = {"study": "s", "item": "aim", "value": "x"}
    with pytest.raises(InputError, match="Line 3: aim of s was answered on line 2"):
        read_rows(FRAME, [(2, row), (3, row)])


def document() -> dict[str, Any]:
    found = Found(
        "con-1", "Service", "Usual", "School", "Attendance", {"monthsFromBaseline": 12.0},
        (Observed("Service", {"n": 80, "events": 9}),), (Estimated("fnd-1", "RR", -0.1, 0.2, clustering_adjusted=True),),
    )  # fmt: skip
    return json.loads(json.dumps(linked([Investigated("sty-1", "Oak", ["rep-1"], [found], VALUES)])))


def test_linked_data_has_the_shape_and_claims_no_conformance() -> None:
    made = document()
    assert "No conformance is claimed" in made["description"]
    (study,) = made["@graph"]
    assert (study["type"], study["isReportedIn"]) == ("Investigation", ["rep-1"])
    (found,) = study["hasFinding"]
    assert found["hasObservedResult"] == [{"type": "ObservedResult", "forArm": "Service", "n": 80, "events": 9}]
    assert found["hasEffectEstimate"][0]["clusteringAdjusted"] is True
    assert found["hasEffectEstimate"][0]["baselineAdjusted"] is None, "what nobody said is not false"
    assert [one["status"] for one in study["hasCodedValue"]].count("notReported") == 1
    assert study["hasCodedValue"][0]["sourceLocation"] == "page 3, Table 2"


def test_linked_data_comes_back_as_the_answers_it_was() -> None:
    found = read_rows(FRAME, read_linked(document()))
    assert [(one.item, one.unit, one.coded) for one in found] == [(one.item, one.unit, one.coded) for one in VALUES]


@pytest.mark.parametrize("held", [None, {}, {"@graph": [{"hasCodedValue": [{"status": "maybe"}]}]}])
def test_other_linked_data_is_refused(held: Any) -> None:
    with pytest.raises(InputError):
        list(read_linked(held))
