"""What varies from group to group in a mixed model, and how a vector of parameters makes its covariance.

A term has `levels` groups and `width` columns, whose coefficients vary together with covariance s2 L L' (L lower triangular, s2 the
variance within). The parameters are the free entries of L, as in lme4 (Bates and others 2015, doi 10.18637/jss.v067.i01, section
2.2); the covariance is a sum over its own entries, whose derivatives in the parameters are exact. A sign of a column of L says
nothing, so the parameters need no bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.trial.methods.mixed.sums import Floats


@dataclass(frozen=True, slots=True, eq=False)
class RandomTerm:
    """One random term: labels of a `group` (rows,), and `columns` (rows, k) whose coefficients differ between its groups.

    Without `columns` the intercept differs; with them only what they hold does, so that an intercept is a column of ones. `related`:
    whether the coefficients may be correlated. A group within another needs labels of its own, as "cluster 3, period 2" has.
    """

    name: str
    group: ArrayLike
    columns: ArrayLike | None = None
    related: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """A term's number of groups, number of columns, and free places (i, j) of its lower triangle."""

    levels: int
    width: int
    places: tuple[tuple[int, int], ...]

    @property
    def effects(self) -> int:
        """How many random coefficients it has."""
        return self.levels * self.width

    def patterns(self) -> list[Floats]:
        """For each place the symmetric matrix (width, width) by which its covariance enters."""
        found = []
        for i, j in self.places:
            pattern = np.zeros((self.width, self.width))
            pattern[i, j] = pattern[j, i] = 1.0
            found.append(pattern)
        return found


def shape_of(levels: int, width: int, related: bool) -> Shape:
    """The shape of a term whose coefficients are correlated, or are not."""
    places = [(i, j) for i in range(width) for j in range(i + 1) if related or i == j]
    return Shape(levels, width, tuple(places))


def start(shapes: Sequence[Shape], size: float = 1.0) -> Floats:
    """Parameters under which every coefficient has `size` times the spread within, and none is correlated."""
    return np.array([size * float(i == j) for one in shapes for i, j in one.places])


def triangles(shapes: Sequence[Shape], theta: Floats) -> list[Floats]:
    """L of each term."""
    found, first = [], 0
    for one in shapes:
        lower = np.zeros((one.width, one.width))
        for number, (i, j) in enumerate(one.places, first):
            lower[i, j] = theta[number]
        found.append(lower)
        first += len(one.places)
    return found


def entries(shapes: Sequence[Shape], theta: Floats) -> Floats:
    """The covariances L L' at every free place, in units of the variance within."""
    found = []
    for one, lower in zip(shapes, triangles(shapes, theta), strict=True):
        both = lower @ lower.T
        found += [both[i, j] for i, j in one.places]
    return np.array(found)


def slopes(shapes: Sequence[Shape], theta: Floats) -> Floats:
    """How each entry (first axis) moves with each parameter."""
    found, first = np.zeros((len(theta), len(theta))), 0
    for one, lower in zip(shapes, triangles(shapes, theta), strict=True):
        for r, (i, j) in enumerate(one.places, first):
            for s, (a, b) in enumerate(one.places, first):
                found[r, s] = (i == a) * lower[j, b] + (j == a) * lower[i, b]
        first += len(one.places)
    return found


def bends(shapes: Sequence[Shape], weights: Floats) -> Floats:
    """Second derivatives in the parameters of the sum of `weights` times the entries."""
    found, first = np.zeros((len(weights), len(weights))), 0
    for one in shapes:
        known = {place: number for number, place in enumerate(one.places, first)}
        for (i, j), number in known.items():
            for b in range(one.width):
                if (i, b) in known and (j, b) in known:
                    found[known[i, b], known[j, b]] += weights[number]
                    found[known[j, b], known[i, b]] += weights[number]
        first += len(one.places)
    return found


def settled(shapes: Sequence[Shape], theta: Floats) -> Floats:
    """Parameters of the same covariances with a diagonal that is nought or above."""
    found: list[float] = []
    for one, lower in zip(shapes, triangles(shapes, theta), strict=True):
        turned = lower * np.where(np.diag(lower) < 0, -1.0, 1.0)
        if one.width > 1 and len(one.places) > one.width:
            turned = np.asarray(np.linalg.qr(turned.T, mode="r")).T
            turned = turned * np.where(np.diag(turned) < 0, -1.0, 1.0)
        found += [float(turned[i, j]) for i, j in one.places]
    return np.array(found)


def diagonal(shapes: Sequence[Shape]) -> NDArray[np.bool_]:
    """Which parameters stand on the diagonal of their term's L."""
    return np.array([i == j for one in shapes for i, j in one.places])
