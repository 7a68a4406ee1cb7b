"""Excel: sheets as tables, both ways; what is no sound workbook is refused in one sentence before it costs anything."""

from __future__ import annotations

import datetime
import io
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import record
from tests.unit.collate.tables import ASREVIEW, PLAIN, SCOPUS_2023, archive, read_table, workbook
from whatworks.collate.methods.exports import ROW_COLUMNS
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import excel_writing, read_stream, sheets
from whatworks.collate.sources import workbook as books
from whatworks.collate.sources.excel_writing import write_rows_xlsx, write_xlsx
from whatworks.collate.sources.sheets import date_of, number_of
from whatworks.errors import InputError


def made(**held: list[list[object]]) -> bytes:
    """A workbook as openpyxl, and so Excel, writes it: strings shared, dates as numbers with a format."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in held.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """The same workbook with something else in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    assert old.encode() in parts[part]
    return archive(parts | {part: parts[part].replace(old.encode(), new.encode(), 1)})


HEADER: list[object] = ["Title", "Authors", "Year", "Published", "Checked", "Score"]
FIRST: list[object] = ["Care & <after>", "Avery, J.; Byrne, K.", 2019, datetime.date(2019, 3, 1), True, 1.5]
SECOND: list[object] = ["Kinship\ncare", None, 2020.0, datetime.datetime(2020, 5, 1, 13, 30), None, None]  # noqa: DTZ001  cells have no zone


def test_cells_are_read_as_people_see_them() -> None:
    result, (first, second) = read_table(made(Records=[HEADER, FIRST, SECOND]), "list.xlsx")
    assert result.format == "Excel table"
    assert (first.title, first.authors, first.year) == ("Care & <after>", ("Avery, J.", "Byrne, K."), 2019)
    assert {("DA", "2019-03-01"), ("csv:Checked", "TRUE"), ("csv:Score", "1.5")} <= set(first.tags)
    assert {("PY", "2020"), ("DA", "2020-05-01 13:30:00"), ("TI", "Kinship\ncare")} <= set(second.tags)
    assert [first.line, second.line] == [2, 3]


def test_a_table_is_the_same_as_a_workbook_and_as_text() -> None:
    for table in (PLAIN, SCOPUS_2023, ASREVIEW):
        text, sheet = read_table(table)[1], read_table(workbook(table), "table.xlsx")[1]
        assert [one.tags for one in sheet] == [one.tags for one in text]


def test_a_vendor_is_told_in_a_workbook_too() -> None:
    assert read_table(workbook(SCOPUS_2023), "scopus.xlsx")[0].format == "Scopus CSV"


def test_rows_above_the_header_and_empty_rows_are_no_records() -> None:
    rows = [["Search of 3 March 2024"], [], HEADER, FIRST, [None] * 6, SECOND]
    result, records = read_table(made(Records=rows), "list.xlsx")
    assert [one.line for one in records] == [4, 6]
    assert result.record_starts == 2
    assert [note.line for note in result.notes] == [1]


