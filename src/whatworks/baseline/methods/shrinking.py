"""What is the rate of a small place? Its own few counts say little, so they are drawn towards the rate of all.

For small counts only: with the yearly counts of a whole authority the drawing in gains nothing, and hides what happened.
Source: Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40(2),
283-294 (the global estimator); the interval is that of the gamma distribution with the same mean and variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result

SMALL = 20  # expected count below which a place's own rate says little


@dataclass(frozen=True, slots=True)
class Shrunk(Result):
    """A place's rate as counted, drawn towards that of all, and how much of it is its own (weight, from 0 to 1); low and
    high: where its rate lies with 95 per cent, None where places do not differ by more than chance."""

    area: str
    raw: float
    value: float
    weight: float
    low: float | None
    high: float | None


def shrunk(
    observed: ArrayLike, population: ArrayLike, areas: Sequence[str], *, per: float = 10_000.0
) -> tuple[Shrunk, ...]:
    """Rates per `per` of places, drawn towards the rate of all by how little their counts, (k,), say.

    Raises InputError for counts below 0, populations not above it, or fewer than two places.
    """
    o, n = (np.atleast_1d(np.asarray(column, dtype=float)) for column in (observed, population))
    if o.shape != n.shape or o.ndim != 1 or o.size != len(areas) or o.size < 2:
        raise InputError(
            said(
                "There must be a population and a name for each of two counts or more: %(size)s, %(n_size)s.",
                size=o.size,
                n_size=n.size,
            )
        )
    if not (np.isfinite(o).all() and (o >= 0).all() and np.isfinite(n).all() and (n > 0).all()):
        raise InputError(said("Counts must be 0 or more and populations above 0; leave out places without."))
    rates = o / n
    mean = float(o.sum() / n.sum())
    between = float((n * (rates - mean) ** 2).sum() / n.sum() - mean * n.size / n.sum())
    if between <= 0 or mean <= 0:
        return tuple(
            Shrunk(name, raw, mean * per, 0.0, None, None)
            for name, raw in zip(areas, (rates * per).tolist(), strict=True)
        )
    weight = between / (between + mean / n)
    shape, rate = mean**2 / between + o, mean / between + n
    low, high = (gammaincinv(shape, level) / rate * per for level in (0.025, 0.975))
    drawn = (mean + weight * (rates - mean)) * per
    columns = (column.tolist() for column in (rates * per, drawn, weight, low, high))
    return tuple(Shrunk(*row) for row in zip(areas, *columns, strict=True))
