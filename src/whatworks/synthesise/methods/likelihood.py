"""Maximum likelihood for the random-effects model, full (ML) and restricted (REML), to the last digits.

The slope of the log-likelihood in tau2 is looked at on a grid that reaches past every root there can be; within each
bracket Newton's method, kept inside by bisection, finds the peak. With more than one peak the highest wins: unlike
Fisher scoring from one start, which stops at whichever peak it meets.
Source: Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30(3), 261-293.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.weighing import Floats, weigh

STEPS = np.linspace(0.0, 1.0, 24)  # the grid, in equal ratios from the least variance to the bound
ORIGIN = np.zeros(1)
LOG_2PI = log(2 * pi)


class Peak(NamedTuple):
    """Where the likelihood is highest; peaks: how many there are."""

    tau2: float
    peaks: int


def log_likelihood(y: Floats, v: Floats, tau2: float, restricted: bool) -> float:
    """The log-likelihood at tau2 with the mean at its best value; metafor's constants, so that numbers agree."""
    at = weigh(y, v, tau2)
    free = y.size - restricted
    extra = log(y.size) - log(at.total) if restricted else 0.0
    return 0.5 * (float(np.add.reduce(np.log(at.weights))) - at.q - free * LOG_2PI + extra)


def slope(y: Floats, v: Floats, tau2: float, restricted: bool, expected: bool = False) -> tuple[float, float]:
    """Twice the slope of the log-likelihood at tau2, and the slope of that (as it is, or as expected on average)."""
    at = weigh(y, v, tau2)
    squared = at.weights * at.weights
    sum2 = float(np.add.reduce(squared))
    ratio = sum2 / at.total if restricted else 0.0
    trace2 = sum2 - 2 * float(squared @ at.weights) / at.total + ratio * ratio if restricted else sum2
    if expected:
        return at.fall - (at.total - ratio), -trace2
    bent = float(at.weights @ (at.pull * at.pull)) - float(at.weights @ at.pull) ** 2 / at.total
    return at.fall - (at.total - ratio), trace2 - 2 * bent


def fisher_scoring(y: Floats, v: Floats, restricted: bool) -> float:
    """tau2 where metafor's own iteration stops by default, a little short of the peak: to reproduce published numbers.

    From the Hedges estimate, steps of slope over expected bend, halved while they lead below 0, until one is at most
    1e-5. Source: metafor 3.8-1, help of rma.uni, control. InputError when 100 steps are not enough.
    """
    tau2 = max(0.0, float(y.var(ddof=1)) - float(v.mean()))
    for _ in range(100):
        value, expected = slope(y, v, tau2, restricted, expected=True)
        step = -value / expected
        if tau2 == 0 and step < 0:
            return 0.0
        while tau2 + step < 0:
            step /= 2
        tau2 += step
        if abs(step) <= 1e-5:
            return tau2
    raise InputError(said("Metafor's iteration does not settle on these effects; use stop = converged."))


def slopes(y: Floats, v: Floats, grid: Floats, restricted: bool) -> Floats:
    """Twice the slope of the log-likelihood at every point of a grid at once."""
    weights = 1.0 / (v + grid[:, None])
    total = weights.sum(axis=1)
    pull = weights * (y - ((weights @ y) / total)[:, None])
    trace = total - np.einsum("ij,ij->i", weights, weights) / total if restricted else total
    answer: Floats = np.einsum("ij,ij->i", pull, pull) - trace
    return answer


def bound(y: Floats, v: Floats) -> float:
    """A tau2 beyond which the likelihood only falls: the largest pull there can be is below the smallest trace."""
    df, least = y.size - 1, float(v.min())
    apart = y - np.add.reduce(y) / y.size
    spread = float(apart @ apart)
    return (spread + sqrt(spread * spread + 4 * df * spread * (float(v.max()) - least))) / (2 * df) - least


def root(y: Floats, v: Floats, low: float, high: float, restricted: bool) -> float:
    """The peak between low (rising) and high (falling): Newton's method, kept inside the bracket by bisection."""
    tau2, enough = (low + high) / 2, 1e-13 * high
    for _ in range(200):
        value, change = slope(y, v, tau2, restricted)
        low, high = (tau2, high) if value > 0 else (low, tau2)
        new = tau2 - value / change if change < 0 else high + 1
        if not low <= new <= high:
            new = (low + high) / 2
        step, tau2 = abs(new - tau2), new
        if step <= enough:
            break
    return tau2


def highest_peak(y: Floats, v: Floats, restricted: bool) -> Peak:
    """The tau2 (0 or above) of the highest (restricted) likelihood."""
    top = bound(y, v)
    if top <= 0:
        return Peak(0.0, 1)
    first = min(float(v.min()), top) * 1e-3
    grid = np.concatenate((ORIGIN, first * (top * (1 + 1e-9) / first) ** STEPS))
    rising = slopes(y, v, grid, restricted) > 0
    brackets = np.flatnonzero(rising[:-1] & ~rising[1:])
    found = [root(y, v, float(grid[i]), float(grid[i + 1]), restricted) for i in brackets]
    if not rising[0]:
        found.insert(0, 0.0)
    if len(found) == 1:
        return Peak(found[0], 1)
    return Peak(max(found, key=lambda tau2: log_likelihood(y, v, tau2, restricted)), len(found))
