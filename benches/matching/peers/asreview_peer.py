"""Runs in the environment of asreview-datatools: its default deduplication; which records it keeps, as JSON.

    python asreview_peer.py SET.ris RESULT.json

It removes records whose DOI or whose whole text it has seen before, and does not say of which record they are copies.
"""

from __future__ import annotations

import json
import sys
import time

from asreview import ASReviewData
from asreviewcontrib.datatools.dedup import deduplicate_data


def main(table: str, result: str) -> None:
    """CPU seconds are of reading and deduplicating; imports are left out."""
    begun = time.process_time()
    data = ASReviewData.from_file(table)
    deduplicate_data(data)
    spent = time.process_time() - begun
    with open(result, "w") as file:
        json.dump({"kept": [int(one) for one in data.df["id"]], "cpu_seconds": spent}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
