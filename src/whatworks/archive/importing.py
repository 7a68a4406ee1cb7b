"""Imports a file now, in pieces, from the command line: the same work as the worker does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whatworks.collate.actions import add_source, propose_matches
from whatworks.collate.models import Import, Source
from whatworks.collate.tasks import enqueue_import
from whatworks.errors import InputError
from whatworks.ledger.models import Job
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.work import work_off
from whatworks.saying import said


def import_now(*, by: str, path: Path, name: str, partial: bool = False) -> dict[str, Any]:
    """Import a file and propose matches. Returns counts. A file that was imported before says so and adds nothing."""
    if not path.is_file():
        raise InputError(said("There is no file %(path)s; check its name.", path=path))
    source = Source.objects.filter(name=name).first() or add_source(by=by, name=name, sort="database")
    job = enqueue_import(by=by, path=path, source=source, partial=partial)
    work_off()
    job.refresh_from_db()
    if job.state != Job.DONE:
        raise InputError(_why(job, path))
    origin = Import.objects.get(pk=job.cursor["import"])
    matches = len(propose_matches(by=by))
    seal_all()
    return {"import": origin.pk, "record_starts": origin.record_starts, "records": origin.records, "matches": matches}


def _why(job: Job, path: Path) -> str:
    """The reason in one sentence: of something unforeseen, which is kept whole with the job, its last line."""
    if not job.error:
        return said("%(name)s is being imported by another worker; look again in a moment.", name=path.name)
    if job.error.startswith("Traceback"):
        return said("%(name)s could not be imported: %(why)s", name=path.name, why=job.error.strip().splitlines()[-1])
    return job.error
