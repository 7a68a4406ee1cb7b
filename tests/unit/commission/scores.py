"""Made-up scores: a fixed table from the lot, which R was given too, and tables of a known truth.

``python -m tests.unit.commission.scores FILE`` writes the fixed table for reliability_from_r.R.
"""

from __future__ import annotations

import csv
import sys

import numpy as np
from numpy.typing import NDArray

from whatworks.stats.lot import Lot, seed_of

Rows = list[tuple[str, str, float]]


def made_up() -> Rows:
    """83 scores of 24 applications by 9 assessors, two to five each."""
    lot = Lot(seed_of("0" * 64, ["made-up scores of applications"]))

    def chance() -> float:
        return sum(lot.below(10_000) for _ in range(12)) / 10_000 - 6

    worth, severe = [chance() * 8 for _ in range(24)], [chance() * 6 for _ in range(9)]
    return [
        (f"app{a + 1:02}", f"ass{j + 1}", round(60 + worth[a] + severe[j] + 7 * chance(), 1))
        for a in range(24)
        for j in lot.shuffled(range(9))[: 2 + lot.below(4)]
    ]


def chance_scores(*, applications: int, assessors: int, each: int, seed: int) -> tuple[Rows, NDArray[np.float64]]:
    """Scores of a known truth, and the severity of each assessor."""
    rng = np.random.default_rng(seed)
    worth, severe = rng.normal(60, 8, applications), rng.normal(0, 5, assessors)
    rows = [
        (f"a{i:02}", f"j{j:02}", float(worth[i] + severe[j] + rng.normal(0, 6)))
        for i in range(applications)
        for j in rng.choice(assessors, each, replace=False)
    ]
    return rows, severe


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("application", "assessor", "score"), *made_up()])
