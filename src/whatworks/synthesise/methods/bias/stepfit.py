"""The likelihood of effects that were seen more or less often by their p value, with its slope and bend, and its peak.

The density of a study is that of a normal effect, weighted by how often its p value is seen and divided by how often any
result of such a study is seen: A = sum_j delta_j B_j, with B_j the chance of the j-th interval of p.
Source: Vevea and Hedges (1995), Psychometrika 60(3), 419-435, equations 3 to 5. The derivatives are written out, so that
Newton's method ends in a few steps and the observed information is exact. A slow twin is in
tests/unit/synthesise/test_bias_selection.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.synthesise.methods.bias.steps import Steps, shares
from whatworks.synthesise.methods.weighing import Floats

LOG_2PI, ROOT_2PI = log(2 * pi), sqrt(2 * pi)
TURNS = 300  # Newton steps; a fit that needs more is not going anywhere
FAR = 40.0  # typical standard deviations between the means with and without selection beyond which a fit ran away


@dataclass(frozen=True, slots=True)
class Problem:
    """k effects with variances, which interval each lies in, how many lie in each, and the cuts as effects (k, M).

    free: the intervals whose relative frequency is estimated; heterogeneous: whether tau2 is.
    """

    y: Floats
    v: Floats
    group: NDArray[np.intp]
    counts: Floats
    cuts: Floats
    steps: Steps
    free: NDArray[np.intp]
    heterogeneous: bool


class Point(NamedTuple):
    """Where the likelihood is looked at: the mean, tau2, and the relative frequency of each interval."""

    mean: float
    tau2: float
    delta: Floats


class Surface(NamedTuple):
    """The log-likelihood there; slope and bend in the mean, tau2 and the logarithms of the free frequencies."""

    loglik: float
    slope: Floats
    bend: Floats


class Fit(NamedTuple):
    """The highest point found. settled: whether Newton's method came to rest at a peak that is not at infinity."""

    point: Point
    surface: Surface
    settled: bool


class Seen(NamedTuple):
    """What the likelihood is made of at a point: variances, chances of the intervals by frequency, and their sum A."""

    at: Floats
    u: Floats
    weighted: Floats
    total: Floats
    away: Floats


def seen_at(problem: Problem, point: Point) -> Seen:
    """The pieces at a point: u (k, M), weighted (k, J), the others (k,)."""
    at = problem.v + point.tau2
    u = (problem.cuts - point.mean) / np.sqrt(at)[:, None]
    weighted = shares(u, problem.steps) * point.delta
    return Seen(at, u, weighted, weighted.sum(axis=1), problem.y - point.mean)


def loglik(problem: Problem, point: Point, seen: Seen | None = None) -> float:
    """The log-likelihood, minus infinity where the effects cannot have been seen."""
    at, _, _, total, away = seen or seen_at(problem, point)
    if not total.min() > 0:
        return -np.inf
    known = problem.counts > 0
    weight = float(problem.counts[known] @ np.log(point.delta[known]))
    normal = float(np.log(at).sum()) + float(away @ (away / at)) + away.size * LOG_2PI
    return weight - float(np.log(total).sum()) - 0.5 * normal


def surface(problem: Problem, point: Point) -> Surface:
    """The log-likelihood with all of its first and second derivatives, in one pass over the studies."""
    seen = seen_at(problem, point)
    value, size = loglik(problem, point, seen), 2 + problem.free.size
    if value == -np.inf:
        return Surface(value, np.zeros(size), np.zeros((size, size)))
    at, u, weighted, total, away = seen
    inverse = 1 / at
    root = np.sqrt(inverse)
    turns = problem.steps.turns * point.delta  # (M, J): what each cut takes from and gives to each interval
    heights = np.exp(-0.5 * u * u) / (ROOT_2PI * total[:, None])
    zero, one = heights @ turns, (heights * u) @ turns  # (k, J): over J, the sums over cuts
    flat, odd = zero.sum(axis=1), one.sum(axis=1)
    change = turns.sum(axis=1)
    squares, cubes = (heights * u * u) @ change, (heights * u * u * u) @ change
    first = np.empty((away.size, size))  # the slope of A, over A
    first[:, 0], first[:, 1] = -root * flat, -0.5 * inverse * odd
    first[:, 2:] = weighted[:, problem.free] / total[:, None]
    gathered = first.sum(axis=0)
    slope = -gathered
    slope[0] += inverse @ away
    slope[1] += 0.5 * (inverse @ (away * away * inverse - 1))
    slope[2:] += problem.counts[problem.free]
    bend = np.diag(np.concatenate((np.zeros(2), -gathered[2:])))
    bend[0, 0] = inverse @ (odd - 1)
    bend[1, 1] = (inverse * inverse) @ (0.5 - away * away * inverse + 0.25 * (cubes - 3 * odd))
    bend[0, 1] = (inverse * root) @ (0.5 * (squares - flat)) - away @ (inverse * inverse)
    bend[0, 2:], bend[1, 2:] = root @ zero[:, problem.free], 0.5 * (inverse @ one[:, problem.free])
    bend[1, 0], bend[2:, 0], bend[2:, 1] = bend[0, 1], bend[0, 2:], bend[1, 2:]
    bend += first.T @ first
    return Surface(value, slope, bend)


def moved(problem: Problem, point: Point, step: Floats) -> Point:
    """The point after a step in the mean, tau2 (never below 0) and the logarithms of the free frequencies."""
    delta = point.delta.copy()
    delta[problem.free] *= np.exp(step[2:])
    return Point(point.mean + float(step[0]), max(0.0, point.tau2 + float(step[1])), delta)


def direction(problem: Problem, point: Point, at: Surface) -> Floats:
    """Newton's step, made to climb where the surface is not bent downwards, and kept from leading tau2 below 0."""
    everything = np.arange(at.slope.size)
    rest = everything[everything != 1]
    step = np.zeros(at.slope.size)
    if problem.heterogeneous:
        step = _climbing(at.bend, at.slope)
        if point.tau2 + step[1] < 0:  # tau2 goes to 0, and the others where they are best then
            step[1] = -point.tau2
            step[rest] = _climbing(at.bend[np.ix_(rest, rest)], at.slope[rest] + at.bend[rest, 1] * step[1])
    else:
        step[rest] = _climbing(at.bend[np.ix_(rest, rest)], at.slope[rest])
    typical = float(problem.v.max()) + point.tau2
    reach = np.full(step.size, 3.0)  # frequencies change by a factor of 20 at most
    reach[:2] = 6 * sqrt(typical), 3 * typical
    answer: Floats = step / max(1.0, float((abs(step) / reach).max()))
    return answer


def _climbing(bend: Floats, slope: Floats) -> Floats:
    """The step to the top of the quadratic, with axes along which it bends upwards turned over."""
    scale = np.sqrt(abs(np.diag(bend))) + 1e-150
    roots, axes = np.linalg.eigh(-bend / np.outer(scale, scale))
    answer: Floats = axes @ ((slope / scale @ axes) / np.maximum(abs(roots), 1e-10)) / scale
    return answer