def test_every_sheet_with_a_header_is_read_and_each_other_is_named() -> None:
    held = {"In": [HEADER, FIRST], "Out": [["Titel", "Jahr"], ["Zwei", 1999]], "Notes": [["ask Kim"], ["by Friday"]]}
    result, records = read_table(made(**held), "list.xlsx")
    assert [(one.title, dict(one.tags)["csv:sheet"]) for one in records] == [("Care & <after>", "In"), ("Zwei", "Out")]
    assert [one.position for one in records] == [1, 2]
    assert any("sheet 'Notes' was not read" in note.text for note in result.notes)
    assert any("sheet 'Out'" in note.text and "title from 'Titel'" in note.text for note in result.notes)


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(In=[HEADER, FIRST], Old=[HEADER, SECOND])))
    book["Old"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    result, records = read_table(stream.getvalue(), "list.xlsx")
    assert len(records) == 1
    assert [note.text for note in result.notes] == ["the sheet 'Old' is hidden and was not read"]


def test_a_cell_to_the_right_of_the_header_is_kept() -> None:
    _, (first,) = read_table(made(Records=[["Title", "Year"], ["Care", 2019, None, "see Kim"]]), "list.xlsx")
    assert ("csv:column 4", "see Kim") in first.tags


def test_a_formula_that_nobody_reckoned_is_kept_as_it_stands() -> None:
    """openpyxl writes formulas without values; the cell is not empty for that."""
    _, (first,) = read_table(
        made(Records=[["Title", "Link"], ["Care", '=HYPERLINK("https://example.org")']]), "list.xlsx"
    )
    assert ("UR", '=HYPERLINK("https://example.org")') in first.tags


def test_a_person_says_what_a_column_is() -> None:
    data = made(One=[["x", "y"], ["1", "2"]], Two=[["alpha", "beta"], ["Care", "2019"]])
    with pytest.raises(InputError, match=r"list\.xlsx: no column could be told to be the title"):
        read_table(data, "list.xlsx")
    result, records = read_table(data, "list.xlsx", mapping={"title": "alpha"})
    assert [one.title for one in records] == ["Care"]
    assert result.mapping == {"title": "alpha"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            archive({"a.ris": "TY  - JOUR\nER  - \n", "b.csv": "title\nx"}),
            r"a zip archive with 2 files \(a.ris, b.csv\); unpack",
        ),
        (archive({"inner.zip": archive({"bomb": b"0" * 10_000})}), "a zip archive with 1 file "),
        (archive({}), "a zip archive with 0 files"),
        (archive({"word/document.xml": "<a/>"}), "a Word document"),
        (archive({"content.xml": "<a/>"}), "an OpenDocument file"),
        (archive({"xl/workbook.bin": "x"}), "an Excel binary workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel file"),
        (b"\x1f\x8b\x08" + b"\0" * 60, "a gzip archive; unpack it"),
        (made(A=[HEADER, FIRST])[:-60], "damaged or cut off"),
        (b"PK\x03\x04 and nothing more", "damaged or cut off"),
        (made(A=[[]]), "no visible sheet holds anything"),
    ],
)
def test_what_is_no_workbook_is_named(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=f"^given: .*{says}"):
        read_table(data, "given")


