"""How long do the numbers of a call take: agreement, draws of ranks, the best set of 50 bids in six groups? CPU seconds.

    python benches/portfolio.py

Goal: the best set of 50 bids under a budget, 6 places and rules on six groups, with its price and what each rule costs, under 2 s.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from whatworks.commission.methods.portfolio import Bid, Limits, Quota, frequencies, portfolio
from whatworks.commission.methods.ranking import posterior
from whatworks.commission.methods.ratings import ratings_of
from whatworks.commission.methods.reliability import reliability

BIDS, ASSESSORS, EACH, GOAL = 50, 12, 4, 2.0


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """Run once, and print how long it took."""
    began = time.process_time()
    found = work()
    took = time.process_time() - began
    print(f"{name:52}{took:8.2f} s")
    return found, took


def main() -> int:
    """Print the times; exit status 1 where the goal is missed."""
    rng = np.random.default_rng(3)
    worth, severe = rng.normal(60, 8, BIDS), rng.normal(0, 5, ASSESSORS)
    rows = [
        (f"a{i:02}", f"j{j:02}", float(worth[i] + severe[j] + rng.normal(0, 9)))
        for i in range(BIDS)
        for j in rng.choice(ASSESSORS, EACH, replace=False)
    ]
    ratings = ratings_of(rows)
    timed("agreement with its profile interval", lambda: reliability(ratings))
    draws, _took = timed("4,000 draws of every worth", lambda: posterior(ratings, span=100.0))
    bids = [
        Bid(f"a{i:02}", float(draws[:, i].mean()), int(rng.integers(100, 700)) * 1000, {"group": "abcdef"[i % 6]})
        for i in range(BIDS)
    ]
    limits = Limits(2_400_000, 6, 6, tuple(Quota("group", value, int(value in "abc"), 2) for value in "abcdef"))
    _found, took = timed("the best set, its price, what each rule costs", lambda: portfolio(bids, limits))
    timed("how often each bid is chosen in 100 draws", lambda: frequencies(draws[::40], bids, limits))
    return 0 if took < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
