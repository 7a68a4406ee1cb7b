"""The scales that effects are on: what each is called, and how to read it back as people say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Transform = Literal["none", "exp", "tanh", "logistic", "sin2"]
BACK: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "none": lambda x: x,
    "exp": np.exp,
    "tanh": np.tanh,
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "sin2": lambda x: np.sin(x) ** 2,
}


@dataclass(frozen=True, slots=True)
class Metric:
    """A scale. code: metafor's name where it has one. back: how the analysis scale returns to the readable one.

    null: the value, on the analysis scale, that means "no difference"; None for measures of a single group.
    """

    code: str
    title: str
    transform: Transform = "none"
    null: float | None = 0.0

    def back(self, value: ArrayLike) -> NDArray[np.float64]:
        """The value on the scale people read: a ratio from its logarithm, a proportion from its log odds."""
        return np.asarray(BACK[self.transform](np.asarray(value, dtype=float)))


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
        Metric("SMD1H", "standardised mean difference (comparison group's standard deviation, unequal variances)"),
        Metric("SMDC", "standardised difference in change (standard deviation of the changes)"),
        Metric("ROM", "ratio of means", "exp"),
        Metric("VR", "ratio of standard deviations", "exp"),
        Metric("CVR", "ratio of coefficients of variation", "exp"),
        Metric("MC", "mean change"),
        Metric("SMCC", "standardised mean change (standard deviation of the changes)"),
        Metric("SMCR", "standardised mean change (standard deviation before)"),
        Metric("SMCRH", "standardised mean change (standard deviation before, unequal variances)"),
        Metric("ROMC", "ratio of means, after to before", "exp"),
        Metric("VRC", "ratio of standard deviations, after to before", "exp"),
        Metric("CVRC", "ratio of coefficients of variation, after to before", "exp"),
        Metric("MPRD", "risk difference in matched pairs"),
        Metric("MPRR", "risk ratio in matched pairs", "exp"),
        Metric("MPOR", "odds ratio of the margins of matched pairs", "exp"),
        Metric("MPORC", "odds ratio within matched pairs", "exp"),
        Metric("MPPETO", "odds ratio within matched pairs (Peto)", "exp"),
        Metric("IRSD", "difference of square roots of rates"),
        Metric("PBIT", "difference of probits of two risks"),
        Metric("PHI", "phi coefficient"),
        Metric("YUQ", "Yule's Q"),
        Metric("YUY", "Yule's Y"),
        Metric("COR", "correlation"),
        Metric("ZCOR", "correlation (Fisher's z)", "tanh"),
        Metric("RPB", "point-biserial correlation"),
        Metric("RBIS", "biserial correlation"),
        Metric("PCOR", "partial correlation"),
        Metric("ZPCOR", "partial correlation (Fisher's z)", "tanh"),
        Metric("SPCOR", "semi-partial correlation"),
        Metric("PR", "proportion", null=None),
        Metric("PLN", "proportion (logarithm)", "exp", null=None),
        Metric("PLO", "proportion (log odds)", "logistic", null=None),
        Metric("PAS", "proportion (arcsine square root)", "sin2", null=None),
        Metric("PFT", "proportion (Freeman-Tukey double arcsine, read back only with group sizes)", null=None),
        Metric("IR", "rate", null=None),
        Metric("IRLN", "rate (logarithm)", "exp", null=None),
        Metric("IRS", "rate (square root)", null=None),
        Metric("IRFT", "rate (Freeman-Tukey)", null=None),
        Metric("MN", "mean", null=None),
        Metric("SMN", "mean in standard deviations"),
        Metric("MNLN", "mean (logarithm)", "exp", null=None),
        Metric("SDLN", "standard deviation (logarithm)", "exp", null=None),
        Metric("CVLN", "coefficient of variation (logarithm)", "exp", null=None),
        Metric("ARAW", "Cronbach's alpha", null=None),
        Metric("AHW", "Cronbach's alpha (Hakstian and Whalen's cube root)", null=None),
        Metric("ABT", "Cronbach's alpha (Bonett's logarithm)", null=None),
    )
}
