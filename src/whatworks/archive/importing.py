"""Imports a file now, in pieces, from the command line: the same work as the worker does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whatworks.collate.actions import add_source, propose_matches
from whatworks.collate.models import Import, Source
from whatworks.collate.tasks import enqueue_import
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Job
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.work import work_off


def import_now(*, by: str, path: Path, name: str, partial: bool = False) -> dict[str, Any]:
    """Import a file and propose matches. Returns counts. A file that was imported before says so and adds nothing."""
    source = Source.objects.filter(name=name).first() or add_source(by=by, name=name, sort="database")
    job = enqueue_import(by=by, path=path, source=source, partial=partial)
    if job.state == Job.DONE:
        raise ConflictError(f"{path.name} has been imported from {name} before; nothing was added.")
    if job.state == Job.FAILED:
        Job.objects.filter(pk=job.pk).update(state=Job.WAITING, attempts=0, error="")
    work_off()
    job.refresh_from_db()
    if job.state != Job.DONE:
        raise InputError(job.error or f"{path.name} is being imported by another worker; look again in a moment.")
    origin = Import.objects.get(pk=job.cursor["import"])
    matches = len(propose_matches(by=by))
    seal_all()
    return {"import": origin.pk, "record_starts": origin.record_starts, "records": origin.records, "matches": matches}
