"""The variance components of the highest likelihood: a grid to find the hill, Newton's method to climb it.

Components on the boundary are exactly 0. Every hill that the grid shows is climbed and the highest wins: a single
start can stop at a lower one.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

from whatworks.synthesise.methods.multilevel.grouping import Floats
from whatworks.synthesise.methods.multilevel.likelihood import Curved, Problem, curved, log_likelihoods, weighed

# shares of the spread of the effects, by the number of components
GRID = {
    1: (0.0, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 3.0),
    2: (0.0, 0.04, 0.3, 1.2),
    3: (0.0, 0.1, 0.6),
}
HILLS = 3  # how many of the grid's hills are climbed
STEPS = 200
REACH = 4.0  # no component grows or shrinks by more than a factor of exp(4) at once
SWEEPS = 300
CLOSE = 3e-6  # a Newton step this small, as a share, leaves an error of about its square


class Peak(NamedTuple):
    """sigma2: (J,) of the highest likelihood; at: value, slope and bend there; peaks: how many hills were found."""

    sigma2: Floats
    at: Curved
    peaks: int


def spread_of(given: Problem) -> float:
    """The variance of the effects about their regression: the scale on which components are looked for."""
    apart = given.y - (given.x @ given.y) @ given.x
    return float(apart @ apart) / max(1, given.y.size - len(given.x))


def highest(given: Problem, free: tuple[bool, ...], held: Floats | None = None) -> Peak:
    """The components of the highest likelihood; those that are not free stay as held (J,), 0 if nothing is."""
    base = np.zeros(len(free)) if held is None else held
    which, scale = np.flatnonzero(free), spread_of(given)
    if not which.size or scale == 0:
        return Peak(base, curved(given, base), 1)
    found = [climb(given, start, which, scale) for start in _starts(given, which, scale, base)]
    best = max(found, key=lambda one: one.at.value)
    apart = [one for one in found if abs(one.sigma2 - best.sigma2).max() > 1e-4 * scale]
    return Peak(best.sigma2, best.at, 1 + len(apart))


def _starts(given: Problem, which: np.typing.NDArray[np.intp], scale: float, base: Floats) -> list[Floats]:
    """The tops of the grid's hills, highest first."""
    shares = GRID.get(which.size, (0.05, 0.5))
    points = np.repeat(base[None], len(shares) ** which.size, axis=0)
    points[:, which] = scale * np.array(list(product(shares, repeat=which.size)))
    step = max(1, 200_000 // given.y.size)
    heights = np.concatenate(
        [log_likelihoods(given, weighed(given, points[first : first + step])) for first in range(0, len(points), step)]
    )
    tops = np.flatnonzero(_tops(heights.reshape((len(shares),) * which.size)).ravel())
    order = tops[np.argsort(-heights[tops])][:HILLS]
    return [points[one] for one in order] or [points[int(heights.argmax())]]


def _tops(heights: Floats) -> np.typing.NDArray[np.bool_]:
    """Where a grid is at least as high as at all its neighbours, those across a corner included."""
    padded = np.pad(heights, 1, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, (3,) * heights.ndim)
    answer: np.typing.NDArray[np.bool_] = heights >= around.max(axis=tuple(range(heights.ndim, 2 * heights.ndim)))
    return answer


def climb(given: Problem, start: Floats, which: np.typing.NDArray[np.intp], scale: float) -> Peak:
    """Newton's method from one start over the components `which`, kept at 0 or above, never downhill."""
    sigma2, at, floor = start, curved(given, start), _floors(given)
    for _ in range(STEPS):
        new, there = _uphill(given, sigma2, at, _step(sigma2, at, which, floor), floor)
        moved = abs(new - sigma2).max()
        small = moved <= CLOSE * (abs(new).max() + 1e-6 * scale)
        sigma2, at = new, there
        if small:
            break
    return Peak(sigma2, at, 1)


def _floors(given: Problem) -> Floats:
    """What chance alone leaves at each component's level: the typical variance over the effects in a level."""
    typical, floors = 1.0 / float((1.0 / given.at.v).sum()), np.empty(given.at.components)
    for link in (*given.at.inner, *given.at.chain, *given.at.crossed):
        if link.component is not None:
            floors[link.component] = typical * link.levels.size
    return floors


class _Step(NamedTuple):
    """A step in log(sigma2 + floor) of the components `moving`."""

    moving: list[int]
    lifted: Floats
    along: Floats

    def taken(self, sigma2: Floats, floor: Floats, share: float) -> Floats:
        """Where a share of the step leads; 0 is as far down as there is."""
        new = sigma2.copy()
        new[self.moving] = np.maximum(self.lifted * np.exp(share * self.along) - floor[self.moving], 0.0)
        return new


def _step(sigma2: Floats, at: Curved, which: np.typing.NDArray[np.intp], floor: Floats) -> _Step:
    """Newton's step among the components, on the scale of log(sigma2 + floor), made to lead uphill.

    On that scale the likelihood of a variance is nearly a parabola, from 0 up. Where a component would pass 0, the
    parabola's top above 0 is taken instead.
    """
    moving = [j for j in which.tolist() if sigma2[j] > 0 or at.slope[j] > 0]
    lifted = sigma2[moving] + floor[moving]
    if not moving:
        return _Step(moving, lifted, lifted)
    slope = at.slope[moving] * lifted
    bend = at.bend[np.ix_(moving, moving)] * np.multiply.outer(lifted, lifted) + np.diag(slope)
    values, vectors = np.linalg.eigh(bend)
    down = np.maximum(abs(values), max(1e-12 * float(abs(values).max()), 1e-300))
    along = vectors @ (vectors.T @ slope / down)
    lowest = np.log(floor[moving] / lifted)
    if (along < lowest).any():
        along = _bounded(slope, (vectors * down) @ vectors.T, np.maximum(along, lowest), lowest)
    farthest = float(abs(along).max())
    return _Step(moving, lifted, along * (REACH / farthest) if farthest > REACH else along)


def _bounded(slope: Floats, down: Floats, along: Floats, lowest: Floats) -> Floats:
    """The top of slope' d - d' down d / 2 where no entry of d is below its lowest: one entry after the other."""
    for _ in range(SWEEPS):
        before = along.copy()
        for j in range(along.size):
            left = slope[j] - float(down[j] @ along) + down[j, j] * along[j]
            along[j] = max(lowest[j], left / down[j, j])
        if abs(along - before).max() < 1e-9:
            break
    return along


def _uphill(given: Problem, sigma2: Floats, at: Curved, step: _Step, floor: Floats) -> tuple[Floats, Curved]:
    """The step, halved until it leads no lower (beyond rounding); the old place when no part of it does."""
    noise, share = 1e-12 * (abs(at.value) + given.y.size), 1.0
    for _ in range(40):
        new = step.taken(sigma2, floor, share)
        there = curved(given, new)
        if there.value >= at.value - noise:
            return new, there
        share /= 2
    return sigma2, at
