"""Excel: every visible sheet of a workbook whose header names references, as one table each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from tempfile import SpooledTemporaryFile
from typing import TypeAlias

from whatworks.collate.methods.mapping import LOOKED_AT, Layout
from whatworks.collate.methods.records import Found, Note, ReadResult
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.lines import Lines
from whatworks.collate.sources.tables import Reading, layout_of, untold
from whatworks.collate.sources.workbook import Sheet, Workbook
from whatworks.errors import InputError

LARGEST_FILE = 1024**3  # bytes, as it lies on the disk
IN_MEMORY = 32 * 1024**2  # bytes of it kept in memory; a larger file is put aside on the disk while it is read
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
        other = next((what for mark, what in _PACKED if lines.head.startswith(mark)), "")
        if other:
            raise InputError(f"{result.path}: it is {other}.")
        lines.declared = "utf-8"  # what XML is in unless it says otherwise, and then the parser follows it
        with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            size = 0
            for chunk in lines.chunks():
                size += len(chunk)
                if size > LARGEST_FILE:
                    raise InputError(f"{result.path}: the workbook is larger than 1 GB; save the table as CSV.")
                file.write(chunk)
            yield from _found(Workbook(file, result.path), result)


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
        rows = [(number, cells) for number, cells, _, _ in islice(book.rows(sheet), 2 * LOOKED_AT) if cells is not None]
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
        raise refusals[0] if refusals else InputError(f"{result.path}: no visible sheet holds anything; save it again.")
    return by_header or told, left
