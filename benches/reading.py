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
        words = sorted(set(re.findall(r"[a-z]{8,}", abstract.lower())))[:5]
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


# --- readers: from a file to what came out ---------------------------------------------------------------------------


def ours(path: Path) -> list[set[str]]:
    """This house: the values of each record."""
    from whatworks.collate.sources import read

    return [{value for _, value in record.tags} for record in read(path, partial=True)]


def by_rispy(path: Path) -> list[set[str]]:
    """rispy."""
    import rispy

    return [set(_values(record)) for record in rispy.load(path, encoding="utf-8")]


def by_bibtexparser(path: Path) -> list[set[str]]:
    """bibtexparser."""
    import bibtexparser

    entries = bibtexparser.parse_file(str(path), encoding="utf-8").entries
    return [{entry.key, *(str(field.value) for field in entry.fields)} for entry in entries]


def _values(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from _values(one)
    else:
        yield str(found)


def read_only(name: str, path: Path) -> int:
    """How many records a reader gives; nothing else is done with them, so that only reading is timed."""
    if name == "rispy":
        import rispy

        return len(rispy.load(path, encoding="utf-8"))
    if name == "bibtexparser":
        import bibtexparser

        return len(bibtexparser.parse_file(str(path), encoding="utf-8").entries)
    from whatworks.collate.sources import read

    return sum(1 for _ in read(path, partial=True))


READERS: dict[str, Callable[[Path], list[set[str]]]] = {
    "whatworks": ours, "rispy": by_rispy, "bibtexparser": by_bibtexparser,
}  # fmt: skip


# --- one measurement, in a process of its own ------------------------------------------------------------------------


def measure(name: str, path: Path) -> dict[str, float]:
    """Records, CPU seconds and peak MiB of one reader on one file."""
    read_only(name, path.with_name(f"warm{path.suffix}"))  # imports and first compilations are not reading
    begun = time.process_time()
    count = read_only(name, path)
    seconds = time.process_time() - begun
    return {"records": count, "seconds": seconds, "peak": _peak()}


def _peak() -> float:
    """The most memory that this process had, in MiB. `getrusage` would also count its parent's at the time of the fork."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text()) if Path("/proc").is_dir() else None
    kilobytes = int(found.group(1)) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024


def measured(name: str, path: Path) -> dict[str, float]:
    """The quickest of RUNS measurements: what slows a reader down is other work on the machine."""
    command = [sys.executable, "-m", "benches.reading", "--one", name, str(path)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(RUNS)]
    return min(runs, key=lambda run: run["seconds"])


def lost(name: str, path: Path, written: list[set[str]]) -> tuple[int, int]:
    """How many of the written records, and of the values of those that are there, did not come out."""
    given = READERS[name](path)
    records = max(len(written) - len(given), 0)
    if records:
        return records, 0
    return 0, sum(len(one - found) for one, found in zip(written, given, strict=False))


def table(path: Path, written: list[set[str]], peer: str) -> None:
    """Print the rows of one file."""
    size = path.stat().st_size / 1e6
    print(f"{path.suffix[1:].upper()}: {len(written):,} records, {size:.0f} MB")
    print(
        "".ljust(14),
        *(head.rjust(12) for head in ("records/s", "MB/s", "ratio", "peak MiB", "lost rec.", "lost values")),
    )
    names = ["whatworks", *([peer] if importlib.util.find_spec(peer) else [])]
    found = {name: measured(name, path) for name in names}
    base = found.get(peer, found["whatworks"])["seconds"]
    for name, one in found.items():
        gone = lost(name, path, written)
        numbers = (
            f"{len(written) / one['seconds']:,.0f}",
            f"{size / one['seconds']:,.0f}",
            f"{base / one['seconds']:.2f}",
        )
        print(name.ljust(14), *(cell.rjust(12) for cell in (*numbers, f"{one['peak']:,.0f}", *map(str, gone))))
    if peer not in found:
        print(peer.ljust(14), "not installed".rjust(12))


ODD = {
    "one space before the dash": lambda text: text.replace("  - ", " - "),
    "no space before the dash": lambda text: text.replace("  - ", "- "),
    "small letters": lambda text: re.sub(r"(?m)^[A-Z][A-Z0-9](?=  -)", lambda tag: tag.group().lower(), text),
    "indented": lambda text: re.sub(r"(?m)^(?=\S)", "   ", text),
    "no end lines": lambda text: text.replace("ER  - \n", ""),
    "old line ends (CR)": lambda text: text.replace("\n", "\r"),
    "UTF-16": lambda text: text,
    "an unknown tag in each": lambda text: text.replace("\nER  - ", "\nZZ  - kept\nER  - "),
}


def odd_table(folder: Path) -> None:
    """Print how many records come out of odd files."""
    chosen = list(records(100))
    text = "".join(as_ris(*one) for one in chosen)
    peer = importlib.util.find_spec("rispy") is not None
    print("\nrecords out of 100".ljust(33), "whatworks".rjust(12), "rispy".rjust(12))
    for name, mangle in ODD.items():
        path = folder / "odd.ris"
        path.write_bytes(mangle(text).encode("utf-16" if name == "UTF-16" else "utf-8"))
        print(name.ljust(32), str(len(ours(path))).rjust(12), (_or_error(path) if peer else "not installed").rjust(12))


def _or_error(path: Path) -> str:
    try:
        return str(len(by_rispy(path)))
    except Exception as fault:
        return type(fault).__name__


def main() -> None:
    """Print the tables."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for ending, lay_out, peer in ((".ris", as_ris, "rispy"), (".bib", as_bibtex, "bibtexparser")):
            (folder / f"warm{ending}").write_text("".join(lay_out(*one) for one in records(50)), encoding="utf-8")
            path, written = folder / f"export{ending}", []
            with path.open("w", encoding="utf-8") as stream:
                for one in records(count):
                    stream.write(lay_out(*one))
                    written.append(_written(ending, one))
            table(path, written, peer)
        odd_table(folder)


def _written(ending: str, one: tuple[str, str, Fields]) -> set[str]:
    kind, key, fields = one
    if ending == ".ris":
        return {TYPES.get(kind, "GEN"), key, *(value for _, value in fields)}
    lines = as_bibtex(kind, key, fields).split("\n")[1:-3]
    return {key, *(line.partition("{")[2][:-2] for line in lines)}


if __name__ == "__main__":
    main()