def test_a_stored_archive_of_exports_is_not_taken_for_one_of_them() -> None:
    """Stored without compression, the lines of the export inside stand in the archive as they are."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as held:
        held.writestr("a.ris", "\nTY  - JOUR\nTI  - x\nER  - \n")
    with pytest.raises(InputError, match="unpack it"):
        read_table(stream.getvalue(), "a.ris")


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        (SHEET, "<worksheet", '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><worksheet', "document type"),
        (SHEET, "<worksheet", '<!DOCTYPE a SYSTEM "file:///etc/hostname"><worksheet', "document type"),
        (
            "xl/workbook.xml",
            "<workbook",
            '<!DOCTYPE a [<!ENTITY x SYSTEM "http://example.org/">]><workbook',
            "document",
        ),
        (SHEET, "<sheetData>", "<sheetData>" + "<a>" * 100, "elements more than 64 deep"),
        (SHEET, "<sheetData>", '<sheetData><row r="1"><c r="XFE1"><v>1</v></c></row>', "a column beyond"),
        (SHEET, "</sheetData>", "</sheetDat>", "damaged"),
    ],
)
def test_what_no_spreadsheet_needs_is_refused(part: str, old: str, new: str, says: str) -> None:
    with pytest.raises(InputError, match=f"^list: .*{says}"):
        read_table(changed(made(A=[HEADER, FIRST]), part, old, new), "list")


MAIN = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BY_HAND = {
    "xl/workbook.xml": f'<x:workbook {MAIN} xmlns:r="r"><x:sheets><x:sheet name="A" sheetId="1" r:id="k1"/></x:sheets></x:workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="k1" Target="/xl/worksheets/one.xml"/></Relationships>',
    "xl/sharedStrings.xml": f"<x:sst {MAIN}><x:si><x:t>Title</x:t></x:si>"
    "<x:si><x:r><x:t>Care </x:t></x:r><x:r><x:t>&amp; after_x000D__x000A_more</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si></x:sst>",
    "xl/worksheets/one.xml": f'<x:worksheet {MAIN}><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>'
    '<x:row><x:c t="s"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>',
}


def test_shared_texts_prefixes_and_cells_without_places_are_read() -> None:
    """As other programs than Excel write them: names with a prefix, runs of text, no cell references."""
    _, (first,) = read_table(archive(BY_HAND), "hand.xlsx")
    assert (first.line, first.values("TI")) == (2, ("Care & after\nmore",))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/one.xml", "<x:v>1<", "<x:v>7<"),
        ("xl/worksheets/one.xml", "<x:v>1<", "<x:v>one<"),
        ("xl/_rels/workbook.xml.rels", "one.xml", "two.xml"),
        ("xl/sharedStrings.xml", "</x:sst>", ""),
        ("xl/worksheets/one.xml", "<x:worksheet", '<?xml version="1.0" encoding="WTF-8"?><x:worksheet'),
    ],
)
def test_a_workbook_whose_parts_do_not_fit_is_damaged(part: str, old: str, new: str) -> None:
    with pytest.raises(InputError, match=r"^hand\.xlsx: the spreadsheet or archive is damaged"):
        read_table(changed(archive(BY_HAND), part, old, new), "hand.xlsx")


def test_a_part_that_swells_is_refused_before_it_is_unpacked() -> None:
    """70 MB of spaces in 70 kB; the sentence comes from what the archive says of itself."""
    data = changed(made(A=[HEADER, FIRST]), SHEET, "<sheetData>", "<sheetData>" + " " * (books.LARGEST_TRUSTED + 1))
    assert len(data) < 200_000
    tracemalloc.start()
    with pytest.raises(InputError, match=r"unpacks to 64 MB from 0\.1 MB; it was refused"):
        read_table(data, "bomb.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_part_that_lies_about_its_size_is_damaged_not_unpacked() -> None:
    data = bytearray(changed(made(A=[HEADER, FIRST]), SHEET, "<sheetData>", "<sheetData>" + " " * 1_000_000))
    entry = data.rfind(SHEET.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    with pytest.raises(InputError, match="damaged"):
        read_table(bytes(data), "bomb.xlsx")


def test_a_long_list_of_files_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "LARGEST_DIRECTORY", 1_000)
    with pytest.raises(InputError, match="more files than any workbook has"):
        read_table(archive({f"{number}.txt": "" for number in range(100)}), "many.zip")


def test_one_endless_text_is_refused_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LONGEST_TEXT", 100_000)
    cell = '<row r="9"><c r="A9" t="inlineStr"><is><t>' + "x" * 3_000_000 + "</t></is></c></row></sheetData>"
    data = changed(made(A=[HEADER, FIRST]), SHEET, "</sheetData>", cell)
    with pytest.raises(InputError, match="a text of over 100,000 characters in one cell"):
        read_table(data, "long.xlsx")


def test_empty_rows_without_number_cost_little() -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(10, 40_000)) + "</sheetData>"
    data = changed(made(A=[HEADER, FIRST]), SHEET, "</sheetData>", rows)
    tracemalloc.start()
    result, records = read_table(data, "rows.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    assert (result.record_starts, len(records)) == (1, 1)


def test_memory_does_not_grow_with_the_records() -> None:
    """The texts of a large workbook lie in a temporary file; ten times the rows take about the same memory."""

    def peak(count: int) -> int:
        rows = ({"title": f"A title number {at} " + "word " * 60, "year": 2000} for at in range(count))
        stream = io.BytesIO()
        write_rows_xlsx(["title", "year"], rows, stream)
        data = stream.getvalue()
        tracemalloc.start()
        assert sum(1 for _ in read_stream(io.BytesIO(data), path="large.xlsx")) == count
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    assert peak(6_000) < peak(1_000) + 4_000_000


@pytest.mark.parametrize(
    ("value", "text"),
    [("2019", "2019"), ("2019.0", "2019"), ("1.5", "1.5"), ("1E3", "1000"), ("0.1", "0.1"), ("-3", "-3"), ("?", "?")],
)
def test_numbers_are_written_as_people_do(value: str, text: str) -> None:
    assert number_of(value) == text


@pytest.mark.parametrize(
    ("value", "since_1904", "text"),
    [
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("61", False, "1900-03-01"),
        ("43525", False, "2019-03-01"),
        ("43525.5", False, "2019-03-01 12:00:00"),
        ("42063", True, "2019-03-01"),
        ("0.5", False, "0.5"),
        ("9e9", False, "9000000000"),
    ],
)
def test_days_are_counted_as_excel_counts_them(value: str, since_1904: bool, text: str) -> None:
    """Excel believes in 29 February 1900 (day 60), so that earlier days are one off."""
    assert date_of(value, since_1904) == text


def written(*records: Record) -> tuple[bytes, list[tuple[object, ...]]]:
    stream = io.BytesIO()
    assert write_xlsx([("export.ris", one) for one in records], stream) == len(records)
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    return stream.getvalue(), [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def test_what_is_written_is_what_another_program_reads() -> None:
    data, rows = written(record(ID="r1", TI="Care & <after>", AU=["Avery, J.", "Byrne, K."], PY="2019"))
    assert rows[0] == ROW_COLUMNS
    row = dict(zip(ROW_COLUMNS, rows[1], strict=True))
    assert (row["id"], row["title"], row["year"]) == ("r1", "Care & <after>", 2019)
    assert row["authors"] == "Avery, J.; Byrne, K."
    assert read_table(data, "out.xlsx")[1][0].title == "Care & <after>"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://example.org")', "+1", "-1", "@sum", "\t=1", " =1", "＝1"])
def test_nothing_that_is_written_is_a_formula(text: str) -> None:
    """It is a text in the file, and its cell is marked so that it stays one when somebody edits it in Excel."""
    data, rows = written(record(TI="Care", AB=text))
    row = dict(zip(ROW_COLUMNS, rows[1], strict=True))
    assert row["abstract"] == text.strip() if text.strip() != text else text
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET).decode()
    assert "<f" not in xml
    cell = openpyxl.load_workbook(io.BytesIO(data)).active.cell(2, ROW_COLUMNS.index("abstract") + 1)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_text_goes_out_and_comes_back(text: str) -> None:
    """Characters that XML has none for, and texts that look like Excel's own escapes of them, too."""
    stream = io.BytesIO()
    write_rows_xlsx(["title", "remark"], [{"title": "t", "remark": text}], stream)
    (back,) = read_table(stream.getvalue(), "out.xlsx")[1]
    wanted = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert [value for tag, value in back.tags if tag == "csv:remark"] == ([wanted] if wanted else [])


def test_a_long_text_is_cut_where_excel_would_call_the_file_damaged() -> None:
    _, rows = written(record(TI="Care", AB="x" * 40_000))
    cell = str(rows[1][ROW_COLUMNS.index("abstract")])
    assert len(cell) == 32_767
    assert cell.endswith("[…the rest does not fit into a cell]")


def test_more_records_than_a_sheet_holds_go_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_writing, "MOST_ROWS", 3)
    stream = io.BytesIO()
    assert write_rows_xlsx(["title"], ({"title": f"t{at}"} for at in range(5)), stream) == 5
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    assert [sheet.title for sheet in book] == ["records", "records 2", "records 3"]
    assert [one.title for one in read_table(stream.getvalue(), "out.xlsx")[1]] == ["t0", "t1", "t2", "t3", "t4"]


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    assert written(record(TI="Care"))[0] == written(record(TI="Care"))[0]


def test_no_records_are_a_sheet_with_a_header() -> None:
    assert written()[1] == [ROW_COLUMNS]
