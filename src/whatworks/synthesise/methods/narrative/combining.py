"""Five ways to make one p value of many. Pure arithmetic: p values, one-sided in the same direction, in; one p out.

Each p comes with its complement q = 1 - p, so that neither end loses digits.

Checked against scipy and R (tests/unit/synthesise/test_narrative.py).
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial, floor, lgamma, log, log1p, sqrt

import numpy as np
from scipy.special import chdtr, ndtr, ndtri

from whatworks.stats.intervals import chi2_tail
from whatworks.synthesise.methods.weighing import Floats

GRAIN = 1 << 80  # sums above 1 are rounded to this part, far below the error of the p values themselves
EXACT = 200  # beyond this many p values the sum is normal to more digits than anybody reads


def logs(p: Floats, q: Floats) -> Floats:
    """The logarithm of each p, from whichever of p and q is the smaller."""
    low = p < 0.5
    return np.where(low, np.log(np.where(low, p, 0.5)), np.log1p(-np.where(low, 0.5, q)))


def fisher(p: Floats, q: Floats) -> tuple[float, float]:
    """Minus twice the sum of log p, chi-squared with 2 k degrees of freedom: at least one study has an effect."""
    statistic = -2 * float(logs(p, q).sum())
    return statistic, float(chi2_tail(statistic, 2 * p.size))


def pearson(p: Floats, q: Floats) -> tuple[float, float]:
    """Minus twice the sum of log(1 - p), small when effects are there: the lower tail of chi-squared with 2 k df."""
    statistic = -2 * float(logs(q, p).sum())
    return statistic, float(chdtr(2 * p.size, statistic))


def stouffer(p: Floats, q: Floats, weights: Floats) -> tuple[float, float]:
    """The weighted sum of z values over the root of the sum of squared weights, standard normal."""
    low = p < 0.5
    values = np.where(low, -ndtri(np.where(low, p, 0.5)), ndtri(np.where(low, 0.5, q)))
    z = float(weights @ values) / sqrt(float(weights @ weights))
    return z, float(ndtr(-z))


def tippett(p: Floats, q: Floats) -> tuple[float, float]:
    """The smallest p: 1 - (1 - p)^k."""
    least = float(p.min())
    return least, -float(np.expm1(p.size * log1p(-least))) if least < 1 else 1.0


def edgington(p: Floats, q: Floats) -> tuple[float, float]:
    """The sum S of p: sum over j up to S of (-1)^j C(k, j) (S - j)^k / k!; normal beyond 200 values."""
    total, k = float(p.sum()), p.size
    if total < 1:
        return total, exp(k * log(total) - lgamma(k + 1))
    if k > EXACT:
        return total, float(ndtr((total - k / 2) / sqrt(k / 12)))
    above = float(q.sum())
    if above < 1:
        return total, 1 - exp(k * log(above) - lgamma(k + 1))
    grains = round(sum((Fraction(one) for one in p.tolist()), Fraction(0)) * GRAIN)
    if 2 * grains > k * GRAIN:  # the tail above, which is the same distribution turned round, has fewer terms
        return total, 1 - _irwin_hall(k * GRAIN - grains, k)
    return total, _irwin_hall(grains, k)


def _irwin_hall(grains: int, k: int) -> float:
    """The chance that k uniform numbers sum to at most grains / GRAIN, in whole numbers: the terms cancel almost wholly."""
    signed = ((-1) ** j * comb(k, j) * (grains - j * GRAIN) ** k for j in range(floor(Fraction(grains, GRAIN)) + 1))
    return float(Fraction(sum(signed), GRAIN**k * factorial(k)))
