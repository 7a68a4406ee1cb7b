"""Long work that survives a crash: a job holds a lease and a cursor; whoever finds an expired lease goes on from the cursor.

A step does its writes and moves the cursor in one transaction, so a worker killed at any moment leaves either both or
neither, and a job is finished once. What takes long and writes nothing (a question to another server, a file to be read)
is done before the transaction, so that nobody waits for it.
"""

from __future__ import annotations

import datetime
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.models import Job
from whatworks.saying import said

LEASE = datetime.timedelta(seconds=30)
ATTEMPTS = 5  # a job that kills its worker this often is put aside for a person to look at

# A step takes (arguments, cursor), and what was found outside if it asked for that, and returns the next cursor, or
# None when all is done.
Step = Callable[..., dict[str, Any] | None]
Outside = Callable[[dict[str, Any], dict[str, Any]], Any]


@dataclass(frozen=True)
class Kind:
    """One kind of long work: its step, and what is done before each step outside every transaction, for so long.

    What is patient gives way between its steps to what a person waits for.
    """

    step: Step
    outside: Outside | None
    lasting: datetime.timedelta
    patient: bool


_kinds: dict[str, Kind] = {}


def task(
    kind: str, *, outside: Outside | None = None, lasting: datetime.timedelta = LEASE, patient: bool = False
) -> Callable[[Step], Step]:
    """Declare a kind of long work by its step.

    `outside` takes (arguments, cursor) and is run before each step without a transaction; what it returns is the step's
    third argument. It may last as long as `lasting` says before another worker takes the job for abandoned. `patient` work
    gives way between its steps to work that is not.
    """

    def declare(step: Step) -> Step:
        _kinds[kind] = Kind(step, outside, lasting, patient)
        return step

    return declare


def enqueue(
    *,
    kind: str,
    by: str,
    key: str = "",
    arguments: dict[str, Any] | None = None,
    not_before: datetime.datetime | None = None,
) -> Job:
    """Ask for a piece of work, now or at a moment. The same key twice is the same job."""
    if kind not in _kinds:
        raise InputError(
            said("No room does work called “%(kind)s”; known: %(kinds)s.", kind=kind, kinds=", ".join(sorted(_kinds)))
        )
    job, _ = Job.objects.get_or_create(
        key=key or uuid.uuid4().hex,
        defaults={
            "kind": kind,
            "arguments": arguments or {},
            "by": by,
            "made_at": timezone.now(),
            **_held_until(not_before),
        },
    )
    return job


def _held_until(moment: datetime.datetime | None) -> dict[str, Any]:
    """Work for later is held by nobody until its moment: then whoever looks for work finds a lease that has run out."""
    return {} if moment is None else {"state": Job.RUNNING, "lease_until": moment}


def claim(worker: str) -> Job | None:
    """Take the first job that is waiting or whose worker is gone, patient ones last; None when there is none."""
    ready = Job.objects.ready(timezone.now())
    for candidate in chain(ready.exclude(kind__in=_patient())[:20], ready.filter(kind__in=_patient())[:20]):
        now = timezone.now()
        # The condition repeats in the UPDATE, so of two workers that saw the same row only one changes it.
        mine = Job.objects.ready(now).order_by().filter(pk=candidate.pk)
        if mine.update(state=Job.RUNNING, worker=worker, lease_until=now + LEASE, attempts=candidate.attempts + 1):
            return Job.objects.get(pk=candidate.pk)
    return None


def _patient() -> list[str]:
    return [name for name, kind in _kinds.items() if kind.patient]


def run(job: Job) -> Job:
    """Run a claimed job step by step to its end, until another worker has taken it, or until it gives way."""
    if job.attempts > ATTEMPTS:
        return _end(job, Job.FAILED, f"Given up after {ATTEMPTS} attempts; the worker was lost each time.")
    try:
        while _step(job):
            if _kinds[job.kind].patient and _others_wait():
                return _give_way(job)
    except WhatworksError as error:
        return _end(job, Job.FAILED, str(error))
    except Exception:
        return _end(job, Job.FAILED, traceback.format_exc(limit=20))
    return Job.objects.get(pk=job.pk)


def _others_wait() -> bool:
    return Job.objects.filter(state=Job.WAITING).exclude(kind__in=_patient()).exists()


def _give_way(job: Job) -> Job:
    """Put a job back into the line with its cursor. That it was taken up does not count as an attempt: nothing failed."""
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.RUNNING)
    mine.update(state=Job.WAITING, worker="", lease_until=None, attempts=job.attempts - 1)
    return Job.objects.get(pk=job.pk)


def _step(job: Job) -> bool:
    kind = _kinds[job.kind]
    found = [kind.outside(*_begin_outside(job, kind.lasting))] if kind.outside else []
    return _inside(job, kind, found)


def _begin_outside(job: Job, lasting: datetime.timedelta) -> tuple[dict[str, Any], dict[str, Any]]:
    """Hold the job for as long as the work outside may last; its arguments and cursor as they are now."""
    Job.objects.filter(pk=job.pk, worker=job.worker).update(lease_until=timezone.now() + lasting)
    now = Job.objects.get(pk=job.pk)
    return now.arguments, now.cursor


@transaction.atomic
def _inside(job: Job, kind: Kind, found: list[Any]) -> bool:
    held = Job.objects.select_for_update().filter(pk=job.pk, worker=job.worker, state=Job.RUNNING).first()
    if held is None:
        return False
    cursor = kind.step(held.arguments, held.cursor, *found)
    if cursor is None:
        held.state, held.ended_at = Job.DONE, timezone.now()
    else:
        held.cursor = cursor
        held.done, held.total = cursor.get("done", held.done), cursor.get("total", held.total)
        held.lease_until = timezone.now() + LEASE
    held.save()
    return cursor is not None


def _end(job: Job, state: str, error: str) -> Job:
    Job.objects.filter(pk=job.pk, worker=job.worker).update(state=state, error=error, ended_at=timezone.now())
    return Job.objects.get(pk=job.pk)


def work_off(worker: str = "") -> int:
    """Run everything that is ready. Returns how many jobs were run."""
    worker = worker or uuid.uuid4().hex[:16]
    count = 0
    while (job := claim(worker)) is not None:
        run(job)
        count += 1
    return count
