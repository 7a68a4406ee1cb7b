"""What people do with what has been written: bring in an export, decide on matches, undo a merge."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from whatworks.collate.methods.matching import propose
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, MatchDecision, Record, Report, Source
from whatworks.collate.sources import read
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC

BATCH = 500  # records in one statement; a few milliseconds of the write lock on SQLite


@transaction.atomic
def add_source(*, by: str, name: str, sort: str, platform: str = "", url: str = "") -> Source:
    """Name a place that was or will be searched."""
    source = Source.objects.register(Source.derived(name, platform), name=name, sort=sort, platform=platform, url=url)
    record(verb="collate.add-source", by=by, made=[source])
    return source


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


def open_import(*, result: Mapping[str, Any], filename: str, source: Source) -> Import:
    """Make the row of an import that is about to be taken in; a ConflictError when it was before."""
    key = Import.derived(source.pk, result["sha256"])
    if Import.objects.filter(pk=key).exists():
        raise ConflictError(f"{filename} has been imported from {source.name} before; nothing was added.")
    names = ("sha256", "format", "encoding", "record_starts", "records", "unreadable")
    fields = {name: result[name] for name in names}
    return Import.objects.register(key, source=source, filename=filename, complete=False, **fields)


@transaction.atomic
def close_import(*, by: str, origin: Import) -> Import:
    """Say that an import is whole: its records are counted against what the reader gave, then the event is left."""
    held = origin.rows.count()
    if held != origin.records:
        raise AssertionError(f"{origin.filename}: {origin.records} records were read and {held} are held; a defect.")
    origin.complete = True
    origin.save(update_fields=["complete"])
    counts = {"record_starts": origin.record_starts, "records": origin.records, "unreadable": origin.unreadable}
    record(verb="collate.import", by=by, about=[origin.source_id], made=[origin], payload=counts)
    return origin


def add_records(origin: Import, records: list[ReadRecord]) -> None:
    """Keep records, each with a report of its own until a match is confirmed."""
    for start in range(0, len(records), BATCH):
        rows, reports = [], []
        for one in records[start : start + BATCH]:
            key = Record.derived(origin.pk, one.position)
            report = report_of(one, Report.derived(key))
            reports.append(report)
            rows.append(
                Record(
                    id=key,
                    origin=origin,
                    position=one.position,
                    line=one.line,
                    tags=[list(pair) for pair in one.tags],
                    report=report,
                    first_report=report,
                )
            )
        Report.objects.register_all(reports)
        Record.objects.bulk_create(rows, batch_size=BATCH)


def report_of(one: ReadRecord, identifier: str) -> Report:
    """The report that a record describes (not saved)."""
    return Report(
        subject_id=identifier,
        title=one.title or "(no title)",
        authors="; ".join(one.authors),
        year=one.year,
        venue=one.venue,
        doi=one.doi[:200],
        url=one.url[:600],
        sort=one.entry_type,
    )


def as_read(row: Record) -> ReadRecord:
    """A kept record in the form in which the reader gave it."""
    return ReadRecord(row.position, row.line, tuple((tag, value) for tag, value in row.tags))


@transaction.atomic
def propose_matches(*, by: str) -> list[MatchDecision]:
    """Let the rules propose which reports are one. Proposals wait for people; pairs decided before are left alone."""
    rows = list(Record.objects.order_by("origin_id", "position"))
    known = {frozenset(pair) for pair in MatchDecision.objects.values_list("left_id", "right_id")}
    made = []
    for found in propose([as_read(row) for row in rows]):
        left, right = sorted((rows[found.a].report_id, rows[found.b].report_id))
        if left == right or frozenset((left, right)) in known:
            continue
        known.add(frozenset((left, right)))
        made.append(
            MatchDecision(
                id=MatchDecision.derived(left, right),
                left_id=left,
                right_id=right,
                proposal=found.decision,
                rule=found.rule,
                score=found.score,
                reason=found.reason,
            )
        )
    MatchDecision.objects.bulk_create(made, batch_size=BATCH)
    if made:
        pairs = [[match.left_id, match.right_id, match.proposal] for match in made]
        record(verb="collate.propose-matches", by=by, payload={"pairs": pairs})
    return made


@transaction.atomic
def confirm_match(*, by: str, match: MatchDecision) -> None:
    """Say that two reports are one: the records of the second now speak through the first."""
    _from_state(match, MatchDecision.PROPOSED, MatchDecision.UNDONE)
    Record.objects.filter(report=match.right_id).update(report=match.left_id)
    _settle(match, MatchDecision.CONFIRMED, by)


@transaction.atomic
def refuse_match(*, by: str, match: MatchDecision) -> None:
    """Say that two reports are different."""
    _from_state(match, MatchDecision.PROPOSED, MatchDecision.UNDONE)
    _settle(match, MatchDecision.REFUSED, by)


@transaction.atomic
def undo_match(*, by: str, match: MatchDecision) -> None:
    """Take a merge back: every record speaks again through the report it came with."""
    _from_state(match, MatchDecision.CONFIRMED)
    for row in Record.objects.filter(report=match.left_id, first_report=match.right_id):
        row.report_id = row.first_report_id
        row.save(update_fields=["report"])
    _settle(match, MatchDecision.UNDONE, by)


@transaction.atomic
def mark_retracted(*, by: str, report: Report, on: datetime.date, notice_url: str) -> list[str]:
    """Record that a report was withdrawn by its publisher. All that rests on it is marked stale; nothing is deleted.

    Returns the identifiers marked.
    """
    if not notice_url.startswith(("https://", "http://")):
        raise InputError("A retraction needs the address of its notice, beginning with https://.")
    report.retracted_on, report.retraction_url = on, notice_url
    report.save(update_fields=["retracted_on", "retraction_url"])
    payload = {"on": on.isoformat(), "notice": notice_url}
    event = record(verb="collate.retract", by=by, about=[report], payload=payload, audience=PUBLIC)
    return mark_stale(report.pk, event=event)


def _from_state(match: MatchDecision, *states: str) -> None:
    match.refresh_from_db()
    if match.state not in states:
        raise ConflictError(f"This pair is already {match.state}; reload the page to see who decided.")


def _settle(match: MatchDecision, state: str, by: str) -> None:
    if not by:
        raise InputError("A match is decided by somebody; say who.")
    match.state = state
    match.save(update_fields=["state"])
    record(verb=f"collate.match-{state}", by=by, about=[match.left_id, match.right_id], payload={"match": match.pk})
