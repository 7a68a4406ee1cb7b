"""Giving reports out: any selection in any form, piece by piece, under identifiers that stay."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from whatworks.collate.methods.bibtex_entries import bibtex_entry
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.methods.shared import COLUMNS, Given, Shared, openly_licensed, shared_record
from whatworks.collate.models import Import, Record, Report
from whatworks.collate.retractions import standing
from whatworks.collate.sources import write_ris
from whatworks.collate.sources.excel_writing import write_rows_xlsx
from whatworks.collate.sources.writers import taken
from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.spreadsheets import cell

PIECE = 500  # reports read at a time: the bound on memory
MOST_NAMED = 2000  # identifiers in one selection
SEARCHED = ("q", "year", "source", "type")

Rows: TypeAlias = QuerySet[Report]
_selections: dict[str, Callable[[str], Rows]] = {}


def offer_selection(name: str, function: Callable[[str], Rows]) -> None:
    """Say, when a room loads: reports can be selected by this, as by `review`. The function raises InputError."""
    _selections[name] = function


def selections() -> tuple[str, ...]:
    """By what higher rooms let reports be selected."""
    return tuple(sorted(_selections))


def chosen(query: Mapping[str, Any], *, inside: bool = False) -> Rows:
    """The reports that a query string selects: `ids`, `import`, a search (`q` and its facets), and what rooms offer.

    All must hold. Without any: every report that is to be seen. A merged report is the one through which it speaks.
    """
    from whatworks.collate.search import asked, reports

    many = getattr(query, "getlist", lambda name: [query[name]] if name in query else [])
    rows: Rows = Report.objects.speaking()
    if named := [one.strip() for value in many("ids") for one in value.split(",") if one.strip()]:
        rows = rows.filter(pk__in=_speakers(named))
    if origin := query.get("import"):
        rows = of_import(rows, origin)
    if any(query.get(name) for name in SEARCHED):
        rows = rows.filter(pk__in=reports(**asked(query, inside=inside)).values("pk"))
    for name, select in _selections.items():
        if value := query.get(name):
            rows = rows.filter(pk__in=select(value).values("pk"))
    return rows


def selected_by(name: str, value: str) -> Rows:
    """The reports that a room selects by this name."""
    return _selections[name](value)


def _speakers(named: Sequence[str]) -> set[str]:
    if len(named) > MOST_NAMED:
        raise InputError(
            said(
                "%(count)s identifiers are too many for one selection; give up to %(most_named)s.",
                count=f"{len(named):,}",
                most_named=f"{MOST_NAMED:,}",
            )
        )
    speaks = {
        pk: into or pk for pk, into in Report.objects.here().filter(pk__in=named).values_list("pk", "merged_into")
    }
    if missing := [one for one in named if one not in speaks]:
        raise InputError(said("There is no report %(missing)s; check the identifier.", missing=missing[0][:40]))
    return set(speaks.values())


def of_import(rows: Rows, identifier: str) -> Rows:
    """Those of the reports of which a record came with this import."""
    if not Import.objects.filter(pk=identifier, complete=True).exists():
        raise InputError(said("There is no import %(identifier)s; check the identifier.", identifier=identifier[:40]))
    return rows.filter(Exists(Record.objects.filter(report=OuterRef("pk"), origin=identifier)))


def address_of(identifier: str) -> str:
    """Where the page of a report stands, for somebody elsewhere."""
    return f"{settings.BASE_URL}/reports/{identifier}/"


def shared(reports: Sequence[Report], *, inside: bool = False) -> list[Shared]:
    """The reports as they are given out, in their order, in a few queries whatever their number (up to PIECE).

    Abstracts and subject terms only to people who work here (`inside`), or where a record says that its licence is open.
    """
    records = records_of([report.pk for report in reports])
    stands = standing([report.pk for report in reports])
    made = []
    for report in reports:
        found = [_read(row) for row in records[report.pk]]
        licensed = found if inside else [record for record in found if openly_licensed(record)]
        record = shared_record(_given(report), found, stands.get(report.pk), licensed)
        made.append(Shared(record, address_of(report.pk), stands.get(report.pk)))
    return made


def records_of(identifiers: Sequence[str]) -> dict[str, list[Record]]:
    """Every record that speaks through each of the reports, its own first, with import and source."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    rows = Record.objects.filter(report__in=list(identifiers), origin__complete=True).select_related("origin__source")
    for row in sorted(rows, key=lambda row: (row.first_report_id != row.report_id, row.origin_id, row.position)):
        found[row.report_id].append(row)
    return found


