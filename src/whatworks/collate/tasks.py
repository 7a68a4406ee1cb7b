"""Large imports as long work: read once into a plain file, then taken in a piece at a time, each piece its own transaction.

A crash between pieces loses nothing: the cursor says how far the plain file has been taken in. Other writers wait for a
piece at most, never for the whole file.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from whatworks.collate.actions import add_records, close_import, open_import
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, Source
from whatworks.collate.sources import read
from whatworks.errors import InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task

PIECE = 100  # records; about 10 ms of the write lock on SQLite


def enqueue_import(*, by: str, path: Path, source: Source, partial: bool = False) -> Job:
    """Ask for a file to be imported. The same file from the same source is the same job."""
    path = path.resolve()
    if not path.is_file():
        raise InputError(f"There is no file {path}; check its name.")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    arguments = {"path": str(path), "source": source.pk, "partial": partial, "by": by}
    return enqueue(kind="collate.import", by=by, key=f"import-{source.pk}-{digest[:32]}", arguments=arguments)


@task("collate.import")
def import_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece: first the whole file is read into a plain file beside it, then each piece is taken in from there."""
    path = Path(arguments["path"])
    staged = path.with_name(f".{path.name}.staged")
    if "import" not in cursor:
        result = _stage(path, staged, partial=arguments["partial"])
        source = Source.objects.get(pk=arguments["source"])
        origin = open_import(result=result, filename=path.name, source=source)
        return {"import": origin.pk, "offset": 0, "done": 0, "total": origin.records}
    origin = Import.objects.get(pk=cursor["import"])
    if not staged.exists():
        _stage(path, staged, partial=arguments["partial"])
    records, offset = _piece(staged, cursor["offset"])
    if not records:
        close_import(by=arguments["by"], origin=origin)
        staged.unlink(missing_ok=True)
        return None
    add_records(origin, records)
    return cursor | {"offset": offset, "done": cursor["done"] + len(records)}


def _stage(path: Path, staged: Path, *, partial: bool) -> dict[str, Any]:
    """Read the export into a plain file, a record a line; whole or not at all."""
    result = read(path, partial=partial)
    beside = staged.with_suffix(f".{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as out:
            for record in result:
                out.write(json.dumps([record.position, record.line, record.tags], ensure_ascii=False) + "\n")
        beside.rename(staged)
    finally:
        beside.unlink(missing_ok=True)
    return result.to_dict()


def _piece(staged: Path, offset: int) -> tuple[list[ReadRecord], int]:
    records: list[ReadRecord] = []
    with staged.open("rb") as lines:
        lines.seek(offset)
        while len(records) < PIECE and (line := lines.readline()):
            position, start, tags = json.loads(line)
            records.append(ReadRecord(position, start, tuple((tag, value) for tag, value in tags)))
        return records, lines.tell()
