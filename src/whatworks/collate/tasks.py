"""Large imports as long work: read once into a plain file, taken in piece by piece, then published in one small step.

A crash between pieces loses nothing: the cursor says how far the plain file has been taken in. Other writers wait for a
piece at most, never for the whole file; nobody sees a record before all are there; who takes an import back leaves
nothing of it. What follows an import (the index, retractions, proposals) is work of its own, in this order.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from whatworks.collate.importing import add_records, close_import, open_import, take_out
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, MatchProgress, SearchRun, Source
from whatworks.collate.proposing import Compared, compare_piece, key_piece, match_piece
from whatworks.collate.sources import read
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said

IMPORT, PROPOSE, CANCEL = "collate.import", "collate.propose", "collate.cancel"
PIECE = 250  # records; about 20 ms of the write lock on SQLite
READ = 1000  # records read from the export in one step
OUT = 1000  # records taken out again in one step
CANCELLED = "Taken back"


def enqueue_import(
    *,
    by: str,
    path: Path,
    source: Source,
    partial: bool = False,
    filename: str = "",
    propose: bool = False,
    run: str = "",
    mapping: Mapping[str, str] | None = None,
) -> Job:
    """Ask for a file to be imported, under the name it came with; with `propose`, matches are looked for afterwards.

    `run` names the run of a search that it came of, `mapping` says what the columns of a table are. The same file from
    the same source, read as strictly, is the same job, and goes on if it failed: what was wrong may have been mended.
    Raises InputError where there is no such file, ConflictError where it was imported before.
    """
    path = path.resolve()
    if not path.is_file():
        raise InputError(said("There is no file %(path)s; check its name.", path=path))
    name = filename or path.name
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    held = Import.objects.filter(pk=Import.derived(source.pk, digest)).first()
    if held and held.complete:
        raise ConflictError(
            said(
                "%(name)s has been imported from %(source_name)s before; nothing was added.",
                name=name,
                source_name=source.name,
            )
        )
    arguments = {
        "path": str(path),
        "source": source.pk,
        "partial": partial,
        "by": by,
        "filename": name,
        "digest": digest,
        "propose": propose,
        "run": run,
        "mapping": dict(mapping) if mapping is not None else None,
    }
    job = _begun(held) if held else None
    return _again(job or enqueue(kind=IMPORT, by=by, key=_key(source, digest, partial), arguments=arguments), arguments)


def _again(job: Job, arguments: dict[str, Any]) -> Job:
    """Set a failed job going again. The file may lie elsewhere now; how it is read stays, since the job may have begun."""
    if cancelling(job):
        raise ConflictError(
            said(
                "%(filename)s is being taken back; bring it in again when that is done.", filename=arguments["filename"]
            )
        )
    if job.state == Job.FAILED:
        fresh = () if job.cursor else ("mapping", "run")
        here = {name: arguments[name] for name in ("path", "by", "filename", "propose", *fresh)}
        changes = {"state": Job.WAITING, "attempts": 0, "error": "", "ended_at": None, "made_at": timezone.now()}
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
        result = _staging(staged, arguments, cursor.get("read", 0)).read_on()
        if isinstance(result, int):
            return {"read": result}
        source = Source.objects.get(pk=arguments["source"])
        run = SearchRun.objects.filter(pk=arguments.get("run", "")).first()
        origin = open_import(result=result, filename=arguments["filename"][:200], source=source, run=run)
        began = timezone.now().isoformat()
        return {"import": origin.pk, "offset": 0, "done": 0, "total": origin.records, "began": began}
    origin = Import.objects.get(pk=cursor["import"])
    if not staged.exists():  # the centre's folder was moved or cleared: the export is read again
        while isinstance(_staging(staged, arguments, None).read_on(), int):
            pass
    records, offset = _piece(staged, cursor["offset"])
    if not records:
        close_import(by=arguments["by"], origin=origin)
        if arguments["propose"]:
            enqueue_proposals(by=arguments["by"], origin=origin)
        staged.unlink(missing_ok=True)  # before the commit; were it lost, the export would be read again
        return None
    add_records(origin, records)
    return cursor | {"offset": offset, "done": cursor["done"] + len(records)}


def enqueue_proposals(*, by: str, origin: Import) -> Job:
    """Ask for matches to be looked for among an import and all that is held."""
    key, arguments = f"propose-{origin.pk}", {"by": by, "import": origin.pk}
    return enqueue(kind=PROPOSE, by=by, key=key, arguments=arguments)


def compare_outside(arguments: dict[str, Any], cursor: dict[str, Any]) -> Compared | None:
    """Compare the next piece before the step's transaction: it takes long and writes nothing."""
    if "matching" not in cursor:
        return None
    return compare_piece(Import.objects.get(pk=arguments["import"]))


@task(PROPOSE, outside=compare_outside, patient=True)
def propose_step(arguments: dict[str, Any], cursor: dict[str, Any], compared: Compared | None) -> dict[str, Any] | None:
    """One piece: first everything held gets its keys, then the import is compared with what shares them."""
    origin = Import.objects.get(pk=arguments["import"])
    cursor = cursor or {"done": 0, "found": 0, "began": timezone.now().isoformat()}
    if "matching" not in cursor:
        keyed = key_piece()
        if keyed is None:
            return cursor | {"matching": True, "done": 0, "total": origin.records}
        return cursor | {"keyed": cursor.get("keyed", 0) + keyed}
    found = match_piece(origin, by=arguments["by"], compared=compared)
    if found is None:
        return None
    matched = MatchProgress.objects.get(origin=origin).matched
    return cursor | {"done": min(matched, origin.records), "found": cursor["found"] + len(found)}


