"""Climbing to the highest peak of a selection model's likelihood: from the best points of a coarse grid, by Newton's method.

The likelihood can have more than one peak, or rise for ever as the mean runs away from the effects (strong selection of a
far tail looks like no selection of a near one): both are looked for, and the second is said.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from whatworks.synthesise.methods.bias.stepfit import (
    FAR,
    TURNS,
    Fit,
    Point,
    Problem,
    Surface,
    direction,
    loglik,
    moved,
    surface,
)
from whatworks.synthesise.methods.bias.steps import shares
from whatworks.synthesise.methods.heterogeneity import fit_tau2
from whatworks.synthesise.methods.weighing import Floats, weigh

SHIFTS = np.asarray([0.5, 0.0, -0.5, -1.0, -2.0])  # of the mean, in typical standard deviations
STRETCHES = (0.0, 0.3, 1.0, 2.0)  # of tau2, with a part of the typical variance added to the last
ROUNDS = 4  # of balancing the frequencies at each grid point
STARTS = 3


def plain(problem: Problem) -> tuple[Point, float]:
    """The fit without selection, by maximum likelihood, and its log-likelihood."""
    y, v = problem.y, problem.v
    tau2 = fit_tau2(y, v, "ML").tau2 if problem.heterogeneous and y.size > 1 else 0.0
    point = Point(weigh(y, v, tau2).mean, tau2, np.ones(problem.steps.intervals))
    return point, loglik(problem, point)


def highest(problem: Problem, delta: Floats, base: Point) -> Fit:
    """The highest peak that can be reached. delta: the frequencies to start with, of which those not free stay.

    base: the fit without selection.
    """
    starts = _starts(problem, base, delta)
    fits = [climb(problem, start, base) for start in starts]
    settled = [fit for fit in fits if fit.settled]
    return max(settled or fits, key=lambda fit: fit.surface.loglik)


def _starts(problem: Problem, base: Point, delta: Floats) -> list[Point]:
    """The grid points that are higher than their neighbours in mean and tau2, the highest first, at most STARTS."""
    typical = float(np.median(problem.v)) + base.tau2
    means = base.mean + SHIFTS * sqrt(typical)
    spreads = {base.tau2 * stretch for stretch in STRETCHES[:-1]} | {base.tau2 * STRETCHES[-1] + 0.3 * typical}
    tau2s = np.asarray(sorted(spreads) if problem.heterogeneous else [0.0])
    mean, tau2 = (grid.ravel() for grid in np.meshgrid(means, tau2s, indexing="ij"))
    deltas, values = _balanced(problem, mean, tau2, delta)
    table = values.reshape(means.size, tau2s.size)
    padded = np.pad(table, 1, constant_values=-np.inf)
    near = np.max([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]], axis=0)
    peaks = np.flatnonzero(((table >= near) & np.isfinite(table)).ravel())
    order = peaks[np.argsort(-values[peaks], kind="stable")][:STARTS]
    return [Point(float(mean[i]), float(tau2[i]), deltas[i]) for i in order] or [base._replace(delta=delta)]


def _balanced(problem: Problem, mean: Floats, tau2: Floats, delta: Floats) -> tuple[Floats, Floats]:
    """Near-best frequencies at each grid point (as many studies expected in each interval as there are); likelihoods."""
    at = problem.v + tau2[:, None]
    chance = shares((problem.cuts - mean[:, None, None]) / np.sqrt(at)[..., None], problem.steps)  # (grid, k, J)
    deltas = np.repeat(delta[None, :], mean.size, axis=0)
    free, known = problem.free, problem.counts > 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(ROUNDS if free.size else 0):
            seen = (chance @ deltas[..., None])[..., 0]
            expected = ((1 / seen)[:, None, :] @ chance)[:, 0, free]
            deltas[:, free] = np.minimum(np.maximum(problem.counts[free] / expected, 1e-8), 1e8)
        seen = (chance @ deltas[..., None])[..., 0]
        normal = np.log(at) + (problem.y - mean[:, None]) ** 2 / at
        values = np.log(deltas[:, known]) @ problem.counts[known] - (np.log(seen) + 0.5 * normal).sum(axis=1)
    return deltas, np.where(np.isfinite(values), values, -np.inf)


def climb(problem: Problem, start: Point, base: Point) -> Fit:
    """Newton's method with halved steps where one leads down, until nothing is left to gain."""
    bound = FAR * sqrt(float(np.median(problem.v)) + base.tau2)
    point, at, last = start, surface(problem, start), False
    for _ in range(TURNS):
        step = direction(problem, point, at)
        gain = float(step @ at.slope)
        if abs(point.mean - base.mean) > bound or not np.isfinite(step).all():
            return Fit(point, at, False)
        there, level = _onward(problem, point, at, step)
        if there is None or level is None:
            return Fit(point, at, gain < 1e-9)
        point, at = there, level
        if last:
            return Fit(point, at, True)
        last = gain < 1e-10  # quadratic convergence: one more step reaches the last digits
    return Fit(point, at, False)


def _onward(problem: Problem, point: Point, at: Surface, step: Floats) -> tuple[Point, Surface] | tuple[None, None]:
    """The first of the step, its half, its quarter ... that does not lead down; nothing where all of them do."""
    slack = 1e-13 * (1 + abs(at.loglik))
    for _ in range(50):
        there = moved(problem, point, step)
        level = surface(problem, there)
        if level.loglik >= at.loglik - slack:
            return there, level
        step = step / 2
    return None, None
