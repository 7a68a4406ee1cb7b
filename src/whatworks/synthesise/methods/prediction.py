"""Where may the true effect in a new setting like these lie? The published intervals, each by its name.

All are estimate -/+ critical * sqrt(se^2 + tau2); they differ in the distribution and in the standard error.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal, NamedTuple

from whatworks.stats.intervals import interval as interval_of

Prediction = Literal["metafor", "t-k1", "t-k2", "hts", "hts-hk", "veroniki", "hk", "normal"]
FEWEST = 3  # below it nothing is predicted: the spread of two effects says next to nothing about a third


class Mean(NamedTuple):
    """The uncertainty of the mean. plain: the usual standard error; knapp: Hartung and Knapp's.

    se, df, scale: as the interval asked for has them; scale is the Hartung-Knapp factor, None where it is not used.
    """

    se: float
    df: int | None
    scale: float | None
    plain: float
    knapp: float


def predict(
    estimate: float, mean: Mean, tau2: float, k: int, prediction: Prediction, level: float
) -> tuple[float, float]:
    """The limits, for three or more studies.

    `metafor` (metafor 3.8-1, predict.rma): the distribution and standard error of the interval asked for. `t-k1`, `t-k2`:
    t with k - 1 or k - 2 degrees of freedom and the interval's standard error. `hts`: t with k - 2 and the usual standard
    error (Higgins, Thompson and Spiegelhalter 2009, JRSS A 172(1), 137-159, equation 12). `hts-hk`: the same with
    Hartung and Knapp's (Partlett and Riley 2017, Statistics in Medicine 36(2), 301-317). `veroniki` and `hk`: t with
    k - 1 and the usual or Hartung and Knapp's standard error (Veroniki et al. 2019, Research Synthesis Methods 10(1),
    23-43). `normal`: normal, with the usual standard error.
    """
    se, df = {
        "metafor": (mean.se, mean.df),
        "t-k1": (mean.se, k - 1),
        "t-k2": (mean.se, k - 2),
        "hts": (mean.plain, k - 2),
        "hts-hk": (mean.knapp, k - 2),
        "veroniki": (mean.plain, k - 1),
        "hk": (mean.knapp, k - 1),
        "normal": (mean.plain, None),
    }[prediction]
    return interval_of(estimate, sqrt(se * se + tau2), level, df)
