"""Do smaller studies rank differently? The rank correlation test of Begg and Mazumdar (1994), Biometrics 50(4), 1088-1101.

Kendall's tau between the effects, standardised around the common-effect mean, and their variances. p is exact where no two
are equal, and from the normal distribution corrected for ties (Kendall 1970, Rank Correlation Methods, 4th ed.) where some
are, as in R's cor.test without continuity correction. Checked against metafor's ranktest (tests/oracles/test_bias.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from math import sqrt

import numpy as np

from whatworks.stats.intervals import two_sided_p
from whatworks.stats.results import Result
from whatworks.synthesise.methods.weighing import Floats, weigh

EXACT = 300  # beyond this many studies the exact distribution no longer differs in the digits anybody reads


@dataclass(frozen=True, slots=True)
class RankTest(Result):
    """tau: Kendall's rank correlation (tau-b) of effects and variances; p two-sided; None where it is not defined.

    exact: whether p is from the exact distribution.
    """

    tau: float | None
    p: float | None
    exact: bool


def rank_test(y: Floats, v: Floats) -> RankTest:
    """The test on k effects y with variances v; nothing for one study, or where all variances or effects are equal."""
    if y.size < 2:
        return RankTest(None, None, False)
    at = weigh(y, v)
    others, heaviest = at.total - at.weights, int(at.weights.argmax())
    others[heaviest] = np.delete(at.weights, heaviest).sum()  # the one difference that may lose its digits
    rest = v * others / at.total  # the variance of an effect's distance from the mean it is part of
    return kendall(at.distance / np.sqrt(rest), v)


def kendall(x: Floats, y: Floats) -> RankTest:
    """Kendall's tau-b of two columns with its two-sided p."""
    n = x.size
    pairs = n * (n - 1) // 2
    ties_x, ties_y = _ties(x), _ties(y)
    free_x, free_y = (pairs - int((t * (t - 1)).sum()) // 2 for t in (ties_x, ties_y))
    if not free_x or not free_y:
        return RankTest(None, None, False)
    score = _score(x, y)
    tau = score / sqrt(free_x * free_y)
    if free_x == pairs == free_y and n <= EXACT:
        return RankTest(tau, _exact_p((pairs - score) // 2, n), True)
    return RankTest(tau, float(two_sided_p(score / sqrt(_variance(n, ties_x, ties_y)))), False)


def _ties(x: Floats) -> np.ndarray:
    return np.unique(x, return_counts=True)[1].astype(np.int64)


def _score(x: Floats, y: Floats) -> int:
    """Concordant less discordant pairs: rows in order of x, each placed among the earlier ones' y."""
    order = np.lexsort((y, x))
    a, b = x[order].tolist(), y[order].tolist()
    seen: list[float] = []
    score, waiting = 0, 0  # rows equal in x wait until all of them are counted
    for row, value in enumerate(b):
        if row and a[row] != a[row - 1]:
            for held in b[waiting:row]:
                insort(seen, held)
            waiting = row
        score += bisect_left(seen, value) - (len(seen) - bisect_right(seen, value))
    return score


def _variance(n: int, ties_x: np.ndarray, ties_y: np.ndarray) -> float:
    """The variance of the score when ranks are independent, given the ties."""

    def fives(t: np.ndarray) -> int:
        return int((t * (t - 1) * (2 * t + 5)).sum())

    def threes(t: np.ndarray) -> int:
        return int((t * (t - 1) * (t - 2)).sum())

    def twos(t: np.ndarray) -> int:
        return int((t * (t - 1)).sum())

    variance = (n * (n - 1) * (2 * n + 5) - fives(ties_x) - fives(ties_y)) / 18
    variance += twos(ties_x) * twos(ties_y) / (2 * n * (n - 1))
    return variance + (threes(ties_x) * threes(ties_y) / (9 * n * (n - 1) * (n - 2)) if n > 2 else 0.0)


def _exact_p(discordant: int, n: int) -> float:
    """Twice the smaller tail of the number of discordant pairs in n rows in random order, at most 1."""
    fewer = min(discordant, n * (n - 1) // 2 - discordant)  # the distribution is symmetric
    chances = np.zeros(fewer + 1)
    chances[0] = 1.0
    for row in range(2, n + 1):  # the row-th value stands behind 0 to row - 1 of the earlier ones, all equally likely
        running = np.cumsum(chances)
        running[row:] -= running[:-row].copy()
        chances = running / row
    return min(1.0, 2 * float(chances.sum()))