def proposals_of(origin: str) -> Job | None:
    """The work that looks for matches of an import."""
    return Job.objects.filter(kind=PROPOSE, key=f"propose-{origin}").first()


@transaction.atomic
def cancel_import(*, by: str, job: Job) -> Job:
    """Take back an import that is not in yet, or that failed half-way. Nothing of it stays; its file may come again.

    Returns the job that clears it away. A ConflictError where the import was published meanwhile.
    """
    live = Job.objects.filter(pk=job.pk, kind=IMPORT).exclude(state=Job.DONE)
    if not live.update(state=Job.FAILED, error=f"{CANCELLED}.", ended_at=timezone.now(), worker=""):
        raise ConflictError(
            said("%(filename)s is in already; it can no longer be taken back.", filename=job.arguments["filename"])
        )
    job.refresh_from_db()
    payload = {"filename": job.arguments["filename"], "sha256": job.arguments["digest"], "done": job.done}
    record(verb="collate.cancel-import", by=by, about=[job.arguments["source"]], payload=payload)
    number = Job.objects.filter(kind=CANCEL, arguments__contains=f'"job":{job.pk}').count()
    return enqueue(kind=CANCEL, by=by, key=f"cancel-{job.pk}-{number}", arguments={"job": job.pk, "by": by})


def cancelling(job: Job) -> bool:
    """Whether an import is being taken back just now."""
    live = Job.objects.filter(kind=CANCEL, state__in=(Job.WAITING, Job.RUNNING))
    return live.filter(key__startswith=f"cancel-{job.pk}-").exists()


@task(CANCEL)
def cancel_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """Take the next piece of records out again; last the import itself, and the files made for it."""
    job = Job.objects.get(pk=arguments["job"])
    origin = Import.objects.filter(pk=job.cursor.get("import", "")).first()
    if origin is not None:
        out = take_out(origin, OUT)
        if out == OUT:
            return cursor | {"done": cursor.get("done", 0) + out, "total": job.done}
    staged = _staged(job.arguments)
    if staged in _open:
        _open[staged].close()
    staged.unlink(missing_ok=True)
    Job.objects.filter(pk=job.pk).update(cursor={}, done=0, total=None)
    return None


def _staged(arguments: dict[str, Any]) -> Path:
    """Where the plain file lies: in the centre's own folder, since the export's may not be one to write to."""
    cut = "-partial" if arguments["partial"] else ""
    return Path(settings.HOME) / "staged" / f"{arguments['source']}-{arguments['digest'][:32]}{cut}.jsonl"


class Staging:
    """An export that this process is reading into its plain file, a record a line; whole or not at all.

    It is read in pieces, so that reading a long file holds no lock for long. A process that dies leaves nothing that
    counts: the next one reads from the beginning.
    """

    def __init__(self, staged: Path, arguments: dict[str, Any]) -> None:
        staged.parent.mkdir(parents=True, exist_ok=True)
        self.staged, self.beside, self.count = staged, staged.with_suffix(f".{os.getpid()}"), 0
        told = {"partial": arguments["partial"], "named": arguments["filename"], "mapping": arguments.get("mapping")}
        self.result = read(Path(arguments["path"]), **told)
        self.records = iter(self.result)
        self.out = self.beside.open("w", encoding="utf-8")

    def read_on(self) -> int | dict[str, Any]:
        """Read the next piece. Returns how many records were read so far, or at the end what the reader says of all."""
        try:
            for one in islice(self.records, READ):
                self.out.write(json.dumps([one.position, one.line, one.tags], ensure_ascii=False) + "\n")
                self.count += 1
                if self.count % READ == 0:
                    return self.count
        except BaseException:
            self.close()
            raise
        self.out.close()
        self.beside.rename(self.staged)
        self.close()
        return self.result.to_dict()

    def close(self) -> None:
        """Leave nothing half-done behind."""
        _open.pop(self.staged, None)
        self.out.close()
        self.result.close()
        self.beside.unlink(missing_ok=True)


_open: dict[Path, Staging] = {}


def _staging(staged: Path, arguments: dict[str, Any], count: int | None) -> Staging:
    """The reading in hand, if it has come as far as the cursor says (None: as far as it came); or else a new one."""
    held = _open.get(staged)
    if held is None or count not in (None, held.count):
        if held is not None:
            held.close()
        held = _open[staged] = Staging(staged, arguments)
    return held


def _piece(staged: Path, offset: int) -> tuple[list[ReadRecord], int]:
    records: list[ReadRecord] = []
    with staged.open("rb") as lines:
        lines.seek(offset)
        while len(records) < PIECE and (line := lines.readline()):
            position, start, tags = json.loads(line)
            records.append(ReadRecord(position, start, tuple((tag, value) for tag, value in tags)))
        return records, lines.tell()
