"""Indexing as long work: after an import, after a pack was loaded, or from nothing; in pieces, each soon done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.following import Regrouped, follow_groups, follow_imports
from whatworks.collate.methods.tokens import VERSION
from whatworks.collate.models import Entry, IndexState, Record, Report
from whatworks.collate.search.indexing import clear, refresh, state_of
from whatworks.collate.search.store import store
from whatworks.errors import InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task, work_off
from whatworks.saying import said

INDEX, WHOLE = "collate.index", "index-all-"
PIECE = 25  # reports in one transaction; 30 to 60 ms of the write lock on SQLite, most of it reading their words
PIECES = 80  # after so many a little merging is done
Told = Callable[[str, int, int], None]
_listening: list[Told] = []


def enqueue_index(*, by: str, origin: str = "", anew: bool = False) -> Job:
    """Ask for the index to be brought up to date: for one import's reports, or for all; `anew` empties it first."""
    key = f"index-{origin}" if origin else f"{WHOLE}{uuid.uuid4().hex[:16]}"
    return enqueue(kind=INDEX, by=by, key=key, arguments={"import": origin, "anew": anew})


def build(*, by: str, anew: bool, told: Told) -> dict[str, int]:
    """Bring the index up to date now, going on where an earlier attempt was broken off; `told` hears how far it is."""
    unfinished = Job.objects.filter(kind=INDEX, key__startswith=WHOLE, state__in=(Job.WAITING, Job.RUNNING))
    job = (None if anew else unfinished.order_by("-pk").first()) or enqueue_index(by=by, anew=anew)
    _listening.append(told)
    try:
        work_off()
    finally:
        _listening.remove(told)
    job.refresh_from_db()
    if job.state != Job.DONE:
        raise InputError(job.error or said("Another worker is building the index; look again in a moment."))
    return {"reports": job.done, "entries": Entry.objects.count()}


follow_imports(INDEX, order=40)


@follow_groups
def follow(change: Regrouped, event: Any) -> None:
    """Merged reports leave the index and come back when they are taken apart; who speaks for them has their words too."""
    refresh({*change.after, *change.after.values(), *change.before.values()})


@task(INDEX, patient=True)
def index_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece: the next reports in their order, whether they are new, changed or gone."""
    origin = arguments.get("import", "")
    if not cursor:
        if arguments.get("anew"):
            clear()
        elif not store().present():
            store().make()
        total = Record.objects.filter(origin=origin).count() if origin else Report.objects.count()
        return {"after": 0 if origin else "", "done": 0, "total": total, "began": timezone.now().isoformat()}
    piece, after = _of_import(origin, cursor["after"]) if origin else _of_all(cursor["after"])
    if not piece:
        store().tidy()
        if not origin:
            _whole()
        return None
    refresh(piece)
    done = cursor["done"] + len(piece)
    for told in _listening:
        told("index", done, cursor["total"])
    if done % (PIECE * PIECES) == 0:
        store().tidy()
    return cursor | {"after": after, "done": done}


def _of_import(origin: str, after: int) -> tuple[list[str], int]:
    """The reports of an import's next records, and how far that is."""
    rows = Record.objects.filter(origin=origin, position__gt=after).order_by("position")
    piece = list(rows.values_list("report_id", "position")[:PIECE])
    return [report for report, _ in piece], piece[-1][1] if piece else after


def _of_all(after: str) -> tuple[list[str], str]:
    """The next reports in the order of their identifiers, and how far that is."""
    piece = list(Report.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PIECE])
    return piece, piece[-1] if piece else after


def _whole() -> None:
    state = state_of()
    state.building, state.rules = False, VERSION
    state.save(update_fields=["building", "rules"])


def catch_up() -> int:
    """Index now what is not indexed yet, in pieces of their own transactions; for after a pack was loaded.

    Returns how many entries were written. Nothing is done twice.
    """
    if not store().present():
        store().make()
    count, after = drop_strays(), ""
    due = Report.objects.speaking().filter(entry=None).order_by("pk")
    while piece := list(due.filter(pk__gt=after).values_list("pk", flat=True)[:100]):
        count += refresh(piece)
        after = piece[-1]
    return count


def behind() -> int:
    """How many reports are to be seen and cannot be found yet."""
    return Report.objects.speaking().filter(entry=None).count()


@transaction.atomic
def drop_strays() -> int:
    """Take out entries whose report is no longer to be seen; returns how many there were."""
    strays = list(Entry.objects.exclude(report__in=Report.objects.speaking()).values_list("place", flat=True))
    if strays:
        store().drop(strays)
    return len(strays)


def current() -> IndexState | None:
    """How far the index has come; None before the first report."""
    return IndexState.objects.filter(pk=1).first()
