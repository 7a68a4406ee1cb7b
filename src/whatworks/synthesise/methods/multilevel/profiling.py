"""Which values of a variance component does the likelihood not refuse? Profile-likelihood intervals, and tests of 0.

The ends are where twice the fall of the likelihood, the other components at their best, is chi-squared's quantile on
one degree of freedom. A test of 0 is on the boundary, where the statistic is 0 half of the time: p is half of
chi-squared's. Sources: Venzon and Moolgavkar (1988), Applied Statistics 37(1), 87-94; Self and Liang (1987), JASA
82(398), 605-610; Viechtbauer (2010), Journal of Statistical Software 36(3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from whatworks.stats.intervals import chi2_from_tail, chi2_tail
from whatworks.synthesise.methods.multilevel.fitting import Peak, climb, highest, spread_of
from whatworks.synthesise.methods.multilevel.grouping import Floats
from whatworks.synthesise.methods.multilevel.likelihood import Problem

FARTHEST = 1e6  # in units of the effects' variance; a likelihood that has not fallen there has no upper end


class Profile(NamedTuple):
    """low, high: the interval (high None where it has no end); lrt: twice the fall at 0; p: its test, halved."""

    low: float
    high: float | None
    lrt: float
    p: float


def profiles(given: Problem, peak: Peak, free: tuple[bool, ...], level: float) -> list[Profile | None]:
    """The profile of each component, None for those that are fixed at 0."""
    return [profile(given, peak, free, j, level) if free[j] else None for j in range(len(free))]


def profile(given: Problem, peak: Peak, free: tuple[bool, ...], j: int, level: float) -> Profile:
    """The profile of component j from the highest peak."""
    held = np.where(free, 0.0, peak.sigma2)
    others = tuple(is_free and i != j for i, is_free in enumerate(free))
    without = highest(given, others, held)
    best = float(peak.sigma2[j])
    lrt = max(0.0, 2 * (peak.at.value - without.at.value)) if best > 0 else 0.0
    target = peak.at.value - chi2_from_tail(1 - level, 1) / 2
    search = _Search(given, peak, j, others, target, spread_of(given))
    low = search.sure(search.lower) if without.at.value < target and best > 0 else 0.0
    p = 0.5 * float(chi2_tail(lrt, 1)) if lrt > 0 else 1.0
    return Profile(low or 0.0, search.sure(search.upper) if search.scale > 0 else None, lrt, p)


@dataclass(slots=True)
class _Search:
    """The search for the ends of component j; others: which components move. thorough: look at every hill each time."""

    given: Problem
    peak: Peak
    j: int
    others: tuple[bool, ...]
    target: float
    scale: float
    thorough: bool = False

    def held(self, start: Floats, value: float) -> Peak:
        """The best place with component j at a value."""
        sigma2 = start.copy()
        sigma2[self.j] = value
        if self.thorough:
            return highest(self.given, self.others, np.where(self.others, 0.0, sigma2))
        return climb(self.given, sigma2, np.flatnonzero(self.others), self.scale)

    def sure(self, end: Callable[[], float | None]) -> float | None:
        """An end; found again with all hills looked at where a higher one than that followed shows there."""
        self.thorough = False
        value = end()
        self.thorough = True
        if value is not None and abs(self.held(self.peak.sigma2, value).at.value - self.target) > 1e-7:
            return end()
        return value

    def lower(self) -> float:
        """The lower end, which the caller knows to be above 0."""
        return self.where(self.peak.sigma2, 0.0, float(self.peak.sigma2[self.j]))

    def upper(self) -> float | None:
        """The upper end: outward by doubling until the likelihood is below the target, then closer."""
        inside, start = float(self.peak.sigma2[self.j]), self.peak.sigma2
        outside = 2 * inside + 0.1 * self.scale
        while outside < FARTHEST * self.scale:
            found = self.held(start, outside)
            if found.at.value < self.target:
                return self.where(start, outside, inside)
            start, inside, outside = found.sigma2, outside, 2 * outside
        return None

    def where(self, start: Floats, below: float, above: float) -> float:
        """The end between a value below the target and one above it: Newton's method inside the bracket.

        The slope of the profile is that of the likelihood in component j, for the others are at their best.
        """
        value = (below + above) / 2
        for _ in range(100):
            found = self.held(start, value)
            start, apart = found.sigma2, found.at.value - self.target
            below, above = (value, above) if apart < 0 else (below, value)
            slope = float(found.at.slope[self.j])
            new = value - apart / slope if slope else value
            if not min(below, above) < new < max(below, above):
                new = (below + above) / 2
            moved, value = abs(new - value), new
            if moved <= 1e-10 * (value + 1e-4 * self.scale):
                break
        return value
