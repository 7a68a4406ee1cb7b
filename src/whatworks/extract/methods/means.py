"""Effects from means and standard deviations of two groups. Definitions: metafor 3.8-1's escalc, checked to 1e-9."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from whatworks.extract.methods.counts import VARIANCE
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import N1, N2, Input, formula
from whatworks.saying import said

MEAN1 = Input("mean1", said("mean of the intervention group"), said("units of the outcome"))
MEAN2 = Input("mean2", said("mean of the comparison group"), said("units of the outcome"))
SD1 = Input("sd1", said("standard deviation of the intervention group"), said("units of the outcome"))
SD2 = Input("sd2", said("standard deviation of the comparison group"), said("units of the outcome"))
MEANS = (MEAN1, SD1, N1, MEAN2, SD2, N2)
BORENSTEIN = "Borenstein (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 221-235"
POOL = "sp = sqrt(((n1 - 1) * sd1^2 + (n2 - 1) * sd2^2) / (n1 + n2 - 2))"
SPREAD_D = "vi = 1 / n1 + 1 / n2 + yi^2 / (2 * (n1 + n2))"
SERIES_FROM = 100.0  # from here on the series has the more exact digits: its next term is 1e-14


def small_sample_factor(df: Floats) -> Floats:
    """The factor that takes the upward bias out of d: gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)); NaN below 2.

    Source: Hedges (1981), Journal of Educational Statistics 6(2), 107-128. For large df the asymptotic series of
    the same ratio, because the difference of two large log-gammas loses digits.
    """
    m = np.where(df >= 2, df, np.nan)
    near = np.minimum(m, SERIES_FROM)
    exact = np.exp(gammaln(near / 2) - gammaln((near - 1) / 2)) / np.sqrt(near / 2)
    u = 2 / (np.maximum(m, SERIES_FROM) - 1)
    series = 1 - u / 8 + u**2 / 128 + 5 * u**3 / 1024 - 21 * u**4 / 32768 - 399 * u**5 / 262144
    return np.where(m < SERIES_FROM, exact, np.sqrt((m - 1) / m) * series)


def check_spread(sd1: Floats, n1: Floats, sd2: Floats, n2: Floats) -> None:
    """Refuse negative standard deviations and empty groups."""
    for sd, n in ((sd1, n1), (sd2, n2)):
        require(sd >= 0, sd, sentence=said("a standard deviation is below 0"))
        require((n > 0) & np.isfinite(n), n, sentence=said("a group has no people in it; leave the row out"))


def pooled_sd(sd1: Floats, n1: Floats, sd2: Floats, n2: Floats) -> Floats:
    """The common standard deviation of two groups, weighted by their degrees of freedom."""
    return np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2))


def variance_of_d(d: Floats, n1: Floats, n2: Floats) -> Floats:
    """The large-sample variance of a standardised mean difference: 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))."""
    return 1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2))


def unbiased_variance_of_g(g: Floats, n1: Floats, n2: Floats) -> Floats:
    """The unbiased variance of Hedges' g: 1/n1 + 1/n2 + (1 - (m - 2) / (m J^2)) g^2 with m = n1 + n2 - 2.

    Source: Hedges (1983), Psychological Bulletin 93(2), 388-395, equation 9.
    """
    m = n1 + n2 - 2
    return 1 / n1 + 1 / n2 + (1 - (m - 2) / (m * small_sample_factor(m) ** 2)) * g**2


@formula(
    "mean-difference",
    "MD",
    MEANS,
    title=said("Difference in means, in the units of the outcome"),
    source=BORENSTEIN + ", equation 12.5",
    steps=("yi = mean1 - mean2", "vi = sd1^2 / n1 + sd2^2 / n2"),
)
def mean_difference(mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Effect:
    """m1 - m2; variance sd1^2 / n1 + sd2^2 / n2"""
    check_spread(sd1, n1, sd2, n2)
    return effect(mean1 - mean2, sd1**2 / n1 + sd2**2 / n2, "MD", n1, n2)


@formula(
    "d-from-means",
    "D",
    (*MEANS, VARIANCE),
    title=said("Cohen's d from means and standard deviations, without the small-sample factor"),
    source="Cohen (1988), Statistical Power Analysis, 2nd ed.; Hedges (1982), Psychological Bulletin 92(2), 490-499",
    steps=(
        POOL,
        "yi = (mean1 - mean2) / sp",
        f"[variance=LS] {SPREAD_D}",
        "[variance=UB] m = n1 + n2 - 2",
        "[variance=UB] J = J(m)",
        "[variance=UB] vi = (1 / n1 + 1 / n2 + (1 - (m - 2) / (m * J^2)) * (J * yi)^2) / J^2",
    ),
)
def d_from_means(
    mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats, variance: str
) -> Effect:
    """(m1 - m2) / sp, sp the pooled standard deviation;
    variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2)) (UB: the unbiased variance of g, over J^2)"""
    check_spread(sd1, n1, sd2, n2)
    d = (mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2)
    if variance == "LS":
        return effect(d, variance_of_d(d, n1, n2), "D", n1, n2)
    factor = small_sample_factor(n1 + n2 - 2)
    return effect(d, unbiased_variance_of_g(factor * d, n1, n2) / factor**2, "D", n1, n2)


@formula(
    "hedges-g-from-means",
    "SMD",
    (*MEANS, VARIANCE),
    title=said("Hedges' g from means and standard deviations, exact small-sample factor"),
    source="Hedges (1981), Journal of Educational Statistics 6(2), 107-128; Hedges (1982), equation 8",
    steps=(
        POOL,
        "m = n1 + n2 - 2",
        "J = J(m)",
        "yi = J * (mean1 - mean2) / sp",
        f"[variance=LS] {SPREAD_D}",
        "[variance=UB] vi = 1 / n1 + 1 / n2 + (1 - (m - 2) / (m * J^2)) * yi^2",
    ),
)
def hedges_g_from_means(
    mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats, variance: str
) -> Effect:
    """g = J (m1 - m2) / sp with J = gamma(m/2) / (sqrt(m/2) gamma((m-1)/2)) and m = n1 + n2 - 2;
    variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)) (UB: Hedges 1983, equation 9)"""
    check_spread(sd1, n1, sd2, n2)
    g = small_sample_factor(n1 + n2 - 2) * (mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2)
    spread = variance_of_d if variance == "LS" else unbiased_variance_of_g
    return effect(g, spread(g, n1, n2), "SMD", n1, n2)


@formula(
    "standardised-difference-unequal-variances",
    "SMDH",
    MEANS,
    title=said("Standardised mean difference when the two groups vary differently"),
    source="Bonett (2008), Psychological Methods 13(2), 99-109; Bonett (2009), 14(3), 225-238",
    steps=(
        "s = sqrt((sd1^2 + sd2^2) / 2)",
        "J = J(n1 + n2 - 2)",
        "yi = J * (mean1 - mean2) / s",
        "part = yi^2 * (sd1^4 / (n1 - 1) + sd2^4 / (n2 - 1)) / (8 * s^4)",
        "vi = J^2 * (part + (sd1^2 / (n1 - 1) + sd2^2 / (n2 - 1)) / s^2)",
    ),
)
def standardised_difference_unequal_variances(
    mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats
) -> Effect:
    """y = J (m1 - m2) / s with s^2 = (sd1^2 + sd2^2) / 2;
    variance J^2 (y^2 (sd1^4/(n1-1) + sd2^4/(n2-1)) / (8 s^4) + (sd1^2/(n1-1) + sd2^2/(n2-1)) / s^2)"""
    check_spread(sd1, n1, sd2, n2)
    average = (sd1**2 + sd2**2) / 2
    factor = small_sample_factor(n1 + n2 - 2)
    yi = factor * (mean1 - mean2) / np.sqrt(average)
    vi = yi**2 * (sd1**4 / (n1 - 1) + sd2**4 / (n2 - 1)) / (8 * average**2)
    vi = factor**2 * (vi + (sd1**2 / (n1 - 1) + sd2**2 / (n2 - 1)) / average)
    return effect(yi, vi, "SMDH", n1, n2)


@formula(
    "log-ratio-of-means",
    "ROM",
    MEANS,
    title=said("Ratio of means, for outcomes that have a true zero"),
    source="Hedges, Gurevitch and Curtis (1999), Ecology 80(4), 1150-1156, equation 1",
    steps=("yi = log(mean1 / mean2)", "vi = sd1^2 / (n1 * mean1^2) + sd2^2 / (n2 * mean2^2)"),
)
def log_ratio_of_means(mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Effect:
    """log(m1 / m2); variance sd1^2 / (n1 m1^2) + sd2^2 / (n2 m2^2)"""
    check_spread(sd1, n1, sd2, n2)
    return effect(np.log(mean1 / mean2), sd1**2 / (n1 * mean1**2) + sd2**2 / (n2 * mean2**2), "ROM", n1, n2)
