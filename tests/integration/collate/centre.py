"""A small centre: three exports of reports, each with a record and a report of its own."""

from __future__ import annotations

from whatworks.collate.actions import add_records, add_source, close_import, open_import
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, MatchProposal, Record, Report

BY, OTHER = "usr-1", "usr-2"


def bring_in(number: int, records: list[dict[str, str]], *, close: bool = True) -> Import:
    """An import of records, given as tags."""
    source = add_source(by=BY, name=f"Database {number}", sort="database")
    result = {
        "sha256": f"{number:064d}",
        "format": "RIS",
        "encoding": "utf-8",
        "record_starts": len(records),
        "records": len(records),
        "unreadable": [],
    }
    origin = open_import(result=result, filename=f"export {number}.ris", source=source)
    add_records(origin, [ReadRecord(at, at, (("TY", "JOUR"), *tags.items())) for at, tags in enumerate(records, 1)])
    return close_import(by=BY, origin=origin) if close else origin


def reports(count: int) -> list[str]:
    """So many reports in three exports, oldest first, which differ in what they say."""
    made: list[str] = []
    for number in range(3):
        some = range(number, count, 3)
        records = [{"TI": f"Leaving care{' at length' * n}", "PY": str(2010 + n % 2), "AU": f"Lee, {n}"} for n in some]
        origin = bring_in(number, records)
        made += Record.objects.filter(origin=origin).order_by("position").values_list("first_report", flat=True)
    return made


def proposal(left: str, right: str, decision: str = "same", probability: float = 0.9) -> MatchProposal:
    """What a rule said, as the work of proposing keeps it."""
    left, right = sorted((left, right))
    from django.utils import timezone

    return MatchProposal.objects.create(
        id=MatchProposal.derived(left, right, decision),
        left_id=left,
        right_id=right,
        decision=decision,
        probability=probability,
        reason="The titles agree.",
        rule="title",
        version="1",
        made_at=timezone.now(),
        waits=decision != "linked",
    )


def speaks(report: str) -> str:
    """Through which report this one speaks."""
    return Report.objects.get(pk=report).speaker().pk
