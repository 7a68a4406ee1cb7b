"""Normal distributions mixed over tau: their chances, quantiles and shortest intervals."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from whatworks.synthesise.methods.weighing import Floats

ROOT_2PI = float(np.sqrt(2 * np.pi))


class Mixture(NamedTuple):
    """Normal distributions by mean and sd, each with its share; shares sum to one."""

    mean: Floats
    sd: Floats
    share: Floats

    def cdf(self, at: float) -> float:
        """The chance of at most this."""
        return float(self.share @ ndtr((at - self.mean) / self.sd))

    def above(self, at: float) -> float:
        """The chance of more than this, exact also where it is tiny."""
        return float(self.share @ ndtr((self.mean - at) / self.sd))

    def density(self, at: float) -> float:
        z = (at - self.mean) / self.sd
        return float(self.share @ (np.exp(-z * z / 2) / (self.sd * ROOT_2PI)))

    def centre(self) -> float:
        """The mean."""
        return float(self.share @ self.mean)

    def spread(self) -> float:
        """The standard deviation."""
        return float(np.sqrt(self.share @ (self.sd**2 + (self.mean - self.centre()) ** 2)))

    def quantile(self, p: float) -> float:
        """The value below which this share lies: Newton's method on the normal scale, kept inside by bisection."""
        low, high = self._bracket()
        wanted = float(ndtri(p))
        at = self.centre() + wanted * float(np.sqrt(self.share @ self.sd**2))
        for _ in range(200):
            cdf, density = self.cdf(at), self.density(at)
            low, high = (low, at) if cdf > p else (at, high)
            new = low - 1
            if 0 < cdf < 1 and density > 0:
                z = float(ndtri(cdf))
                new = at - (z - wanted) * exp(-z * z / 2) / ROOT_2PI / density
            if not low < new < high:
                new = (low + high) / 2
            moved, at = abs(new - at), new
            if moved < 1e-14 * max(abs(at), self.sd[0]):
                break
        return at

    def bend(self, at: float) -> float:
        """The slope of the density."""
        z = (at - self.mean) / self.sd
        return -float(self.share @ (z * np.exp(-z * z / 2) / (self.sd**2 * ROOT_2PI)))

    def shortest(self, level: float) -> tuple[float, float]:
        """The shortest interval, by Newton's method on both ends at once; by `shortest` where that does not settle."""
        left, right = central(self.quantile, level)
        for _ in range(40):
            here, there = self.density(left), self.density(right)
            short, uneven = self.cdf(right) - self.cdf(left) - level, here - there
            steep_here, steep_there = self.bend(left), self.bend(right)
            fall = here * steep_there - there * steep_here
            if not fall < 0:
                break
            down = (short * steep_there + uneven * there) / fall
            up = (short * steep_here + uneven * here) / fall
            left, right = left + down, right + up
            if not left < right:
                break
            if abs(down) + abs(up) < 1e-13 * (right - left):
                return left, right
        return shortest(self.quantile, self.density, level)

    def _bracket(self) -> tuple[float, float]:
        reach = 40 * self.sd
        return float((self.mean - reach).min()), float((self.mean + reach).max())


def central(quantile: Callable[[float], float], level: float) -> tuple[float, float]:
    """The interval that leaves as much below as above."""
    tail = (1 - level) / 2
    return quantile(tail), quantile(1 - tail)


def shortest(
    quantile: Callable[[float], float], density: Callable[[float], float], level: float, least: float | None = None
) -> tuple[float, float]:
    """The shortest interval of a density with one peak: as dense at its one end as at the other.

    least: where the values begin (0 for tau); the interval starts there where the density only falls.
    """
    if least is not None and density(least) >= density(quantile(level)):
        return least, quantile(level)
    low, high, at_low, at_high = 0.0, 1 - level, -1.0, 1.0  # the gap of densities, by its sign beyond the ends
    below, gap = (1 - level) / 2, 0.0
    for _ in range(100):
        left, right = quantile(below), quantile(below + level)
        here, there = density(left), density(right)
        gap = (here - there) / max(here, there, 1e-300)
        if abs(gap) < 1e-13 or high - low < 1e-14:
            break
        if gap < 0:
            low, at_low, at_high = below, gap, at_high / 2  # the Illinois rule: no end stays for ever
        else:
            high, at_high, at_low = below, gap, at_low / 2
        below = (low * at_high - high * at_low) / (at_high - at_low)
    return left, right
