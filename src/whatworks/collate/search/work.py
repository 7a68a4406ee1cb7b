"""Indexing as long work: after an import, after a pack was loaded, or from nothing; in pieces, each soon done."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.methods.tokens import VERSION
from whatworks.collate.models import Entry, IndexState, Report
from whatworks.collate.search.indexing import clear, refresh, state_of
from whatworks.collate.search.store import store
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task

INDEX = "collate.index"
PIECE = 100  # reports in one transaction; some 40 ms of the write lock on SQLite
SMALL_PIECES = 20  # after so many pieces a little merging is done


def enqueue_index(*, by: str, origin: str = "", anew: bool = False) -> Job:
    """Ask for the index to be brought up to date: for one import's reports, or for all; `anew` empties it first."""
    what = f"-{origin}" if origin else f"-{uuid.uuid4().hex[:16]}"
    return enqueue(kind=INDEX, by=by, key=f"index{what}", arguments={"import": origin, "anew": anew})


@task(INDEX)
def index_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece: the next reports in the order of their identifiers, whether they are new, changed or gone."""
    if not cursor:
        if not store().present():
            store().make()
        if arguments.get("anew"):
            clear()
        total = _reports(arguments).count()
        return {"after": "", "done": 0, "total": total, "began": timezone.now().isoformat()}
    piece = list(_reports(arguments).filter(pk__gt=cursor["after"]).order_by("pk").values_list("pk", flat=True)[:PIECE])
    if not piece:
        _end(arguments)
        return None
    refresh(piece)
    done = cursor["done"] + len(piece)
    if done % (PIECE * SMALL_PIECES) == 0:
        store().tidy()
    return cursor | {"after": piece[-1], "done": done}


def _reports(arguments: dict[str, Any]) -> Any:
    """The reports that this work is about."""
    origin = arguments.get("import")
    return Report.objects.filter(records__origin=origin).distinct() if origin else Report.objects.all()


def _end(arguments: dict[str, Any]) -> None:
    store().tidy()
    if not arguments.get("import"):
        state = state_of()
        state.building, state.rules = False, VERSION
        state.save(update_fields=["building", "rules"])


def catch_up() -> int:
    """Index now what is not indexed yet, in pieces of their own transactions; for after a pack was loaded.

    Returns how many entries were written. Nothing is done twice.
    """
    if not store().present():
        store().make()
    count, after = 0, ""
    due = Report.objects.speaking().filter(entry=None).order_by("pk")
    while piece := list(due.filter(pk__gt=after).values_list("pk", flat=True)[: PIECE * 5]):
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
