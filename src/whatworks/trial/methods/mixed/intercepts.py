"""One random intercept per cluster: y = X b + u[cluster] + e, variances by restricted maximum likelihood.

The criterion (Bates and others 2015, doi 10.18637/jss.v067.i01, section 3.4) is profiled over the ratio g of the two variances.
A grid finds the dip, for there may be two; Newton's method with exact derivatives, kept inside a bracket, finds its bottom.
Every step is taken for all sets of outcomes at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.mixed.sums import Floats, Sums, gather

STEPS = 80
EXACT = 1e-12
GRID = np.concatenate([[0.0], np.logspace(-6, 5, 45)])


@dataclass(frozen=True, slots=True)
class InterceptFit:
    """Fitted models, one for each set of outcomes (first axis).

    `coefficients` (sets, p) and their model-based `covariance` (sets, p, p); the variances `between` clusters and `within` (sets,);
    the restricted `criterion` (sets,): minus twice the log likelihood, as lme4's `REMLcrit`. Where `between` is nought, the
    variance is at its edge.
    """

    coefficients: Floats
    covariance: Floats
    between: Floats
    within: Floats
    criterion: Floats
    sums: Sums

    @property
    def icc(self) -> Floats:
        """The intra-cluster correlation (sets,): the share of the variance that lies between clusters."""
        return self.between / (self.between + self.within)


def fit_intercepts(x: ArrayLike, y: ArrayLike, cluster: ArrayLike) -> InterceptFit:
    """Fit to a design `x` (rows, p; with its own column of ones), outcomes `y` (rows,) or (rows, sets), labels `cluster` (rows,).

    Raises InputError as `gather` does, and where a set of outcomes has no spread left to explain, or none within clusters.
    """
    return fit_sums(gather(x, y, cluster))


def fit_sums(sums: Sums) -> InterceptFit:
    """The same from sums that stand already, as a simulation draws them."""
    _refuse(sums)
    ratio = _ratio(sums)
    if (ratio > GRID[-2]).any():
        raise InputError(
            said(
                "Rows of one cluster hardly differ, so there is no spread within clusters; analyse their means instead."
            )
        )
    xvx, xvy, yvy = _forms(sums, ratio)
    coefficients = np.linalg.solve(xvx, xvy[..., None])[..., 0].astype(float)
    within = (yvy - (xvy * coefficients).sum(axis=1)) / sums.freedom
    log_det = np.log1p(ratio[:, None] * sums.sizes).sum(axis=1) + np.linalg.slogdet(xvx)[1]
    criterion = sums.freedom * (1 + np.log(2 * math.pi * within)) + log_det
    covariance = within[:, None, None] * np.linalg.inv(xvx)
    return InterceptFit(coefficients, covariance, ratio * within, within, criterion, sums)


def _refuse(sums: Sums) -> None:
    left = sums.yy - (sums.xy * np.linalg.solve(sums.xx, sums.xy.T).T).sum(axis=1)
    if (left <= 1e-13 * sums.yy).any():
        raise InputError(said("The model explains every outcome exactly, so there is no spread to measure it against."))


def _forms(sums: Sums, ratio: Floats) -> tuple[Floats, Floats, Floats]:
    """X'VX, X'Vy, y'Vy with V the inverse of I + ratio J."""
    return sums.through(np.ones(len(ratio)), -ratio[:, None] / (1 + ratio[:, None] * sums.sizes))


def _profile(sums: Sums, ratio: Floats) -> Floats:
    xvx, xvy, yvy = _forms(sums, ratio)
    rest = yvy - (xvy * np.linalg.solve(xvx, xvy[..., None])[..., 0]).sum(axis=1)
    log_det = np.log1p(ratio[:, None] * sums.sizes).sum(axis=1) + np.linalg.slogdet(xvx)[1]
    found: Floats = sums.freedom * np.log(np.maximum(rest, np.finfo(float).tiny)) + log_det
    return found


def _slope(sums: Sums, ratio: Floats) -> tuple[Floats, Floats]:
    """First and second derivative of the profiled criterion in the ratio (sets,)."""
    shrunk = 1 + ratio[:, None] * sums.sizes
    none = np.zeros(len(ratio))
    xvx, xvy, yvy = _forms(sums, ratio)
    xx_1, xy_1, yy_1 = sums.through(none, -(shrunk**-2.0))
    xx_2, xy_2, yy_2 = sums.through(none, 2 * sums.sizes * shrunk**-3.0)
    inverse = np.linalg.inv(xvx)
    b = np.einsum("spq,sq->sp", inverse, xvy)
    moved = xy_1 - np.einsum("spq,sq->sp", xx_1, b)

    def residual(xx: Floats, xy: Floats, yy: Floats) -> Floats:
        found: Floats = yy - 2 * (b * xy).sum(axis=1) + np.einsum("sp,spq,sq->s", b, xx, b)
        return found

    rest, rest_1 = residual(xvx, xvy, yvy), residual(xx_1, xy_1, yy_1)
    rest_2 = residual(xx_2, xy_2, yy_2) - 2 * np.einsum("sp,spq,sq->s", moved, inverse, moved)
    turned = inverse @ xx_1
    det_1 = np.einsum("spp->s", turned)
    det_2 = np.einsum("spq,sqp->s", inverse, xx_2) - np.einsum("spq,sqp->s", turned, turned)
    share = sums.sizes / shrunk
    slope = sums.freedom * rest_1 / rest + share.sum(axis=1) + det_1
    bend = sums.freedom * (rest_2 / rest - (rest_1 / rest) ** 2) - (share**2).sum(axis=1) + det_2
    return slope, bend


def _ratio(sums: Sums) -> Floats:
    """The ratio of the variances at which the criterion is least (sets,): nought where it rises from there."""
    low, high = _bracket(sums)
    ratio = np.where(low > 0, np.sqrt(low * high), high / 2)
    rising = _slope(sums, np.zeros(len(low)))[0] >= 0
    edge = (low == 0.0) & rising
    for _ in range(STEPS):
        slope, bend = _slope(sums, ratio)
        falls = slope < 0
        low, high = np.where(falls, ratio, low), np.where(falls, high, ratio)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = ratio - slope / bend
        new = np.where((bend > 0) & (step > low) & (step < high), step, (low + high) / 2)
        done = np.abs(new - ratio) <= EXACT * ratio
        ratio = new
        if (done | edge).all():
            break
    return np.where(edge, 0.0, ratio)


def _bracket(sums: Sums) -> tuple[Floats, Floats]:
    """The two neighbours on the grid between which the criterion is least (sets,) each."""
    sets = len(sums.yy)
    values = np.array([_profile(sums, np.full(sets, one)) for one in GRID])
    least = values.argmin(axis=0)
    return GRID[np.maximum(least - 1, 0)], GRID[np.minimum(least + 1, len(GRID) - 1)]
