"""Sets of records with their truth: the shared ones, and what a set is written to for programs that read files."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.shared import SHARED

FIELDS = "title author year journal booktitle volume number pages doi abstract ENTRYTYPE".split()
SHARED_SETS = ("cytology_screening", "haematology", "respiratory", "stroke", "exp_mis_baseline")
Row = dict[str, str]
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Records and, beside each, the number of the work that it describes: two records of one number are one work."""

    name: str
    rows: Sequence[Row]
    works: Sequence[int]

    def write(self, path: Path) -> None:
        """As CSV with the columns that every program here reads; the ID is the record's number from 0."""
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, ["ID", *FIELDS], extrasaction="ignore", restval="")
            out.writeheader()
            out.writerows({**row, "ID": number} for number, row in enumerate(self.rows))

    def write_ris(self, path: Path) -> None:
        """As RIS, for programs that read nothing else."""
        with path.open("w", encoding="utf-8") as file:
            for number, row in enumerate(self.rows):
                file.writelines(f"{tag}  - {value}\n" for tag, value in tags_of(row, number))
                file.write("ER  - \n")


def shared(name: str) -> Labelled:
    """One of the shared sets; records that no group names are works of their own."""
    folder = SHARED / "dedup" / name
    with (folder / "records_pre_merged.csv").open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    at = {row["ID"]: number for number, row in enumerate(rows)}
    works = list(range(len(rows)))
    with (folder / "merged_record_ids.csv").open(encoding="utf-8", newline="") as file:
        for group in csv.DictReader(file):
            members = [at[one] for part in group["merged_ids"].split(";") if (one := part.strip()) in at]
            for member in members:
                works[member] = works[members[0]]
    return Labelled(name, [{field: row.get(field) or "" for field in FIELDS} for row in rows], works)


def all_shared() -> list[Labelled]:
    """The five shared sets."""
    return [shared(name) for name in SHARED_SETS]


def shuffled(name: str, rows: Iterable[tuple[Row, int]], seed: int) -> Labelled:
    """A set out of rows and their works, in an order that tells nothing."""
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    return Labelled(name, [row for row, _ in mixed], [work for _, work in mixed])


RIS_TYPES = {"article": "JOUR", "techreport": "RPRT", "phdthesis": "THES", "book": "BOOK", "incollection": "CHAP"}
RIS_TYPES |= {"inproceedings": "CPAPER", "unpublished": "UNPB"}
_RIS_TAGS = {"title": "TI", "year": "PY", "journal": "JO", "booktitle": "T2", "volume": "VL", "number": "IS"}
_RIS_TAGS |= {"pages": "SP", "doi": "DO", "abstract": "AB"}


def tags_of(row: Row, number: int) -> Iterator[tuple[str, str]]:
    """The record as RIS tags."""
    yield "TY", RIS_TYPES.get(row.get("ENTRYTYPE", ""), "GEN")
    yield "ID", str(number)
    for author in filter(None, row.get("author", "").split(" and ")):
        yield "AU", author
    for field, tag in _RIS_TAGS.items():
        if value := " ".join(row.get(field, "").split()):
            first, dash, last = value.partition("-")
            if field == "pages" and dash:
                yield "SP", first
                yield "EP", last
            else:
                yield tag, value
