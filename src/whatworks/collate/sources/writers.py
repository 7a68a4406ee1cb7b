"""Writers: records out to a file, one piece of text after another, by the ending of its name."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

from whatworks.collate.methods.bibtex_entries import bibtex_entry
from whatworks.collate.methods.csl_items import csl_item
from whatworks.collate.methods.exports import ROW_COLUMNS, as_csl, as_object, as_row
from whatworks.collate.methods.records import Record
from whatworks.collate.sources.excel_writing import write_xlsx
from whatworks.collate.sources.ris import write_ris
from whatworks.errors import InputError
from whatworks.saying import said

Filed: TypeAlias = tuple[str, Record]
"""The name of the file that a record came from, and the record."""


def write(filed: Iterable[Filed], path: Path) -> int:
    """Write the records to `path`, in the form that its ending names; how many they were.

    The file appears whole or not at all. Raises InputError where the ending is unknown or the place cannot be written.
    """
    check_writable(path)
    counted = _Counted(filed)
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as stream:
            _fill(counted, path.suffix.lower(), stream)
        os.replace(beside, path)
    except OSError as error:
        raise InputError(
            said(
                "%(path)s: the file cannot be written (%(strerror)s); choose another place.",
                path=path,
                strerror=error.strerror,
            )
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return counted.count


def _fill(filed: Iterable[Filed], ending: str, stream: IO[bytes]) -> None:
    if ending == ".xlsx":
        write_xlsx(filed, stream)
        return
    for piece in WRITERS[ending](filed):  # half a surrogate pair, which JSON can hold, is no character: it is spelt out
        stream.write(piece.encode("utf-8", "backslashreplace"))


def check_writable(path: Path) -> None:
    """Raise InputError at once, before a long reading, where the ending of `path` names no known form."""
    if path.suffix.lower() not in (*WRITERS, ".xlsx"):
        raise InputError(
            said(
                "%(path)s: records cannot be written as %(suffix)s; end the name in %(endings)s.",
                path=path,
                suffix=path.suffix or said("that"),
                endings=ENDINGS,
            )
        )


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
        yield taken(line)
    yield taken(line)


def taken(line: io.StringIO) -> str:
    """What has been written so far; the place for it is empty then, so that it never holds more than a line."""
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


def bibtex_pieces(filed: Iterable[Filed]) -> Iterator[str]:
    """BibTeX, one entry a record, each under a key of its own; fields that BibTeX has no name for are not in it."""
    used: dict[str, int] = {}
    for _, record in filed:
        item = csl_item(record)
        more = {"abstract": record.abstract, "keyword": ", ".join(record.keywords)}
        yield bibtex_entry(item | {name: value for name, value in more.items() if value}, _key(record, used)) + "\n"


def _key(record: Record, used: dict[str, int]) -> str:
    """The record's own identifier where it can be a key, else a made one; with a number where it stands already."""
    plain = unicodedata.normalize("NFKD", record.first("ID")).encode("ascii", "ignore").decode()
    key = re.sub(r"[^\w:./+-]+", "_", plain).strip("_") or f"record{record.position}"
    used[key] = used.get(key, 0) + 1
    return key if used[key] == 1 else _key_beside(key, used)


def _key_beside(key: str, used: dict[str, int]) -> str:
    while f"{key}-{used[key]}" in used:
        used[key] += 1
    used[f"{key}-{used[key]}"] = 1
    return f"{key}-{used[key]}"


WRITERS: dict[str, Callable[[Iterable[Filed]], Iterator[str]]] = {
    ".ris": ris_pieces,
    ".bib": bibtex_pieces,
    ".csv": csv_pieces,
    ".jsonl": jsonl_pieces,
    ".json": csl_pieces,
}
ENDINGS = ".ris, .bib, .csv, .xlsx, .jsonl or .json"
