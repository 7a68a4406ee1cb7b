"""Decision files: what a review decided about each report, as files that other programs read.

RIS carries a decision where reference managers show it and ASReview looks for it: the label (LB), three custom fields
(C1 the stage, C2 the decision, C3 the reason) and a note (N1). EndNote shows all of them and searches and groups by
them; keywords are left to the databases. The table for ASReview has the column names that ASReview 3 reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from whatworks.collate.methods.records import Record
from whatworks.spreadsheets import cell

COLUMNS = (
    "id",
    "title",
    "authors",
    "year",
    "doi",
    "abstract",
    "stage",
    "decision",
    "reason",
    "opinions",
    "sampled",
    "wave",
)
ASREVIEW_COLUMNS = ("id", "title", "abstract", "authors", "keywords", "year", "doi", "url", "included")
DECISIONS = {
    "include": "Included",
    "exclude": "Excluded",
    "conflict": "In conflict",
    "open": "Not decided yet",
    "unscreened": "Not screened: left out when screening stopped",
    "unretrieved": "Full text not retrieved",
}
LABELS = {"include": 1, "exclude": 0}
NOTES = {"include": "ASReview_relevant", "exclude": "ASReview_irrelevant"}
NOT_SEEN = "ASReview_not_seen"
TAGS = ("LB", "C1", "C2", "C3")


@dataclass(frozen=True, slots=True)
class Decided:
    """Where one report stands at one stage: `record` is what is known of it, `decision` one of DECISIONS."""

    identifier: str
    record: Record
    stage: str
    decision: str
    reason: str = ""
    opinions: int = 0
    sampled: bool = False
    wave: str = ""


def row_of(one: Decided, *, spreadsheet: bool = False) -> list[str | int]:
    """A line under COLUMNS; for a spreadsheet no cell of it is run as a formula."""
    record = one.record
    cells: list[str | int] = [one.identifier, record.title, "; ".join(record.authors)]
    cells += ["" if record.year is None else record.year, record.doi, record.abstract, one.stage, one.decision]
    cells += [one.reason, one.opinions, "yes" if one.sampled else "no", one.wave]
    return [cell(value) for value in cells] if spreadsheet else cells


def asreview_row(one: Decided) -> list[str | int]:
    """A line under ASREVIEW_COLUMNS: 1 for what was included, 0 for what was excluded, nothing for the rest."""
    record = one.record
    words = [one.identifier, record.title, record.abstract, ";".join(record.authors), ";".join(record.keywords)]
    known: list[str | int] = ["" if record.year is None else record.year, record.doi, record.url]
    return [*words, *known, LABELS.get(one.decision, "")]


def ris_record(one: Decided) -> Record:
    """The record with its decision among its tags."""
    kept = [pair for pair in one.record.tags if pair[0] not in TAGS]
    said = [("LB", DECISIONS[one.decision]), ("C1", one.stage), ("C2", one.decision)]
    said += [("C3", one.reason)] if one.reason else []
    return replace(one.record, tags=(*kept, *said, ("N1", NOTES.get(one.decision, NOT_SEEN))))
