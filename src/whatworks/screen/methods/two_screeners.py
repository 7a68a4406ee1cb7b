"""The arithmetic of a table of two screeners: kappa, AC1, PABAK and specific agreement, with their standard errors.

A table is four counts: both include, only the first does, only the second does, neither does. Functions take one table
or many (the last axis has the four counts). What cannot be computed is NaN here and becomes None in results.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from whatworks.stats.intervals import critical
from whatworks.stats.results import Result

Floats = NDArray[np.float64]
FIRST = np.array([1.0, 1.0, 0.0, 0.0])  # which cells the first screener's includes are in
SECOND = np.array([1.0, 0.0, 1.0, 0.0])
SAME = np.array([1.0, 0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Estimate(Result):
    """A number with its standard error and limits; None where it cannot be known."""

    value: float | None
    se: float | None
    low: float | None
    high: float | None


UNKNOWN = Estimate(None, None, None, None)


def _shares(tables: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        shares: Floats = tables / tables.sum(axis=-1, keepdims=True)
    return shares


def one_sided(tables: Floats) -> NDArray[np.bool_]:
    """Whether one of the two used a single category throughout: agreement beyond chance has no meaning then."""
    n = tables.sum(axis=-1)
    first, second = tables @ FIRST, tables @ SECOND
    single: NDArray[np.bool_] = (first == 0) | (first == n) | (second == 0) | (second == n)
    return single


def kappa(tables: Floats) -> Floats:
    """Cohen's kappa (1960): agreement beyond what the two screeners' own shares would give by chance."""
    p = _shares(tables)
    r, c = p @ FIRST, p @ SECOND
    chance = r * c + (1 - r) * (1 - c)
    with np.errstate(invalid="ignore", divide="ignore"):
        value: Floats = np.where(one_sided(tables), np.nan, (p @ SAME - chance) / (1 - chance))
    return value


def kappa_influence(table: Floats) -> Floats:
    """How a record in each of the four cells moves kappa. The mean square is n times its large-sample variance.

    The same number as the formula of Fleiss, Cohen and Everitt (1969), in the form that adds up over several pairs.
    """
    p = _shares(table)
    r, c, same = p @ FIRST, p @ SECOND, p @ SAME
    chance = r * c + (1 - r) * (1 - c)
    shift = np.where(FIRST == 1, c, 1 - c) + np.where(SECOND == 1, r, 1 - r) - 2 * chance
    moved: Floats = ((SAME - same) * (1 - chance) - (1 - same) * shift) / (1 - chance) ** 2
    return moved


def ac1(tables: Floats) -> Floats:
    """Gwet's AC1 (2008): chance agreement from the mean share, at most a half, so that it holds where includes are rare."""
    p = _shares(tables)
    share = (p @ FIRST + p @ SECOND) / 2
    chance = 2 * share * (1 - share)
    value: Floats = (p @ SAME - chance) / (1 - chance)
    return value


def ac1_influence(table: Floats) -> Floats:
    """How a record in each cell moves AC1: the linear terms of Gwet (2008)."""
    p = _shares(table)
    share, same = (p @ FIRST + p @ SECOND) / 2, p @ SAME
    chance = 2 * share * (1 - share)
    shift = 2 * (1 - 2 * share) * ((FIRST + SECOND) / 2 - share)
    moved: Floats = ((SAME - same) * (1 - chance) - (1 - same) * shift) / (1 - chance) ** 2
    return moved


def around(value: float, variance: float, level: float) -> Estimate:
    """The value with its normal interval, kept within -1 and 1."""
    if not isfinite(value) or not isfinite(variance):
        return UNKNOWN
    se = sqrt(max(variance, 0.0))
    reach = critical(level) * se
    return Estimate(value, se, max(-1.0, value - reach), min(1.0, value + reach))


def wilson(share: float, n: float, level: float) -> Estimate:
    """A proportion with Wilson's interval (1927), which stays sound near 0 and 1."""
    if n <= 0:
        return UNKNOWN
    z2 = critical(level) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    # Rounding must not cut off the value itself at 0 and 1.
    return Estimate(share, sqrt(share * (1 - share) / n), min(low, share), max(high, share))


def specific(agreed: float, apart: float, scale: float, level: float) -> Estimate:
    """Specific agreement 2a / (2a + b + c): if one screener chose the category, how likely the other did too.

    A rising function 2x / (1 + x) of the plain proportion x = a / (a + b + c), whose Wilson limits it carries over.
    scale: records per judgement pair, below one where records were judged by more than two.
    """
    n = agreed + apart
    if n == 0:
        return UNKNOWN
    plain = wilson(agreed / n, n * scale, level)

    def carried(x: float | None) -> float:
        return 2 * (x or 0.0) / (1 + (x or 0.0))

    slope = 2 / (1 + agreed / n) ** 2
    return Estimate(carried(plain.value), slope * (plain.se or 0.0), carried(plain.low), carried(plain.high))


def missed_alone(both: float, apart: float, scale: float, level: float) -> Estimate:
    """Of the records that at least one of two screeners included: the share that a single one would have left out.

    The mean over which of the two it is, (b + c) / 2 / (a + b + c). What both missed is in neither number.
    """
    n = both + apart
    if n == 0:
        return UNKNOWN
    plain = wilson(apart / n, n * scale, level)
    value, se, low, high = (None if x is None else x / 2 for x in (plain.value, plain.se, plain.low, plain.high))
    return Estimate(value, se, low, high)
