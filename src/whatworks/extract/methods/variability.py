"""Did the spread change? Ratios of standard deviations and of coefficients of variation, as metafor 3.8-1's escalc."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.changes import BOTH_TIMES, SD_AFTER, SD_BEFORE, R, check_times, relative
from whatworks.extract.methods.effect import Effect, Floats, effect
from whatworks.extract.methods.formula import N1, N2, N, formula
from whatworks.extract.methods.means import MEANS, SD1, SD2, check_spread
from whatworks.saying import said

NAKAGAWA = "Nakagawa et al. (2015), Methods in Ecology and Evolution 6(2), 143-152"
SMALL = "1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1))"


@formula(
    "log-ratio-of-standard-deviations",
    "VR",
    (SD1, N1, SD2, N2),
    title=said("Ratio of standard deviations"),
    source=NAKAGAWA,
    steps=(f"yi = log(sd1 / sd2) + {SMALL}", "vi = 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1))"),
)
def log_ratio_of_standard_deviations(sd1: Floats, n1: Floats, sd2: Floats, n2: Floats) -> Effect:
    """log(sd1 / sd2) + 1 / (2 (n1 - 1)) - 1 / (2 (n2 - 1)); variance 1 / (2 (n1 - 1)) + 1 / (2 (n2 - 1))"""
    check_spread(sd1, n1, sd2, n2)
    one, two = 1 / (2 * (n1 - 1)), 1 / (2 * (n2 - 1))
    return effect(np.log(sd1 / sd2) + one - two, one + two, "VR", n1, n2)


@formula(
    "log-ratio-of-coefficients-of-variation",
    "CVR",
    MEANS,
    title=said("Ratio of coefficients of variation"),
    source=NAKAGAWA,
    steps=(
        f"yi = log(sd1 / mean1) - log(sd2 / mean2) + {SMALL}",
        "vi = 1 / (2 * (n1 - 1)) + sd1^2 / (n1 * mean1^2) + 1 / (2 * (n2 - 1)) + sd2^2 / (n2 * mean2^2)",
    ),
)
def log_ratio_of_coefficients_of_variation(
    mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats
) -> Effect:
    """log((sd1 / m1) / (sd2 / m2)) + 1 / (2 (n1 - 1)) - 1 / (2 (n2 - 1)); variance
    1 / (2 (n1 - 1)) + sd1^2 / (n1 m1^2) + 1 / (2 (n2 - 1)) + sd2^2 / (n2 m2^2)"""
    check_spread(sd1, n1, sd2, n2)
    one, two = 1 / (2 * (n1 - 1)), 1 / (2 * (n2 - 1))
    yi = np.log(sd1 / mean1) - np.log(sd2 / mean2) + one - two
    return effect(yi, one + two + sd1**2 / (n1 * mean1**2) + sd2**2 / (n2 * mean2**2), "CVR", n1, n2)


@formula(
    "log-ratio-of-standard-deviations-change",
    "VRC",
    (SD_AFTER, SD_BEFORE, N, R),
    title=said("Ratio of the standard deviation after to the one before"),
    source=NAKAGAWA,
    steps=("yi = log(sd_after / sd_before)", "vi = (1 - r^2) / (n - 1)"),
)
def log_ratio_of_standard_deviations_change(sd_after: Floats, sd_before: Floats, n: Floats, r: Floats) -> Effect:
    """log(sd1 / sd0); variance (1 - r^2) / (n - 1)"""
    check_times(sd_after, sd_before, n, r)
    return effect(np.log(sd_after / sd_before), (1 - r**2) / (n - 1), "VRC", None, None, n=n)


@formula(
    "log-ratio-of-variation-change",
    "CVRC",
    BOTH_TIMES,
    title=said("Ratio of the coefficient of variation after to the one before"),
    source=NAKAGAWA,
    steps=(
        "yi = log(sd_after / mean_after) - log(sd_before / mean_before)",
        "c1 = sd_after / mean_after",
        "c0 = sd_before / mean_before",
        "vi = (1 - r^2) / (n - 1) + (c1^2 + c0^2 - 2 * r * c1 * c0) / n",
    ),
)
def log_ratio_of_variation_change(
    mean_after: Floats, sd_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Effect:
    """log((sd1 / m1) / (sd0 / m0)); variance (1 - r^2) / (n - 1) + (c1^2 + c0^2 - 2 r c1 c0) / n, c = sd / m"""
    check_times(sd_after, sd_before, n, r)
    yi = np.log(sd_after / mean_after) - np.log(sd_before / mean_before)
    vi = (1 - r**2) / (n - 1) + relative(mean_after, sd_after, mean_before, sd_before, n, r)
    return effect(yi, vi, "CVRC", None, None, n=n)
