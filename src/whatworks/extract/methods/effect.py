"""What a formula answers: an effect with its sampling variance, and on what scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.extract.methods.metrics import METRICS, Metric
from whatworks.saying import said
from whatworks.stats.intervals import interval
from whatworks.stats.results import Result

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Effect(Result):
    """One effect or a column of them, on the analysis scale (logarithm where the metric is a ratio).

    yi, vi: the effect and its sampling variance, same shape; NaN in both where they cannot be computed, NaN in vi
    alone where the formula honestly has no variance. n1, n2: people (or person-time) behind each arm; n: people in
    all; None where the formula does not know. low, high: 95 per cent limits, only where they are not yi -/+ 1.96 se.
    """

    yi: Floats
    vi: Floats
    metric: str
    n1: Floats | None = None
    n2: Floats | None = None
    n: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None

    @property
    def se(self) -> Floats:
        """The standard error, the square root of vi."""
        return np.sqrt(self.vi)

    @property
    def scale(self) -> Metric:
        """What the metric is called and how to read it back."""
        return METRICS[self.metric]

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """The study's own interval on the analysis scale (normal distribution)."""
        if self.low is not None and self.high is not None and level == 0.95:
            return self.low, self.high
        return interval(self.yi, self.se, level)

    def summary(self) -> str:
        """One line per effect: the value on the scale people read, with its interval."""
        low, high = self.interval()
        rows = zip(*(np.atleast_1d(self.scale.back(part)) for part in (self.yi, low, high)), strict=True)
        return "\n".join(f"{self.scale.title}: {value:.3f} ({low:.3f} to {high:.3f})" for value, low, high in rows)


def effect(yi: ArrayLike, vi: ArrayLike, metric: str, n1: Floats | None, n2: Floats | None, **more: Any) -> Effect:
    """Build an Effect: where either number is infinite or undefined, both become NaN (metafor's rule)."""
    values, variances = (np.array(part, dtype=float) for part in np.broadcast_arrays(yi, vi))
    lost = ~(np.isfinite(values) & np.isfinite(variances))
    values[lost] = np.nan
    variances[lost] = np.nan
    total = more.pop("n", None)
    if total is None and n1 is not None and n2 is not None:
        total = n1 + n2
    return Effect(values, variances, metric, n1, n2, total, **more)


def require(holds: NDArray[np.bool_], *values: Floats, sentence: str) -> None:
    """Refuse the first row where a rule is broken; a row with a missing value has broken nothing."""
    known = np.logical_and.reduce([~np.isnan(value) for value in values]) if values else np.True_
    broken = np.asarray(known & ~holds)
    if not broken.any():
        return
    row = int(np.flatnonzero(np.ravel(broken))[0]) + 1 if broken.ndim else 0
    where = said("row %(row)s", row=row) if row else said("the numbers given")
    raise InputError(said("In %(where)s, %(sentence)s.", where=where, sentence=sentence))
