"""The weighted mean of effects at a given heterogeneity: the piece that every estimator turns over and over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Weighed(NamedTuple):
    """Studies weighed by 1 / (v + tau2). total: sum of weights; pull: weight times distance; q: weighted squares."""

    weights: Floats
    total: float
    mean: float
    distance: Floats
    pull: Floats
    q: float

    @property
    def fall(self) -> float:
        """How fast q falls as tau2 rises (minus its derivative): the sum of squared pulls."""
        return float(self.pull @ self.pull)


def weigh(y: Floats, v: Floats, tau2: float = 0.0) -> Weighed:
    """Weigh effects y with sampling variances v at heterogeneity tau2. Cost: five passes over the studies."""
    weights = 1.0 / (v + tau2)
    total = float(np.add.reduce(weights))
    mean = float(weights @ y) / total
    distance = y - mean
    pull = weights * distance
    return Weighed(weights, total, mean, distance, pull, float(pull @ distance))
