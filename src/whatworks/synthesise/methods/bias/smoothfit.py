"""The likelihood of effects whose chance of being seen falls smoothly with their p value.

Five shapes: beta (Citkowicz and Vevea 2017), half-normal, negative-exponential and logistic (Preston, Ashby and Smyth 2004), and
power, all as metafor's selmodel writes them. The chance of seeing any result of a study is an integral over the effect; in units
of its standard error the shape is the same for every study, so that it is laid on one grid of Gauss-Legendre points for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from whatworks.synthesise.methods.weighing import Floats

Shape = Literal["beta", "half-normal", "negative-exponential", "logistic", "power"]
CLIP = 1e-5  # p nearer to 0 or 1 counts as this where the weight would be infinite: Citkowicz and Vevea (2017)
MOST = 100.0  # the bound of a parameter, as in metafor
EDGE = 8.3  # beyond this z, p is 0 or 1 to every digit
NODES = 60  # on each panel


def beta(p: Floats, delta: Floats) -> Floats:
    """log w = (d1 - 1) log p + (d2 - 1) log(1 - p)."""
    answer: Floats = (delta[0] - 1) * np.log(p) + (delta[1] - 1) * np.log1p(-p)
    return answer


SHAPES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "beta": beta,
    "half-normal": lambda p, delta: -delta[0] * p * p,
    "negative-exponential": lambda p, delta: -delta[0] * p,
    "logistic": lambda p, delta: log(2) - delta[0] * p - np.log1p(np.exp(-delta[0] * p)),
    "power": lambda p, delta: delta[0] * np.log1p(-p),
}


@dataclass(frozen=True, slots=True)
class Smooth:
    """k effects (turned so that large ones are wanted) with variances, a shape, and the grid it is laid on.

    z, steps: points and their lengths on the inner stretch; ends: where p stays as it is beyond.
    """

    y: Floats
    v: Floats
    shape: Shape
    heterogeneous: bool
    z: Floats
    steps: Floats
    ends: tuple[float, float]

    @property
    def parameters(self) -> int:
        """How many parameters the shape has."""
        return 2 if self.shape == "beta" else 1

    def clipped(self, z: Floats) -> Floats:
        """One-sided p of z, kept from where the weight is infinite."""
        p = ndtr(-z)
        answer: Floats = np.clip(
            p, CLIP if self.shape == "beta" else 0.0, 1 - CLIP if self.shape in ("beta", "power") else 1.0
        )
        return answer

    def loglik(self, mean: float, tau2: float, delta: Floats) -> float:
        """The log-likelihood; (k, nodes) numbers."""
        weight = SHAPES[self.shape]
        se, sd = np.sqrt(self.v), np.sqrt(self.v + tau2)
        inner = np.exp(weight(self.clipped(self.z), delta)) * self.steps
        low, high = np.exp(weight(self.clipped(np.asarray(self.ends)), delta))
        units = (se[:, None] * self.z - mean) / sd[:, None]
        seen = (np.exp(-0.5 * units * units) @ inner) * se / (sd * sqrt(2 * pi))
        seen += low * ndtr((se * self.ends[0] - mean) / sd) + high * ndtr(-(se * self.ends[1] - mean) / sd)
        if not seen.min() > 0:
            return -np.inf
        away = (self.y - mean) / sd
        each = weight(self.clipped(self.y / se), delta) - np.log(seen * sd) - 0.5 * away * away
        return float(each.sum()) - 0.5 * self.y.size * log(2 * pi)


def smooth(y: Floats, v: Floats, shape: Shape, heterogeneous: bool) -> Smooth:
    """The problem with its grid: panels between the places where p is clipped, or as good as 0 and 1."""
    clip = float(-ndtri(CLIP))
    low = -clip if shape in ("beta", "power") else -EDGE
    high = clip if shape == "beta" else EDGE
    points, lengths = np.polynomial.legendre.leggauss(NODES)
    edges = np.linspace(low, high, 4)
    half = np.diff(edges) / 2
    z = (edges[:-1] + half)[:, None] + half[:, None] * points
    return Smooth(y, v, shape, heterogeneous, z.ravel(), (half[:, None] * lengths).ravel(), (low, high))


class Peak(NamedTuple):
    """The highest point: mean, tau2, the shape's parameters, the log-likelihood, and errors (None: at a bound)."""

    mean: float
    tau2: float
    delta: Floats
    loglik: float
    errors: tuple[float | None, ...]
    settled: bool