def _read(row: Record) -> ReadRecord:
    return ReadRecord(row.position, row.line, tuple((tag, value) for tag, value in row.tags))


def _given(report: Report) -> Given:
    authors = tuple(part for part in report.authors.split("; ") if part)
    return Given(report.pk, report.sort, report.title, authors, report.year, report.venue, report.doi, report.url)


def in_pieces(rows: Rows, *, inside: bool = False) -> Iterator[Shared]:
    """Every report of a selection by identifier, read piece by piece."""
    after = ""
    while piece := list(rows.filter(pk__gt=after).order_by("pk")[:PIECE]):
        yield from shared(piece, inside=inside)
        after = piece[-1].pk


def ris_pieces(given: Iterable[Shared]) -> Iterator[str]:
    """RIS; our identifier stands under ID."""
    yield from write_ris(one.record for one in given)


def bibtex_pieces(given: Iterable[Shared]) -> Iterator[str]:
    """BibTeX; our identifier is the key."""
    for one in given:
        yield bibtex_entry(one.item(), one.identifier) + "\n"


def csl_pieces(given: Iterable[Shared]) -> Iterator[str]:
    """One CSL-JSON array; our identifier is the id."""
    yield "["
    for at, one in enumerate(given):
        yield ("," if at else "") + "\n" + json.dumps(one.item(), ensure_ascii=False)
    yield "\n]\n"


def jsonl_pieces(given: Iterable[Shared]) -> Iterator[str]:
    """One JSON object a line, with the fields of the open API."""
    for one in given:
        yield json.dumps(one.fields(), ensure_ascii=False) + "\n"


def csv_pieces(given: Iterable[Shared]) -> Iterator[str]:
    """A table for spreadsheets: no cell of it is run as a formula."""
    line = io.StringIO()
    table = csv.writer(line, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in given:
        table.writerow([cell(value) for value in one.row().values()])
        yield taken(line)
    yield taken(line)


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which reports are given out. What has no `pieces` is a file made as a whole."""

    name: str
    ending: str
    content_type: str
    pieces: Callable[[Iterable[Shared]], Iterator[str]] | None


FORMS = {
    "ris": Form("RIS", "ris", "application/x-research-info-systems", ris_pieces),
    "bibtex": Form("BibTeX", "bib", "application/x-bibtex", bibtex_pieces),
    "csl": Form("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_pieces),
    "csv": Form("CSV", "csv", "text/csv", csv_pieces),
    "jsonl": Form("JSON lines", "jsonl", "application/jsonl", jsonl_pieces),
    "xlsx": Form("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", None),
}


def write_file(form: Form, given: Iterable[Shared], path: Path) -> int:
    """Write reports to a file, whole or not at all; how many they were."""
    count = 0

    def counted() -> Iterator[Shared]:
        nonlocal count
        for one in given:
            count += 1
            yield one

    beside = path.with_name(f".{path.name}.part")
    try:
        if form.pieces is None:
            with beside.open("wb") as file:
                write_rows_xlsx(COLUMNS, (one.row() for one in counted()), file)
        else:
            with beside.open("w", encoding="utf-8", newline="") as text:
                text.writelines(form.pieces(counted()))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return count


def form_named(path: Path) -> Form:
    """The form that the ending of a file's name tells; an InputError where it tells none."""
    for form in FORMS.values():
        if path.suffix.lower() == f".{form.ending}":
            return form
    endings = ", ".join(f".{form.ending}" for form in FORMS.values())
    raise InputError(
        said(
            "%(path)s: reports cannot be written as %(suffix)s; end the name in one of %(endings)s.",
            path=path,
            suffix=path.suffix or said("that"),
            endings=endings,
        )
    )
