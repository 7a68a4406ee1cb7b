"""Excel: every visible sheet of a workbook whose header names references, as one table each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count, islice
from tempfile import SpooledTemporaryFile
from typing import TypeAlias

from whatworks.collate.methods.mapping import LOOKED_AT, Layout
from whatworks.collate.methods.records import Found, Note, ReadResult
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.lines import Lines
from whatworks.collate.sources.tables import Reading, layout_of, untold
from whatworks.collate.sources.workbook import Sheet, Texts, Workbook
from whatworks.errors import InputError
from whatworks.saying import said

LARGEST_FILE = 1024**3  # bytes, as it lies on the disk
IN_MEMORY = 32 * 1024**2  # bytes of it, and of its texts, kept in memory; the rest lies on the disk meanwhile
_PACKED = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or one with a password; save it as .xlsx or CSV"),
    (b"\x1f\x8b", "a gzip archive; unpack it and give the export in it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it and give the exports in it"),
    (b"Rar!", "a rar archive; unpack it and give the exports in it"),
    (b"BZh", "a bzip2 archive; unpack it and give the export in it"),
    (b"\xfd7zXZ", "an xz archive; unpack it and give the export in it"),
)
Chosen: TypeAlias = tuple[Sheet, Layout]


class Excel(Source):
    """xlsx. Memory: 32 MB of the file, 32 MB of its texts and 8 bytes a text, and one row, whatever its size."""

    name = "Excel"
    takes_mapping = True

    def recognises(self, head: Head) -> bool:
        """Whether it is a workbook, or another packed file, which is then refused by its name."""
        return head.raw.startswith((b"PK\x03\x04", b"PK\x05\x06", *(mark for mark, _ in _PACKED)))

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """A record for each row below the header of each sheet."""
        with opened(lines, result.path) as book:
            yield from _found(book, result)


@contextmanager
def opened(lines: Lines, path: str) -> Iterator[Workbook]:
    """The workbook that a file is; an InputError where it is another packed file, or none that can be read."""
    other = next((what for mark, what in _PACKED if lines.head.startswith(mark)), "")
    if other:
        raise InputError(said("%(path)s: it is %(other)s.", path=path, other=other))
    lines.declared = "utf-8"  # what XML is in unless it says otherwise, and then the parser follows it
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file, SpooledTemporaryFile(max_size=IN_MEMORY) as texts:
        size = 0
        for chunk in lines.chunks():
            size += len(chunk)
            if size > LARGEST_FILE:
                raise InputError(said("%(path)s: the workbook is larger than 1 GB; save the table as CSV.", path=path))
            file.write(chunk)
        yield Workbook(file, Texts(texts), path)


def preview_rows(lines: Lines, path: str, asked: Mapping[str, str]) -> tuple[tuple[int, list[str]], ...]:
    """The first rows of the first sheet that is read, or else of the first that holds anything."""
    with opened(lines, path) as book:
        heads = [rows for sheet in book.sheets if not sheet.hidden and (rows := first_rows(book, sheet))]
        told = (rows for rows in heads if lay_out_quietly(rows, asked))
        return tuple(next(told, heads[0] if heads else []))


def first_rows(book: Workbook, sheet: Sheet) -> list[tuple[int, list[str]]]:
    """The rows in which the header of a sheet is looked for."""
    found = islice(book.rows(sheet), 2 * LOOKED_AT)
    return [(number, cells) for number, cells, _, _ in found if cells is not None]


def lay_out_quietly(rows: list[tuple[int, list[str]]], asked: Mapping[str, str]) -> bool:
    """Whether the sheet with these first rows can be read."""
    try:
        return layout_of(rows, asked, "").tells
    except InputError:
        return False


def _found(book: Workbook, result: ReadResult) -> Iterator[Found]:
    chosen, left = choose(book, result)
    asked, result.mapping = result.mapping, chosen[0][1].mapping
    result.format = chosen[0][1].vendor.name if chosen[0][1].vendor.marks else "Excel table"
    for note in left:
        yield Note(1, note)
    positions = count(1)
    several = len(chosen) > 1
    for sheet, layout in chosen:
        where = f"sheet {sheet.name!r}: " if several else ""
        if layout.mapping != result.mapping and not asked:
            told = ", ".join(f"{name} from {column!r}" for name, column in layout.mapping.items())
            yield Note(1, f"{where}its columns differ from the first sheet's: {told}")
        always = ((f"{layout.vendor.prefix}:sheet", sheet.name),) if several else ()
        reading = Reading(layout, result, sparse=True, where=where, always=always)
        yield from reading.found(book.rows(sheet), positions)


def choose(book: Workbook, result: ReadResult) -> tuple[list[Chosen], list[str]]:
    """The sheets to read, each with its layout, and a note on each other sheet that holds anything."""
    told: list[Chosen] = []
    left, refusals = [], []
    for sheet in book.sheets:
        rows = first_rows(book, sheet)
        if not rows:
            continue
        if sheet.hidden:
            left.append(f"the sheet {sheet.name!r} is hidden and was not read")
            continue
        try:
            layout = layout_of(rows, result.mapping, result.path)
        except InputError as error:
            refusals.append(error)
            left.append(f"the sheet {sheet.name!r} was not read: it has no such columns")
            continue
        if layout.tells:
            told.append((sheet, layout))
        else:
            refusals.append(untold(layout, result.path))
            left.append(f"the sheet {sheet.name!r} was not read: none of its columns could be told to be the title")
    by_header = [one for one in told if not one[1].guessed]
    left += [
        f"the sheet {sheet.name!r} was not read: it has no header" for sheet, one in told if by_header and one.guessed
    ]
    if not told:
        raise (
            refusals[0]
            if refusals
            else InputError(said("%(path)s: no visible sheet holds anything; save it again.", path=result.path))
        )
    return by_header or told, left
