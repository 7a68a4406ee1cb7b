"""Rows: what strict reading gives is the standard's; what it cannot read is mended or told, and never swallows a record."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.sources import rows as module
from whatworks.collate.sources.rows import Delimited, Row, loose_cells

CELLS = st.text(st.sampled_from('ab",;\n é'), max_size=8)


def rows_of(text: str, columns: int, delimiter: str = ",", *, quoted: bool = True) -> list[Row]:
    lines = ((at, line, True) for at, line in enumerate(text.split("\n"), 1))
    return list(Delimited(lines, delimiter, columns=columns, quoted=quoted))


def cells_of(text: str, columns: int, delimiter: str = ",") -> list[list[str] | None]:
    return [cells for _, cells, _, _ in rows_of(text, columns, delimiter)]


@given(table=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8), mark=st.sampled_from(",;\t|"))
def test_a_well_formed_table_is_read_as_the_standard_library_reads_it(table: list[list[str]], mark: str) -> None:
    """The fast path with its watching must not differ from the plain reader on anything a plain writer writes."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(table)
    assert [row for row in cells_of(out.getvalue(), 3, mark) if row is not None] == table


def test_rows_know_the_lines_they_start_on() -> None:
    assert [row[0] for row in rows_of('a,b\n"one\ntwo",c\n\nd,e', 2)] == [1, 2, 5]


def test_an_open_mark_does_not_swallow_the_next_record() -> None:
    """The plain reader of the standard library gives one row here out of two, and says nothing."""
    text = 'title,year,kind\n"Good",2019,"x"\n"Left open,2020,y\n"Next",2021,"z"\nlast,2022,w'
    found = rows_of(text, 3)
    assert [cells and cells[0] for _, cells, _, _ in found] == ["title", "Good", '"Left open', "Next", "last"]
    assert "out of place" in found[2][2]


@given(at=st.integers(0, 5), column=st.integers(0, 2), quotes=st.booleans())
def test_a_stray_mark_costs_at_most_its_own_row(at: int, column: int, quotes: bool) -> None:
    """Wherever one mark too many opens a cell, all other rows come out whole."""
    rows = [[f"title {number}", f"{2000 + number}", f"kind {number}"] for number in range(6)]
    lines = [",".join(f'"{cell}"' if quotes else cell for cell in row) for row in rows]
    cells = lines[at].split(",")
    cells[column] = f'"{rows[at][column]}'
    found = cells_of("\n".join([*lines[:at], ",".join(cells), *lines[at + 1 :], "the,end,row"]), 3)
    assert [row for row in rows if row not in found] == [row for row in rows if row == rows[at]]
    assert len(found) == 7


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('"He said "hi" there",2019', ['He said "hi" there', "2019"]),
        ('"A summary with "odd" marks\nsecond line",2019', ['A summary with "odd" marks\nsecond line', "2019"]),
        ('"Looked after" children,2019', ['"Looked after" children', "2019"]),
    ],
)
def test_marks_that_are_not_doubled_are_kept(text: str, cells: list[str]) -> None:
    line, found, note, cut = rows_of(f"title,year\n{text}\nlast,2020", 2)[1]
    assert (line, found, cut) == (2, cells, False)
    assert "quotation mark" in note


@pytest.mark.parametrize("text", ['a,b,"cut here', 'a,b,"cut here\nand in the next line'])
def test_a_file_that_ends_inside_marks_is_cut(text: str) -> None:
    line, cells, why, cut = rows_of(f"x,y,z\n{text}", 3)[-1]
    assert (line, cells, cut) == (2, None, True)
    assert "line 2" in why


def test_a_table_without_marks_keeps_them_as_text() -> None:
    rows = rows_of('TI\tPY\n"Looked\t2019\nafter"\t2020', 2, "\t", quoted=False)
    assert [cells for _, cells, _, _ in rows] == [["TI", "PY"], ['"Looked', "2019"], ['after"', "2020"]]


def test_what_cannot_be_mended_is_told_and_the_next_line_is_read() -> None:
    found = rows_of('a,b\n"x" y,1,2\nc,d', 2)
    assert found[1][:2] == (2, None)
    assert "quotation mark" in found[1][2]
    assert found[2][1] == ["c", "d"]


def test_an_over_long_line_is_one_row_that_cannot_be_read() -> None:
    lines = [(1, "a,b", True), (2, "x" * 50, False), (3, "c,d", True)]
    found = list(Delimited(lines, ",", columns=2))
    assert [(line, cells) for line, cells, _, _ in found] == [(1, ["a", "b"]), (2, None), (3, ["c", "d"])]


def test_marks_that_open_on_every_line_take_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line opens a cell that the next does not close: read again from every line, this would be quadratic."""
    monkeypatch.setattr(module, "LONGEST_ROW", 200_000)
    monkeypatch.setattr(module, "REREAD", 2_000_000)

    def lines(count: int) -> Iterator[tuple[int, str, bool]]:
        for number in range(1, count + 1):
            yield number, 'x","y', True

    def cost(count: int) -> float:
        start = time.process_time()
        assert sum(1 for _ in Delimited(lines(count), ",", columns=4)) == count
        return time.process_time() - start

    small = cost(20_000)
    assert cost(80_000) < 12 * small  # four times the lines; quadratic would be sixteen times the work


@given(st.text(st.sampled_from('ab",\n'), max_size=60), st.integers(1, 4))
def test_no_character_is_lost_whatever_the_marks(text: str, columns: int) -> None:
    """Every letter of the text stands in a cell or in the line of a row that is told as unreadable."""
    found = rows_of(text, columns)
    lines = text.split("\n")
    kept = "".join("".join(cells) for _, cells, _, _ in found if cells is not None)
    starts = [line for line, *_ in found] + [len(lines) + 1]
    told = "".join(
        "\n".join(lines[line - 1 : end - 1])
        for (line, cells, _, _), end in zip(found, starts[1:], strict=True)
        if cells is None
    )
    assert sum((kept + told).count(letter) for letter in "ab") == sum(text.count(letter) for letter in "ab")


def test_loose_cells_say_whether_a_mark_stays_open() -> None:
    assert loose_cells('a,"b""c",d', ",") == (["a", 'b"c', "d"], False)
    assert loose_cells('a,"b,c', ",") == (["a", '"b', "c"], True)
    assert loose_cells('"",x', ",") == (["", "x"], False)
