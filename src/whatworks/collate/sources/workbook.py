"""Workbook: the sheets of an xlsx file as rows of text, streamed from its XML; nothing in it is run, fetched or trusted.

A workbook is a zip archive of XML parts. Read here are five of them: the list of sheets, where they lie, the strings,
the number formats (for dates) and the sheets; anything else in the archive is never unpacked. Memory: the strings lie in
the file that is given for them, so it is 8 bytes a string, and one row.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from whatworks.collate.sources.lines import CHUNK
from whatworks.collate.sources.sheets import Names, Rows, Strings, Styles, XmlRefused, parse
from whatworks.errors import InputError
from whatworks.saying import said, said_of

LARGEST_PART = 1024**3  # bytes of XML; a sheet of a million rows with abstracts has about as many
LARGEST_BOOK = 2 * LARGEST_PART  # bytes of XML in all its sheets
LARGEST_DIRECTORY = 16 * 1024**2  # bytes that list what is in the archive; a workbook needs a few thousand
LARGEST_TRUSTED = 64 * 1024**2  # bytes; a part that unpacks to more than this
LARGEST_RATIO = 200  # and to more than this many times its size is a bomb: real sheets shrink 5 to 30 times
MOST_STRINGS = 10_000_000

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, NotImplementedError, RuntimeError)
_OTHERS = (  # what else is a zip archive, by a name in it
    ("xl/workbook.bin", "an Excel binary workbook (.xlsb); save it as .xlsx or CSV"),
    ("word/document.xml", "a Word document; export the references as RIS or CSV"),
    ("ppt/presentation.xml", "a presentation; give an export of references"),
    ("META-INF/container.xml", "an e-book; give an export of references"),
    ("content.xml", "an OpenDocument file (.ods); save it as .xlsx or CSV"),
    ("project.json", "an archive of a screening project; export its records as RIS or CSV there"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, whether people see it, and where its rows lie in the archive."""

    name: str
    hidden: bool
    part: str


