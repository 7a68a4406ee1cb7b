"""The top of a smooth log-likelihood in a few parameters: Newton's method with slopes by fine differences.

Differences are of fourth order, so that slopes and bends are good to about nine digits where the likelihood is good to
fourteen; a step that leads down is halved, and a bend that is not a hill's is turned into one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from whatworks.synthesise.methods.weighing import Floats

Slope = Callable[[Floats], tuple[float, Floats]]
STEP = 2e-3  # of differences: truncation of its fourth power and rounding of 1e-14 are then both about 1e-11
FEW_STEPS = 100


class Summit(NamedTuple):
    """Where the top is, its height, and the observed information there (minus the bend). settled: whether it was found."""

    at: Floats
    height: float
    information: Floats
    settled: bool

    @property
    def covariance(self) -> Floats | None:
        """The inverse of the information; None where it is no hill's."""
        try:
            np.linalg.cholesky(self.information)
        except np.linalg.LinAlgError:
            return None
        return np.asarray(np.linalg.inv(self.information))


def by_differences(height: Callable[[Floats], float]) -> Slope:
    """A height with its slope in every direction, by central differences of fourth order."""

    def slope(at: Floats) -> tuple[float, Floats]:
        answer = np.empty(at.size)
        for place in range(at.size):
            step = np.zeros(at.size)
            step[place] = STEP * max(1.0, abs(at[place]))
            near = height(at + step) - height(at - step)
            far = height(at + 2 * step) - height(at - 2 * step)
            answer[place] = (8 * near - far) / (12 * step[place])
        return height(at), answer

    return slope


def bend(slope: Slope, at: Floats, rough: bool = False) -> Floats:
    """The matrix of second derivatives, from differences of the slope; rough: of second order, at half the cost."""
    answer = np.empty((at.size, at.size))
    for place in range(at.size):
        step = np.zeros(at.size)
        step[place] = STEP * max(1.0, abs(at[place]))
        near = slope(at + step)[1] - slope(at - step)[1]
        if rough:
            answer[place] = near / (2 * step[place])
            continue
        far = slope(at + 2 * step)[1] - slope(at - 2 * step)[1]
        answer[place] = (8 * near - far) / (12 * step[place])
    return np.asarray((answer + answer.T) / 2)


def climb(slope: Slope, start: Sequence[float], enough: float = 1e-15) -> Summit:
    """The top above a start. enough: the gain still to be had, by the quadratic there, at which to stop.

    The bend is measured at the start and at the end, and carried along between (BFGS), since it costs the most.
    """
    at = np.asarray(start, dtype=float)
    height, steep = slope(at)
    information = _hill(-bend(slope, at, rough=True))
    for _ in range(FEW_STEPS):
        step = _short(np.asarray(np.linalg.solve(information, steep)))
        if float(step @ steep) / 2 <= enough:
            break
        moved = _halved(slope, at, height, step)
        if moved is None:
            break
        new, height, steeper = moved
        information = _carried(information, new - at, steep - steeper)
        at, steep = new, steeper
    information = -bend(slope, at)
    last = _short(np.asarray(np.linalg.solve(_hill(information), steep)))
    higher, steeper = slope(at + last)
    settled = float(last @ steep) / 2 <= 1e-6 and bool(np.isfinite(higher))
    if settled and higher >= height - 1e-12 * max(1.0, abs(height)):
        at, height = at + last, higher
    return Summit(at, height, information, settled)


def _hill(information: Floats) -> Floats:
    """The information with directions that bend the wrong way bent back, so that steps by it always lead up."""
    values, vectors = np.linalg.eigh(information)
    values = np.maximum(np.abs(values), 1e-8 * max(1.0, float(np.abs(values).max())))
    return np.asarray((vectors * values) @ vectors.T)


def _short(step: Floats) -> Floats:
    """The step, no longer than three in any direction."""
    longest = float(np.abs(step).max())
    return np.asarray(step * min(1.0, 3.0 / longest) if longest else step)


def _carried(information: Floats, moved: Floats, eased: Floats) -> Floats:
    """The information after a move over which the slope eased so much (BFGS); as it was where that says nothing."""
    along = float(moved @ eased)
    if along <= 1e-12 * float(moved @ moved):
        return information
    bent = information @ moved
    return np.asarray(information + np.outer(eased, eased) / along - np.outer(bent, bent) / float(moved @ bent))


def _halved(slope: Slope, at: Floats, height: float, step: Floats) -> tuple[Floats, float, Floats] | None:
    """The first of ever shorter steps that leads up; None where none does."""
    for _ in range(40):
        new, steep = slope(at + step)
        if np.isfinite(new) and new > height:
            return at + step, new, steep
        step = step / 2
    return None
