"""The linear algebra that regressions share: an orthonormal basis, tests of several coefficients, inflation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from whatworks.stats.intervals import chi2_tail
from whatworks.stats.results import Result

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Test(Result):
    """A test that several coefficients are all 0. df: (coefficients tested, None) for chi-squared, else F's two."""

    statistic: float
    df: tuple[int, float | None]
    p: float


def orthonormal(x: Floats) -> tuple[Floats, Floats]:
    """x (rows, p, of full rank) as q times r: q (rows, p) with orthonormal columns, r (p, p) upper triangular.

    Where x begins with an intercept q does too, its numbers the same to the last digit, not only to a rounding.
    """
    q, r = np.linalg.qr(x)
    if x.shape[1] and (x[:, 0] == x[0, 0]).all():
        q[:, 0] = q[0, 0]
    return q, r


def wald_test(estimates: Floats, covariance: Floats, df: float | None = None) -> Test:
    """Are all of these coefficients 0? estimates: (m,); covariance: (m, m); df: None for chi-squared, else F's second.

    Source: Wald (1943), Transactions of the American Mathematical Society 54(3), 426-482; F is the statistic over m.
    """
    count = estimates.size
    scale = np.sqrt(np.diag(covariance))  # coefficients in very different units would spoil the solution otherwise
    unit = estimates / scale
    statistic = float(unit @ np.linalg.solve(covariance / np.outer(scale, scale), unit))
    if df is None:
        return Test(statistic, (count, None), float(chi2_tail(statistic, count)))
    return Test(statistic / count, (count, df), float(fdtrc(count, df, statistic / count)))


def inflation(covariance: Floats, groups: Sequence[Sequence[int]]) -> list[float]:
    """How much the other coefficients inflate the joint variance of each group (1: not at all).

    covariance: of the coefficients without the intercept. Source: Fox and Monette (1992), Journal of the American
    Statistical Association 87(417), 178-183, equation 10; for a single coefficient, the usual factor.
    """
    scale = np.sqrt(np.diag(covariance))
    related = covariance / np.outer(scale, scale)
    whole = _log_det(related)
    found = []
    for group in groups:
        inside = np.zeros(len(scale), dtype=bool)
        inside[list(group)] = True
        parts = _log_det(related[np.ix_(inside, inside)]) + _log_det(related[np.ix_(~inside, ~inside)])
        found.append(float(np.exp(parts - whole)))
    return found


def _log_det(matrix: Floats) -> float:
    return float(np.linalg.slogdet(matrix)[1])
