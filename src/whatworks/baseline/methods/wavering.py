"""How much does a place's number move from one year to the next when nothing has changed? Learned from all places together.

Counts of children move more than chance alone would have it. How many times as much is taken from how square roots of
counts moved between two years, over all places, after the change that all had in common.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import critical
from whatworks.stats.results import Result

LEAST = 10  # places: from fewer nothing can be learned of how all of them move


@dataclass(frozen=True, slots=True)
class Wavering(Result):
    """How counts move. times: how many times as much as by chance alone (1: no more); common: the change that all had in
    common, as a factor of rates; places: from how many it was learned."""

    times: float
    common: float
    places: int

    def span(
        self, count: float, population: float, *, per: float = 10_000.0, level: float = 0.95
    ) -> tuple[float, float]:
        """Between which rates the place's own rate lies, of which this year's count is one showing."""
        reach = critical(level) * np.sqrt(max(self.times, 1.0)) / 2
        low, high = max(np.sqrt(count) - reach, 0.0) ** 2, (np.sqrt(count) + reach) ** 2
        return float(low / population * per), float(high / population * per)


def wavering(
    before: ArrayLike, before_of: ArrayLike, now: ArrayLike, now_of: ArrayLike, *, share: float = 0.1
) -> Wavering:
    """How counts, (k,), of populations, (k,), moved between two years, the outer share of places at each end drawn in.

    Raises InputError for fewer than ten places, counts below 0 or populations not above it.
    """
    o1, n1, o2, n2 = (np.atleast_1d(np.asarray(column, dtype=float)) for column in (before, before_of, now, now_of))
    if not o1.shape == n1.shape == o2.shape == n2.shape or o1.ndim != 1 or o1.size < LEAST:
        raise InputError(
            said("Counts and populations of two years are needed, of %(least)s places at least.", least=LEAST)
        )
    if not ((o1 >= 0).all() and (o2 >= 0).all() and (n1 > 0).all() and (n2 > 0).all() and o1.sum() > 0):
        raise InputError(said("Counts must be 0 or more and populations above 0; leave out places without."))
    common = float((o2.sum() / n2.sum()) / (o1.sum() / n1.sum()))
    ratio = n2 / n1 * common
    # Var(2 sqrt(o2) - 2 sqrt(ratio o1)) is 1 + ratio by chance alone (the root steadies the variance of a count at 1/4)
    moved = 2 * (np.sqrt(o2) - np.sqrt(ratio * o1)) / np.sqrt(1 + ratio)
    low, high = np.quantile(moved, [share, 1 - share])
    drawn_in = float(np.mean(np.clip(moved, low, high) ** 2))
    return Wavering(drawn_in / _left(share), common, int(o1.size))


def _left(share: float) -> float:
    """What drawing in the outer `share` at each end leaves of the mean square of a normal deviate, so that it is made good.

    >>> round(_left(0.1), 4), _left(0.0)
    (0.6787, 1.0)
    """
    if share == 0:
        return 1.0
    edge = critical(1 - 2 * share)
    density = float(np.exp(-(edge**2) / 2) / np.sqrt(2 * np.pi))
    return 1 - 2 * share - 2 * edge * density + 2 * share * edge**2
