"""Runs in bib-dedupe's own environment: its documented steps on one core, its groups and "maybe" pairs as JSON.

python bib_dedupe_peer.py SET.csv RESULT.json
"""

from __future__ import annotations

import json
import sys
import time

import pandas
from bib_dedupe.bib_dedupe import block, cluster, match, prep


def main(table: str, result: str) -> None:
    """CPU seconds are of reading, preparing, blocking, matching and clustering; imports are left out."""
    begun = time.process_time()
    records = pandas.read_csv(table)
    matched = match(block(prep(records, cpu=1), cpu=1), cpu=1)
    groups = cluster(matched)
    spent = time.process_time() - begun
    maybe = matched[matched["duplicate_label"] == "maybe"] if len(matched) else matched
    pairs = maybe[["ID_1", "ID_2"]].values.tolist() if len(maybe) else []
    found = {"groups": [[int(one) for one in group] for group in groups], "asked": [[int(a), int(b)] for a, b in pairs]}
    with open(result, "w") as file:
        json.dump({**found, "cpu_seconds": spent}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
