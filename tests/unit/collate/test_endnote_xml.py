"""EndNote XML: texts in pieces of style, several programs' dialects, old and new, also when the file is named .ris."""

from __future__ import annotations

import io
import re

import pytest
from lxml import etree

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.structured import ENDNOTE, ENDNOTE_OLD, ENDNOTE_RECORD
from whatworks.collate.sources import read_stream, write_ris


def test_a_reference_is_read_whole() -> None:
    record = read_text(ENDNOTE)[1][0]
    assert (record.entry_type, record.title, record.venue) == ("JOUR", "Leaving care", "Journal of Examples")
    assert record.authors == ("Example, Ada M.", "Muster, Jörg")
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "74", "1", "33-44")
    assert (record.doi, record.issn, record.url) == ("10.5555/leaving.2019.004", "0140-1971", "https://example.org/7")
    assert record.keywords == ("housing", "leaving care")
    assert record.abstract == "A made-up <abstract>."
    assert record.identifier == "7"


def test_what_has_no_tag_or_had_to_change_is_kept() -> None:
    record = read_text(ENDNOTE)[1][0]
    assert "of no tag" in record.first("endnote:misc1")
    assert 'face="italic"' in record.first("endnote:title")
    assert record.first("endnote:database").startswith('<database name="My.enl"')
    assert 'db-id="abc"' in record.first("endnote:key")


def test_no_text_and_no_attribute_is_dropped_but_the_style_that_is_none() -> None:
    record = read_text(ENDNOTE)[1][0]
    held = " ".join(value for _, value in record.tags)
    for element in etree.fromstring(ENDNOTE_RECORD).iter():
        plain = element.tag == "style" and element.get("face") == "normal"
        for text in (element.text, element.tail, *(() if plain else element.values())):
            assert (text or "").replace("<", "&lt;").replace(">", "&gt;") in held or (text or "") in held


def test_the_name_of_the_file_does_not_matter() -> None:
    result = read_stream(io.BytesIO(ENDNOTE.encode()), path="export.ris")
    assert result.format == "EndNote XML"
    assert len(list(result)) == 2


def test_endnote_of_old() -> None:
    """Up to version 7: capitals, other names, other numbers of types."""
    records = read_text(ENDNOTE_OLD)[1]
    assert [(one.entry_type, one.title) for one in records] == [("JOUR", "An old study"), ("BOOK", "A second")]
    assert (records[0].authors, records[0].pages, records[0].keywords) == (("Example, A.",), "1-9", ("old",))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('<ref-type name="Thesis">32</ref-type>', "THES"),
        ("<ref-type>27</ref-type>", "RPRT"),
        ('<ref-type name="Something new">5</ref-type>', "CHAP"),
        ('<ref-type name="Something new">99</ref-type>', "GEN"),
        ("", "GEN"),
    ],
)
def test_types(said: str, kind: str) -> None:
    text = re.sub(r'<ref-type name="Journal Article">17</ref-type>', said, ENDNOTE)
    assert read_text(text)[1][0].entry_type == kind


def test_control_characters_which_endnote_writes_are_mended() -> None:
    result, records = read_bytes(ENDNOTE.replace("made-up", "made\x02-up").encode())
    assert records[0].abstract == "A made-up <abstract>."
    assert "control characters" in result.notes[0].text


def test_tags_go_through_ris_and_back() -> None:
    for text in (ENDNOTE, ENDNOTE_OLD):
        records = read_text(text)[1]
        assert [one.tags for one in read_text("".join(write_ris(records)))[1]] == [one.tags for one in records]
