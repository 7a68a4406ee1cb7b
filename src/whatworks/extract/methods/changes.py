"""Change in one group, before to after, or between two matched groups. Definitions: metafor 3.8-1's escalc.

After comes first: a positive effect is a rise. For a matched pair read "after" as the intervention member.
"""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, N, formula
from whatworks.extract.methods.means import small_sample_factor
from whatworks.extract.methods.one_mean import check_one
from whatworks.saying import said

AFTER = Input("mean_after", said("mean after"), said("units of the outcome"))
BEFORE = Input("mean_before", said("mean before"), said("units of the outcome"))
SD_AFTER = Input("sd_after", said("standard deviation after"), said("units of the outcome"))
SD_BEFORE = Input("sd_before", said("standard deviation before"), said("units of the outcome"))
R = Input("r", said("correlation between before and after"))
BOTH_TIMES = (AFTER, SD_AFTER, BEFORE, SD_BEFORE, N, R)
SD_OF_CHANGE = "sc = sqrt(sd_after^2 + sd_before^2 - 2 * r * sd_after * sd_before)"
GIBBONS = "Gibbons, Hedeker and Davis (1993), Journal of Educational Statistics 18(3), 271-279"
BECKER = "Becker (1988), British Journal of Mathematical and Statistical Psychology 41(2), 257-278"


def check_times(sd_after: Floats, sd_before: Floats, n: Floats, r: Floats) -> None:
    """Refuse negative standard deviations, nobody, and a correlation that cannot be one."""
    check_one(sd_after, n)
    check_one(sd_before, n)
    require(np.abs(r) <= 1, r, sentence=said("a correlation lies outside -1 to 1"))


def sd_of_change(sd_after: Floats, sd_before: Floats, r: Floats) -> Floats:
    """The standard deviation of each person's change, units of the outcome, from the two spreads and their r."""
    return np.sqrt(sd_after**2 + sd_before**2 - 2 * r * sd_after * sd_before)


def correlation_from_spreads(sd_after: Floats, sd_before: Floats, sd_change: Floats) -> Floats:
    """The correlation of before and after that three standard deviations imply.

    r = (sd_after^2 + sd_before^2 - sd_change^2) / (2 sd_after sd_before). InputError where it falls outside -1 to 1.
    Source: Higgins et al. (2023), Cochrane Handbook, 6.5.2.8.
    """
    r = (sd_after**2 + sd_before**2 - sd_change**2) / (2 * sd_after * sd_before)
    sentence = "the standard deviations before, after and of change cannot all be true: no correlation gives them"
    require(np.abs(r) <= 1 + 1e-12, np.asarray(r), sentence=sentence)
    return np.clip(r, -1, 1)


@formula(
    "mean-change",
    "MC",
    BOTH_TIMES,
    title=said("Mean change in one group"),
    source=BECKER,
    steps=("yi = mean_after - mean_before", SD_OF_CHANGE, "vi = sc^2 / n"),
)
def mean_change(
    mean_after: Floats, sd_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Effect:
    """m1 - m0; variance (sd1^2 + sd0^2 - 2 r sd1 sd0) / n"""
    check_times(sd_after, sd_before, n, r)
    return effect(mean_after - mean_before, sd_of_change(sd_after, sd_before, r) ** 2 / n, "MC", None, None, n=n)


@formula(
    "standardised-mean-change",
    "SMCC",
    BOTH_TIMES,
    title=said("Mean change in standard deviations of the changes"),
    source=GIBBONS,
    steps=(SD_OF_CHANGE, "J = J(n - 1)", "yi = J * (mean_after - mean_before) / sc", "vi = 1 / n + yi^2 / (2 * n)"),
)
def standardised_mean_change(
    mean_after: Floats, sd_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Effect:
    """y = J(n - 1) (m1 - m0) / sc with sc^2 = sd1^2 + sd0^2 - 2 r sd1 sd0; variance 1 / n + y^2 / (2 n)"""
    check_times(sd_after, sd_before, n, r)
    yi = small_sample_factor(n - 1) * (mean_after - mean_before) / sd_of_change(sd_after, sd_before, r)
    return effect(yi, 1 / n + yi**2 / (2 * n), "SMCC", None, None, n=n)


@formula(
    "standardised-mean-change-raw",
    "SMCR",
    (AFTER, BEFORE, SD_BEFORE, N, R),
    title=said("Mean change in standard deviations before"),
    source=BECKER,
    steps=("J = J(n - 1)", "yi = J * (mean_after - mean_before) / sd_before", "vi = 2 * (1 - r) / n + yi^2 / (2 * n)"),
)
def standardised_mean_change_raw(
    mean_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Effect:
    """y = J(n - 1) (m1 - m0) / sd0; variance 2 (1 - r) / n + y^2 / (2 n)"""
    check_times(sd_before, sd_before, n, r)
    yi = small_sample_factor(n - 1) * (mean_after - mean_before) / sd_before
    return effect(yi, 2 * (1 - r) / n + yi**2 / (2 * n), "SMCR", None, None, n=n)


@formula(
    "standardised-mean-change-unequal-variances",
    "SMCRH",
    BOTH_TIMES,
    title=said("Mean change in standard deviations before, when the spread changed"),
    source="Bonett (2008), Psychological Methods 13(2), 99-109",
    steps=(
        SD_OF_CHANGE, "J = J(n - 1)", "yi = J * (mean_after - mean_before) / sd_before",
        "vi = J^2 * (sc^2 / (sd_before^2 * (n - 1)) + yi^2 / (2 * (n - 1)))",
    ),
)  # fmt: skip
def standardised_mean_change_unequal(
    mean_after: Floats, sd_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Effect:
    """y = J (m1 - m0) / sd0, J = J(n - 1); variance J^2 (sc^2 / (sd0^2 (n - 1)) + y^2 / (2 (n - 1)))"""
    check_times(sd_after, sd_before, n, r)
    factor = small_sample_factor(n - 1)
    yi = factor * (mean_after - mean_before) / sd_before
    change = sd_of_change(sd_after, sd_before, r)
    vi = factor**2 * (change**2 / (sd_before**2 * (n - 1)) + yi**2 / (2 * (n - 1)))
    return effect(yi, vi, "SMCRH", None, None, n=n)


@formula(
    "log-ratio-of-means-change",
    "ROMC",
    BOTH_TIMES,
    title=said("Ratio of the mean after to the mean before, for outcomes that have a true zero"),
    source="Lajeunesse (2011), Ecology 92(11), 2049-2055",
    steps=(
        "yi = log(mean_after / mean_before)",
        "vi = sd_after^2 / (n * mean_after^2) + sd_before^2 / (n * mean_before^2)"
        " - 2 * r * sd_after * sd_before / (mean_after * mean_before * n)",
    ),
)
def log_ratio_of_means_change(
    mean_after: Floats, sd_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Effect:
    """log(m1 / m0); variance sd1^2 / (n m1^2) + sd0^2 / (n m0^2) - 2 r sd1 sd0 / (n m1 m0)"""
    check_times(sd_after, sd_before, n, r)
    return effect(np.log(mean_after / mean_before), relative(mean_after, sd_after, mean_before, sd_before, n, r), "ROMC",
                  None, None, n=n)  # fmt: skip


def relative(
    mean_after: Floats, sd_after: Floats, mean_before: Floats, sd_before: Floats, n: Floats, r: Floats
) -> Floats:
    """The variance of the logarithm of a ratio of two means of the same people."""
    one, two = sd_after / mean_after, sd_before / mean_before
    return np.asarray((one**2 + two**2 - 2 * r * one * two) / n)