class Workbook:
    """One open workbook. Raises InputError, with the name of the file, for anything that is no sound workbook."""

    def __init__(self, file: IO[bytes], texts: Texts, path: str) -> None:
        self._path, self._strings = path, texts
        try:
            if directory_size(file) > LARGEST_DIRECTORY:
                raise InputError(
                    said("%(path)s: the archive lists more files than any workbook has; it was refused.", path=path)
                )
            self._zip = zipfile.ZipFile(file)
            self._parts = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        except _BROKEN as error:
            raise self._damaged() from error
        self._check()
        root = self._folder()
        names, styles = Names(), Styles()
        self._read(f"{root}workbook.xml", names)
        targets = Names()
        self._read(f"{root}_rels/workbook.xml.rels", targets)
        self.sheets = [
            Sheet(name, hidden, _joined(root, targets.targets[key]))
            for name, hidden, key in names.sheets
            if key in targets.targets and "worksheet" in (targets.kinds[key] or "worksheet")
        ]
        if f"{root}styles.xml" in self._parts:
            self._read(f"{root}styles.xml", styles)
        parts = [self._parts[sheet.part].file_size for sheet in self.sheets if sheet.part in self._parts]
        if sum(parts) > LARGEST_BOOK:
            raise InputError(
                said(
                    "%(path)s: its sheets unpack to %(parts)s GB; save each as CSV.",
                    path=path,
                    parts=f"{sum(parts) / 1024**3:.1f}",
                )
            )
        self._dates, self._since_1904 = styles.dates(), names.since_1904
        if f"{root}sharedStrings.xml" in self._parts:
            self._read(f"{root}sharedStrings.xml", Strings(self._strings.add))

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str] | None, str, bool]]:
        """The rows of a sheet that hold anything, as Row: number, cells from column A on as text."""
        rows = Rows(self._strings.get, self._dates, self._since_1904)
        for _ in self._steps(sheet.part, rows):
            yield from rows.taken()
        yield from rows.taken()

    def _read(self, part: str, handler: Names | Styles | Strings) -> None:
        for _ in self._steps(part, handler):
            if len(self._strings) > MOST_STRINGS:
                raise InputError(
                    said(
                        "%(path)s: the workbook has over %(most_strings)s texts; save it as CSV.",
                        path=self._path,
                        most_strings=f"{MOST_STRINGS:,}",
                    )
                )

    def _steps(self, part: str, handler: Names | Styles | Strings | Rows) -> Iterator[None]:
        try:
            info = self._parts[part]
            self._refuse_bomb(info)
            with self._zip.open(info) as stream:
                yield from parse(iter(lambda: stream.read(CHUNK), b""), handler)
        except XmlRefused as error:
            raise InputError(
                said(
                    "%(path)s: the workbook %(error)s, which no spreadsheet needs; it was refused.",
                    path=self._path,
                    error=error.args[0],
                )
            ) from error
        except _BROKEN as error:
            raise self._damaged() from error

    def _refuse_bomb(self, info: zipfile.ZipInfo) -> None:
        large = info.file_size > LARGEST_PART
        swollen = info.file_size > LARGEST_TRUSTED and info.file_size > LARGEST_RATIO * max(info.compress_size, 1)
        if large or swollen:
            raise InputError(
                said(
                    "%(path)s: a sheet in it unpacks to %(file_size)s MB from %(compress_size)s MB; it was "
                    "refused, save the table as CSV.",
                    path=self._path,
                    file_size=f"{info.file_size / 1024**2:,.0f}",
                    compress_size=f"{info.compress_size / 1024**2:,.1f}",
                )
            )

    def _check(self) -> None:
        """Refuse what is a zip archive but no workbook, and say what it is."""
        if any(name.endswith("xl/workbook.xml") or name.endswith("workbook.xml") for name in self._parts):
            return
        other = next((what for name, what in _OTHERS if name in self._parts), "")
        if other:
            raise InputError(said("%(path)s: it is %(other)s.", path=self._path, other=other))
        files = [name for name in self._parts if not name.endswith("/")]
        shown = ", ".join(files[:3]) + (", …" if len(files) > 3 else "")
        raise InputError(
            said_of(
                len(files),
                "%(path)s: it is a zip archive with %(count)s file (%(shown)s); unpack it and give the exports in it.",
                "%(path)s: it is a zip archive with %(count)s files (%(shown)s); unpack it and give the exports in it.",
                path=self._path,
                count=len(files),
                shown=shown,
            )
        )

    def _folder(self) -> str:
        found = sorted((name for name in self._parts if name.endswith("workbook.xml")), key=len)
        return found[0].removesuffix("workbook.xml")

    def _damaged(self) -> InputError:
        return InputError(
            said(
                "%(path)s: the spreadsheet or archive is damaged or cut off; save or download it again.",
                path=self._path,
            )
        )


class Texts:
    """Texts by number, in a file that is in memory while they are few."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._ends = file, array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, text: str) -> None:
        raw = text.encode("utf-8", "surrogatepass")
        self._file.write(raw)
        self._ends.append(self._ends[-1] + len(raw))

    def get(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise ValueError("a cell names a text that is not there")
        start = self._ends[number]
        self._file.seek(start)
        return self._file.read(self._ends[number + 1] - start).decode("utf-8", "surrogatepass")


def directory_size(file: IO[bytes]) -> int:
    """Bytes of an archive's list of files, told before the list is read (APPNOTE 6.3.10, 4.3.14 to 4.3.16); 0 if none."""
    end = file.seek(0, 2)
    start = max(0, end - 65_557)  # the record of 22 bytes and the longest comment
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    (size,) = struct.unpack_from("<L", tail, at + 12)
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":  # a long archive keeps the true size elsewhere
        (where,) = struct.unpack_from("<Q", tail, at - 12)
        file.seek(min(where, end))
        record = file.read(56)
        if len(record) == 56:
            (long_size,) = struct.unpack_from("<Q", record, 40)
            size = max(size, long_size)
    return size


def _joined(root: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else root + target.removeprefix("./")
