"""The book of cases: records side by side, what should come of them, and why. All works, bodies and people are made up.

A case gives its `first` record in full. The others stand in `but` as changes to it (an empty value takes a field away)
or in `then` in full. `outcome` holds for every pair of them; "not same" stands for "ask or linked or apart".
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whatworks.collate.methods.records import Record

CASES = Path(__file__).with_name("cases")
CAME = ("same", "ask", "linked", "apart")
TAGS = {
    "type": "TY",
    "title": "TI",
    "authors": "AU",
    "year": "PY",
    "journal": "JO",
    "booktitle": "T2",
    "series": "T3",
    "volume": "VL",
    "issue": "IS",
    "number": "IS",
    "pages": "SP",
    "doi": "DO",
    "isbn": "SN",
    "issn": "SN",
    "publisher": "PB",
    "place": "CY",
    "edition": "ET",
    "url": "UR",
    "abstract": "AB",
}
"""The fields of a case, and the RIS tag under which an export would give each."""

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Some records, what may come of each pair of them, and one sentence that says why."""

    theme: str
    identifier: str
    why: str
    outcome: str
    fields: tuple[Fields, ...]

    @property
    def allowed(self) -> frozenset[str]:
        """Which outcomes are right."""
        words = "ask or linked or apart" if self.outcome == "not same" else self.outcome
        return frozenset(words.split(" or "))

    @property
    def records(self) -> list[Record]:
        """The records as a RIS export would give them."""
        return [as_record(fields, position) for position, fields in enumerate(self.fields, 1)]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every two of the records by their numbers, the smaller first."""
        return list(itertools.combinations(range(len(self.fields)), 2))


def as_record(fields: Fields, position: int = 1) -> Record:
    """One record of a case; several authors are parted by semicolons."""
    tags = []
    for name, value in fields.items():
        values = str(value).split(";") if name == "authors" else [str(value)]
        tags += [(TAGS[name], one.strip()) for one in values if one.strip()]
    return Record(position, position, tuple(tags))


def themes() -> list[str]:
    """The names of the files of cases."""
    return sorted(path.stem for path in CASES.glob("*.toml"))


def opening(theme: str) -> str:
    """The sentence with which a file of cases begins."""
    return (CASES / f"{theme}.toml").read_text("utf-8").splitlines()[0].lstrip("# ")


def cases(theme: str) -> Iterator[Case]:
    """The cases of one file, in their order."""
    for entry in tomllib.loads((CASES / f"{theme}.toml").read_text("utf-8"))["case"]:
        others = [{**entry["first"], **change} for change in entry.get("but", [])] + entry.get("then", [])
        yield Case(theme, entry["id"], entry["why"], entry["outcome"], (entry["first"], *others))


def book() -> list[Case]:
    """Every case of every file."""
    return [case for theme in themes() for case in cases(theme)]
