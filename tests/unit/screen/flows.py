"""Flows for tests: the care-leavers review as its authors published it, and a small one held here."""

from __future__ import annotations

import csv

from tests.shared import SHARED
from whatworks.screen.methods.prisma import Flow, Tally, build_flow, read_prisma2020

HELD = [
    Tally("database_results", "PsycINFO via Ovid", 742),
    Tally("database_results", "ERIC via ProQuest", 132),
    Tally("duplicates", "", 74),
    Tally("records_screened", "", 800),
    Tally("records_excluded", "", 700),
    Tally("dbr_sought_reports", "", 100),
    Tally("dbr_notretrieved_reports", "", 10),
    Tally("dbr_assessed", "", 90),
    Tally("dbr_excluded", "Wrong population", 50),
    Tally("dbr_excluded", "No comparison group", 33),
    Tally("new_studies", "", 5),
    Tally("new_reports", "", 7),
]


def care_leavers() -> list[Tally]:
    """The published counts of the care-leavers review."""
    path = SHARED / "evidence" / "care_leavers" / "prisma_flow.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return read_prisma2020(csv.DictReader(stream))


def held(**changes: int | None) -> Flow:
    """The small flow with these items' whole counts changed, or taken away with None."""
    kept = [tally for tally in HELD if tally.item not in changes]
    return build_flow(held=[*kept, *(Tally(item, "", n) for item, n in changes.items() if n is not None)])
