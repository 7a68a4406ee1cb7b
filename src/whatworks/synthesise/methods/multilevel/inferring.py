"""What the weighed effects say: coefficients, tests, heterogeneity, and how its variance is shared between levels."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import fdtrc

from whatworks.stats.intervals import chi2_tail, interval, two_sided_p
from whatworks.stats.results import Result
from whatworks.synthesise.methods.multilevel.grouping import Floats, Grouping
from whatworks.synthesise.methods.multilevel.likelihood import Problem, weighed
from whatworks.synthesise.methods.multilevel.sampling import Sampling

Test = Literal["z", "t", "contain"]


@dataclass(frozen=True, slots=True)
class Coefficient(Result):
    """One coefficient, in the units of the effect (for one unit of the moderator). df None: normal."""

    name: str
    estimate: float
    se: float
    statistic: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class Component(Result):
    """The variance sigma2 of true effects between the levels of a factor. levels: how many there are.

    ci_low, ci_high, lrt, lrt_p: the profile-likelihood interval and the likelihood-ratio test of 0, where asked for.
    i2: per cent of the total variance of a typical effect; icc: share of the variance of true effects.
    """

    name: str
    levels: int
    sigma2: float
    ci_low: float | None
    ci_high: float | None
    lrt: float | None
    lrt_p: float | None
    i2: float | None
    icc: float | None


@dataclass(frozen=True, slots=True)
class AtRho(Result):
    """The same model with another correlation of the sampling errors: variances and coefficients."""

    rho: float
    sigma2: tuple[float, ...]
    coefficients: tuple[Coefficient, ...]


class Means(NamedTuple):
    """Generalised least squares in the user's order. beta (p,), covariance (p, p), wx (k, p) M^-1 X, residuals (k,)."""

    beta: Floats
    covariance: Floats
    wx: Floats
    residuals: Floats


class Chance(NamedTuple):
    """Without heterogeneity: qe, its degrees of freedom, and the sampling variance of a typical effect."""

    qe: float
    df: int
    typical: float | None


def means(given: Problem, sigma2: Floats, x: Floats, y: Floats) -> Means:
    """Coefficients of the columns of x (k, p), with the covariance of the effects at sigma2."""
    at = weighed(given, sigma2[None])
    back = np.linalg.inv(given.turn)
    wx = np.empty_like(x)
    wx[given.at.order] = at.mx[0].T @ given.turn
    covariance = back @ at.inverse[0] @ back.T
    beta = back @ at.beta[0]
    return Means(beta, (covariance + covariance.T) / 2, wx, y - x @ beta)


def by_chance(given: Problem, sampling: Sampling) -> Chance:
    """Cochran's Q of the residuals, and Higgins and Thompson's typical variance (k - p) / tr(P)."""
    at = weighed(given, np.zeros((1, given.at.components)))
    df = given.y.size - len(given.x)
    qe = float(at.py[0] @ given.y)
    lost = float((at.inverse[0] * (at.mx[0] @ at.mx[0].T)).sum())
    left = sampling.trace_of_inverse() - lost
    return Chance(max(qe, 0.0), df, df / left if df > 0 and left > 0 else None)


def coefficients(
    names: tuple[str, ...], beta: Floats, se: Floats, df: list[float | None], level: float
) -> tuple[Coefficient, ...]:
    """A row for each coefficient; no p or interval where there are no degrees of freedom at all."""
    rows = []
    for name, estimate, error, free in zip(names, beta.tolist(), se.tolist(), df, strict=True):
        known = error > 0 and (free is None or free > 0)
        statistic = estimate / error if error > 0 else None
        p = float(two_sided_p(statistic, free)) if known and statistic is not None else None
        low, high = interval(estimate, error, level, free) if known else (None, None)
        rows.append(Coefficient(name, estimate, error, statistic, free, p, low, high))
    return tuple(rows)


def freedom(test: Test, x: Floats, factors: tuple[Grouping, ...]) -> list[float | None]:
    """Degrees of freedom of each coefficient: none (z), k - p (t), or those of the level that holds it (contain).

    contain: the fewest levels l among the factors within whose levels the column never changes, less p; k - p where it
    changes inside all of them. As metafor's dfs = "contain".
    """
    k, p = x.shape
    if test == "z":
        return [None] * p
    if test == "t":
        return [float(k - p)] * p
    return [float(min([k, *(one.size for one in factors if _constant(one, column))]) - p) for column in x.T]


def _constant(levels: Grouping, column: Floats) -> bool:
    held = np.zeros(levels.size)
    held[levels.codes] = column
    return bool((held[levels.codes] == column).all())


class Omnibus(NamedTuple):
    """The test of all moderators (of the intercept where there are none). qm: chi-squared, or F where df2 is given."""

    qm: float | None
    df: int
    df2: float | None
    p: float | None


def omnibus(beta: Floats, covariance: Floats, tested: list[int], df: list[float | None]) -> Omnibus:
    """Wald's test from the model's covariance."""
    some = beta[tested]
    squared = float(some @ np.linalg.solve(covariance[np.ix_(tested, tested)], some))
    free = [one for one in (df[place] for place in tested) if one is not None]
    if not free:
        return Omnibus(squared, len(tested), None, float(chi2_tail(squared, len(tested))))
    least, f = min(free), squared / len(tested)
    return Omnibus(f, len(tested), least, float(fdtrc(len(tested), least, f)) if least > 0 else None)


def tested(names: tuple[str, ...]) -> list[int]:
    """Which coefficients the omnibus test is about."""
    return list(range(1, len(names))) if names[0] == "intercept" and len(names) > 1 else list(range(len(names)))


class Criteria(NamedTuple):
    """Information criteria, as metafor counts them: coefficients and components are parameters."""

    aic: float
    bic: float
    aicc: float


def criteria(loglik: float, parameters: int, size: int) -> Criteria:
    """size: k, or k - p under REML."""
    enough = max(size, parameters + 2)
    corrected = -2 * loglik + 2 * parameters * enough / (enough - parameters - 1)
    return Criteria(-2 * loglik + 2 * parameters, -2 * loglik + parameters * log(size), corrected)


def shares(sigma2: Floats, typical: float | None) -> tuple[list[float | None], list[float | None], float | None]:
    """I2 of each level, ICC of each level, and I2 in all; per cent, per share, per cent.

    Source: Nakagawa and Santos (2012), Evolutionary Ecology 26, 1253-1274; Cheung (2014), Psychological Methods 19(2),
    211-229, which it equals for three levels and independent errors.
    """
    total = float(sigma2.sum())
    icc = [float(one) / total if total > 0 else None for one in sigma2]
    if typical is None:
        return [None] * sigma2.size, icc, None
    return [100 * float(one) / (total + typical) for one in sigma2], icc, 100 * total / (total + typical)


def new_setting(row: Coefficient, total: float, level: float, groups: int) -> tuple[float, float] | tuple[None, None]:
    """Where the true effect of a new study of the same kind may lie; None below three studies."""
    if groups < 3 or row.ci_low is None:
        return None, None
    return interval(row.estimate, sqrt(row.se**2 + total), level, row.df)
