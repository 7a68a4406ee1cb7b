"""Writers: records out to a file, one piece of text after another, by the ending of its name."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from whatworks.collate.methods.exports import ROW_COLUMNS, as_csl, as_object, as_row
from whatworks.collate.methods.records import Record
from whatworks.collate.sources.ris import write_ris
from whatworks.errors import InputError

Filed: TypeAlias = tuple[str, Record]
"""The name of the file that a record came from, and the record."""


def write(filed: Iterable[Filed], path: Path) -> int:
    """Write the records to `path`, in the form that its ending names; how many they were.

    The file appears whole or not at all. Raises InputError where the ending is unknown or the place cannot be written.
    """
    pieces = _writer_for(path)
    counted = _Counted(filed)
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            for piece in pieces(counted):
                stream.write(piece)
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"{path}: the file cannot be written ({error.strerror}); choose another place.") from error
    finally:
        beside.unlink(missing_ok=True)
    return counted.count


def check_writable(path: Path) -> None:
    """Raise InputError at once, before a long reading, where the ending of `path` names no known form."""
    _writer_for(path)


def _writer_for(path: Path) -> Callable[[Iterable[Filed]], Iterator[str]]:
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise InputError(f"{path}: records cannot be written as {path.suffix or 'that'}; end the name in {ENDINGS}.")
    return writer


class _Counted:
    def __init__(self, filed: Iterable[Filed]) -> None:
        self.filed, self.count = filed, 0

    def __iter__(self) -> Iterator[Filed]:
        for one in self.filed:
            self.count += 1
            yield one


def ris_pieces(filed: Iterable[Filed]) -> Iterator[str]:
    """RIS with every tag."""
    yield from write_ris(record for _, record in filed)


def csv_pieces(filed: Iterable[Filed]) -> Iterator[str]:
    """A table with ROW_COLUMNS, one row a record."""
    line = io.StringIO()
    table = csv.DictWriter(line, ROW_COLUMNS, lineterminator="\n")
    table.writeheader()
    for file, record in filed:
        table.writerow(as_row(record, file))
        yield _taken(line)
    yield _taken(line)


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def jsonl_pieces(filed: Iterable[Filed]) -> Iterator[str]:
    """One JSON object a line, with every tag."""
    for file, record in filed:
        yield json.dumps(as_object(record, file), ensure_ascii=False) + "\n"


def csl_pieces(filed: Iterable[Filed]) -> Iterator[str]:
    """One CSL-JSON array."""
    yield "["
    for at, (_, record) in enumerate(filed):
        yield ("," if at else "") + "\n" + json.dumps(as_csl(record), ensure_ascii=False)
    yield "\n]\n"


WRITERS: dict[str, Callable[[Iterable[Filed]], Iterator[str]]] = {
    ".ris": ris_pieces,
    ".csv": csv_pieces,
    ".jsonl": jsonl_pieces,
    ".json": csl_pieces,
}
ENDINGS = ".ris, .csv, .jsonl or .json"
