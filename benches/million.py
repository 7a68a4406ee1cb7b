"""How does deduplication grow? Records made from real ones with realistic noise, ours alone, the whole command.

    python -m benches.million [N ...]        10,000, 100,000 and 1,000,000 by default (five minutes)

Wall and CPU time are of the whole command, start-up, reading and writing included; memory is of all its processes.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benches.matching.many import Many
from benches.matching.programs import NotMeasured
from benches.matching.scoring import Score, score
from benches.matching.watching import watched

USUAL = (10_000, 100_000, 1_000_000)
HEADS = (
    "records|wall s|CPU s|records/CPU s|peak MiB|precision|recall|lost|removed/removable|asked/1,000|same+ask".split(
        "|"
    )
)


def main(sizes: list[int]) -> None:
    """Print a row for each size."""
    print(" ".join(head.rjust(width(head)) for head in HEADS))
    for size in sizes:
        try:
            print(" ".join(cell.rjust(width(head)) for head, cell in zip(HEADS, measure(size), strict=True)))
        except NotMeasured as reason:
            print(f"{size:,} records: not measured: {reason}")


def width(head: str) -> int:
    """How wide the column under a head is."""
    return max(len(head), 10)


def measure(size: int) -> list[str]:
    """The cells of one row."""
    with tempfile.TemporaryDirectory(prefix="bench-million-") as folder:
        table, out, pairs = (Path(folder) / name for name in ("many.csv", "out.csv", "pairs.csv"))
        many = Many(size)
        many.write(table)
        call = [
            sys.executable,
            "-m",
            "whatworks",
            "dedupe",
            str(table),
            "--out",
            str(out),
            "--pairs",
            str(pairs),
            "--json",
        ]
        ran = watched(call)
        json.loads(ran.printed)
        got = score(many.works, list(groups(out, size)), asked(pairs))
    return [
        f"{size:,}",
        f"{ran.wall_seconds:.1f}",
        f"{ran.cpu_seconds:.1f}",
        f"{size / ran.cpu_seconds:,.0f}",
        f"{ran.peak / 2**20:,.0f}",
        *said(got),
    ]


def said(got: Score) -> list[str]:
    """The cells that say how right it was."""
    return [
        f"{got.precision:.4f}",
        f"{got.recall:.4f}",
        f"{got.lost}",
        f"{got.removed:,}/{got.removable:,}",
        f"{got.asked_per_1000:.1f}",
        f"{got.found_or_asked:.4f}",
    ]


def groups(out: Path, size: int) -> Iterator[str]:
    """The cluster of each record, in the order of their numbers."""
    found = [""] * size
    with out.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[int(row["ID"])] = row["cluster_id"]
    yield from found


def asked(pairs: Path) -> Iterator[tuple[int, int]]:
    """The pairs put to a person."""
    with pairs.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["decision"] == "ask":
                yield int(row["id_a"]), int(row["id_b"])


if __name__ == "__main__":
    main([int(size.replace(",", "")) for size in sys.argv[1:]] or list(USUAL))
