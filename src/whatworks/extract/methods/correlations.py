"""Effects from correlations and regression t values. Definitions: metafor 3.8-1's escalc."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, N, formula
from whatworks.saying import said

R = Input("r", said("correlation between the two variables"))
T = Input("t", said("t value of the coefficient of interest"))
PREDICTORS = Input("predictors", said("predictors in the regression, the one of interest included"))
R2 = Input("r2", said("R squared of the regression, as a proportion"))
ALOE = "Aloe and Becker (2012), Journal of Educational and Behavioral Statistics 37(2), 278-297"


@formula(
    "correlation",
    "COR",
    (R, N),
    title=said("Correlation as reported"),
    source="Borenstein (2009), equation 12.27",
    steps=("yi = r", "vi = (1 - r^2)^2 / (n - 1)"),
)
def correlation(r: Floats, n: Floats) -> Effect:
    """r; variance (1 - r^2)^2 / (n - 1)"""
    require(np.abs(r) <= 1, r, sentence=said("a correlation lies outside -1 to 1"))
    return effect(r, (1 - r**2) ** 2 / (n - 1), "COR", None, None, n=n)


@formula(
    "fisher-z",
    "ZCOR",
    (R, N),
    title=said("Correlation, Fisher's z"),
    source="Fisher (1921), Metron 1, 1-32",
    steps=("yi = atanh(r)", "vi = 1 / (n - 3)"),
)
def fisher_z(r: Floats, n: Floats) -> Effect:
    """atanh(r); variance 1 / (n - 3)"""
    require(np.abs(r) <= 1, r, sentence=said("a correlation lies outside -1 to 1"))
    return effect(np.arctanh(r), np.where(n > 3, 1 / (n - 3), np.nan), "ZCOR", None, None, n=n)


def residual_df(n: Floats, predictors: Floats) -> Floats:
    """Degrees of freedom left over by the regression: n - predictors - 1."""
    df = n - predictors - 1
    require(df > 0, n, predictors, sentence=said("the regression has as many predictors as people"))
    return df


@formula(
    "partial-correlation-from-t",
    "PCOR",
    (T, N, PREDICTORS),
    title=said("Partial correlation from the t value of a regression coefficient"),
    source=ALOE,
    steps=("df = n - predictors - 1", "yi = t / sqrt(t^2 + df)", "vi = (1 - yi^2)^2 / df"),
)
def partial_correlation_from_t(t: Floats, n: Floats, predictors: Floats) -> Effect:
    """r = t / sqrt(t^2 + n - m - 1), m predictors; variance (1 - r^2)^2 / (n - m - 1)"""
    df = residual_df(n, predictors)
    r = t / np.sqrt(t**2 + df)
    return effect(r, (1 - r**2) ** 2 / df, "PCOR", None, None, n=n)


@formula(
    "semi-partial-correlation-from-t",
    "SPCOR",
    (T, R2, N, PREDICTORS),
    title=said("Semi-partial correlation from the t value of a regression coefficient and R squared"),
    source=ALOE,
    steps=(
        "yi = t * sqrt((1 - r2) / (n - predictors - 1))",
        "rest = r2 - yi^2",
        "vi = (r2^2 - 2 * r2 + rest + 1 - rest^2) / n",
    ),
)
def semi_partial_correlation_from_t(t: Floats, r2: Floats, n: Floats, predictors: Floats) -> Effect:
    """r = t sqrt((1 - R2) / (n - m - 1)), m predictors; variance (R2^2 - 2 R2 + (R2 - r^2) + 1 - (R2 - r^2)^2) / n"""
    require((r2 >= 0) & (r2 < 1), r2, sentence=said("R squared is not a proportion below 1"))
    r = t * np.sqrt((1 - r2) / residual_df(n, predictors))
    rest = r2 - r**2
    return effect(r, (r2**2 - 2 * r2 + rest + 1 - rest**2) / n, "SPCOR", None, None, n=n)


PARTIAL = Input("partial", said("partial correlation as reported"))


@formula(
    "fisher-z-of-partial-correlation",
    "ZPCOR",
    (T, N, PREDICTORS),
    title=said("Fisher's z of a partial correlation, from the t value of a regression coefficient"),
    source=ALOE,
    steps=("df = n - predictors - 1", "yi = atanh(t / sqrt(t^2 + df))", "vi = 1 / df"),
)
def fisher_z_of_partial_correlation(t: Floats, n: Floats, predictors: Floats) -> Effect:
    """atanh(t / sqrt(t^2 + n - m - 1)), m predictors; variance 1 / (n - m - 1), as escalc has it"""
    df = residual_df(n, predictors)
    return effect(np.arctanh(t / np.sqrt(t**2 + df)), 1 / df, "ZPCOR", None, None, n=n)


@formula(
    "partial-correlation",
    "PCOR",
    (PARTIAL, N, PREDICTORS),
    title=said("Partial correlation as reported"),
    source=ALOE,
    steps=("yi = partial", "vi = (1 - partial^2)^2 / (n - predictors - 1)"),
)
def partial_correlation(partial: Floats, n: Floats, predictors: Floats) -> Effect:
    """r; variance (1 - r^2)^2 / (n - m - 1), m predictors"""
    require(np.abs(partial) <= 1, partial, sentence=said("a correlation lies outside -1 to 1"))
    return effect(partial, (1 - partial**2) ** 2 / residual_df(n, predictors), "PCOR", None, None, n=n)
