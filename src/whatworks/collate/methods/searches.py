"""Searches: whether all that a platform reported was read, what a rerun brought and lost, and the PRISMA-S log.

PRISMA-S is the reporting checklist for searches of Rethlefsen and others 2021, doi 10.1186/s13643-020-01542-z; its
sixteen items are named here by their numbers and short names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whatworks.collate.methods.likeness import fold
from whatworks.collate.methods.records import Record
from whatworks.saying import said
from whatworks.spreadsheets import cell

LOG_COLUMNS = (
    "Source",  # items 1, 3 to 7: a database, a register, a website, citations, people asked, or another way
    "Kind of source",
    "Platform",  # item 1, and item 2 where several databases share one
    "Strategy",
    "Date of search",  # item 13
    "Search as run",  # item 8
    "Limits and restrictions",  # item 9
    "Search filters",  # item 10
    "Peer review",  # item 14
    "Rerun of an earlier search",  # item 12
    "Hits reported",  # item 15
    "Records read",
    "Unreadable records",
    "Explanation of the difference",
    "Files",
    "Address",
)
"""The columns of the log: one row for each time that a search was run."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one run of a search gave: hits as the platform reported them (None: not noted), record starts and records
    read in the files that came of it, and how many files those were."""

    hits: int | None
    starts: int
    records: int
    files: int

    @property
    def difference(self) -> int | None:
        """Record starts less hits; None where there is nothing to compare. Unreadable records arrived, so they count."""
        return None if self.hits is None or not self.files else self.starts - self.hits

    @property
    def words(self) -> str:
        """One sentence for people."""
        if not self.files and self.hits == 0:
            return said("The search found nothing.")
        if not self.files:
            return said("No file of this search has been brought in yet.")
        if self.hits is None:
            return said(
                "%(records)s arrived. How many hits the platform reported is not noted.", records=_records(self.starts)
            )
        if not self.difference:
            return (
                said("All %(hits)s hits arrived.", hits=f"{self.hits:,}")
                if self.hits != 1
                else said("The one hit arrived.")
            )
        how = said("fewer") if self.difference < 0 else said("more")
        return said(
            "%(records)s arrived where the platform reported %(hits)s hits: %(difference)s %(how)s.",
            records=_records(self.starts),
            hits=f"{self.hits:,}",
            difference=f"{abs(self.difference):,}",
            how=how,
        )


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a rerun brought and lost: positions in the later list that are new, in the earlier list that are gone, and
    how many are in both."""

    new: tuple[int, ...]
    gone: tuple[int, ...]
    kept: int

    @property
    def words(self) -> str:
        """One sentence for people."""
        return f"{len(self.new):,} new, {len(self.gone):,} gone, {self.kept:,} as before."


def name_of(record: Record) -> str:
    """What one source calls a record, by which it is known again in a later search of the same source.

    Its own accession number where there is one, else the DOI, else title and year without what changes (capitals,
    signs). Empty where the record says none of these.
    """
    number = record.first("AN", "openalex:id", "nbib:PMID", "pubmed:PMID")
    if number:
        return f"number {number.casefold()}"
    if record.doi:
        return f"doi {record.doi}"
    title = fold(record.title)
    return f"title {title} {record.year or ''}".rstrip() if title else ""


def changes(before: Sequence[str], after: Sequence[str]) -> Change:
    """What is new and what has gone between two lists of names; a name that is twice in a list counts once.

    What has no name cannot be known again: it counts as new, and never as gone.
    """
    held, now = {name for name in before if name}, {name for name in after if name}
    return Change(
        new=_firsts(after, held, unnamed=True),
        gone=_firsts(before, now, unnamed=False),
        kept=len(held & now),
    )


def _firsts(names: Sequence[str], others: set[str], *, unnamed: bool) -> tuple[int, ...]:
    seen: set[str] = set()
    found = []
    for at, name in enumerate(names):
        if not name:
            if unnamed:
                found.append(at)
        elif name not in others and name not in seen:
            seen.add(name)
            found.append(at)
    return tuple(found)


def log_csv(rows: Iterable[dict[str, str]]) -> str:
    """The search log as a table under LOG_COLUMNS. What a spreadsheet would take for a formula is kept as text."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(LOG_COLUMNS)
    for row in rows:
        table.writerow([cell(row[column]) for column in LOG_COLUMNS])
    return out.getvalue()
