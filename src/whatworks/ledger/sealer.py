"""Numbers and hashes events in batches, after commit. Writers never wait for the chain's head."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from django.db import connection, transaction

from whatworks.ledger.canonical import canonical
from whatworks.ledger.models import Event, Pending, Seal
from whatworks.ledger.models.events import CONTENT, NODE

GENESIS = "0" * 64
BATCH = 200  # small, so that on SQLite a seal holds the one write lock for milliseconds
POSTGRES_LOCK = 0x77770001  # one sealer at a time, whoever runs it


def chain_hash(previous: str, event: Event) -> str:
    """The hash of an event in its chain: SHA-256 of the hash before it and the event's canonical values."""
    return hashlib.sha256((previous + canonical(event.sealed_values())).encode()).hexdigest()


def head(stream: str = CONTENT) -> tuple[int, str]:
    """The number and hash of the last seal in a stream; (0, zeros) for an empty one."""
    last = Seal.objects.filter(stream=stream).order_by("-number").values_list("number", "hash").first()
    return last or (0, GENESIS)


@transaction.atomic
def seal_batch(stream: str, limit: int = BATCH) -> int:
    """Seal up to `limit` waiting events of a stream, oldest first. Returns how many."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [POSTGRES_LOCK])
            if not cursor.fetchone()[0]:
                return 0
    events = list(Event.objects.filter(pending__stream=stream).order_by("id")[:limit])
    number, previous = head(stream)
    seals = []
    for event in events:
        number, previous = number + 1, chain_hash(previous, event)
        seals.append(Seal(event=event, stream=stream, number=number, hash=previous))
    Seal.objects.bulk_create(seals, batch_size=200)
    Pending.objects.filter(event__in=events).delete()
    return len(events)


def seal_all() -> int:
    """Seal everything that waits. Returns how many events were sealed."""
    total = 0
    for stream in (CONTENT, NODE):
        while done := seal_batch(stream):
            total += done
    return total


def seal_forever(stopped: Callable[[], bool], pause: float = 0.5) -> None:
    """Keep the tail short until told to stop: what is committed is sealed within about a second."""
    while not stopped():
        if seal_all() == 0:
            time.sleep(pause)
