"""A standardised difference from a Poisson or negative binomial regression of counts.

The interval is skewed and wide, so the effect has no standard error; its limits come from the joint normal
uncertainty of the two coefficients, taken as independent (their covariance is seldom reported).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, roots_hermitenorm

from whatworks.extract.methods.effect import Effect, Floats, require
from whatworks.extract.methods.formula import N1, N2, Input, formula
from whatworks.saying import said

NODES, WEIGHTS = roots_hermitenorm(120)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
INPUTS = (
    Input("intercept", said("intercept of the count model: log of the comparison group's mean")),
    Input("intercept_se", said("standard error of the intercept")),
    Input("slope", said("coefficient of the intervention: log of the rate ratio")),
    Input("slope_se", said("standard error of the coefficient")),
    Input("dispersion", said("alpha of a negative binomial model; 0 for Poisson"), default=0.0),
    N1,
    N2,
)


def spread_over_mean(intercept: Floats, dispersion: Floats) -> Floats:
    """The comparison group's standard deviation over its mean: variance mu + dispersion mu^2."""
    return np.asarray(np.sqrt(np.exp(-intercept) + dispersion))


@formula(
    "standardised-difference-from-count-model",
    "SMD1",
    INPUTS,
    title=said("Standardised difference from a Poisson or negative binomial regression"),
    source="Coxe (2022), R package countES; Glass (1976), Educational Researcher 5(10), 3-8, for the divisor",
)
def standardised_difference_from_count_model(
    intercept: Floats, intercept_se: Floats, slope: Floats, slope_se: Floats, dispersion: Floats, n1: Floats, n2: Floats
) -> Effect:
    """(m1 - m0) / sd0 with m0 = exp(b0), m1 = exp(b0 + b1), sd0^2 = m0 + dispersion m0^2; no variance;
    limits: the 2.5 and 97.5 per cent points when b0 and b1 are independent and normal"""
    require((intercept_se > 0) & (slope_se > 0), intercept_se, sentence=said("a standard error is not above 0"))
    require(dispersion >= 0, dispersion, sentence=said("the dispersion is below 0"))
    yi = np.asarray(np.expm1(slope) / spread_over_mean(intercept, dispersion))
    model = (intercept, intercept_se, slope, slope_se, dispersion)
    low, high = (np.asarray(point(share, *model)) for share in (0.025, 0.975))
    return Effect(yi, np.full_like(yi, np.nan), "SMD1", n1, n2, n1 + n2, low, high)


def point(
    share: float, intercept: Floats, intercept_se: Floats, slope: Floats, slope_se: Floats, dispersion: Floats
) -> Floats:
    """The value below which the effect lies with this chance: bisection on the mean of the normal tail over b0."""
    intercepts = intercept[..., None] + intercept_se[..., None] * NODES
    per_unit = spread_over_mean(intercepts, dispersion[..., None])
    reach = np.expm1(slope + 40 * slope_se) / per_unit.min(axis=-1)
    low, high = -1 / per_unit.min(axis=-1), reach
    for _ in range(200):  # halving a finite interval until two doubles are neighbours
        middle = (low + high) / 2
        ratio = np.maximum(1 + middle[..., None] * per_unit, 0)
        below = (WEIGHTS * ndtr((np.log(ratio) - slope[..., None]) / slope_se[..., None])).sum(axis=-1)
        low, high = np.where(below < share, middle, low), np.where(below < share, high, middle)
    return np.asarray((low + high) / 2)
