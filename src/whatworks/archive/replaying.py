"""Replays the events of a pack as they were, so that the chain that is sealed from them is the same chain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from whatworks.archive.layout import EVENTS
from whatworks.archive.models import Release
from whatworks.errors import InputError
from whatworks.ledger.models import Event, EventSubject, Payload, Pending, Seal
from whatworks.ledger.models.events import CONTENT
from whatworks.saying import said

NAMES = ("uid", "verb", "actor", "at", "subjects", "digests", "commitment", "payload")


def read_events(text: str) -> list[dict[str, Any]]:
    """The events that a pack holds, a line each; an InputError names the line that is none."""
    # Not splitlines(): it would cut a text at the line separators that Unicode has besides the line feed.
    return [_event(line, number) for number, line in enumerate(text.split("\n"), 1) if line]


def _event(line: str, number: int) -> dict[str, Any]:
    try:
        event = json.loads(line)
        event = {name: event[name] for name in NAMES} | {"at": datetime.fromisoformat(event["at"])}
        texts = [event[name] for name in ("uid", "verb", "actor", "commitment")]
        texts += [*event["subjects"], *event["digests"].values(), event["payload"]["audience"]]
        if not all(isinstance(text, str) for text in texts) or event["at"].tzinfo is None:
            raise ValueError("not the values of an event")
        if event["payload"]["state"] not in (Payload.HELD, Payload.WITHHELD, Payload.ERASED):
            raise ValueError("not a state of a payload")
        return event
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            said(
                "%(events)s, line %(number)s: this is no event; take the file from the export again.",
                events=EVENTS,
                number=number,
            )
        ) from error


def refuse_another_history(events: list[dict[str, Any]], releases: Iterable[Release]) -> None:
    """Refuse releases whose chain would not be the chain here: verification would call them tampered with."""
    reach = max((release.chain_number for release in releases), default=0)
    theirs = [event["uid"] for event in events]
    ours = _chain()
    known = set(ours)
    together = ours + [uid for uid in theirs if uid not in known]
    if len(theirs) < reach or together[:reach] != theirs[:reach]:
        raise InputError(
            said(
                "archive/releases.csv: these releases belong to another history than this centre's; load the pack "
                "into an empty folder, with its events, or leave that file out."
            )
        )


def _chain() -> list[str]:
    sealed = Seal.objects.filter(stream=CONTENT).order_by("number").values_list("event__uid", flat=True)
    waiting = Event.objects.filter(pending__stream=CONTENT).order_by("id").values_list("uid", flat=True)
    return [*sealed, *waiting]


def replay(events: list[dict[str, Any]]) -> int:
    """Add the events that are not here yet, in their order, as they were. Returns how many."""
    held = set(Event.objects.values_list("uid", flat=True))
    new = [event for event in events if event["uid"] not in held]
    rows = [
        Event(stream=CONTENT, **{name: value for name, value in event.items() if name != "payload"}) for event in new
    ]
    Event.objects.bulk_create(rows, batch_size=200)
    # Read back with their keys: not every database returns them from a bulk insert in order.
    keys = dict(Event.objects.filter(stream=CONTENT).values_list("uid", "id"))
    mentions = [EventSubject(event_id=keys[event["uid"]], subject=one) for event in new for one in event["subjects"]]
    EventSubject.objects.bulk_create(mentions, batch_size=500)
    Payload.objects.bulk_create([_payload(keys[event["uid"]], event["payload"]) for event in new], batch_size=200)
    Pending.objects.bulk_create([Pending(event_id=keys[event["uid"]], stream=CONTENT) for event in new], batch_size=500)
    return len(new)


def _payload(event: int, line: dict[str, str]) -> Payload:
    return Payload(
        event_id=event,
        key=line.get("key", ""),
        body=line.get("body", ""),
        audience=line["audience"],
        state=line["state"],
        erased_by=line.get("erased_by", ""),
    )
