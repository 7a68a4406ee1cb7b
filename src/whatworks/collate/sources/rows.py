"""Rows: the lines of a delimited text as rows of cells, with what is broken in them told and not passed over.

The rows are those of RFC 4180, strictly: a quotation mark that does not close, or that stands inside a value, is not
guessed away, since a reader that does so may swallow all the records up to the next one. Where strict reading stops,
the row in hand is read with care: as one line, else as the fewest lines that give the right number of cells; and where
neither does, its first line is reported and reading goes on with the second.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from whatworks.collate.sources.lines import LONGEST_LINE

LONGEST_ROW = 16 * 1024 * 1024  # characters; the longest cell seen, an author list, counts 0.5 million
LEAST_LINE = 64  # a short line counts as this many, since keeping it costs about that
LONGEST_MENDED = 60  # lines, and
LARGEST_MENDED = 256 * 1024  # characters of one row with a misplaced quotation mark that are tried together
REREAD = 16 * LONGEST_ROW  # characters read again after misplaced marks; then every line is a row, to stay linear

csv.field_size_limit(4 * LONGEST_ROW)  # the library's own bound, 128 kB, is below what real cells hold

Row: TypeAlias = tuple[int, "list[str] | None", str, bool]
"""The line it starts on from 1; its cells, or None where it cannot be read; a note on what was mended, or the reason;
whether the file ends inside it."""
Line: TypeAlias = tuple[int, str, bool]


class _TooLong(Exception):
    """The row in hand runs beyond all bounds."""


class Delimited:
    """The rows of a delimited text, once; empty lines are none. `columns` is how many cells a whole row has.

    Memory: one row, at most LONGEST_ROW characters, whatever the size of the file.
    """

    def __init__(self, lines: Iterable[Line], delimiter: str, *, columns: int, quoted: bool = True) -> None:
        self._lines, self._delimiter, self._columns = iter(lines), delimiter, columns
        self._mark = '"' if quoted else None
        self._again: deque[Line] = deque()
        self._held: list[Line] = []
        self._ended, self._reread = False, 0

    def __iter__(self) -> Iterator[Row]:
        while not self._ended or self._again:
            if self._reread > REREAD:
                yield from self._line_by_line()
                return
            yield from self._strict()

    def _strict(self) -> Iterator[Row]:
        """Rows up to the first that strict reading cannot read, and that one read with care.

        A line without a quotation mark is a row as it stands, and splitting it is six times as quick as reading it.
        """
        held, columns, delimiter, mark = self._held, self._columns, self._delimiter, self._mark
        reader = csv.reader(self._feed(), delimiter=delimiter, strict=True)
        try:
            while (line := self._next()) is not None:
                number, text, whole = line
                if whole and (mark is None or mark not in text):
                    if text:
                        yield number, text.split(delimiter), "", False
                    continue
                self._again.appendleft(line)
                cells = next(reader)
                if len(held) > 1 and len(cells) != columns and self._swallowed():
                    break
                held.clear()
                yield number, cells, "", False
            else:
                self._ended = True
                return
        except (csv.Error, _TooLong):
            pass
        yield self._mended()

    def _line_by_line(self) -> Iterator[Row]:
        while (line := self._next()) is not None:
            if line[1]:
                cells = loose_cells(line[1], self._delimiter)[0]
                whole = line[2] and len(cells) == self._columns
                yield (line[0], cells, "", False) if whole else (line[0], None, _misquoted(line[1]), False)

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _feed(self) -> Iterator[str]:
        held, again, lines, size = self._held, self._again, self._lines, 0
        while (line := again.popleft() if again else next(lines, None)) is not None:
            size = size + max(len(line[1]), LEAST_LINE) if held else 0
            held.append(line)
            if size > LONGEST_ROW or not line[2]:
                raise _TooLong
            yield line[1] + "\n"
        self._ended = True

    def _swallowed(self) -> bool:
        """Whether a later line of the row in hand is a whole row for itself, so that a mark was left open before it."""
        lines = self._held[1 : LONGEST_MENDED + 1]
        return any(len(loose_cells(text, self._delimiter)[0]) == self._columns for _, text, _ in lines)

    def _mended(self) -> Row:
        """The row in hand, read with care; the lines that are not its own are read again."""
        line, text, whole = self._held[0]
        if not whole:
            return self._taken(1, None, f"line {line} is longer than {LONGEST_LINE:,} bytes")
        cells, opened = loose_cells(text, self._delimiter)
        if self._ended and not self._again and opened and not self._swallowed():
            why = f"the file ends inside the quotation marks that open on line {line}"
            return self._taken(len(self._held), None, why, cut=True)
        if len(cells) == self._columns:
            return self._taken(1, cells, "a quotation mark in the row is out of place; it was kept as it stands")
        return self._together(text)

    def _together(self, joined: str) -> Row:
        """The fewest lines that make a whole row, or else the first line as what cannot be read."""
        closes = re.compile(rf'"(?:{re.escape(self._delimiter)}|$)')
        first = joined
        for count in range(2, LONGEST_MENDED + 1):
            text = self._pulled(count)
            if text is None or len(joined) > LARGEST_MENDED:
                break
            joined += "\n" + text
            if not closes.search(text):
                continue
            self._reread += len(joined)
            cells, opened = loose_cells(joined, self._delimiter)
            if len(cells) == self._columns and not opened:
                note = "a quotation mark inside a value of the row is not doubled; it was kept as it stands"
                return self._taken(count, cells, note)
        return self._taken(1, None, _misquoted(first))

    def _pulled(self, count: int) -> str | None:
        """The line of that number from the start of the row in hand, read if it is not held yet; None at the end."""
        if len(self._held) < count:
            line = self._next()
            if line is None:
                self._ended = True
                return None
            self._held.append(line)
        _, text, whole = self._held[count - 1]
        return text if whole else None

    def _taken(self, count: int, cells: list[str] | None, note: str, *, cut: bool = False) -> Row:
        line, later = self._held[0][0], self._held[count:]
        self._reread += sum(max(len(text), LEAST_LINE) for _, text, _ in later)
        self._again.extendleft(reversed(later))
        self._held.clear()
        return line, cells, note, cut


def _misquoted(text: str) -> str:
    return f"a quotation mark in it is not closed, or stands inside a value: {text[:60]!r}"


def loose_cells(text: str, delimiter: str) -> tuple[list[str], bool]:
    """The cells of a row whose quotation marks may be out of place, and whether one that opens a cell never closes.

    A mark closes a cell only before a delimiter or at the end; a cell whose mark never closes is kept as it stands.
    """
    cells, at, opened = [], 0, False
    runs = re.compile(rf'"+(?={re.escape(delimiter)}|\Z)')
    while True:
        if text[at : at + 1] == '"':
            close = next((run.end() - 1 for run in runs.finditer(text, at + 1) if len(run.group()) % 2), -1)
            if close >= 0:
                cells.append(text[at + 1 : close].replace('""', '"'))
                at = close + 2
                if close + 1 >= len(text):
                    return cells, opened
                continue
            opened = True
        end = text.find(delimiter, at)
        if end < 0:
            cells.append(text[at:])
            return cells, opened
        cells.append(text[at:end])
        at = end + 1
