"""Tables: every row that holds anything is a record or a reason, and every cell that holds anything is kept."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import RIS, read_text
from tests.unit.collate.tables import PLAIN, read_table
from whatworks.collate.methods.exports import as_row
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import read, read_stream, write, write_ris
from whatworks.errors import InputError

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff\u0085\u2028\u2029"), max_size=20)


def said(record: Record) -> set[str]:
    return {value for _, value in record.tags}


def test_the_columns_of_the_contract_are_read() -> None:
    result, (first, second) = read_table(PLAIN)
    assert (first.identifier, first.title, first.year) == ("r1", "Leaving care, and after", 2019)
    assert first.authors == ("Avery, Jo", "Byrne, Kim")
    assert (first.venue, first.volume, first.issue, first.pages) == ("Journal of Made-up Care", "12", "3", "33-44")
    assert (first.doi, first.abstract, first.entry_type) == ("10.5555/aaa.1", "First line\nsecond line", "JOUR")
    assert (second.authors, second.entry_type) == (("Department for Invented Affairs",), "RPRT")
    assert result.format == "CSV table"
    assert result.mapping == {
        "id": "ID",
        "title": "title",
        "authors": "author",
        "year": "year",
        "journal": "journal",
        "volume": "volume",
        "issue": "number",
        "pages": "pages",
        "doi": "doi",
        "abstract": "abstract",
        "type": "ENTRYTYPE",
    }


def test_a_column_of_no_field_is_kept_under_its_own_name() -> None:
    _, (first, _) = read_table(PLAIN)
    assert ("csv:Reviewer's remark", "ask Kim") in first.tags
    assert ("csv:author", "Avery, Jo and Byrne, Kim") in first.tags  # what was split is kept whole too
    assert ("csv:ENTRYTYPE", "article") in first.tags


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends_are_told(mark: str, encoding: str, end: str) -> None:
    rows = ["Titel", "Autoren", "Jahr"], ["Über Pflege", "Müller, A.", "2019"], ["Après l’aide", "Noël, B.", "2020"]
    text = end.join(mark.join(row) for row in rows) + end
    result, (first, second) = read_table(text.encode(encoding), "liste.csv")
    assert (first.title, first.authors, first.year) == ("Über Pflege", ("Müller, A.",), 2019)
    assert second.title == "Après l’aide"
    assert result.mapping == {"title": "Titel", "authors": "Autoren", "year": "Jahr"}


def test_what_stands_above_the_header_is_noted() -> None:
    text = "Results of 3 March 2024, all databases\n\nTitle,Year,DOI\nLeaving care,2019,10.5555/aaa.1\n"
    result, (record,) = read_table(text)
    assert (record.line, record.title) == (4, "Leaving care")
    assert [note.line for note in result.notes] == [1]
    assert "above the header" in result.notes[0].text


def test_a_header_that_comes_again_is_no_record() -> None:
    """Two exports joined end to end."""
    result, records = read_table("title,year\na,2019\ntitle,year\nb,2020\n")
    assert [one.title for one in records] == ["a", "b"]
    assert result.record_starts == 2
    assert [note.line for note in result.notes] == [3]


def test_duplicated_headers_are_both_kept() -> None:
    _, (record,) = read_table("Title,Keywords,Keywords,\nLeaving care,one,two,three\n")
    assert ("KW", "one") in record.tags
    assert ("csv:Keywords (2)", "two") in record.tags
    assert ("csv:column 4", "three") in record.tags


def test_a_table_without_header_is_told_from_its_contents() -> None:
    text = "".join(
        f'A study of care number {number},"Avery, Jo; Byrne, Kim",{2000 + number},10.5555/a.{number}\n'
        for number in range(1, 5)
    )
    result, records = read_table(text)
    assert len(records) == 4
    assert records[0].authors == ("Avery, Jo", "Byrne, Kim")
    assert (records[0].title, records[0].year, records[0].doi) == ("A study of care number 1", 2001, "10.5555/a.1")
    assert "told from what stands in them" in result.notes[0].text


def test_a_table_of_which_nothing_is_known_says_how_to_map_it() -> None:
    with pytest.raises(
        InputError, match=r"export\.csv: no column could be told to be the title; .*--map title='alpha'"
    ):
        read_table("alpha,beta\n1,2\n3,4\n")


@pytest.mark.parametrize("wish", ["beta", "BETA", "2"])
def test_a_person_says_what_a_column_is(wish: str) -> None:
    result, records = read_table("alpha,beta,year\n1,Leaving care,2019\n", mapping={"title": wish})
    assert [one.title for one in records] == ["Leaving care"]
    assert result.mapping == {"title": "beta", "year": "year"}
    assert ("csv:alpha", "1") in records[0].tags


def test_a_wrong_guess_is_mended() -> None:
    """Here the column called title is the person's, and the guess for the year is to be left out."""
    text = "Title,Name of study,Year\nDr,Leaving care,2019\n"
    result, (record,) = read_table(text, mapping={"title": "Name of study", "year": ""})
    assert (record.title, record.year) == ("Leaving care", None)
    assert {("csv:Title", "Dr"), ("csv:Year", "2019")} <= set(record.tags)
    assert result.mapping == {"title": "Name of study"}


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"title": "gamma"}, "there is no column 'gamma'; its columns are alpha, beta"),
        ({"titel": "beta", "colour": "alpha"}, "there is no field 'colour'; the fields are title, authors"),
        ({"header": "9"}, "there is no row on line 9"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_sentence(mapping: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=rf"export\.csv: {says}"):
        read_table("alpha,beta\n1,2\n", mapping=mapping)


def test_the_line_of_the_header_can_be_said() -> None:
    text = "Title,Year\nTitle of study,When\nLeaving care,2019\n"
    _, records = read_table(text, mapping={"header": "2", "title": "Title of study"})
    assert [one.title for one in records] == ["Leaving care"]
    _, records = read_table(
        "Leaving care,2019\nKinship care,2020\n", mapping={"header": "none", "title": "1", "year": "2"}
    )
    assert [(one.title, one.year) for one in records] == [("Leaving care", 2019), ("Kinship care", 2020)]


def test_rows_that_are_not_as_wide_as_the_header_are_never_passed_over() -> None:
    text = (
        "title,year,journal,doi,note\n"
        "Whole,2019,J,10.5555/a.1,n\n"
        "Short,2019,J\n"
        "Torn in two\n"
        "A comma, not in marks,2019,J,10.5555/a.2,n\n"
        "Empty cells at the end,2019,J,10.5555/a.3,n,,,\n"
        ",,,,\n"
    )
    result, records = read_table(text)
    assert [one.title for one in records] == ["Whole", "Short", "Empty cells at the end"]
    assert [one.line for one in result.unreadable] == [4, 5]
    assert "6 values where the header has 5" in result.unreadable[1].reason
    assert result.record_starts == 5
    assert any("line 3 has 3 of 5 values" in note.text for note in result.notes)


def test_a_file_that_is_cut_in_its_last_row_is_refused_or_told() -> None:
    text = "title,year,doi\nWhole,2019,10.5555/a.1\nCut,20"
    with pytest.raises(InputError, match=r"record on line 3: the file ends in the middle of the row.*--partial"):
        read_table(text)
    result, records = read_table(text, partial=True)
    assert [one.title for one in records] == ["Whole"]
    assert [(one.line, one.cut) for one in result.unreadable] == [(3, True)]


def test_a_header_alone_is_no_export() -> None:
    with pytest.raises(InputError, match="no record was found"):
        read_table("title,year\n")


def test_row_names_of_r_do_not_move_the_columns() -> None:
    """write.table of R writes a header that is one cell shorter than its rows."""
    text = '"title"\t"year"\n"1"\t"Leaving care"\t2019\n"2"\t"Kinship care"\t2020\n'
    _, records = read_table(text, "frame.tsv")
    assert [(one.title, one.year) for one in records] == [("Leaving care", 2019), ("Kinship care", 2020)]


@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_row_and_no_cell_is_lost(rows: list[list[str]]) -> None:
    """Conservation: a row that holds anything is a record, each of its cells is a value of it, in RIS and back too."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(["title", "year", "doi", "remark"])
    table.writerows([[f"t{at}", *row[1:]] for at, row in enumerate(rows)])
    result, records = read_table(out.getvalue())
    assert result.record_starts == len(records) == len(rows)
    for row, record in zip(rows, records, strict=True):
        wanted = {cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row[1:]} - {""}
        assert wanted <= said(record)
    again = list(read_stream(io.BytesIO("".join(write_ris(records)).encode()), path="out.ris"))
    assert len(again) == len(records)


@given(st.binary(max_size=300))
def test_any_bytes_below_a_header_give_records_or_reasons(data: bytes) -> None:
    """The result itself checks that record starts are records and reasons; nothing else may be raised."""
    with contextlib.suppress(InputError):
        result, records = read_table(b"title,year,doi\n" + data, partial=True)
        assert result.record_starts == len(records) + len(result.unreadable)


def test_a_table_is_not_taken_for_one_by_the_word_title_alone() -> None:
    with pytest.raises(InputError, match="no known format"):
        read_table("This is a letter.\nThe title, it says, is ours.\n", "letter.txt")


def test_a_list_of_dois_is_a_table_if_its_name_says_so() -> None:
    _, records = read_table("DOI\n10.5555/aaa.1\n10.5555/aaa.2\n", "dois.csv")
    assert [one.doi for one in records] == ["10.5555/aaa.1", "10.5555/aaa.2"]


def test_more_columns_than_a_spreadsheet_has_are_refused() -> None:
    with pytest.raises(InputError, match="it has 20,002 columns"):
        read_table("title,year" + "," * 20_000 + "\na,2019\n")


def test_our_own_table_comes_back_as_the_same_references(tmp_path: Path) -> None:
    """`read --out x.csv` and back: what the table form has a column for is the same."""
    filed = [("export.ris", one) for one in read_text(RIS)[1]]
    write(filed, tmp_path / "out.csv")
    back = list(read(tmp_path / "out.csv"))
    assert [as_row(one) | {"line": 0} for one in back] == [as_row(one) | {"line": 0} for _, one in filed]
