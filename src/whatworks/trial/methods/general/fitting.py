"""Generalised linear mixed models with one random intercept for each level of one or more groupings, nested or crossed.

The integral over the intercepts is Laplace's, as lme4 and glmmTMB take it by default (Bates and others 2015, doi
10.18637/jss.v067.i01; Brooks and others 2017, doi 10.32614/RJ-2017-066), or, with one grouping, adaptive Gauss-Hermite quadrature
(Pinheiro and Bates 1995, doi 10.1080/10618600.1995.10474663). All parameters are estimated together; standard errors are from the
curvature of the log likelihood in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.stats import norm

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.checking import refuse_dependent, refuse_missing
from whatworks.trial.methods.general.likelihoods import LIKELIHOODS, Floats, Likelihood

INNER, CLOSE = 60, 1e-11
ROUNDS = 25
STEP = 2e-4  # of a central difference, in parameters of the order of one


@dataclass(frozen=True, slots=True)
class GeneralFit:
    """`coefficients`, `se` and two-sided `p` by z (p,); `sds`: standard deviations of the intercepts, one for each grouping;
    `size` of a negative binomial; `log_likelihood`. `settled` says whether the search ended at a maximum.
    """

    coefficients: Floats
    se: Floats
    p: Floats
    sds: Floats
    size: float | None
    log_likelihood: float
    settled: bool


@dataclass(frozen=True, slots=True)
class _Data:
    x: Floats
    y: Floats
    trials: Floats
    offset: Floats
    groups: tuple[NDArray[np.intp], ...]
    levels: tuple[int, ...]
    members: Floats
    likelihood: Likelihood
    sized: bool
    points: int

    @property
    def fixed(self) -> int:
        return int(self.x.shape[1])


def fit_general(
    x: ArrayLike, y: ArrayLike, groupings: Sequence[ArrayLike], family: str, *, trials: ArrayLike | None = None,
    offset: ArrayLike | None = None, points: int = 1,
) -> GeneralFit:  # fmt: skip
    """Fit to a design `x` (rows, p; with its column of ones), outcomes `y` (rows,), and labels of each grouping (rows,).

    `family`: "binomial" (`trials` of each row, 1 unless given), "poisson" or "negative-binomial"; `offset` is added to the predictor;
    `points` of quadrature, 1 for Laplace. Raises InputError for what these cannot be.
    """
    data = _checked(x, y, groupings, family, trials, offset, points)
    start = np.concatenate([_plain(data), np.full(len(data.levels), 0.3), np.ones(1 if data.sized else 0)])
    found = minimize(lambda at: -_log_likelihood(data, at), start, method="BFGS", options={"gtol": 1e-5})
    at, curve, settled = _polished(data, np.asarray(found.x, float))
    covariance = np.linalg.pinv(curve, hermitian=True)
    se = np.sqrt(np.maximum(np.diag(covariance)[: data.fixed], 0))
    with np.errstate(divide="ignore"):
        p = 2 * norm.sf(np.abs(at[: data.fixed] / se))
    sds = np.abs(at[data.fixed : data.fixed + len(data.levels)])
    size = float(np.exp(at[-1])) if data.sized else None
    return GeneralFit(at[: data.fixed], se, p, sds, size, _log_likelihood(data, at), settled)


def _polished(data: _Data, at: Floats) -> tuple[Floats, Floats, bool]:
    """Newton's steps from where the search ended, and the curvature there. An intercept without spread stays at nought."""
    free = np.ones(len(at), bool)
    for _ in range(ROUNDS):
        free[data.fixed : data.fixed + len(data.levels)] = np.abs(at[data.fixed : data.fixed + len(data.levels)]) > 1e-3
        slope, curve = _curvature(data, at)
        held = curve[np.ix_(free, free)]
        if np.linalg.eigvalsh(held).min() <= 0:
            return at, curve, False
        step = np.zeros(len(at))
        step[free] = np.linalg.solve(held, slope[free])
        at = at + step
        if np.abs(step).max() < 1e-8:
            curve[~free] = curve[:, ~free] = 0
            return at, curve, True
    return at, curve, False


def _curvature(data: _Data, at: Floats) -> tuple[Floats, Floats]:
    """Slope of the log likelihood and minus its second derivatives, by central differences."""
    count = len(at)
    middle, moves = _log_likelihood(data, at), STEP * np.eye(count)
    up = np.array([_log_likelihood(data, at + one) for one in moves])
    down = np.array([_log_likelihood(data, at - one) for one in moves])
    curve = np.diag((2 * middle - up - down) / STEP**2)
    for i in range(count):
        for j in range(i):
            both = _log_likelihood(data, at + moves[i] + moves[j]) + _log_likelihood(data, at - moves[i] - moves[j])
            mixed = (up[i] + up[j] + down[i] + down[j] - 2 * middle - both) / (2 * STEP**2)
            curve[i, j] = curve[j, i] = mixed
    return (up - down) / (2 * STEP), curve


def _log_likelihood(data: _Data, at: Floats) -> float:
    b = at[: data.fixed]
    sds = np.repeat(at[data.fixed : data.fixed + len(data.levels)], data.levels)
    log_size = float(at[-1]) if data.sized else 0.0
    base = data.x @ b + data.offset
    u, curve = _mode(data, base, sds, log_size)
    if data.points > 1:
        return _quadrature(data, base, sds, log_size, u, np.diag(curve))
    moved = (sds * u)[data.groups[0]] if len(data.levels) == 1 else data.members @ (sds * u)
    log = data.likelihood(data.y, base + moved, data.trials, log_size)[0]
    return float(log.sum() - u @ u / 2 - np.linalg.slogdet(curve)[1] / 2)


