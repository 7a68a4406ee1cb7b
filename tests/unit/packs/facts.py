"""Reads the packs and the shared facts that they were written from, as rows."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from tests.shared import SHARED
from whatworks.archive.layout import tables
from whatworks.ledger.packs import Table

ROOT = Path(__file__).resolve().parents[3]
PACK = ROOT / "packs" / "childrens-social-care"
ROAD = ROOT / "tests" / "packs" / "road-safety"
EVIDENCE = SHARED / "evidence"
Rows = list[dict[str, str]]


@cache
def held(path: str, pack: Path = PACK) -> Rows:
    """The rows of one file of a pack."""
    with (pack / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def shared(path: str) -> Rows:
    """The rows of one shared file."""
    with (EVIDENCE / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def identifier(path: str, name: str, value: str) -> str:
    """The identifier of the one row with this value."""
    (row,) = (row for row in held(path) if row[name] == value)
    return row["id"]


def files_of(pack: Path) -> dict[str, str]:
    """Every file of a pack by its path."""
    return {path.relative_to(pack).as_posix(): path.read_text("utf-8") for path in pack.rglob("*") if path.is_file()}


def present(pack: Path) -> list[Table]:
    """The tables that a pack holds."""
    return [table for table in tables() if (pack / table.path).exists()]
