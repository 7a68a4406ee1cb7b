"""A straight line through effects: weighted least squares, or a random-effects model with one moderator by REML or ML.

Both are written in the weighted centre of the predictor, where intercept and slope are uncorrelated: every sum is one
pass over the studies, and no matrix is inverted.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from whatworks.synthesise.methods.weighing import Floats

FLAT = 1e-24  # a predictor whose weighted variance is this part of its weighted square does not vary
STEPS = np.linspace(0.0, 1.0, 40)


class Line(NamedTuple):
    """A fitted line. df: residual degrees of freedom, None where the normal distribution is used; tau2: see `mixed`."""

    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    df: int | None
    tau2: float | None = None


class Sums(NamedTuple):
    """The line at given weights. residual and away (the predictor from its centre) have the weights' shape."""

    total: Floats
    centre: Floats
    spread: Floats
    height: Floats
    slope: Floats
    away: Floats
    residual: Floats


def sums(y: Floats, x: Floats, weights: Floats) -> Sums:
    """Least squares at weights of shape (..., k): centre, spread and slope for each set of weights."""
    total = weights.sum(axis=-1)
    centre = (weights @ x) / total
    away = x - centre[..., None]
    spread = np.einsum("...i,...i,...i->...", weights, away, away)
    height = (weights @ y) / total
    slope = np.einsum("...i,...i->...", weights * away, y - height[..., None]) / spread
    residual = y - height[..., None] - slope[..., None] * away
    return Sums(total, centre, spread, height, slope, away, residual)


def varies(x: Floats) -> bool:
    """Whether a line can be drawn at all: three studies or more, and a predictor that is not the same in all."""
    away = x - x.mean()
    return x.size >= 3 and float(away @ away) > FLAT * float(x @ x)


def least_squares(y: Floats, x: Floats, weights: Floats) -> Line | None:
    """Weighted least squares with a multiplicative dispersion (R's lm with weights); None where no line can be drawn."""
    if not varies(x):
        return None
    at = sums(y, x, weights)
    df = y.size - 2
    variance = float(weights @ (at.residual * at.residual)) / df
    intercept = float(at.height - at.slope * at.centre)
    intercept_se = sqrt(variance * float(1 / at.total + at.centre**2 / at.spread))
    return Line(intercept, intercept_se, float(at.slope), sqrt(variance / float(at.spread)), df)


def mixed(y: Floats, v: Floats, x: Floats, restricted: bool = True) -> Line | None:
    """The random-effects line with tau2 at the highest peak of its (restricted) likelihood; None where there is none."""
    if not varies(x):
        return None
    tau2 = _tau2(y, v, x, restricted)
    at = sums(y, x, 1 / (v + tau2))
    intercept = float(at.height - at.slope * at.centre)
    intercept_se = sqrt(float(1 / at.total + at.centre**2 / at.spread))
    return Line(intercept, intercept_se, float(at.slope), float(at.spread) ** -0.5, None, tau2)


def slopes(y: Floats, v: Floats, x: Floats, tau2: Floats, restricted: bool) -> Floats:
    """Twice the slope in tau2 of the log-likelihood, at each value of a grid."""
    weights = 1 / (v + tau2[..., None])
    at = sums(y, x, weights)
    pull = weights * at.residual
    squared = weights * weights
    trace = at.total.copy()
    if restricted:
        trace -= squared.sum(axis=-1) / at.total
        trace -= np.einsum("...i,...i,...i->...", squared, at.away, at.away) / at.spread
    answer: Floats = np.einsum("...i,...i->...", pull, pull) - trace
    return answer


def likelihood(y: Floats, v: Floats, x: Floats, tau2: float, restricted: bool) -> float:
    """The log-likelihood at tau2 up to a constant, with the line at its best."""
    weights = 1 / (v + tau2)
    at = sums(y, x, weights)
    extra = float(np.log(at.total * at.spread)) if restricted else 0.0
    return 0.5 * (float(np.log(weights).sum()) - float(weights @ (at.residual * at.residual)) - extra)


def _tau2(y: Floats, v: Floats, x: Floats, restricted: bool) -> float:
    """The highest peak: brackets on a grid that reaches past every root, then Brent's method in each."""
    least, df = float(v.min()), y.size - 2
    at = sums(y, x, np.ones(y.size))
    spread = float(at.residual @ at.residual)
    # y'PPy is at most spread / (least + tau2)^2 and the trace at least df / (most + tau2): beyond `top` it only falls
    top = (spread + sqrt(spread * spread + 4 * df * spread * (float(v.max()) - least))) / (2 * df) - least
    if top <= 0:
        return 0.0
    first = min(least, top) * 1e-3
    grid = np.concatenate(([0.0], first * (top * (1 + 1e-9) / first) ** STEPS))
    rising = slopes(y, v, x, grid, restricted) > 0
    found = [
        float(brentq(lambda t: float(slopes(y, v, x, np.asarray(t), restricted)), grid[i], grid[i + 1], xtol=1e-300))
        for i in np.flatnonzero(rising[:-1] & ~rising[1:])
    ]
    if not rising[0]:
        found.insert(0, 0.0)
    return max(found, key=lambda tau2: likelihood(y, v, x, tau2, restricted))
