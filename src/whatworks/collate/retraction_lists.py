"""Lists of retractions as files: read once, row by row, into a plain file from which they are taken in piece by piece."""

from __future__ import annotations

import codecs
import csv
import datetime
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings

from whatworks.collate.methods.notices import BadRow, Notice, columns_of, notice_in
from whatworks.errors import InputError
from whatworks.saying import said

LONGEST_ROW = 200  # lines; a row that runs on longer has a quotation mark that nobody closed
SHOWN = 100  # unreadable rows kept with their reasons; the rest are counted
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Staged:
    """A list that was read: its plain file, its hash, and how many rows came out of how many."""

    path: Path
    name: str
    sha256: str
    rows: int
    unreadable: int
    bad: list[dict[str, Any]]


def stage(path: Path, name: str = "") -> Staged:
    """Read a list into a plain file in the centre's folder, whole or not at all.

    InputError, in one sentence, for what is no such list. Memory does not grow with the file.
    """
    name = name or path.name
    digest = _digest(path, name)
    staged = Path(settings.HOME) / "staged" / f"retractions-{digest[:32]}.jsonl"
    staged.parent.mkdir(parents=True, exist_ok=True)
    beside = staged.with_suffix(f".{os.getpid()}")
    rows, bad = 0, 0
    shown: list[dict[str, Any]] = []
    try:
        with beside.open("w", encoding="utf-8") as out:
            for found in read_list(path, name):
                rows += 1
                if isinstance(found, BadRow):
                    bad += 1
                    shown += [asdict(found)] if len(shown) < SHOWN else []
                else:
                    out.write(json.dumps(asdict(found) | {"on": found.on.isoformat()}, ensure_ascii=False) + "\n")
        if not rows:
            raise InputError(
                said("%(name)s: there is a header and no row below it; download the list again.", name=name)
            )
        os.replace(beside, staged)
    finally:
        beside.unlink(missing_ok=True)
    return Staged(staged, name, digest, rows, bad, shown)


def piece(staged: Path, offset: int, most: int) -> tuple[list[Notice], int]:
    """The next notices of the plain file from `offset` in bytes, and where the ones after them begin."""
    found: list[Notice] = []
    with staged.open("rb") as lines:
        lines.seek(offset)
        while len(found) < most and (line := lines.readline()):
            row = json.loads(line)
            found.append(Notice(**(row | {"on": datetime.date.fromisoformat(row["on"])})))
        return found, lines.tell()


def read_list(path: Path, name: str) -> Iterator[Notice | BadRow]:
    """Every row of a list below its header: its notice, or why there is none. Blank lines are no rows."""
    with path.open(encoding=_encoding(path), newline="", errors="replace") as text:
        rows = _rows(text, name)
        _, header = next(rows, (0, []))
        if not header:
            raise InputError(said("%(name)s: the file is empty; download the list again.", name=name))
        try:
            columns = columns_of(header)
        except InputError as error:
            raise InputError(
                said(
                    "%(name)s: this is no list of retractions: it needs a header with the columns doi and date (and "
                    "notice), or those of Retraction Watch (OriginalPaperDOI, RetractionDate, RetractionNature).",
                    name=name,
                )
            ) from error
        for line, cells in rows:
            if len(cells) != len(header):
                yield BadRow(line, f"it has {len(cells)} cells where the header has {len(header)}")
            else:
                yield notice_in(cells, columns, line)


def _rows(text: TextIO, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the line where it starts."""
    first = text.readline()
    text.seek(0)
    mark = max(",;\t", key=first.count)
    reader, before = csv.reader(text, delimiter=mark), 0
    try:
        for cells in reader:
            start, before = before + 1, reader.line_num
            if before - start >= LONGEST_ROW:
                break
            if any(cell.strip() for cell in cells):
                yield start, cells
        else:
            return
    except csv.Error:
        start = before + 1
    raise InputError(
        said(
            "%(name)s, line %(start)s: a quotation mark opens there that nothing closes; mend the line.",
            name=name,
            start=start,
        )
    )


def _encoding(path: Path) -> str:
    """UTF-8, or the Western European encoding in which older copies of the list of Retraction Watch come."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _digest(path: Path, name: str) -> str:
    if not path.is_file():
        raise InputError(said("There is no file %(path)s; check its name.", path=path))
    with path.open("rb") as stream:
        if b"\0" in stream.read(BLOCK):
            raise InputError(said("%(name)s: this is no plain table; save the list as CSV in UTF-8.", name=name))
        stream.seek(0)
        return hashlib.file_digest(stream, "sha256").hexdigest()
