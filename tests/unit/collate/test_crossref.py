"""Crossref JSON: answers, lists and single works; abstracts without their marks; relations and updates kept."""

from __future__ import annotations

import json

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.structured import CROSSREF_PREPRINT, CROSSREF_WORK, STRUCTURED, crossref_answer
from whatworks.collate.methods.keeping import kept_value
from whatworks.collate.sources.crossref import without_markup


def test_a_work_is_read_whole() -> None:
    record = read_bytes(STRUCTURED["Crossref JSON"])[1][0]
    assert (record.entry_type, record.venue) == ("JOUR", "Journal of Examples")
    assert record.title == "Leaving care & home: The first year"
    assert record.authors == ("Example, Ada M.", "Leaving Care Study Group")
    assert (record.year, record.issue, record.pages) == (2019, "1", "33-44")
    assert (record.doi, record.issn) == ("10.5555/leaving.2019.004", "0140-1971")
    assert record.abstract == "Aims: To say (p < .05).\nIt & that."
    assert record.keywords == ("Social Work",)


def test_every_member_is_kept() -> None:
    record = read_bytes(STRUCTURED["Crossref JSON lines"])[1][0]
    held = dict(record.tags)
    plain = {"DOI", "volume", "issue", "publisher", "language", "URL"}
    for name, value in CROSSREF_WORK.items():
        if name in plain:
            assert value in record.values("DO", "VL", "IS", "PB", "LA", "UR")
        else:
            assert kept_value(held[f"crossref:{name}"]) == value
    assert "is-preprint-of" in held["crossref:relation"]
    assert '"correction"' in held["crossref:update-to"]


def test_a_preprint_is_one() -> None:
    record = read_bytes(STRUCTURED["Crossref JSON"])[1][1]
    assert (record.entry_type, record.first("M3"), record.year) == ("UNPB", "preprint", 2018)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": CROSSREF_WORK}),
        json.dumps(CROSSREF_WORK),
        json.dumps([CROSSREF_WORK]),
        json.dumps(crossref_answer(CROSSREF_WORK)),
        json.dumps({"message": {"items": [CROSSREF_WORK]}, "message-type": "work-list"}),
    ],
)
def test_every_form(text: str) -> None:
    result, records = read_text(text)
    assert (result.format, result.record_starts, len(records)) == ("Crossref JSON", 1, 1)
    assert records[0].doi == "10.5555/leaving.2019.004"


def test_pages_of_answers_one_behind_the_other_are_one_file() -> None:
    page = json.dumps(crossref_answer(CROSSREF_WORK, CROSSREF_PREPRINT, hits=4, cursor="x"))
    result, records = read_text(f"{page}\n{page}")
    assert len(records) == 4
    assert "4 hits" in result.notes[0].text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One.\nTwo."),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p>", "One."),
        (
            "<jats:sec><jats:title>Methods:</jats:title>\n  <jats:p>We\n asked.</jats:p></jats:sec>",
            "Methods: We asked.",
        ),
        ("<p>x<sub>2</sub> &lt; 3 and p < .05, n > 4</p>", "x2 < 3 and p < .05, n > 4"),
        ("R&amp;amp;D &eacute; &amp;lt;0.1", "R&D é <0.1"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math> rose", "x rose"),
        ("no marks", "no marks"),
        ("", ""),
    ],
)
def test_marks_are_taken_out_of_abstracts_and_nothing_else(raw: str, text: str) -> None:
    assert without_markup(raw) == text


def test_a_long_abstract_of_opening_marks_takes_no_time() -> None:
    """A pattern that goes back and forth would take hours."""
    assert without_markup("<title" * 20_000 + "<jats:title>" * 5_000).count("<title") >= 1


def test_a_work_without_name_is_unreadable() -> None:
    result, records = read_text(json.dumps(crossref_answer(CROSSREF_WORK, {"type": "book"})))
    assert len(records) == 1
    assert "neither a DOI nor a title" in result.unreadable[0].reason
