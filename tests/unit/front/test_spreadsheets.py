"""No table that people take away runs anything: what begins as a formula is text, and every writer of tables sees to it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from whatworks.collate.sources.excel_writing import write_rows_xlsx
from whatworks.screen.methods.prisma import Tally, build_flow
from whatworks.screen.methods.prisma_csv import prisma_csv
from whatworks.spreadsheets import RISKY, cell, uncell

SOURCE = Path(__file__).resolve().parents[3] / "src" / "whatworks"
WRITES = re.compile(r"csv\.writer\(|csv\.DictWriter\(|\.write_csv\(|\.write_excel\(")
KEPT = re.compile(r"\b(?:cell|safe)\(|map\(cell,")
# Written for programs, which would take an apostrophe for a part of the value. Each says so where it is handed out.
FOR_PROGRAMS = {
    "cli/dedupe.py": "the user's own table, with two columns more",
    "cli/screening.py": "the user's own table, with ranks",
    "cli/synthesise.py": "numbers, and the names that the user gave",
    "collate/sources/writers.py": "records between programs: the screen hands out another table for spreadsheets",
    "ledger/packs.py": "packs, which are read back to the letter",
    "screen/handing_out.py": "its rows are made by decision_files, which keeps them for spreadsheets",
    "trial/reports/analyse_again.py": "the user's own rows joined, read back by the analysis that runs next",
    "screen/methods/prisma_csv.py": "for the R package, which reads the apostrophe as its own mark; signs are left out",
}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_would_be_run_is_text_and_comes_back(sign: str) -> None:
    text = f"{sign}HYPERLINK(1)"
    assert cell(text) == f"'{text}"
    assert uncell(f"'{text}") == text


@pytest.mark.parametrize("value", ["", "care", "'tis", "a=b", "1-2", " =1", -1.5, 0, None])
def test_what_nobody_runs_stays_as_it_is(value: object) -> None:
    """A number below nought stays a number that can be added up."""
    assert cell(value) == value
    assert not isinstance(value, str) or uncell(value) == value


@pytest.mark.parametrize("sign", RISKY)
def test_a_workbook_holds_such_text_as_text(sign: str) -> None:
    stream = io.BytesIO()
    write_rows_xlsx(["name"], [{"name": f"{sign}1+1"}], stream)
    sheet = zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml").decode()
    assert 't="inlineStr" s="2"' in sheet
    assert "<f>" not in sheet


def test_the_table_for_the_r_package_begins_no_reason_with_a_sign() -> None:
    """The package would show an apostrophe to readers of its diagram, so the sign is left out."""
    flow = build_flow(held=[Tally("dbr_excluded", "", 3), Tally("dbr_excluded", "=HYPERLINK(1)", 3)])
    excluded = [row for row in csv.reader(io.StringIO(prisma_csv(flow))) if row[0] == "dbr_excluded"]
    assert excluded[0][-1] == "HYPERLINK(1), 3"


def test_every_writer_of_tables_keeps_its_cells_or_says_why_not() -> None:
    """A new download that forgets it would be found by nobody until somebody's spreadsheet runs it."""
    writers = {
        path.relative_to(SOURCE).as_posix(): bool(KEPT.search(path.read_text("utf-8")))
        for path in SOURCE.rglob("*.py")
        if WRITES.search(path.read_text("utf-8"))
    }
    assert len(writers) > 10
    assert {name for name, kept in writers.items() if not kept} == set(FOR_PROGRAMS)
