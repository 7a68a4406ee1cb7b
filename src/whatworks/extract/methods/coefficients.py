"""Hedges' g from adjusted results: regression coefficients, mixed models and analyses of covariance.

The effect stays in standard deviations of the outcome as people have it, never in those left over by the covariates:
otherwise the better a study adjusts, the larger its effect would look.
"""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import N1, N2, Input, formula
from whatworks.extract.methods.means import MEANS, POOL, check_spread, pooled_sd, small_sample_factor
from whatworks.extract.methods.published import HANDBOOK
from whatworks.extract.methods.standardised import SDY, B, T
from whatworks.extract.methods.tested import TO_G, g_from_d
from whatworks.saying import said

ESTIMATE = Input(
    "estimate",
    said("adjusted difference between the groups, intervention less comparison"),
    said("units of the outcome"),
)
SE = Input(
    "se", said("its standard error, clustering taken into account where there is any"), said("units of the outcome")
)
SD = Input(
    "sd",
    said("standard deviation of the outcome within groups, not adjusted for anything"),
    said("units of the outcome"),
)
BETA = Input("beta", said("standardised regression coefficient of the intervention (both variables standardised)"))
R2 = Input(
    "r2", said("share of the outcome's variance that the covariates explain (the square of r for one covariate)")
)
COVARIATES = Input("covariates", said("number of covariates in the analysis"), default=1.0)
SPREAD = Input("spread", said("the standard deviations are of the outcome as it is, or what the covariates leave over"),
               choices=("outcome", "residual"))  # fmt: skip
BORENSTEIN = (
    "Borenstein (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., equations 12.18 to 12.20"
)
PIGOTT = "Taylor, Pigott and Williams (2022), Educational Researcher 51(1), 72-80; Hedges (2007)"
ADJUSTED = "vi = (1 - r2) * (1 / n1 + 1 / n2) + yi^2 / (2 * (n1 + n2))"


def check_share(r2: Floats) -> None:
    """Refuse an R squared that is no proportion below 1."""
    require((r2 >= 0) & (r2 < 1), r2, sentence=said("R squared is not a proportion below 1"))


@formula(
    "hedges-g-from-adjusted-difference",
    "SMD",
    (ESTIMATE, SE, SD, N1, N2),
    title=said("Hedges' g from an adjusted difference with its standard error (regression, mixed model, ANCOVA)"),
    source=PIGOTT,
    steps=(
        "m = n1 + n2 - 2",
        "J = J(m)",
        "yi = J * estimate / sd",
        "vi = J^2 * (se / sd)^2 + yi^2 / (2 * m)",
    ),
)
def hedges_g_from_adjusted_difference(estimate: Floats, se: Floats, sd: Floats, n1: Floats, n2: Floats) -> Effect:
    """g = J b / sd, J the exact factor for m = n1 + n2 - 2; variance J^2 se^2 / sd^2 + g^2 / (2 m)"""
    require((se > 0) & (sd > 0), se, sd, sentence=said("a standard error or standard deviation is not above 0"))
    m = n1 + n2 - 2
    factor = small_sample_factor(m)
    g = factor * estimate / sd
    return effect(g, (factor * se / sd) ** 2 + g**2 / (2 * m), "SMD", n1, n2)


@formula(
    "hedges-g-from-coefficient",
    "SMD",
    (B, SDY, N1, N2),
    title=said("Hedges' g from a regression coefficient and the spread of the outcome in everyone"),
    source="Lipsey and Wilson (2001), Practical Meta-Analysis; Hedges (1981)",
    steps=("s = sqrt((sdy^2 * (n1 + n2 - 1) - b^2 * n1 * n2 / (n1 + n2)) / (n1 + n2 - 2))", "dd = b / s", *TO_G),
)
def hedges_g_from_coefficient(b: Floats, sdy: Floats, n1: Floats, n2: Floats) -> Effect:
    """d = b / s with s^2 = (sdy^2 (N - 1) - b^2 n1 n2 / N) / (N - 2), N = n1 + n2; g = J d, exact factor;
    variance 1/n1 + 1/n2 + g^2 / (2 N)"""
    return g_from_d(b / within(b, sdy, n1, n2), n1, n2)


def within(b: Floats, sdy: Floats, n1: Floats, n2: Floats) -> Floats:
    """The standard deviation within groups, from the one of everyone and the difference between the groups."""
    n = n1 + n2
    square = (sdy**2 * (n - 1) - b**2 * n1 * n2 / n) / (n - 2)
    require(square > 0, square, sentence=said("the coefficient is larger than the spread of the outcome allows"))
    return np.sqrt(square)


