"""Tables: rows of cells as records, whether they come from delimited text or from a spreadsheet.

Each vendor's table is one line in VENDORS. What is common to all: the header is found below whatever stands above it,
the mapping of columns to fields is left in the result for people to see and correct, every column is kept, and each row
that holds anything gives one record or one reason with its line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from whatworks.collate.methods.mapping import LOOKED_AT, Layout, lay_out, score_of
from whatworks.collate.methods.records import Found, Note, ReadResult, Record, Unreadable
from whatworks.collate.methods.tagging import Tagger
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.lines import Lines
from whatworks.collate.sources.rows import Delimited, Row
from whatworks.collate.sources.vendors import VENDORS
from whatworks.errors import InputError
from whatworks.saying import said

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENDINGS = (".csv", ".tsv", ".tab")
_BEGINNINGS = 256 * 1024  # characters in which the header and the first rows of a table are looked for
_OTHER_FORMATS = ("<", "{", "[", "%", "@")  # what markup, JSON, PDF and BibTeX begin with, and no table does


@dataclass(frozen=True, slots=True)
class Told:
    """What could be told of a delimited text from its beginning."""

    delimiter: str
    score: int
    columns: int
    rows: tuple[tuple[int, list[str]], ...]


class Tables(Source):
    """Delimited text: commas, semicolons, tabs or bars. Memory: one row, at most 16 million characters."""

    name = "CSV"
    takes_mapping = True

    def recognises(self, head: Head) -> bool:
        """Whether a header that names a reference is there; or the name says that it is a table, and it has columns."""
        if head.text.lstrip()[:1] in _OTHER_FORMATS or "\0" in head.text[:1024]:
            return False
        told = _told(head.text, {})
        named = head.name.lower().endswith(ENDINGS)
        return told.score >= 2 or (named and (told.columns > 1 or told.score > 0))

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """A record for each row below the header."""
        told = _told(lines.head_text(), result.mapping or {})
        layout = layout_for(told.rows, result)
        quoted = layout.vendor.quoted
        rows = Delimited(lines, told.delimiter, columns=len(layout.names), quoted=quoted)
        result.format = layout.vendor.name if layout.vendor.marks else _plain_name(told.delimiter)
        reading = Reading(layout, result, between=DELIMITERS[told.delimiter], at_end=lambda: lines.ragged)
        yield from reading.found(rows, count(1))


class Reading:
    """The rows of one table turned into records; `at_end` says whether the last row read is the file's last, unended."""

    def __init__(
        self,
        layout: Layout,
        result: ReadResult,
        *,
        between: str = "",
        at_end: Callable[[], bool] = lambda: False,
        sparse: bool = False,
        where: str = "",
        always: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._layout, self._result, self._tags = layout, result, Tagger(layout, always)
        self._between, self._at_end, self._sparse, self._where = between, at_end, sparse, where

    def found(self, rows: Iterable[Row], positions: Iterator[int]) -> Iterator[Found]:
        """What the rows hold, in their order; each row that starts a record is told to the result first."""
        if self._layout.guessed and self._layout.fields:
            where = f"{self._where}the header names no field that is known"
            yield Note(max(self._layout.header_line, 1), f"{where}; the columns were told from what stands in them")
        columns, tags, sparse = len(self._layout.names), self._tags, self._sparse
        for row in self._counted(rows):
            if isinstance(row, Note):
                yield row
                continue
            line, cells, note, cut = row
            if cells is None:
                yield Unreadable(line, self._where + note, cut)
                next(positions)
            elif len(cells) == columns or sparse:
                yield Record(next(positions), line, tags(cells), (note,) if note else ())
            else:
                yield self._ragged(line, cells, note, next(positions))

    def _counted(self, rows: Iterable[Row]) -> Iterator[Row | Note]:
        header_line, result, header = self._layout.header_line, self._result, None
        for row in rows:
            line, cells, _, _ = row
            if cells is not None:
                if line <= header_line:
                    if line == header_line:
                        header = cells
                    elif any(cells):
                        yield Note(line, f"{self._where}line {line} stands above the header: {' '.join(cells)[:60]!r}")
                    continue
                if not any(cells):
                    continue
                if cells == header:
                    yield Note(line, f"{self._where}line {line} is the header again")
                    continue
            result.record_starts += 1
            yield row

    def _ragged(self, line: int, cells: list[str], note: str, position: int) -> Found:
        """A row with more or fewer cells than the header: a record only where that can mean no more than empty cells."""
        columns, held = len(self._layout.names), len(cells)
        says = f"{self._where}it has {held} value{'' if held == 1 else 's'} where the header has {columns} columns"
        if held > columns:
            if any(cells[columns:]):
                return Unreadable(line, f"{says}: a {self._between} inside a value is not in quotation marks")
            return Record(position, line, self._tags(cells), (note,) if note else ())
        if self._at_end():
            return Unreadable(line, f"the file ends in the middle of the row: {says}", cut=True)
        if held * 2 < columns:
            return Unreadable(
                line, f"{says}: a line break inside a value is not in quotation marks, or it is no record"
            )
        short = f"{self._where}the row on line {line} has {held} of {columns} values; the others were taken as empty"
        return Record(position, line, self._tags(cells), (note, short) if note else (short,))


def layout_for(rows: Iterable[tuple[int, list[str]]], result: ReadResult) -> Layout:
    """The layout of a table, its mapping left in the result; an InputError that says how to map where it cannot be told."""
    layout = layout_of(list(rows), result.mapping, result.path)
    if not layout.tells:
        raise untold(layout, result.path)
    result.mapping = layout.mapping
    return layout


def untold(layout: Layout, path: str) -> InputError:
    """That no column is known to name a reference, and how to say which does."""
    shown = ", ".join(layout.names[:LOOKED_AT])
    more = said(" and %(count)s more", count=len(layout.names) - LOOKED_AT) if len(layout.names) > LOOKED_AT else ""
    return InputError(
        said(
            "%(path)s: no column could be told to be the title; say which it is, for example --map "
            "title=%(names)r (the columns are %(shown)s%(more)s).",
            path=path,
            names=layout.names[0] if layout.names else "1",
            shown=shown,
            more=more,
        )
    )


def layout_of(rows: list[tuple[int, list[str]]], asked: Mapping[str, str] | None, path: str) -> Layout:
    """The layout of a table; errors name the file."""
    try:
        return lay_out(rows, asked, VENDORS)
    except InputError as error:
        raise InputError(said("%(path)s: %(error)s.", path=path, error=error.args[0])) from error


def delimited_rows(text: str, asked: Mapping[str, str]) -> tuple[str, tuple[tuple[int, list[str]], ...]]:
    """The delimiter of a text and its first rows, with their lines."""
    told = _told(text, asked)
    return told.delimiter, told.rows


def _told(text: str, asked: Mapping[str, str]) -> Told:
    """What the first rows say under each delimiter: the one whose header names most wins, then the steadiest."""
    lines = text[:_BEGINNINGS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text) > _BEGINNINGS and len(lines) > 1:
        lines.pop()
    skipped = 1 if lines[0].lower().startswith("sep=") else 0
    said = lines[0][4:5] if skipped else ""
    choices = [_under(mark, lines, skipped, asked) for mark in DELIMITERS if not said or mark == said]
    return max(choices or [_under(",", lines, skipped, asked)], key=lambda told: (told.score, told.columns))


def _under(delimiter: str, lines: list[str], skipped: int, asked: Mapping[str, str]) -> Told:
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader((line + "\n" for line in lines[skipped:]), delimiter=delimiter)
    line = skipped
    for cells in reader:
        if cells:
            rows.append((line + 1, cells))
        line = skipped + reader.line_num
        if len(rows) > 2 * LOOKED_AT:
            break
    score = max((score_of(cells, asked) for _, cells in rows[:LOOKED_AT]), default=0)
    return Told(delimiter, score, _width(rows), tuple(rows))


def _width(rows: list[tuple[int, list[str]]]) -> int:
    """How many columns most rows have; 0 where no number is that of at least two thirds."""
    widths = [len(cells) for _, cells in rows]
    most = max(set(widths), key=widths.count, default=0)
    return most if widths and widths.count(most) * 3 >= len(widths) * 2 else 0


def _plain_name(delimiter: str) -> str:
    return "TSV table" if delimiter == "\t" else "CSV table"
