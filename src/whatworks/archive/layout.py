"""Which files a pack has, and in which order they are read: rooms from the bottom up."""

from __future__ import annotations

import re
from importlib import import_module

from whatworks.archive.reading import MANIFEST
from whatworks.ledger.packs import Table, tables_of

# Ledger last: artefacts and lineage point at the subjects of every room.
ROOMS = (
    "people",
    "scope",
    "contact",
    "collate",
    "baseline",
    "screen",
    "extract",
    "synthesise",
    "rate",
    "trial",
    "publish",
    "commission",
    "convene",
    "implement",
    "decide",
    "learn",
    "archive",
    "ledger",
)
EVENTS = "ledger/events.jsonl"
# README.md, ATTRIBUTION.md and the manifest: kept as written.
DOCUMENTS = re.compile(rf"^([A-Z][A-Z-]*\.md|{re.escape(MANIFEST)})$")


def tables() -> list[Table]:
    """Every table of every room, in the order in which they can be read."""
    return tables_of(import_module(f"whatworks.{room}.pack") for room in ROOMS)
