"""Large imports as long work: read once into a plain file, then taken in piece by piece, each in its own transaction.

A crash between pieces loses nothing: the cursor says how far the plain file has been taken in. Other writers wait for a
piece at most, never for the whole file.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from whatworks.collate.actions import add_records, close_import, open_import, propose_matches
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, Source
from whatworks.collate.sources import read
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task

IMPORT, PROPOSE = "collate.import", "collate.propose"
PIECE = 100  # records; about 10 ms of the write lock on SQLite


def enqueue_import(
    *, by: str, path: Path, source: Source, partial: bool = False, filename: str = "", propose: bool = False
) -> Job:
    """Ask for a file to be imported, under the name it came with; with `propose`, matches are looked for afterwards.

    The same file from the same source, read as strictly, is the same job, and goes on if it failed: what was wrong may
    have been mended. Raises InputError where there is no such file, ConflictError where it was imported before.
    """
    path = path.resolve()
    if not path.is_file():
        raise InputError(f"There is no file {path}; check its name.")
    name = filename or path.name
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    held = Import.objects.filter(pk=Import.derived(source.pk, digest)).first()
    if held and held.complete:
        raise ConflictError(f"{name} has been imported from {source.name} before; nothing was added.")
    arguments = {
        "path": str(path),
        "source": source.pk,
        "partial": partial,
        "by": by,
        "filename": name,
        "digest": digest,
        "propose": propose,
    }
    job = _begun(held) if held else None
    return _again(job or enqueue(kind=IMPORT, by=by, key=_key(source, digest, partial), arguments=arguments), arguments)


def _again(job: Job, arguments: dict[str, Any]) -> Job:
    """Set a failed job going again. The file may lie elsewhere now; how it is read stays, since the job may have begun."""
    if job.state == Job.FAILED:
        here = {name: arguments[name] for name in ("path", "by", "filename", "propose")}
        changes = {"state": Job.WAITING, "attempts": 0, "error": "", "ended_at": None}
        Job.objects.filter(pk=job.pk, state=Job.FAILED).update(**changes, arguments=job.arguments | here)
        job.refresh_from_db()
    return job


def _key(source: Source, digest: str, partial: bool) -> str:
    return f"import-{source.pk}-{digest[:32]}{'-partial' if partial else ''}"


def _begun(held: Import) -> Job | None:
    """The job that has begun to take an import in: it alone knows how far it came."""
    jobs = Job.objects.filter(key__startswith=f"import-{held.source_id}-{held.sha256[:32]}")
    return next((job for job in jobs if job.cursor.get("import") == held.pk), None)


@task(IMPORT)
def import_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece: first the whole file is read into a plain file, then each piece is taken in from there."""
    staged = _staged(arguments)
    if "import" not in cursor:
        result = _stage(arguments, staged)
        source = Source.objects.get(pk=arguments["source"])
        origin = open_import(result=result, filename=arguments["filename"][:200], source=source)
        began = timezone.now().isoformat()
        return {"import": origin.pk, "offset": 0, "done": 0, "total": origin.records, "began": began}
    origin = Import.objects.get(pk=cursor["import"])
    if not staged.exists():
        _stage(arguments, staged)
    records, offset = _piece(staged, cursor["offset"])
    if not records:
        close_import(by=arguments["by"], origin=origin)
        if arguments["propose"]:
            key = f"propose-{origin.pk}"
            enqueue(kind=PROPOSE, by=arguments["by"], key=key, arguments={"by": arguments["by"]})
        staged.unlink(missing_ok=True)
        return None
    add_records(origin, records)
    return cursor | {"offset": offset, "done": cursor["done"] + len(records)}


@task(PROPOSE)
def propose_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Look for records that may be the same publication, after an import."""
    propose_matches(by=arguments["by"])


def _staged(arguments: dict[str, Any]) -> Path:
    """Where the plain file lies: in the centre's own folder, since the export's may not be one to write to."""
    cut = "-partial" if arguments["partial"] else ""
    return Path(settings.HOME) / "staged" / f"{arguments['source']}-{arguments['digest'][:32]}{cut}.jsonl"


def _stage(arguments: dict[str, Any], staged: Path) -> dict[str, Any]:
    """Read the export into a plain file, a record a line; whole or not at all."""
    staged.parent.mkdir(parents=True, exist_ok=True)
    beside = staged.with_suffix(f".{os.getpid()}")
    try:
        with (
            read(Path(arguments["path"]), partial=arguments["partial"], named=arguments["filename"]) as result,
            beside.open("w", encoding="utf-8") as out,
        ):
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
