"""How many people does an effect of this size need to give this p value? The curves of the albatross plot, and back again.

z is the size of the normal statistic. With N people, of whom r to 1 are in the two groups, an estimate has variance c / N, so
that N = c (z / effect)^2. Source: Harrison et al. (2017), Research Synthesis Methods 8(3), 281-289; the variances are the usual
large-sample ones. Correlations go through Fisher's z: N = 3 + (z / atanh r)^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import atanh, exp, log, sqrt, tanh
from typing import Literal

from scipy.optimize import brentq

from whatworks.errors import InputError
from whatworks.saying import said

Metric = Literal["SMD", "MD", "COR", "OR", "RR", "RD"]
RATIOS = ("OR", "RR")
CONTOURS: dict[str, tuple[float, ...]] = {
    "SMD": (0.1, 0.2, 0.5, 0.8),
    "COR": (0.1, 0.2, 0.3, 0.5),
    "OR": (1.25, 1.5, 2.0, 4.0),
    "RR": (1.1, 1.25, 1.5, 2.0),
    "RD": (0.02, 0.05, 0.1, 0.2),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the curves suppose of every study: ratio, of group sizes; baseline, the comparison group's risk; sd, for MD."""

    metric: Metric
    ratio: float = 1.0
    baseline: float | None = None
    sd: float | None = None

    def __post_init__(self) -> None:
        if self.metric not in (*CONTOURS, "MD"):
            raise InputError(
                said("The metric %(metric)r is not known; choose one of SMD, MD, COR, OR, RR, RD.", metric=self.metric)
            )
        if not self.ratio > 0:
            raise InputError(said("ratio, of the sizes of the two groups, must be above 0; give 1 for equal groups."))
        if self.metric in ("OR", "RR", "RD") and not (self.baseline is not None and 0 < self.baseline < 1):
            raise InputError(
                said(
                    "Contours of %(metric)s need baseline, the risk in the comparison group, between 0 and 1.",
                    metric=self.metric,
                )
            )
        if self.metric == "MD" and not (self.sd is not None and self.sd > 0):
            raise InputError(said("Contours of MD need sd, the standard deviation of the outcome, above 0."))

    def people(self, effect: float, z: float) -> float | None:
        """N for this effect (ratios as they are read, not logarithms) and z; None where the effect cannot be."""
        if self.metric == "COR":
            return 3 + (z / atanh(effect)) ** 2 if 0 < abs(effect) < 1 else None
        if self.metric in RATIOS and effect <= 0:
            return None
        size = log(effect) if self.metric in RATIOS else effect
        spread = self._spread(effect)
        return None if spread is None or size == 0 else spread * (z / size) ** 2

    def _spread(self, effect: float) -> float | None:
        """c: the estimate's variance times N."""
        r = self.ratio
        if self.metric == "SMD":
            return (r + 1) ** 2 / r + effect * effect / 2
        if self.metric == "MD":
            return (self.sd or 1.0) ** 2 * (r + 1) ** 2 / r
        p0 = self.baseline or 0.5
        p1 = risk(self.metric, effect, p0)
        if not 0 < p1 < 1:
            return None
        return (r + 1) * (_unit(self.metric, p1) / r + _unit(self.metric, p0))

    def implied(self, n: float, z: float, higher: bool) -> float | None:
        """The effect that n people with this z stand for, on its side; None where no effect is large enough."""
        sign = 1.0 if higher else -1.0
        if z == 0:
            return 1.0 if self.metric in RATIOS else 0.0
        if self.metric == "COR":
            return sign * tanh(z / sqrt(n - 3)) if n > 3 else None
        if self.metric in ("SMD", "MD"):
            left = n / z**2 - (0.5 if self.metric == "SMD" else 0.0)
            scale = (self.ratio + 1) ** 2 / self.ratio * ((self.sd or 1.0) ** 2 if self.metric == "MD" else 1.0)
            return sign * sqrt(scale / left) if left > 0 else None
        return self._solved(n, z, sign)

    def _solved(self, n: float, z: float, sign: float) -> float | None:
        """The ratio or difference of risks nearest to no effect that needs n people: a root, found on a grid of risks."""
        p0 = self.baseline or 0.5
        end = (1 - p0) if sign > 0 else p0

        def effect(share: float) -> float:
            p1 = p0 + sign * share * end
            return {"OR": p1 / (1 - p1) / (p0 / (1 - p0)), "RR": p1 / p0, "RD": p1 - p0}[self.metric]

        def short(share: float) -> float:
            needed = self.people(effect(share), z)
            return (needed if needed is not None else n) - n

        grid = [1e-9, *(index / 200 for index in range(1, 200)), 1 - 1e-9]
        for low, high in pairwise(grid):
            if short(low) > 0 >= short(high):
                return effect(float(brentq(short, low, high, xtol=1e-15, rtol=1e-14)))
        return None


def _unit(metric: str, p: float) -> float:
    """What a group with this risk adds to the variance, times its people."""
    if metric == "RD":
        return p * (1 - p)
    return (1 - p) / p if metric == "RR" else 1 / (p * (1 - p))


def risk(metric: str, effect: float, p0: float) -> float:
    """The risk in the intervention group."""
    if metric == "OR":
        return effect * p0 / (1 - p0 + effect * p0)
    return effect * p0 if metric == "RR" else p0 + effect


def mirrored(metric: str, effect: float) -> float:
    """The same size of effect on the other side."""
    return exp(-log(effect)) if metric in RATIOS else -effect
