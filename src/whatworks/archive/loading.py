"""Takes a pack in: every row it holds that is not here yet, its events replayed, in one transaction."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from whatworks.archive.layout import DOCUMENTS, EVENTS, MANIFEST, tables
from whatworks.archive.models import Document
from whatworks.errors import InputError
from whatworks.ledger.actions import record, record_node
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event, EventSubject, Payload, Pending
from whatworks.ledger.models.events import CONTENT
from whatworks.ledger.packs import Table
from whatworks.ledger.sealer import seal_all

Told = Callable[[str, int, int], None]


def load_pack(
    *, folder: Path, by: str, told: Told = lambda name, done, total: None, passphrase: str = ""
) -> dict[str, int]:
    """Load a pack, or an encrypted backup by its passphrase. Returns rows added by table."""
    return load_files(files=read_pack(folder, passphrase), name=folder.name, by=by, told=told)


def load_files(
    *, files: dict[str, str], name: str, by: str, told: Told = lambda name, done, total: None
) -> dict[str, int]:
    """Load the files of a pack. Rows already here are left as they are; loading twice changes nothing."""
    try:
        manifest = tomllib.loads(files[MANIFEST])
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{MANIFEST}: {error}; mend the line it names.") from error
    _refuse_unknown(files)
    with transaction.atomic():
        added = _load_rows(files, by, told)
        if any(added.values()):
            payload = {"pack": str(manifest.get("name", name)), "added": added}
            record_node(verb="archive.load", by=by, payload=payload)
        _refuse_loose_ends()
    seal_all()
    return added


def _refuse_unknown(files: dict[str, str]) -> None:
    known = {table.path for table in tables()} | {MANIFEST, EVENTS}
    stray = [name for name in files if name.endswith(".csv") and name not in known]
    if stray:
        raise InputError(f"{stray[0]} is no table of this version; remove it or correct its name.")


def _load_rows(files: dict[str, str], by: str, told: Told) -> dict[str, int]:
    added: dict[str, int] = {}
    replayed = EVENTS in files
    everything = tables()
    for number, table in enumerate(everything):
        rows = table.load(files)
        _refuse_twins(table, rows)
        new = table.new_among(rows)
        with _fitting(table.path):
            table.save(new)
        if new and not replayed:
            _enter(table, new, by)
        added[table.path] = len(new)
        told(table.path, number + 1, len(everything))
    events = read_events(files.get(EVENTS, ""))
    refuse_another_history([event["uid"] for event in events], releases)
    with _fitting(EVENTS):
        added[EVENTS] = replay(events)
    for name in (name for name in files if DOCUMENTS.match(name)):
        added[name] = int(Document.objects.get_or_create(path=name, defaults={"body": files[name]})[1])
    return added


def _refuse_twins(table: Table, rows: list[Any]) -> None:
    seen = set()
    for row in rows:
        key = tuple(getattr(row, table.model._meta.get_field(name).attname) for name in table.key)
        if key in seen:
            raise InputError(f"{table.path}: {' and '.join(map(str, key))} stands there twice; remove one.")
        seen.add(key)


def _enter(table: Table, rows: list[Any], by: str) -> None:
    """A pack written by hand has no events: entering its rows is the event."""
    if table.event_each:
        for row in rows:
            record(verb=table.event_each, by=row.by[:64], about=_mentions(row), payload=row.values(), audience=PUBLIC)
        return
    made = [row for row in rows if hasattr(row, "row_digest")]
    payload = {"table": table.path, "rows": len(rows)}
    record(verb="archive.enter", by=by, made=made, payload=payload, audience=PUBLIC)


def _mentions(row: Any) -> list[str]:
    related = [field for field in row._meta.concrete_fields if field.is_relation]
    return [row.pk, *(value for field in related if (value := getattr(row, field.attname)))]


def _replay(text: str) -> int:
    """Events of the pack that are not here yet, in their order, as they were."""
    held = set(Event.objects.values_list("uid", flat=True))
    lines = [json.loads(line) for line in text.splitlines() if line]
    new = [line for line in lines if line["uid"] not in held]
    events = [
        Event(
            uid=line["uid"],
            stream=CONTENT,
            verb=line["verb"],
            actor=line["actor"],
            at=datetime.fromisoformat(line["at"]),
            subjects=line["subjects"],
            digests=line["digests"],
            commitment=line["commitment"],
        )
        for line in new
    ]
    Event.objects.bulk_create(events, batch_size=200)
    # Read back with their keys: not every database returns them from a bulk insert in order.
    keys = dict(Event.objects.filter(stream=CONTENT).values_list("uid", "id"))
    mentions = [EventSubject(event_id=keys[e["uid"]], subject=s) for e in new for s in e["subjects"]]
    EventSubject.objects.bulk_create(mentions, batch_size=500)
    Payload.objects.bulk_create([_payload(keys[line["uid"]], line["payload"]) for line in new], batch_size=200)
    Pending.objects.bulk_create([Pending(event_id=keys[line["uid"]], stream=CONTENT) for line in new], batch_size=500)
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