def _mode(data: _Data, base: Floats, sds: Floats, log_size: float) -> tuple[Floats, Floats]:
    """The intercepts (in units of their spread) at which the joint density is highest, and its curvature there."""
    if len(data.levels) == 1:
        return _mode_of_one(data, base, sds, log_size)
    u = np.zeros(len(sds))
    z = data.members * sds
    for _ in range(INNER):
        _, slope, weight = data.likelihood(data.y, base + z @ u, data.trials, log_size)
        curve = (z * weight[:, None]).T @ z + np.eye(len(u))
        step = np.linalg.solve(curve, z.T @ slope - u)
        limit = min(1.0, 5.0 / max(float(np.abs(z @ step).max()), 1e-12))  # no leap beyond what the exponential bears
        u = u + limit * step
        if np.abs(step).max() < CLOSE:
            break
    weight = data.likelihood(data.y, base + z @ u, data.trials, log_size)[2]
    return u, (z * weight[:, None]).T @ z + np.eye(len(u))


def _mode_of_one(data: _Data, base: Floats, sds: Floats, log_size: float) -> tuple[Floats, Floats]:
    """The same for one grouping, where each group's intercept is found by itself: sums by group in place of matrices."""
    group, levels = data.groups[0], data.levels[0]
    u = np.zeros(levels)
    for _ in range(INNER):
        _, slope, weight = data.likelihood(data.y, base + (sds * u)[group], data.trials, log_size)
        curve = sds**2 * np.bincount(group, weight, minlength=levels) + 1
        step = (sds * np.bincount(group, slope, minlength=levels) - u) / curve
        limit = min(1.0, 5.0 / max(float(np.abs(sds * step).max()), 1e-12))
        u = u + limit * step
        if np.abs(step).max() < CLOSE:
            break
    weight = data.likelihood(data.y, base + (sds * u)[group], data.trials, log_size)[2]
    return u, np.diag(sds**2 * np.bincount(group, weight, minlength=levels) + 1)


def _membership(groups: Sequence[NDArray[np.intp]], levels: Sequence[int]) -> Floats:
    """Which level of each grouping a row is of (rows, levels of all): ones and noughts."""
    return np.hstack([np.eye(count)[group] for group, count in zip(groups, levels, strict=True)])


def _quadrature(data: _Data, base: Floats, sds: Floats, log_size: float, u: Floats, curve: Floats) -> float:
    """One grouping: each group's integral by points around its own mode, spread by its own curvature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(data.points)
    group, levels = data.groups[0], data.levels[0]
    spread = 1 / np.sqrt(curve)
    values = np.empty((data.points, levels))
    for number, node in enumerate(nodes):
        at = u + spread * node
        log = data.likelihood(data.y, base + (sds * at)[group], data.trials, log_size)[0]
        values[number] = np.bincount(group, log, minlength=levels) - at**2 / 2 + node**2 / 2
    top = values.max(axis=0)
    inner = np.log((weights[:, None] * np.exp(values - top)).sum(axis=0)) + top + np.log(spread)
    return float(inner.sum() - levels * np.log(2 * np.pi) / 2)


def _plain(data: _Data) -> Floats:
    """Coefficients as if no rows belonged together: where the search begins."""
    b = np.zeros(data.fixed)
    for _ in range(50):
        _, slope, weight = data.likelihood(data.y, np.clip(data.x @ b + data.offset, -30, 30), data.trials, 1.0)
        step = np.linalg.solve((data.x * weight[:, None]).T @ data.x, data.x.T @ slope)
        b = b + min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12)) * step
        if np.abs(step).max() < 1e-8:
            break
    return b


def _checked(
    x: ArrayLike, y: ArrayLike, groupings: Sequence[ArrayLike], family: str, trials: ArrayLike | None,
    offset: ArrayLike | None, points: int,
) -> _Data:  # fmt: skip
    if family not in LIKELIHOODS:
        raise InputError(
            said("“%(family)s” is no family here; say %(join)s.", family=family, join=", ".join(LIKELIHOODS))
        )
    design, outcome = np.asarray(x, float), np.asarray(y, float)
    tried = np.ones(len(outcome)) if trials is None else np.asarray(trials, float)
    shift = np.zeros(len(outcome)) if offset is None else np.asarray(offset, float)
    labels = [np.unique(np.asarray(one), return_inverse=True) for one in groupings]
    if not labels or {len(design), len(outcome), len(tried), len(shift), *(len(one) for _, one in labels)} != {
        len(outcome)
    }:
        raise InputError(
            said(
                "The design, outcomes, trials, offset and groupings must have as many rows, and one grouping there "
                "must be."
            )
        )
    refuse_missing(design, outcome, tried, shift)
    if outcome.min() < 0 or (family == "binomial" and (outcome > tried).any()):
        raise InputError(
            said("An outcome is below nought, or above the number of its trials; see what the column holds.")
        )
    refuse_dependent(design)
    if any(len(names) < 2 for names, _ in labels):
        raise InputError(said("A grouping has one group only; leave it out."))
    if points < 1 or (points > 1 and len(labels) > 1):
        raise InputError(
            said("Quadrature takes one grouping and at least one point; with more groupings use one point (Laplace).")
        )
    groups = tuple(index for _, index in labels)
    levels = tuple(len(names) for names, _ in labels)
    sized = family == "negative-binomial"
    members = _membership(groups, levels) if len(levels) > 1 else np.empty((0, 0))
    return _Data(design, outcome, tried, shift, groups, levels, members, LIKELIHOODS[family], sized, points)