def climb(problem: Smooth, mean: float, tau2: float) -> Peak:
    """Quasi-Newton from several shapes within the bounds, then Newton by differences to the last digits that matter."""
    scale = sqrt(float(np.median(problem.v)) + tau2)
    least = 1e-5 if problem.shape == "beta" else 0.0
    low = np.asarray([-np.inf, 0.0, *([least] * problem.parameters)])
    high = np.asarray([np.inf, np.inf if problem.heterogeneous else 0.0, *([MOST] * problem.parameters)])
    units = np.asarray([scale, scale * scale, *([1.0] * problem.parameters)])

    def falling(x: Floats) -> float:
        value = problem.loglik(mean + units[0] * float(x[0]), units[1] * float(x[1]), x[2:])
        return -value if np.isfinite(value) else 1e10

    # the beta shape often has a second peak, where small p values are seen far more often and the mean is near 0
    starts = [(0.0, 1.0), (-0.5, 3.0), *([(0.0, 0.2)] if problem.shape == "beta" else [])]
    bounds = list(zip(low, high, strict=True))
    found = [
        _descended(falling, [shift, tau2 / units[1], *([shape] * problem.parameters)], bounds)
        for shift, shape in starts
    ]
    x, bend, settled = _polished(falling, min(found, key=falling), low, high)
    errors = _errors(bend, units) if settled else (None,) * x.size
    settled = settled and errors[0] is not None
    return Peak(mean + scale * float(x[0]), units[1] * float(x[1]), x[2:], -falling(x), errors, settled)


def _descended(falling: Callable[[Floats], float], start: list[float], bounds: list[tuple[float, float]]) -> Floats:
    """Where the quasi-Newton method ends."""
    options = {"ftol": 1e-13, "gtol": 1e-8, "maxiter": 300}
    answer: Floats = minimize(falling, np.asarray(start), method="L-BFGS-B", bounds=bounds, options=options).x
    return answer


def _polished(falling: Callable[[Floats], float], x: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, bool]:
    """Newton's steps in what is not at a bound; the bend (NaN in rows at a bound), and whether it is a peak."""
    bend = np.full((x.size, x.size), np.nan)
    near = np.asarray([0.0, 1e-6, *([1e-4] * (x.size - 2))])  # how near to a bound is at it
    for _ in range(4):
        free = np.flatnonzero((x > low + near) & (x < high - 1e-4))
        x = np.where(np.isin(np.arange(x.size), free), x, np.where(x <= low + near, low, high))
        slope, inner = _differences(falling, x, free)
        if np.linalg.eigvalsh(inner)[0] <= 0:
            return x, bend, False
        step = np.zeros(x.size)
        step[free] = np.linalg.solve(inner, slope)
        there = np.clip(x - step, low, high)
        if falling(there) <= falling(x) + 1e-12:
            x = there
    bend[np.ix_(free, free)] = inner
    return x, bend, bool(abs(x[0]) < 40)


def _differences(falling: Callable[[Floats], float], x: Floats, free: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Slope and bend by central differences, with steps that suit sums good to 1e-14."""
    h = 3e-4 * np.maximum(1.0, abs(x))
    h[1:] = np.minimum(h[1:], np.where(x[1:] > 0, x[1:] / 3, np.inf))  # all but the mean stay above 0
    moves = np.diag(h)[free]
    slope = np.asarray([(falling(x + a) - falling(x - a)) for a in moves]) / (2 * h[free])
    bend = np.asarray(
        [
            [falling(x + a + b) - falling(x + a - b) - falling(x - a + b) + falling(x - a - b) for a in moves]
            for b in moves
        ]
    ) / (4 * np.outer(h[free], h[free]))
    return slope, bend


def _errors(bend: Floats, units: Floats) -> tuple[float | None, ...]:
    """Standard errors from the inverse of the bend, back in the effects' units."""
    free = np.flatnonzero(np.isfinite(np.diag(bend)))
    variances = np.diag(np.linalg.inv(bend[np.ix_(free, free)]))
    answer: list[float | None] = [None] * units.size
    for at, variance in zip(free.tolist(), variances.tolist(), strict=True):
        answer[at] = sqrt(variance) * float(units[at]) if variance > 0 else None
    return tuple(answer)
