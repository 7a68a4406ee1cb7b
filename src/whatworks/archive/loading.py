"""Takes a pack in: every row it holds that is not here yet, its events replayed, in one transaction."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from whatworks.archive.layout import DOCUMENTS, EVENTS, tables
from whatworks.archive.models import Document, Release
from whatworks.archive.reading import MANIFEST, read_pack
from whatworks.archive.replaying import read_events, refuse_another_history, replay
from whatworks.collate.search.work import catch_up
from whatworks.errors import InputError
from whatworks.ledger.actions import record, record_node
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.packs import Table
from whatworks.ledger.planning import renew_statistics
from whatworks.ledger.sealer import seal_all
from whatworks.saying import said

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
        raise InputError(
            said("%(manifest)s: %(error)s; mend the line it names.", manifest=MANIFEST, error=str(error))
        ) from error
    _refuse_unknown(files)
    with transaction.atomic():
        added = _load_rows(files, by, told)
        if any(added.values()):
            payload = {"pack": str(manifest.get("name", name)), "added": added}
            record_node(verb="archive.load", by=by, payload=payload)
        renew_statistics(sum(added.values()))
    catch_up()  # so that what was loaded is found; in transactions of its own, and can be done again
    seal_all()
    return added


def _refuse_unknown(files: dict[str, str]) -> None:
    known = {table.path for table in tables()} | {MANIFEST, EVENTS}
    if stray := [name for name in files if name.endswith(".csv") and name not in known]:
        raise InputError(said("%(stray)s is no table of this version; remove it or correct its name.", stray=stray[0]))
    if binary := [name for name, text in files.items() if "\0" in text]:
        raise InputError(said("%(binary)s is not text: it holds a zero byte; save it as UTF-8.", binary=binary[0]))


@contextmanager
def _fitting(path: str) -> Iterator[None]:
    """Say in one sentence that the database refused what stands in a file."""
    try:
        yield
    except (IntegrityError, DataError, OverflowError) as error:
        first = str(error).partition("\n")[0]
        raise InputError(
            said("%(path)s: a row does not fit here (%(first)s); nothing was loaded.", path=path, first=first)
        ) from error


def _load_rows(files: dict[str, str], by: str, told: Told) -> dict[str, int]:
    added: dict[str, int] = {}
    events = read_events(files.get(EVENTS, ""))
    everything = tables()
    for number, table in enumerate(everything):
        rows = table.load(files)
        _refuse_twins(table, rows)
        new = table.new_among(rows)
        if table.model is Release:
            refuse_another_history(events, new)
        with _fitting(table.path):
            table.save(new)
        if new and EVENTS not in files:
            _enter(table, new, by)
        added[table.path] = len(new)
        told(table.path, number + 1, len(everything))
    with _fitting(EVENTS):
        added[EVENTS] = replay(events)
    for name in (name for name in files if DOCUMENTS.match(name)):
        added[name] = int(Document.objects.get_or_create(path=name, defaults={"body": files[name]})[1])
    # A row that points at one that is nowhere: said now, in a sentence, instead of at the end of the transaction.
    with _fitting("The pack does not hold together"):
        connection.check_constraints()
    return added


def _refuse_twins(table: Table, rows: list[Any]) -> None:
    seen = set()
    for row in rows:
        key = tuple(getattr(row, table.model._meta.get_field(name).attname) for name in table.key)
        if key in seen:
            raise InputError(
                said(
                    "%(path)s: %(key)s stands there twice; remove one.",
                    path=table.path,
                    key=" and ".join(map(str, key)),
                )
            )
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
