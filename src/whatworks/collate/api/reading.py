"""What the open API asks the database: filters, a page by its last identifier, when a report changed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from whatworks.collate.api.parameters import whole_number
from whatworks.collate.exporting import of_import, records_of, selected_by, selections, shared
from whatworks.collate.methods.citing import STYLES, reference
from whatworks.collate.methods.csl_items import CSL_TYPES, OTHERWISE, ris_types
from whatworks.collate.methods.fields import normalise_doi
from whatworks.collate.methods.notices import RETRACTION, WORDS
from whatworks.collate.models import NoticeHit, Record, Report, Source
from whatworks.collate.retractions import standing
from whatworks.errors import InputError
from whatworks.ledger.models import EventSubject
from whatworks.saying import said

COUNTED = 10_000  # counting more costs more than the page itself

Rows: TypeAlias = QuerySet[Report]


def filtered(query: Mapping[str, str]) -> Rows:
    """The reports that all filters of a query find; an InputError says which value cannot be read."""
    rows: Rows = Report.objects.speaking()
    if text := query.get("q", "").strip():
        from whatworks.collate.search import reports

        rows = rows.filter(pk__in=reports(text).values("pk"))
    if given := query.get("doi"):
        rows = rows.filter(doi=_doi(given))
    first, last = (_year(query, name) for name in ("year_from", "year_to"))
    rows = rows.filter(year__gte=first) if first is not None else rows
    rows = rows.filter(year__lte=last) if last is not None else rows
    if kind := query.get("type"):
        rows = _of_type(rows, kind)
    if source := query.get("source"):
        if not Source.objects.filter(pk=source).exists():
            raise InputError(said("There is no source %(source)s; check the identifier.", source=source[:40]))
        rows = rows.filter(Exists(Record.objects.filter(report=OuterRef("pk"), origin__source=source)))
    if origin := query.get("import"):
        rows = of_import(rows, origin)
    if review := query.get("review"):
        if "review" not in selections():
            raise InputError(said("Reports cannot be chosen by review here; leave review out."))
        rows = rows.filter(pk__in=selected_by("review", review).values("pk"))
    rows = _noticed(rows, query)
    if since := query.get("changed_since"):
        rows = rows.filter(_changed_since(_moment(since)))
    return rows


def counted(rows: Rows) -> tuple[int, bool]:
    """How many there are, and whether that is exact: counting stops at COUNTED."""
    count = rows.order_by()[: COUNTED + 1].count()
    return min(count, COUNTED), count <= COUNTED


def outs(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """The reports under the fields of the API."""
    changed = changes([report.pk for report in reports])
    return [one.fields() | {"changed": changed.get(one.identifier)} for one in shared(reports)]


def whole(report: Report) -> dict[str, Any]:
    """One report with where it was found, what speaks through it, and how to cite it."""
    item = shared([report])[0].item()
    # Put in order here: asked to order by identifier, SQLite would walk through all reports instead of the few merged.
    merged = sorted(report.merged.order_by().values_list("pk", flat=True))
    return outs([report])[0] | {
        "records": [_found(row) for row in records_of([report.pk])[report.pk]],
        "also": merged,
        "citations": {style: reference(item, style) for style in STYLES},
    }


def _found(row: Record) -> dict[str, Any]:
    tags = dict(reversed([(tag, value) for tag, value in row.tags]))
    return {
        "source": row.origin.source.name,
        "platform": row.origin.source.platform,
        "import_id": row.origin_id,
        "file": row.origin.filename,
        "format": row.origin.format,
        "position": row.position,
        "line": row.line,
        "identifier": tags.get("ID") or tags.get("AN") or str(row.position),
    }


def changes(identifiers: Sequence[str]) -> dict[str, datetime.datetime]:
    """When something was last learnt of each report: of itself, of what it speaks for, or with an import."""
    about: defaultdict[str, set[str]] = defaultdict(set)
    for pk in identifiers:
        about[pk].add(pk)
    for report, first, origin in Record.objects.filter(report__in=identifiers).values_list(
        "report", "first_report", "origin"
    ):
        about[report] |= {first, origin}
    subjects = {one for group in about.values() for one in group}
    events = EventSubject.objects.filter(subject__in=subjects).values_list("subject")
    times = dict(events.annotate(at=Max("event__at")).order_by())
    found = {pk: [times[one] for one in group if one in times] for pk, group in about.items()}
    return {pk: max(moments) for pk, moments in found.items() if moments}


def _changed_since(moment: datetime.datetime) -> Q:
    events = EventSubject.objects.filter(event__at__gte=moment).values("subject")
    by_record = Record.objects.filter(report=OuterRef("pk")).filter(Q(origin__in=events) | Q(first_report__in=events))
    return Q(pk__in=events) | Q(Exists(by_record))


def _noticed(rows: Rows, query: Mapping[str, str]) -> Rows:
    """By the notices that stand: few reports have any, so these are looked at one by one."""
    asked, retracted = query.get("notice"), query.get("retracted")
    if asked and asked not in (*WORDS, "any", "none"):
        raise InputError(
            said(
                "notice=%(asked)s cannot be read; give one of %(words)s, any or none.",
                asked=asked[:40],
                words=", ".join(WORDS),
            )
        )
    if retracted and retracted not in ("true", "false"):
        raise InputError(said("retracted=%(retracted)s cannot be read; give true or false.", retracted=retracted[:40]))
    if not (asked or retracted):
        return rows
    hit = set(NoticeHit.objects.held().values_list("report", flat=True))
    hit |= set(Report.objects.exclude(retracted_on=None).values_list("pk", flat=True))
    speaks = {pk: into or pk for pk, into in Report.objects.filter(pk__in=hit).values_list("pk", "merged_into")}
    natures = {pk: one.nature for pk, one in standing(sorted(set(speaks.values()))).items()}
    if asked:
        matching = [pk for pk, nature in natures.items() if asked in ("any", "none", nature)]
        rows = rows.exclude(pk__in=matching) if asked == "none" else rows.filter(pk__in=matching)
    if retracted:
        withdrawn = [pk for pk, nature in natures.items() if nature == RETRACTION]
        rows = rows.filter(pk__in=withdrawn) if retracted == "true" else rows.exclude(pk__in=withdrawn)
    return rows


def _of_type(rows: Rows, kind: str) -> Rows:
    if kind == OTHERWISE:
        return rows.exclude(sort__in=[code for codes in CSL_TYPES.values() for code in codes.split()])
    if kind not in CSL_TYPES:
        raise InputError(
            said(
                "type=%(kind)s is no kind of publication; give one of %(csl_types)s.",
                kind=kind[:40],
                csl_types=", ".join((*CSL_TYPES, OTHERWISE)),
            )
        )
    return rows.filter(sort__in=ris_types(kind))


def _doi(given: str) -> str:
    doi = normalise_doi(given, address="//" in given)
    if not doi:
        raise InputError(said("doi=%(given)s is no DOI; it begins with 10. as in 10.1000/182.", given=given[:80]))
    return doi


def _year(query: Mapping[str, str], name: str) -> int | None:
    return whole_number(query, name, 0, 1000, 2999) if query.get(name) else None


def _moment(given: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat(given.strip().replace(" ", "+"))
    except ValueError:
        raise InputError(
            said(
                "changed_since=%(given)s is no time; write it as 2026-11-01 or 2026-11-01T10:00:00Z.", given=given[:40]
            )
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
