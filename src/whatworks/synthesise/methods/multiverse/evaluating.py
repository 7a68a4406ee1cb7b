"""Many pools at once: every data set by every method in a few passes over arrays.

Checked against `pool`, one specification at a time (tests/unit/synthesise/test_multiverse.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.multiverse.choosing import Places, Sets
from whatworks.synthesise.methods.regressing.estimating import batched_tau2
from whatworks.synthesise.methods.weighing import Floats


class Way(NamedTuple):
    """One way to pool: the estimator of tau2 (None with a common effect), the interval."""

    tau2: Estimator | None
    interval: str


class Evaluated(NamedTuple):
    """s specifications as columns. variant, mask, way: by which data and method; the rest as in `Pooled`."""

    variant: Places
    mask: Places
    way: Places
    k: Places
    tau2: Floats
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats

    def ascending(self) -> Evaluated:
        """The same in ascending order of the estimate, then of the interval's width."""
        at = np.lexsort((self.se, self.estimate))
        return Evaluated(
            self.variant[at], self.mask[at], self.way[at], self.k[at],
            self.tau2[at], self.estimate[at], self.se[at], self.low[at], self.high[at],
        )  # fmt: skip


class _Means(NamedTuple):
    """Pooled means (m,) at given tau2 (m,): with the usual standard error and the Hartung-Knapp factor."""

    tau2: Floats
    mean: Floats
    plain: Floats
    scale: Floats


def evaluate(sets: Sets, ways: tuple[Way, ...], level: float) -> Evaluated:
    """Every variant and selection by every way."""
    count = len(sets.masks)
    k = sets.masks.sum(axis=1)
    parts = []
    for number, (y, v) in enumerate(sets.variants):
        fitted: dict[Estimator | None, _Means] = {}
        for at, way in enumerate(ways):
            if way.tau2 not in fitted:
                fitted[way.tau2] = _means(y, v, sets.masks, way.tau2)
            told = fitted[way.tau2]
            se, reach = _reach(told, k, way.interval, level)
            same = np.full(count, number), np.arange(count), np.full(count, at)
            parts.append((*same, k.astype(np.intp), told.tau2, told.mean, se, told.mean - reach, told.mean + reach))
    return Evaluated(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _means(y: Floats, v: Floats, masks: Floats, estimator: Estimator | None) -> _Means:
    """The means of all selections, with tau2 by the estimator."""
    tau2 = np.zeros(len(masks)) if estimator is None else batched_tau2(y, v, counts=masks, tau2=estimator)
    weights = masks / (v + tau2[:, None])
    total = weights.sum(axis=1)
    mean = weights @ y / total
    q = np.einsum("mk,mk->m", weights, (y - mean[:, None]) ** 2)
    return _Means(tau2, mean, total**-0.5, q / (masks.sum(axis=1) - 1))


def _reach(told: _Means, k: Floats, interval: str, level: float) -> tuple[Floats, Floats]:
    """Standard errors, and how far the intervals reach."""
    tail = (1 - level) / 2
    if interval == "wald":
        return told.plain, -float(ndtri(tail)) * told.plain
    scale = {"t": np.ones_like(told.scale), "hksj": told.scale, "hksj-adhoc": np.maximum(1.0, told.scale)}[interval]
    se = told.plain * np.sqrt(scale)
    return se, -stdtrit(k - 1, tail) * se
