"""The scales that effects are on: what each is called, and how to read it back as people say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.saying import Said, said

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
    title: Said
    transform: Transform = "none"
    null: float | None = 0.0

    def back(self, value: ArrayLike) -> NDArray[np.float64]:
        """The value on the scale people read: a ratio from its logarithm, a proportion from its log odds."""
        return np.asarray(BACK[self.transform](np.asarray(value, dtype=float)))


METRICS: dict[str, Metric] = {
    metric.code: metric
    for metric in (
        Metric("RR", said("risk ratio"), "exp"),
        Metric("OR", said("odds ratio"), "exp"),
        Metric("RD", said("risk difference")),
        Metric("PETO", said("odds ratio (Peto)"), "exp"),
        Metric("AS", said("difference of arcsine square roots")),
        Metric("IRR", said("rate ratio"), "exp"),
        Metric("IRD", said("rate difference")),
        Metric("HR", said("hazard ratio"), "exp"),
        Metric("MD", said("mean difference")),
        Metric("SMD", said("standardised mean difference (Hedges' g)")),
        Metric("D", said("standardised mean difference (Cohen's d)")),
        Metric("SMDH", said("standardised mean difference (unequal variances)")),
        Metric("SMD1", said("standardised mean difference (comparison group's standard deviation)")),
        Metric(
            "SMD1H", said("standardised mean difference (comparison group's standard deviation, unequal variances)")
        ),
        Metric("SMDC", said("standardised difference in change (standard deviation of the changes)")),
        Metric("ROM", said("ratio of means"), "exp"),
        Metric("VR", said("ratio of standard deviations"), "exp"),
        Metric("CVR", said("ratio of coefficients of variation"), "exp"),
        Metric("MC", said("mean change")),
        Metric("SMCC", said("standardised mean change (standard deviation of the changes)")),
        Metric("SMCR", said("standardised mean change (standard deviation before)")),
        Metric("SMCRH", said("standardised mean change (standard deviation before, unequal variances)")),
        Metric("ROMC", said("ratio of means, after to before"), "exp"),
        Metric("VRC", said("ratio of standard deviations, after to before"), "exp"),
        Metric("CVRC", said("ratio of coefficients of variation, after to before"), "exp"),
        Metric("MPRD", said("risk difference in matched pairs")),
        Metric("MPRR", said("risk ratio in matched pairs"), "exp"),
        Metric("MPOR", said("odds ratio of the margins of matched pairs"), "exp"),
        Metric("MPORC", said("odds ratio within matched pairs"), "exp"),
        Metric("MPPETO", said("odds ratio within matched pairs (Peto)"), "exp"),
        Metric("IRSD", said("difference of square roots of rates")),
        Metric("PBIT", said("difference of probits of two risks")),
        Metric("PHI", said("phi coefficient")),
        Metric("YUQ", said("Yule's Q")),
        Metric("YUY", said("Yule's Y")),
        Metric("COR", said("correlation")),
        Metric("ZCOR", said("correlation (Fisher's z)"), "tanh"),
        Metric("RPB", said("point-biserial correlation")),
        Metric("RBIS", said("biserial correlation")),
        Metric("PCOR", said("partial correlation")),
        Metric("ZPCOR", said("partial correlation (Fisher's z)"), "tanh"),
        Metric("SPCOR", said("semi-partial correlation")),
        Metric("PR", said("proportion"), null=None),
        Metric("PLN", said("proportion (logarithm)"), "exp", null=None),
        Metric("PLO", said("proportion (log odds)"), "logistic", null=None),
        Metric("PAS", said("proportion (arcsine square root)"), "sin2", null=None),
        Metric("PFT", said("proportion (Freeman-Tukey double arcsine, read back only with group sizes)"), null=None),
        Metric("IR", said("rate"), null=None),
        Metric("IRLN", said("rate (logarithm)"), "exp", null=None),
        Metric("IRS", said("rate (square root)"), null=None),
        Metric("IRFT", said("rate (Freeman-Tukey)"), null=None),
        Metric("MN", said("mean"), null=None),
        Metric("SMN", said("mean in standard deviations")),
        Metric("MNLN", said("mean (logarithm)"), "exp", null=None),
        Metric("SDLN", said("standard deviation (logarithm)"), "exp", null=None),
        Metric("CVLN", said("coefficient of variation (logarithm)"), "exp", null=None),
        Metric("ARAW", said("Cronbach's alpha"), null=None),
        Metric("AHW", said("Cronbach's alpha (Hakstian and Whalen's cube root)"), null=None),
        Metric("ABT", said("Cronbach's alpha (Bonett's logarithm)"), null=None),
    )
}
