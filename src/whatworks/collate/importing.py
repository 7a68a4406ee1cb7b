"""What people do with an export: bring it in, publish it in one small step, or take it back as if it had never come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from whatworks.collate import following
from whatworks.collate.bulk import insert
from whatworks.collate.decisions import keep_decisions
from whatworks.collate.methods.fullest import NO_TITLE
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, OthersDecision, Record, Report, SearchRun, Source
from whatworks.collate.models.reports import FIELDS
from whatworks.collate.sources import read
from whatworks.errors import ConflictError
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import canonical
from whatworks.ledger.models import Subject
from whatworks.ledger.work import enqueue
from whatworks.saying import said

BATCH = 500  # records in one statement
SUBJECT = ("identifier", "kind", "title")
REPORT = ("identifier", *FIELDS, "retraction_url", "origin_id", "chosen")
RECORD = ("id", "origin_id", "position", "line", "tags", "report_id", "first_report_id")


@transaction.atomic
def add_source(*, by: str, name: str, sort: str, platform: str = "", url: str = "") -> Source:
    """Name a place that was or will be searched."""
    source = Source.objects.register(Source.derived(name, platform), name=name, sort=sort, platform=platform, url=url)
    record(verb="collate.add-source", by=by, made=[source])
    return source


@transaction.atomic
def source_named(*, by: str, name: str, sort: str, platform: str = "") -> Source:
    """The source of this name, whatever its capitals, and of this platform where one is given; a new one where none is."""
    name, platform = name.strip(), platform.strip()
    held = Source.objects.filter(name__iexact=name)
    held = held.filter(platform__iexact=platform) if platform else held
    return held.first() or add_source(by=by, name=name, sort=sort, platform=platform)


@transaction.atomic
def import_file(*, by: str, path: Path, source: Source, partial: bool = False) -> Import:
    """Bring in one export in one transaction: every record is kept with all its tags, or the file is refused as a whole.

    The same file from the same source a second time changes nothing and says so. For large files see `tasks`.
    """
    result = read(path, partial=partial)
    records = list(result)
    origin = open_import(result=result.to_dict(), filename=path.name, source=source)
    add_records(origin, records)
    return close_import(by=by, origin=origin)


def open_import(*, result: Mapping[str, Any], filename: str, source: Source, run: SearchRun | None = None) -> Import:
    """Make the row of an import that is about to be taken in; a ConflictError when it was before."""
    key = Import.derived(source.pk, result["sha256"])
    if Import.objects.filter(pk=key).exists():
        raise ConflictError(
            said(
                "%(filename)s has been imported from %(name)s before; nothing was added.",
                filename=filename,
                name=source.name,
            )
        )
    names = ("sha256", "format", "encoding", "record_starts", "records", "unreadable")
    fields = {name: result[name] for name in names}
    return Import.objects.register(key, source=source, run=run, filename=filename, complete=False, **fields)


@transaction.atomic
def close_import(*, by: str, origin: Import) -> Import:
    """Publish an import: from here on its records are there for everybody, all at once. The work that follows is asked for.

    Its records are counted first against what the reader gave.
    """
    held = origin.rows.count()
    if held != origin.records:
        raise AssertionError(f"{origin.filename}: {origin.records} records were read and {held} are held; a defect.")
    origin.complete = True
    origin.save(update_fields=["complete"])
    counts = {"record_starts": origin.record_starts, "records": origin.records, "unreadable": origin.unreadable}
    about = [one for one in (origin.source_id, origin.run_id) if one]
    record(verb="collate.import", by=by, about=about, made=[origin], payload=counts)
    for kind in following.after_import():
        enqueue(kind=kind, by=by, key=f"{kind}-{origin.pk}", arguments={"import": origin.pk, "by": by})
    return origin


def add_records(origin: Import, records: list[ReadRecord]) -> None:
    """Keep records, each with a report of its own until a match is confirmed."""
    for start in range(0, len(records), BATCH):
        some = records[start : start + BATCH]
        keys = [Record.derived(origin.pk, one.position) for one in some]
        reports = [Report.derived(key) for key in keys]
        said = [tuple(said_by(one).values()) for one in some]
        insert(Subject, SUBJECT, ((report, Report.kind, one[0]) for report, one in zip(reports, said, strict=True)))
        insert(
            Report,
            REPORT,
            ((report, *one, "", origin.pk, "{}") for report, one in zip(reports, said, strict=True)),
        )
        insert(
            Record,
            RECORD,
            (
                (key, origin.pk, one.position, one.line, _kept(one.tags), report, report)
                for key, report, one in zip(keys, reports, some, strict=True)
            ),
        )
        keep_decisions(origin, some)


def said_by(one: ReadRecord) -> dict[str, Any]:
    """What a record says of its report, by the names of FIELDS, cut to what the columns hold."""
    return {
        "title": _storable(one.title) or NO_TITLE,
        "authors": _storable("; ".join(one.authors)),
        "year": one.year,
        "venue": _storable(one.venue),
        "doi": _storable(one.doi)[:200],
        "url": _storable(one.url)[:600],
        "sort": _storable(one.entry_type)[:24],
    }


def _storable(text: str) -> str:
    """A text as every database keeps it: without zero bytes, and without half characters (their place is marked)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _kept(tags: Any) -> str:
    """All tags as they came; half a character, which no database keeps, as JSON writes it in plain letters."""
    text = canonical(tags)
    return text if text.isascii() or _whole(text) else json.dumps(tags, separators=(",", ":"))


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def report_of(one: ReadRecord, identifier: str) -> Report:
    """The report that a record describes (not saved)."""
    return Report(subject_id=identifier, **said_by(one))


def as_read(row: Record) -> ReadRecord:
    """A kept record in the form in which the reader gave it."""
    return ReadRecord(row.position, row.line, tuple((tag, value) for tag, value in row.tags))


@transaction.atomic
def take_out(origin: Import, most: int) -> int:
    """Take up to so many records of an unpublished import out again, with their reports. Returns how many."""
    if origin.complete:
        raise ConflictError(
            said(
                "%(filename)s is in already, and others may build on it; it cannot be taken back.",
                filename=origin.filename,
            )
        )
    rows = list(origin.rows.order_by("-position").values_list("pk", "first_report")[:most])
    records, reports = [record for record, _ in rows], [report for _, report in rows]
    for model, keys in ((OthersDecision, {"record__in": records}), (Record, {"pk__in": records})):
        model.objects.filter(**keys)._raw_delete(model.objects.db)
    Report.objects.filter(pk__in=reports)._raw_delete("default")
    Subject.objects.filter(pk__in=reports)._raw_delete("default")
    if len(rows) < most:
        Import.objects.filter(pk=origin.pk).delete()
        Subject.objects.filter(pk=origin.pk).delete()
    return len(rows)
