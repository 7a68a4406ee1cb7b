"""Records: the views that databases fill from different tags, and a result that must add up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.collate.exports import RIS, read_text, record
from whatworks.collate.methods.records import NOTES_KEPT, Found, Note, ReadResult, Record


def test_the_views_of_an_ordinary_record() -> None:
    first = read_text(RIS)[1][0]
    assert first.entry_type == "JOUR"
    assert first.title.startswith("Effects of individual risk")
    assert first.authors == ("Prince, Dana M.", "Vidal, Sarah")
    assert (first.year, first.venue, first.volume, first.issue) == (2019, "Journal of Adolescence", "74", "1")
    assert (first.pages, first.doi, first.issn) == ("33-44", "10.1016/j.adolescence.2019.05.004", "0140-1971")
    assert first.identifier == "prince_effects_2019"


@pytest.mark.parametrize("tag", ["TI", "T1", "CT", "ST"])
def test_every_vendors_title_is_found(tag: str) -> None:
    assert record(**{tag: "Leaving care"}).title == "Leaving care"


@pytest.mark.parametrize("tag", ["JO", "JF", "JA", "T2", "J2"])
def test_every_vendors_journal_is_found(tag: str) -> None:
    assert record(**{tag: "Child Welfare"}).venue == "Child Welfare"


def test_the_series_of_a_book_is_not_its_title() -> None:
    book = record(TY="BOOK", BT="Leaving care", T2="Child Welfare Series")
    assert (book.title, book.venue) == ("Leaving care", "Child Welfare Series")


def test_an_editor_is_no_author() -> None:
    assert record(A2="Munro, Emily", ED="Stein, Mike").authors == ()


def test_a_record_without_an_identifier_is_known_by_its_place() -> None:
    assert [one.identifier for one in read_text(RIS)[1]] == ["prince_effects_2019", "2"]


def test_wrapped_keywords_are_keywords() -> None:
    assert record(KW="foster care\nleaving care; housing").keywords == ("foster care", "leaving care", "housing")


def test_what_is_absent_is_empty_not_invented() -> None:
    bare = record()
    assert bare.year is None
    assert (bare.title, bare.authors, bare.doi, bare.pages, bare.abstract, bare.keywords) == ("", (), "", "", "", ())


def test_a_parser_that_loses_a_record_is_a_defect_and_crashes() -> None:
    def loses_one(result: ReadResult) -> Iterator[Found]:
        result.record_starts = 2
        yield Record(1, 1, (("TY", "JOUR"),))

    with pytest.raises(AssertionError, match="a record was lost"):
        list(ReadResult(path="export.ris", format="RIS", partial=True, find=loses_one))


def test_a_million_odd_lines_do_not_fill_the_memory() -> None:
    def many_notes(result: ReadResult) -> Iterator[Found]:
        result.record_starts = 1
        yield from (Note(line, "odd") for line in range(NOTES_KEPT + 5))
        yield Record(1, 1, (("TY", "JOUR"),))

    result = ReadResult(path="export.ris", format="RIS", partial=True, find=many_notes)
    list(result)
    assert (len(result.notes), result.notes_left_out) == (NOTES_KEPT, 5)
