"""A mean or a spread in one group. Definitions: metafor 3.8-1's escalc."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, N, formula
from whatworks.extract.methods.means import small_sample_factor
from whatworks.saying import said

MEAN = Input("mean", said("mean of the group"), said("units of the outcome"))
SD = Input("sd", said("standard deviation of the group"), said("units of the outcome"))
ALONE = (MEAN, SD, N)
NAKAGAWA = "Nakagawa et al. (2015), Methods in Ecology and Evolution 6(2), 143-152"
HEDGES_OLKIN = "Hedges and Olkin (1985), Statistical Methods for Meta-Analysis"


def check_one(sd: Floats, n: Floats) -> None:
    """Refuse a negative standard deviation and an empty group."""
    require(sd >= 0, sd, sentence=said("a standard deviation is below 0"))
    require((n > 0) & np.isfinite(n), n, sentence=said("the group has no people in it; leave the row out"))


@formula(
    "mean",
    "MN",
    ALONE,
    title=said("Mean of one group"),
    source=HEDGES_OLKIN,
    steps=("yi = mean", "vi = sd^2 / n"),
)
def mean_of_group(mean: Floats, sd: Floats, n: Floats) -> Effect:
    """m; variance sd^2 / n"""
    check_one(sd, n)
    return effect(mean, sd**2 / n, "MN", None, None, n=n)


@formula(
    "standardised-mean",
    "SMN",
    ALONE,
    title=said("Mean of one group in standard deviations, such as the mean of differences"),
    source=HEDGES_OLKIN,
    steps=("J = J(n - 1)", "yi = J * mean / sd", "vi = 1 / n + yi^2 / (2 * n)"),
)
def standardised_mean(mean: Floats, sd: Floats, n: Floats) -> Effect:
    """y = J(n - 1) m / sd; variance 1 / n + y^2 / (2 n)"""
    check_one(sd, n)
    yi = small_sample_factor(n - 1) * mean / sd
    return effect(yi, 1 / n + yi**2 / (2 * n), "SMN", None, None, n=n)


@formula(
    "log-mean",
    "MNLN",
    ALONE,
    title=said("Logarithm of a mean, for outcomes that have a true zero"),
    source="Hedges, Gurevitch and Curtis (1999), Ecology 80(4), 1150-1156",
    steps=("yi = log(mean)", "vi = sd^2 / (n * mean^2)"),
)
def log_mean(mean: Floats, sd: Floats, n: Floats) -> Effect:
    """log(m); variance sd^2 / (n m^2)"""
    check_one(sd, n)
    return effect(np.log(mean), sd**2 / (n * mean**2), "MNLN", None, None, n=n)


@formula(
    "log-standard-deviation",
    "SDLN",
    (SD, N),
    title=said("Logarithm of a standard deviation"),
    source=NAKAGAWA,
    steps=("yi = log(sd) + 1 / (2 * (n - 1))", "vi = 1 / (2 * (n - 1))"),
)
def log_standard_deviation(sd: Floats, n: Floats) -> Effect:
    """log(sd) + 1 / (2 (n - 1)); variance 1 / (2 (n - 1))"""
    check_one(sd, n)
    return effect(np.log(sd) + 1 / (2 * (n - 1)), 1 / (2 * (n - 1)), "SDLN", None, None, n=n)


@formula(
    "log-coefficient-of-variation",
    "CVLN",
    ALONE,
    title=said("Logarithm of a coefficient of variation"),
    source=NAKAGAWA,
    steps=("yi = log(sd / mean) + 1 / (2 * (n - 1))", "vi = 1 / (2 * (n - 1)) + sd^2 / (n * mean^2)"),
)
def log_coefficient_of_variation(mean: Floats, sd: Floats, n: Floats) -> Effect:
    """log(sd / m) + 1 / (2 (n - 1)); variance 1 / (2 (n - 1)) + sd^2 / (n m^2)"""
    check_one(sd, n)
    yi = np.log(sd / mean) + 1 / (2 * (n - 1))
    return effect(yi, 1 / (2 * (n - 1)) + sd**2 / (n * mean**2), "CVLN", None, None, n=n)


ALPHA = Input("alpha", said("Cronbach's alpha as reported"))
ITEMS = Input("items", said("items of the instrument"), said("items"))
RELIABILITY = (ALPHA, ITEMS, N)
BONETT = "Bonett (2002), Journal of Educational and Behavioral Statistics 27(4), 335-340; (2010), Psychological Methods 15(4)"


def check_alpha(alpha: Floats, items: Floats, n: Floats) -> None:
    """Refuse an alpha of 1 or more, an instrument of one item and fewer than three people."""
    require(alpha < 1, alpha, sentence=said("Cronbach's alpha is not below 1"))
    require(items >= 2, items, sentence=said("an instrument has fewer than two items, so it has no alpha"))
    require(n > 2, n, sentence=said("there are fewer than three people"))


@formula(
    "alpha",
    "ARAW",
    RELIABILITY,
    title=said("Cronbach's alpha as reported"),
    source=BONETT,
    steps=("yi = alpha", "vi = 2 * items * (1 - alpha)^2 / ((items - 1) * (n - 2))"),
)
def alpha_as_reported(alpha: Floats, items: Floats, n: Floats) -> Effect:
    """alpha; variance 2 m (1 - alpha)^2 / ((m - 1) (n - 2)), m items"""
    check_alpha(alpha, items, n)
    return effect(alpha, 2 * items * (1 - alpha) ** 2 / ((items - 1) * (n - 2)), "ARAW", None, None, n=n)


@formula(
    "alpha-cube-root",
    "AHW",
    RELIABILITY,
    title=said("Cronbach's alpha on a cube-root scale"),
    source="Hakstian and Whalen (1976), Psychometrika 41(2), 219-231",
    steps=(
        "yi = 1 - (1 - alpha)^(1 / 3)",
        "vi = 18 * items * (n - 1) * (1 - alpha)^(2 / 3) / ((items - 1) * (9 * n - 11)^2)",
    ),
)
def alpha_cube_root(alpha: Floats, items: Floats, n: Floats) -> Effect:
    """1 - (1 - alpha)^(1/3); variance 18 m (n - 1) (1 - alpha)^(2/3) / ((m - 1) (9 n - 11)^2), m items"""
    check_alpha(alpha, items, n)
    vi = 18 * items * (n - 1) * (1 - alpha) ** (2 / 3) / ((items - 1) * (9 * n - 11) ** 2)
    return effect(1 - np.cbrt(1 - alpha), vi, "AHW", None, None, n=n)


@formula(
    "alpha-logarithm",
    "ABT",
    RELIABILITY,
    title=said("Cronbach's alpha on a logarithmic scale"),
    source=BONETT,
    steps=("yi = -log(1 - alpha)", "vi = 2 * items / ((items - 1) * (n - 2))"),
)
def alpha_logarithm(alpha: Floats, items: Floats, n: Floats) -> Effect:
    """-log(1 - alpha); variance 2 m / ((m - 1) (n - 2)), m items"""
    check_alpha(alpha, items, n)
    return effect(-np.log1p(-alpha), 2 * items / ((items - 1) * (n - 2)), "ABT", None, None, n=n)