@formula(
    "hedges-g-from-standardised-coefficient",
    "SMD",
    (BETA, N1, N2),
    title=said("Hedges' g from the standardised regression coefficient of the intervention"),
    source="Lipsey and Wilson (2001), Practical Meta-Analysis; Hedges (1981)",
    steps=(
        "N = n1 + n2",
        "b = beta * sqrt(N * (N - 1) / (n1 * n2))",
        "s = sqrt((N - 1 - b^2 * n1 * n2 / N) / (N - 2))",
        "dd = b / s",
        *TO_G,
    ),
)
def hedges_g_from_standardised_coefficient(beta: Floats, n1: Floats, n2: Floats) -> Effect:
    """b = beta sqrt(N (N - 1) / (n1 n2)), in standard deviations of everyone; d = b / s with
    s^2 = (N - 1 - b^2 n1 n2 / N) / (N - 2), N = n1 + n2; g = J d; variance 1/n1 + 1/n2 + g^2 / (2 N)"""
    require(
        np.abs(beta) < 1, beta, sentence=said("a standardised coefficient of the intervention does not lie in -1 to 1")
    )
    n = n1 + n2
    b = beta * np.sqrt(n * (n - 1) / (n1 * n2))
    return g_from_d(b / within(b, np.ones_like(b), n1, n2), n1, n2)


@formula(
    "hedges-g-from-adjusted-means",
    "SMD",
    (*MEANS, R2, COVARIATES, SPREAD),
    title=said("Hedges' g from adjusted means (ANCOVA) and standard deviations"),
    source=BORENSTEIN,
    steps=(
        POOL,
        "[spread=outcome] s = sp",
        "[spread=residual] s = sp / sqrt(1 - r2)",
        "J = J(n1 + n2 - 2 - covariates)",
        "yi = J * (mean1 - mean2) / s",
        ADJUSTED,
    ),
)
def hedges_g_from_adjusted_means(
    mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats, r2: Floats, covariates: Floats,
    spread: str,
) -> Effect:  # fmt: skip
    """g = J (m1 - m2) / s, m the adjusted means, s the pooled standard deviation (residual ones: over sqrt(1 - R2)),
    J the exact factor for n1 + n2 - 2 - covariates; variance (1 - R2)(1/n1 + 1/n2) + g^2 / (2 (n1 + n2))"""
    check_spread(sd1, n1, sd2, n2)
    check_share(r2)
    s = pooled_sd(sd1, n1, sd2, n2) / (np.sqrt(1 - r2) if spread == "residual" else 1)
    return adjusted((mean1 - mean2) / s, r2, n1, n2, covariates)


def adjusted(d: Floats, r2: Floats, n1: Floats, n2: Floats, covariates: Floats) -> Effect:
    """Hedges' g of a difference that covariates have made more exact."""
    g = small_sample_factor(n1 + n2 - 2 - covariates) * d
    return effect(g, (1 - r2) * (1 / n1 + 1 / n2) + g**2 / (2 * (n1 + n2)), "SMD", n1, n2)


@formula(
    "hedges-g-from-ancova-t",
    "SMD",
    (T, R2, N1, N2, COVARIATES),
    title=said("Hedges' g from the t value (or the root of F) of an analysis of covariance"),
    source=BORENSTEIN,
    steps=(
        "dd = t * sqrt((1 / n1 + 1 / n2) * (1 - r2))",
        "J = J(n1 + n2 - 2 - covariates)",
        "yi = J * dd",
        ADJUSTED,
    ),
)
def hedges_g_from_ancova_t(t: Floats, r2: Floats, n1: Floats, n2: Floats, covariates: Floats) -> Effect:
    """d = t sqrt((1/n1 + 1/n2)(1 - R2)); g = J d, J the exact factor for n1 + n2 - 2 - covariates;
    variance (1 - R2)(1/n1 + 1/n2) + g^2 / (2 (n1 + n2))"""
    check_share(r2)
    return adjusted(t * np.sqrt((1 / n1 + 1 / n2) * (1 - r2)), r2, n1, n2, covariates)


LOG_ESTIMATE = Input("log_estimate", said("coefficient of the intervention: the logarithm of the ratio"))
LOG_SE = Input("se", said("standard error of the coefficient"))


def enter(metric: str, model: str, word: str) -> None:
    """Enter the formula that reads the coefficient of a model whose coefficients are logarithms of ratios."""

    def compute(log_estimate: Floats, se: Floats) -> Effect:
        require(se > 0, se, sentence=said("the standard error is not above 0"))
        return effect(log_estimate, se**2, metric, None, None)

    compute.__doc__ = "b; variance se^2"
    title = f"Logarithm of the {word} ratio: the coefficient of a {model} regression"
    inputs = (LOG_ESTIMATE, LOG_SE)
    formula(f"log-{metric.lower()}-from-coefficient", metric, inputs, title=title, source=HANDBOOK,
            steps=("yi = log_estimate", "vi = se^2"))(compute)  # fmt: skip


for _metric, _model, _word in (
    ("OR", "logistic", "odds"),
    ("RR", "log-binomial", "risk"),
    ("IRR", "Poisson or negative binomial", "rate"),
    ("HR", "Cox", "hazard"),
):
    enter(_metric, _model, _word)
