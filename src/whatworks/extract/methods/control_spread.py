"""Standardised differences in standard deviations of the comparison group alone (Glass's delta).

For interventions that may change the spread: the comparison group shows what it would have been. Definitions:
metafor 3.8-1's escalc.
"""

from __future__ import annotations

from whatworks.extract.methods.effect import Effect, Floats, effect
from whatworks.extract.methods.formula import N1, N2, formula
from whatworks.extract.methods.means import MEAN1, MEAN2, MEANS, SD2, check_spread, small_sample_factor
from whatworks.saying import said

GLASS = (
    "Glass (1976), Educational Researcher 5(10), 3-8; Hedges (1981), Journal of Educational Statistics 6(2), 107-128"
)
RATIO = ("J = J(n2 - 1)", "yi = J * (mean1 - mean2) / sd2")


@formula(
    "glass-delta-from-means",
    "SMD1",
    (MEAN1, N1, MEAN2, SD2, N2),
    title=said("Glass's delta from means and the comparison group's standard deviation"),
    source=GLASS,
    steps=(*RATIO, "vi = 1 / n1 + 1 / n2 + yi^2 / (2 * n2)"),
)
def glass_delta(mean1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Effect:
    """y = J(n2 - 1) (m1 - m2) / sd2; variance 1/n1 + 1/n2 + y^2 / (2 n2)"""
    check_spread(sd2, n1, sd2, n2)
    yi = small_sample_factor(n2 - 1) * (mean1 - mean2) / sd2
    return effect(yi, 1 / n1 + 1 / n2 + yi**2 / (2 * n2), "SMD1", n1, n2)


@formula(
    "glass-delta-unequal-variances",
    "SMD1H",
    MEANS,
    title=said("Glass's delta when the two groups vary differently"),
    source="Bonett (2008), Psychological Methods 13(2), 99-109",
    steps=(*RATIO, "vi = sd1^2 / (sd2^2 * n1) + 1 / n2 + yi^2 / (2 * n2)"),
)
def glass_delta_unequal(mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Effect:
    """y = J(n2 - 1) (m1 - m2) / sd2; variance sd1^2 / (sd2^2 n1) + 1/n2 + y^2 / (2 n2)"""
    check_spread(sd1, n1, sd2, n2)
    yi = small_sample_factor(n2 - 1) * (mean1 - mean2) / sd2
    return effect(yi, sd1**2 / (sd2**2 * n1) + 1 / n2 + yi**2 / (2 * n2), "SMD1H", n1, n2)
