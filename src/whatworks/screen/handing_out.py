"""Handing decisions out: to a reference manager, a spreadsheet, ASReview, or the R package that draws PRISMA flows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from whatworks.collate.exporting import PIECE, shared
from whatworks.collate.models import Report
from whatworks.collate.sources import write_ris
from whatworks.collate.sources.writers import taken
from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.decision_files import (
    ASREVIEW_COLUMNS,
    COLUMNS,
    Decided,
    asreview_row,
    ris_record,
    row_of,
)
from whatworks.screen.methods.prisma import build_flow
from whatworks.screen.methods.prisma_csv import prisma_csv
from whatworks.screen.methods.protocol import FULL_TEXT, STAGES, TITLE
from whatworks.screen.models import Candidate, Review
from whatworks.screen.presenters import held_tallies

Row = Sequence[str | int]


def decided(review: Review, *stages: str) -> Iterator[Decided]:
    """Where each report stands at these stages (at both where none is named), read piece by piece.

    Reports found to be another's duplicate are not among them; abstracts are, so this is for people who work here.
    """
    for stage in stages or STAGES:
        if stage not in STAGES:
            raise InputError(
                said(
                    "There is no stage %(stage)r; there are %(title)r and %(full_text)r.",
                    stage=stage[:40],
                    title=TITLE,
                    full_text=FULL_TEXT,
                )
            )
        rows = Candidate.objects.at(review, stage).counted().filter(wave__complete=True)
        rows = rows.select_related("wave", "judgement", "report__merged_into").order_by("report")
        after = ""
        while piece := list(rows.filter(report__gt=after)[:PIECE]):
            yield from _piece(piece)
            after = piece[-1].report_id


def _piece(rows: Sequence[Candidate]) -> Iterator[Decided]:
    speaking: dict[str, Report] = {row.report.speaker().pk: row.report.speaker() for row in rows}
    words = {one.identifier: one.record for one in shared(list(speaking.values()), inside=True)}
    for row in rows:
        report = row.report.speaker().pk
        reason = row.judgement.reason if row.judgement else ""
        told = {"opinions": row.said, "sampled": row.sampled, "wave": row.wave.name}
        yield Decided(report, words[report], row.stage, row.state, reason, **told)


def ris_pieces(review: Review, stage: str = TITLE) -> Iterator[str]:
    """RIS: each report that is up at the stage, with its decision."""
    yield from write_ris(ris_record(one) for one in decided(review, stage or TITLE))


def csv_pieces(review: Review, stage: str = "", *, spreadsheet: bool = False) -> Iterator[str]:
    """A table, one line a report and stage; `spreadsheet` for one that people open, not for one that programs read."""
    rows = (row_of(one, spreadsheet=spreadsheet) for one in decided(review, *([stage] if stage else [])))
    return _table(COLUMNS, rows, "\r\n" if spreadsheet else "\n")


def asreview_pieces(review: Review, stage: str = TITLE) -> Iterator[str]:
    """A table that ASReview reads, with what has been decided as its labels."""
    return _table(ASREVIEW_COLUMNS, (asreview_row(one) for one in decided(review, stage or TITLE)), "\n")


def prisma_pieces(review: Review, stage: str = "") -> Iterator[str]:
    """The flow as it stands, for the R package PRISMA2020."""
    yield prisma_csv(build_flow(held=held_tallies(review), title=review.title))


def _table(columns: Row, rows: Iterable[Row], end: str) -> Iterator[str]:
    line = io.StringIO()
    table = csv.writer(line, lineterminator=end)
    table.writerow(columns)
    for row in rows:
        table.writerow(row)
        yield taken(line)
    yield taken(line)


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which decisions are handed out."""

    name: str
    says: str
    ending: str
    content_type: str
    pieces: Callable[[Review, str], Iterator[str]]


_FOR_PEOPLE = partial(csv_pieces, spreadsheet=True)
_TABLE = "text/csv; charset=utf-8"
FORMS = {
    "ris": Form("RIS", "For EndNote, Zotero and ASReview.", "ris", "application/x-research-info-systems", ris_pieces),
    "spreadsheet": Form("Spreadsheet", "For people: one line a report and stage.", "csv", _TABLE, _FOR_PEOPLE),
    "csv": Form("CSV", "The same for programs, with no cell changed.", "csv", _TABLE, csv_pieces),
    "asreview": Form("ASReview", "Decisions so far as labels.", "csv", _TABLE, asreview_pieces),
    "prisma": Form("PRISMA2020", "The flow, for the R package.", "csv", _TABLE, prisma_pieces),
}


def form_named(name: str) -> Form:
    """The form of that name; an InputError where there is none."""
    if name not in FORMS:
        raise InputError(
            said(
                "Decisions cannot be handed out as %(name)r; choose one of %(forms)s.",
                name=name[:40],
                forms=", ".join(FORMS),
            )
        )
    return FORMS[name]
