"""The variances at which a mixed model's criterion is least: Newton's method with exact derivatives, kept from going uphill.

The parameters have no bounds (see `terms`): where a spread is nought, its parameter is drawn to nought, and a start away from nought
comes to rest there only if it is the least.
"""

from __future__ import annotations

import math

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.mixed.curving import curve
from whatworks.trial.methods.mixed.products import Products
from whatworks.trial.methods.mixed.solving import Solved, solve
from whatworks.trial.methods.mixed.sums import Floats
from whatworks.trial.methods.mixed.terms import diagonal, settled, start

SIZES = (0.1, 0.3, 1.0, 3.0)  # where the search may begin: spreads in units of that within
STEPS, HALVINGS = 100, 40
CLOSE = 1e-11  # what the next step would still gain of the criterion
NOISE = 1e-7  # a gain that rounding may hide
FLAT = 1e-9  # a curvature below this share of the greatest is none
NOTHING = 1e-5  # a spread below this share of that within is nought, if nothing is lost by it
MOST = 1e5


def least(products: Products, reml: bool) -> Solved:
    """The model at its best variances. Raises InputError where the search does not come to rest."""
    best = min((solve(products, start(products.shapes, size)) for size in SIZES), key=lambda one: value(one, reml))
    gain = math.inf
    for _ in range(STEPS):
        slope, bend = _profiled(best, reml)
        step, gain, saddle = _step(slope, bend, best.theta)
        if gain < CLOSE and not saddle:
            return _tidied(solve(products, best.theta + step), reml)
        new = _along(best, step, gain, reml)
        if new is None:
            break
        best = new
        if np.abs(best.theta).max() > MOST:
            raise InputError(
                said(
                    "Rows of one group hardly differ, so there is no spread within groups; analyse their means instead."
                )
            )
    if gain < NOISE:  # as along a ridge that leads to the edge
        return _tidied(best, reml)
    raise InputError(
        said(
            "The search for the variances did not come to rest; leave out a random term or one of its columns, or let them be "
            "uncorrelated."
        )
    )


def _freedom(solved: Solved, reml: bool) -> int:
    made = solved.products
    return made.rows - made.columns if reml else made.rows


def value(solved: Solved, reml: bool) -> float:
    """The criterion less what does not change."""
    fixed = solved.log_fixed if reml else 0.0
    return solved.log_random + fixed + _freedom(solved, reml) * math.log(solved.rss)


def _profiled(solved: Solved, reml: bool) -> tuple[Floats, Floats]:
    """Slope and curvature with the variance within at its best."""
    told, freedom = curve(solved, reml), _freedom(solved, reml)
    share = told.rss / solved.rss
    bend = told.log_2 + freedom * (told.rss_2 / solved.rss - np.outer(share, share))
    return told.log + freedom * share, (bend + bend.T) / 2


def _step(slope: Floats, bend: Floats, theta: Floats) -> tuple[Floats, float, bool]:
    """The next step, what it would gain, and whether it leaves a saddle."""
    values, vectors = np.linalg.eigh(bend)
    most = max(float(np.abs(values).max()), 1e-8)
    size, along = np.maximum(np.abs(values), FLAT * most), vectors.T @ slope
    along[np.abs(values) < FLAT * most] = 0.0
    shares, gain = -along / size, float((along**2 / size).sum()) / 2
    saddle = bool(values[0] < -1e-6 * most and gain < CLOSE)
    if saddle:
        shares[0], gain = 0.1, 0.005 * float(-values[0])
    step = vectors @ shares
    longest = 1.0 + float(np.linalg.norm(theta))
    return step * min(1.0, longest / max(float(np.linalg.norm(step)), 1e-300)), gain, saddle


def _along(best: Solved, step: Floats, gain: float, reml: bool) -> Solved | None:
    """The first of ever shorter steps that is better; none where no step is."""
    here = value(best, reml)
    for halving in range(HALVINGS):
        new = solve(best.products, best.theta + step * 0.5**halving)
        if value(new, reml) < here - 1e-4 * gain * 0.5**halving:
            return new
    return None


def _tidied(solved: Solved, reml: bool) -> Solved:
    """The same covariances with a diagonal not below nought, and with nought where it is as good as nought."""
    theta = settled(solved.products.shapes, solved.theta)
    plain = solve(solved.products, theta)
    small = diagonal(solved.products.shapes) & (np.abs(theta) < NOTHING)
    if not small.any():
        return plain
    without = solve(solved.products, np.where(small, 0.0, theta))
    return without if value(without, reml) <= value(plain, reml) + NOISE else plain
