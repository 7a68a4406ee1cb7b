"""How fast are exports read, beside other readers, and what does each of them lose?

    python benches/reading.py [RECORDS]

50,000 real references, each with a real abstract, are written as RIS and as BibTeX in the layout of reference managers.
Each reader takes each file in a process of its own. Printed: records and megabytes for each second of CPU time, the
ratio to the peer, peak memory, and how many of the records and tags that were written did not come out. A second table
does the same for odd exports of the kinds that databases make. Read the ratios: the same machine, the same minute.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

from tests.shared import SHARED

Fields = list[tuple[str, str]]
RECORDS = 50_000
RUNS = 3

TYPES = {"article": "JOUR", "inproceedings": "CPAPER", "incollection": "CHAP", "book": "BOOK", "phdthesis": "THES"}
RIS_TAGS = {
    "title": "TI", "author": "AU", "journal": "JO", "year": "PY", "volume": "VL", "number": "IS", "pages": "SP",
    "doi": "DO", "url": "UR", "language": "LA", "abstract": "AB", "keywords": "KW",
}  # fmt: skip


def references() -> Iterator[dict[str, str]]:
    """Real references from the sets with known duplicates, for ever."""
    csv.field_size_limit(10**9)
    rows: list[dict[str, str]] = []
    for path in sorted((SHARED / "dedup").glob("*/records_pre_merged.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            rows += [{name: " ".join(value.split()) for name, value in row.items()} for row in csv.DictReader(stream)]
    yield from cycle(rows)


def abstracts() -> Iterator[str]:
    """Real abstracts from the labelled sets, for ever."""
    found: list[str] = []
    for path in sorted((SHARED / "screening").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as stream:
            found += [text for row in csv.DictReader(stream) if (text := " ".join((row["abstract"] or "").split()))]
    yield from cycle(found)


def records(count: int) -> Iterator[tuple[str, str, Fields]]:
    """Type, key and fields of each record, repeated fields repeated."""
    for at, (row, abstract) in enumerate(islice(zip(references(), abstracts(), strict=False), count)):
        fields = [(name, row[name]) for name in RIS_TAGS if row.get(name) and name not in ("author", "abstract")]
        fields += [("author", name) for name in row["author"].split(" and ") if name.strip()]
        words = sorted({word for word in re.findall(r"[a-z]{8,}", abstract.lower())})[:5]
        yield row["ENTRYTYPE"], f"key{at}", [*fields, ("abstract", abstract), *(("keywords", word) for word in words)]


def as_ris(kind: str, key: str, fields: Fields) -> str:
    """The record as Zotero and most databases lay it out."""
    lines = [f"TY  - {TYPES.get(kind, 'GEN')}", f"ID  - {key}"]
    lines += [f"{RIS_TAGS[name]}  - {value}" for name, value in fields]
    return "\n".join([*lines, "ER  - \n\n"])


def as_bibtex(kind: str, key: str, fields: Fields) -> str:
    """The record as Zotero lays it out; capitals in braces and special characters escaped."""
    joined = {name: " and ".join(value for other, value in fields if other == name) for name, _ in fields}
    joined["keywords"] = joined["keywords"].replace(" and ", ", ") if "keywords" in joined else ""
    lines = [f"\t{name} = {{{_escaped(name, value)}}}," for name, value in joined.items() if value]
    return "\n".join([f"@{kind or 'misc'}{{{key},", *lines, "}\n\n"])


def _escaped(name: str, value: str) -> str:
    value = re.sub(r"[{}\\~^]", "", value)
    value = value if name in ("doi", "url") else re.sub(r"([%&$#_])", r"\\\1", value)
    return re.sub(r"\b([A-Z][A-Z]+)\b", r"{\1}", value) if name == "title" else value


# --- readers: from a file to (records, tags) -------------------------------------------------------------------------


def ours(path: Path) -> tuple[int, int]:
    """This house."""
    from whatworks.collate.sources import read

    count = tags = 0
    for record in read(path, partial=True):
        count += 1
        tags += len(record.tags) - (path.suffix == ".bib") * (len(record.tags) - len(_bib_fields(record.tags)))
    return count, tags


def _bib_fields(tags: tuple[tuple[str, str], ...]) -> list[str]:
    return [tag for tag, _ in tags]


def by_rispy(path: Path) -> tuple[int, int]:
    """rispy."""
    import rispy

    found = rispy.load(path, encoding="utf-8")
    tags = 0
    for record in found:
        for name, value in record.items():
            if name == "unknown_tag":
                tags += sum(map(len, value.values()))
            else:
                tags += len(value) if isinstance(value, list) else 1
    return len(found), tags


def by_bibtexparser(path: Path) -> tuple[int, int]:
    """bibtexparser."""
    import bibtexparser

    found = bibtexparser.parse_file(str(path), encoding="utf-8").entries
    return len(found), sum(len(entry.fields) for entry in found)
