"""The scales that effects are on: what each is called, and how to read it back as people say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Metric:
    """A scale. code: metafor's name where it has one. back: how the analysis scale returns to the readable one.

    null: the value, on the analysis scale, that means "no difference"; None for measures of a single group.
    """

    code: str
    title: str
    transform: Literal["none", "exp", "tanh", "logistic", "sin2"] = "none"
    null: float | None = 0.0

    def back(self, value: ArrayLike) -> NDArray[np.float64]:
        """The value on the scale people read: a ratio from its logarithm, a proportion from its log odds."""
        x = np.asarray(value, dtype=float)
        if self.transform == "exp":
            return np.asarray(np.exp(x))
        if self.transform == "tanh":
            return np.asarray(np.tanh(x))
        if self.transform == "logistic":
            return np.asarray(1 / (1 + np.exp(-x)))
        return np.asarray(np.sin(x) ** 2) if self.transform == "sin2" else x


METRICS: dict[str, Metric] = {
    metric.code: metric
    for metric in (
        Metric("RR", "risk ratio", "exp"),
        Metric("OR", "odds ratio", "exp"),
        Metric("RD", "risk difference"),
        Metric("PETO", "odds ratio (Peto)", "exp"),
        Metric("AS", "difference of arcsine square roots"),
        Metric("IRR", "rate ratio", "exp"),
        Metric("IRD", "rate difference"),
        Metric("HR", "hazard ratio", "exp"),
        Metric("MD", "mean difference"),
        Metric("SMD", "standardised mean difference (Hedges' g)"),
        Metric("D", "standardised mean difference (Cohen's d)"),
        Metric("SMDH", "standardised mean difference (unequal variances)"),
        Metric("SMD1", "standardised mean difference (comparison group's standard deviation)"),
        Metric("ROM", "ratio of means", "exp"),
        Metric("COR", "correlation"),
        Metric("ZCOR", "correlation (Fisher's z)", "tanh"),
        Metric("PCOR", "partial correlation"),
        Metric("SPCOR", "semi-partial correlation"),
        Metric("PR", "proportion", null=None),
        Metric("PLN", "proportion (logarithm)", "exp", null=None),
        Metric("PLO", "proportion (log odds)", "logistic", null=None),
        Metric("PAS", "proportion (arcsine square root)", "sin2", null=None),
        Metric("PFT", "proportion (Freeman-Tukey double arcsine, read back only with group sizes)", null=None),
    )
}
