"""How sources, imports, records and reports look as plain files: the records' tags as RIS, one file an import."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from whatworks.collate.merging import work_out_all
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import (
    Document,
    FieldChoice,
    Import,
    MatchDecision,
    MatchPolicy,
    MatchProposal,
    NoticeHit,
    OthersDecision,
    Record,
    Report,
    RetractionNotice,
    SearchRun,
    Source,
    Strategy,
)
from whatworks.collate.sources import read_stream, write_ris
from whatworks.errors import InputError
from whatworks.ledger.packs import Table
from whatworks.saying import said

FOLDER = "collate/imports"


class RecordTable(Table):
    """Records: their place in a CSV, their tags in the RIS file of their import."""

    def files(self, profile: str) -> Iterator[tuple[str, str]]:
        """The CSV and a RIS file for each import."""
        yield from super().files(profile)
        for origin in Import.objects.order_by("pk"):
            rows = origin.rows.order_by("position")
            records = [ReadRecord(row.position, row.line, tuple(map(tuple, row.tags))) for row in rows]
            if records:
                yield f"{FOLDER}/{origin.pk}.ris", "".join(write_ris(records))

    def load(self, files: dict[str, str]) -> list[Record]:
        """The records with their tags, matched by their order; an InputError when a RIS file has more or fewer."""
        rows = super().load(files)
        by_origin: dict[str, list[Record]] = {}
        for row in sorted(rows, key=lambda row: row.position):
            by_origin.setdefault(row.origin_id, []).append(row)
        for origin, of in by_origin.items():
            tags = _tags(files, origin)
            if len(tags) != len(of):
                raise InputError(
                    said(
                        "%(folder)s/%(origin)s.ris has %(count)s records where %(path)s has %(held)s.",
                        folder=FOLDER,
                        origin=origin,
                        count=len(tags),
                        path=self.path,
                        held=len(of),
                    )
                )
            for row, held in zip(of, tags, strict=True):
                row.tags = held
        return rows


class ReportTable(Table):
    """Reports as they speak for themselves: what merges make of them follows from the decisions."""

    def _rows(self, fields: list[Any]) -> Iterator[tuple[Any, ...]]:
        for row in Report.objects.order_by().iterator(2000):
            said = row.alone()
            if "retracted_on" in row.chosen:  # borrowed from one of those it speaks for
                said |= {"retracted_on": None, "retraction_url": ""}
            yield tuple(said.get(field.name, getattr(row, field.attname)) for field in fields)


class DecisionTable(Table):
    """Decisions of people. The last of the tables about matches: with it all that follows is worked out."""

    def save(self, new: list[Any]) -> None:
        """Add the decisions, then work out who speaks for whom."""
        super().save(new)
        work_out_all()


def _tags(files: dict[str, str], origin: str) -> list[list[list[str]]]:
    path = f"{FOLDER}/{origin}.ris"
    if path not in files:
        raise InputError(
            said("%(path)s is missing; the records of %(origin)s have their tags there.", path=path, origin=origin)
        )
    stream = io.BytesIO(files[path].encode())
    return [[list(pair) for pair in record.tags] for record in read_stream(stream, path=path)]


TABLES = [
    Table(Source, "collate/sources.csv"),
    Table(Strategy, "collate/strategies.csv"),
    Table(SearchRun, "collate/search_runs.csv"),
    Table(Import, "collate/imports.csv"),
    ReportTable(Report, "collate/reports.csv", omit=("origin", "merged_into", "own", "chosen")),
    RecordTable(Record, "collate/records.csv", omit=("tags",)),
    Table(OthersDecision, "collate/others_decisions.csv"),
    Table(MatchProposal, "collate/match_proposals.csv", omit=("waits",)),
    Table(MatchPolicy, "collate/match_policies.csv"),
    Table(FieldChoice, "collate/field_choices.csv"),
    DecisionTable(MatchDecision, "collate/match_decisions.csv"),
    Table(Document, "collate/documents.csv", closed=True),
    Table(RetractionNotice, "collate/retraction_notices.csv"),
    Table(NoticeHit, "collate/notice_hits.csv"),
]
