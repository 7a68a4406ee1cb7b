"""Standardised mean differences from whatever a study reports, each as d and as g.

The g of these formulae is the one of Wilson's Practical Meta-Analysis Effect Size Calculator and the R package esc
0.5.1, which reviews outside medicine use: d * (1 - 3 / (4 N - 9)), while the variance stays that of d. For Hedges'
exact factor and his variance of g use `hedges-g-from-means`. Checked against the 152 published effects of one review.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import numpy as np

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import N1, N2, Input, N, formula
from whatworks.extract.methods.means import MEAN1, MEAN2, MEANS, POOL, check_spread, pooled_sd, variance_of_d
from whatworks.saying import said
from whatworks.stats.intervals import value_from_two_sided_p

LOGIT_TO_D = float(np.sqrt(3) / np.pi)
WILSON = "Lipsey and Wilson (2001), Practical Meta-Analysis; Wilson (2016), Formulas Used by the Effect Size Calculator"
HEDGES_HASSELBLAD = "Hasselblad and Hedges (1995), Psychological Bulletin 117(1), 167-178"
DIRECTION = Input("direction", said("1 when the intervention group is higher, -1 when lower (a p value does not say)"))
P = Input("p", said("two-sided p value of the t test between the groups"))
LAST_D = ("yi = dd", "vi = v")
LAST_G = ("yi = dd * (1 - 3 / (4 * N - 9))", "vi = v")
OF_TWO = ("N = n1 + n2", "v = 1 / n1 + 1 / n2 + dd^2 / (2 * N)")
Standardised = tuple[Floats, Floats, Floats | None, Floats | None, Floats]
Given = ParamSpec("Given")


def as_d(answer: Standardised) -> Effect:
    """The d itself."""
    d, variance, n1, n2, n = answer
    return effect(d, variance, "D", n1, n2, n=n)


def as_g(answer: Standardised) -> Effect:
    """d shrunk by 1 - 3 / (4 N - 9), with the variance of d."""
    d, variance, n1, n2, n = answer
    return effect(d * (1 - 3 / (4 * n - 9)), variance, "SMD", n1, n2, n=n)


def standardised(
    name: str, inputs: tuple[Input, ...], *, title: str, source: str, both: bool = True, steps: tuple[str, ...] = ()
) -> Callable[[Callable[Given, Standardised]], Callable[Given, Standardised]]:
    """Enter the decorated function in the register as `d-NAME` (unless it is there already) and as `g-NAME`.

    steps: those to d (dd), its variance (v) and the people in all (N).
    """

    def enter(function: Callable[Given, Standardised]) -> Callable[Given, Standardised]:
        text = " ".join((function.__doc__ or "").split())

        def entry(finish: Callable[[Standardised], Effect], ending: str) -> Callable[Given, Effect]:
            @wraps(function)
            def compute(*args: Given.args, **given: Given.kwargs) -> Effect:
                return finish(function(*args, **given))

            compute.__doc__ = text + ending
            return compute

        if both:
            formula("d-" + name, "D", inputs, title=title, source=source, steps=(*steps, *LAST_D))(entry(as_d, ""))
        title_g = said("%(title)s, with the small-sample factor", title=title)
        formula("g-" + name, "SMD", inputs, title=title_g, source=source, steps=(*steps, *LAST_G))(
            entry(as_g, "; g = d (1 - 3 / (4 N - 9)), variance that of d")
        )
        return function

    return enter


def two_groups(d: Floats, n1: Floats, n2: Floats) -> Standardised:
    """A d between two groups with its large-sample variance."""
    return d, variance_of_d(d, n1, n2), n1, n2, n1 + n2


@standardised(
    "from-means",
    MEANS,
    title=said("Cohen's d from means and standard deviations"),
    source=WILSON,
    both=False,
    steps=(POOL, "dd = (mean1 - mean2) / sp", *OF_TWO),
)
def from_means(mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Standardised:
    """d = (m1 - m2) / sp, sp the pooled standard deviation; variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))"""
    check_spread(sd1, n1, sd2, n2)
    return two_groups((mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2), n1, n2)


SE1 = Input("se1", said("standard error of the mean of the intervention group"), said("units of the outcome"))
SE2 = Input("se2", said("standard error of the mean of the comparison group"), said("units of the outcome"))
ROOT = Input(
    "root",
    said(
        "standard deviation = standard error times the root of n (right), or of n - 1 (as the R package esc 0.5.1 does)"
    ),
    choices=("n", "n-1"),
)


@standardised(
    "from-standard-errors",
    (MEAN1, SE1, N1, MEAN2, SE2, N2, ROOT),
    title=said("Cohen's d from means and their standard errors"),
    source=WILSON,
    steps=(
        "[root=n] sd1 = se1 * sqrt(n1)",
        "[root=n] sd2 = se2 * sqrt(n2)",
        "[root=n-1] sd1 = se1 * sqrt(n1 - 1)",
        "[root=n-1] sd2 = se2 * sqrt(n2 - 1)",
        POOL,
        "dd = (mean1 - mean2) / sp",
        *OF_TWO,
    ),
)
def from_standard_errors(
    mean1: Floats, se1: Floats, n1: Floats, mean2: Floats, se2: Floats, n2: Floats, root: str
) -> Standardised:
    """sd = se sqrt(n) in each group (root n-1: se sqrt(n - 1)); d = (m1 - m2) / sp, sp the pooled standard deviation;
    variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))"""
    less = float(root == "n-1")
    return from_means(mean1, se1 * np.sqrt(n1 - less), n1, mean2, se2 * np.sqrt(n2 - less), n2)


PROPORTION1 = Input("proportion1", said("proportion with the outcome in the intervention group"))
PROPORTION2 = Input("proportion2", said("proportion with the outcome in the comparison group"))
ROUNDING = Input(
    "rounding",
    said(
        "round people with the outcome, the rest are without (events); or round those with and those "
        "without separately (cells, as the R package esc 0.5.1 does, which can lose or gain a person)"
    ),
    choices=("events", "cells"),
)
REBUILD = (
    "a = round(proportion1 * n1)",
    "[rounding=events] b = n1 - a",
    "[rounding=cells] b = round((1 - proportion1) * n1)",
    "c = round(proportion2 * n2)",
    "[rounding=events] d = n2 - c",
    "[rounding=cells] d = round((1 - proportion2) * n2)",
    "~k = empty_cell(a, b, c, d)",
    "yi = log((a + k) * (d + k) / ((b + k) * (c + k)))",
    "v = 1 / (a + k) + 1 / (b + k) + 1 / (c + k) + 1 / (d + k)",
)
PROPORTIONS = (PROPORTION1, N1, PROPORTION2, N2, ROUNDING)


def rebuilt(proportion: Floats, n: Floats, rounding: str) -> tuple[Floats, Floats]:
    """People with and without the outcome, rebuilt from a rounded proportion; halves go to the even number."""
    require((proportion >= 0) & (proportion <= 1), proportion, sentence=said("a proportion lies outside 0 to 1"))
    require((n > 0) & np.isfinite(n), n, sentence=said("a group has no people in it; leave the row out"))
    events = np.round(proportion * n)
    return events, np.round((1 - proportion) * n) if rounding == "cells" else n - events


def rebuilt_log_odds_ratio(
    proportion1: Floats, n1: Floats, proportion2: Floats, n2: Floats, rounding: str
) -> tuple[Floats, Floats, Floats, Floats]:
    """The log odds ratio, its variance, and the people in each group, after a half is added where a cell is empty."""
    a, b = rebuilt(proportion1, n1, rounding)
    c, d = rebuilt(proportion2, n2, rounding)
    extra = np.where((a == 0) | (b == 0) | (c == 0) | (d == 0), 0.5, 0.0)
    m1, m2 = a + b, c + d
    a, b, c, d = a + extra, b + extra, c + extra, d + extra
    return np.log(a / b) - np.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d, m1, m2


@formula(
    "log-odds-ratio-from-proportions",
    "OR",
    PROPORTIONS,
    title=said("Odds ratio from the proportion with the outcome in each group"),
    source=WILSON,
    steps=(*REBUILD, "vi = v"),
)
def log_odds_ratio_from_proportions(
    proportion1: Floats, n1: Floats, proportion2: Floats, n2: Floats, rounding: str
) -> Effect:
    """a = round(p1 n1), c = round(p2 n2), b and d the rest; log(a d / (b c)); variance 1/a + 1/b + 1/c + 1/d"""
    log_ratio, variance, m1, m2 = rebuilt_log_odds_ratio(proportion1, n1, proportion2, n2, rounding)
    return effect(log_ratio, variance, "OR", m1, m2)


@standardised(
    "from-proportions",
    PROPORTIONS,
    title=said("Cohen's d from the proportion with the outcome in each group, by way of the odds ratio"),
    source=WILSON,
    steps=(
        *(step.replace("yi =", "y =") for step in REBUILD),
        "dd = y * sqrt(3) / pi",
        "v = v * 3 / pi^2",
        "N = a + b + c + d",
    ),
)
def from_proportions(proportion1: Floats, n1: Floats, proportion2: Floats, n2: Floats, rounding: str) -> Standardised:
    """a = round(p1 n1), c = round(p2 n2), b and d the rest; d = log(a d / (b c)) sqrt(3) / pi;
    variance (1/a + 1/b + 1/c + 1/d) 3 / pi^2"""
    log_ratio, variance, m1, m2 = rebuilt_log_odds_ratio(proportion1, n1, proportion2, n2, rounding)
    return log_ratio * LOGIT_TO_D, variance * LOGIT_TO_D**2, m1, m2, m1 + m2


T = Input("t", said("t value of the test between the groups, positive when the intervention group is higher"))


@standardised(
    "from-t",
    (T, N1, N2),
    title=said("Cohen's d from the t value of a two-group test"),
    source=WILSON,
    steps=("dd = t * sqrt(1 / n1 + 1 / n2)", *OF_TWO),
)
def from_t(t: Floats, n1: Floats, n2: Floats) -> Standardised:
    """d = t sqrt(1/n1 + 1/n2); variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))"""
    return two_groups(t * np.sqrt(1 / n1 + 1 / n2), n1, n2)


@standardised(
    "from-p",
    (P, DIRECTION, N1, N2),
    title=said("Cohen's d from the p value of a two-group t test"),
    source=WILSON,
    steps=("t = direction * t(p, n1 + n2 - 2)", "dd = t * sqrt(1 / n1 + 1 / n2)", *OF_TWO),
)
def from_p(p: Floats, direction: Floats, n1: Floats, n2: Floats) -> Standardised:
    """t from the two-sided p with n1 + n2 - 2 degrees of freedom, signed by direction; d = t sqrt(1/n1 + 1/n2);
    variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))"""
    require((p > 0) & (p <= 1), p, sentence=said("a p value lies outside 0 to 1"))
    require(np.abs(direction) == 1, direction, sentence=said("the direction is neither 1 nor -1"))
    return from_t(direction * value_from_two_sided_p(p, n1 + n2 - 2), n1, n2)


@standardised(
    "from-one-sample-t",
    (T, N),
    title=said("Cohen's d of change from the t value of a one-sample or paired test"),
    source="Gibbons, Hedeker and Davis (1993), Journal of Educational Statistics 18(3), 271-279",
    steps=("dd = t / sqrt(n)", "N = n", "v = 1 / n + dd^2 / (2 * n)"),
)
def from_one_sample_t(t: Floats, n: Floats) -> Standardised:
    """d = t / sqrt(n), in standard deviations of the differences; variance 1/n + d^2 / (2 n)"""
    d = t / np.sqrt(n)
    return d, 1 / n + d**2 / (2 * n), None, None, n


ODDS_RATIO = Input("odds_ratio", said("odds ratio as reported, adjusted or not"))
SE_LOG = Input("se_log_odds_ratio", said("standard error of the logarithm of the odds ratio"))


@standardised(
    "from-odds-ratio",
    (ODDS_RATIO, SE_LOG, N),
    title=said("Cohen's d from a reported odds ratio"),
    source=HEDGES_HASSELBLAD,
    steps=("dd = log(odds_ratio) * sqrt(3) / pi", "v = se_log_odds_ratio^2 * 3 / pi^2", "N = n"),
)
def from_odds_ratio(odds_ratio: Floats, se_log_odds_ratio: Floats, n: Floats) -> Standardised:
    """d = log(OR) sqrt(3) / pi; variance se^2 3 / pi^2 with se on the logarithmic scale"""
    require(odds_ratio > 0, odds_ratio, sentence=said("the odds ratio is not above 0"))
    require(se_log_odds_ratio > 0, se_log_odds_ratio, sentence=said("the standard error is not above 0"))
    return np.log(odds_ratio) * LOGIT_TO_D, (se_log_odds_ratio * LOGIT_TO_D) ** 2, None, None, n


B = Input("b", said("unstandardised regression coefficient of the intervention"), said("units of the outcome"))
SDY = Input("sdy", said("standard deviation of the outcome in everyone"), said("units of the outcome"))


@standardised(
    "from-coefficient",
    (B, SDY, N1, N2),
    title=said("Cohen's d from a regression coefficient and the spread of the outcome"),
    source=WILSON,
    steps=(
        "s = sqrt((sdy^2 * (n1 + n2 - 1) - b^2 * n1 * n2 / (n1 + n2)) / (n1 + n2 - 2))",
        "dd = b / s",
        *OF_TWO,
    ),
)
def from_coefficient(b: Floats, sdy: Floats, n1: Floats, n2: Floats) -> Standardised:
    """d = b / s with s^2 = (sdy^2 (N - 1) - b^2 n1 n2 / N) / (N - 2), N = n1 + n2;
    variance 1/n1 + 1/n2 + d^2 / (2 N)"""
    n = n1 + n2
    within = (sdy**2 * (n - 1) - b**2 * n1 * n2 / n) / (n - 2)
    require(within > 0, within, sentence=said("the coefficient is larger than the spread of the outcome allows"))
    return two_groups(b / np.sqrt(within), n1, n2)


VARIANCE_D = Input("variance", said("sampling variance"))


@formula(
    "log-odds-ratio-from-d",
    "OR",
    (Input("d", said("standardised mean difference")), VARIANCE_D),
    title=said("Odds ratio that a standardised mean difference stands for"),
    source=HEDGES_HASSELBLAD,
    steps=("yi = d * pi / sqrt(3)", "vi = variance * pi^2 / 3"),
)
def log_odds_ratio_from_d(d: Floats, variance: Floats) -> Effect:
    """log OR = d pi / sqrt(3); variance times pi^2 / 3"""
    return effect(d / LOGIT_TO_D, variance / LOGIT_TO_D**2, "OR", None, None)


@formula(
    "d-from-log-odds-ratio",
    "D",
    (Input("log_odds_ratio", said("logarithm of the odds ratio")), VARIANCE_D),
    title=said("Standardised mean difference that an odds ratio stands for"),
    source=HEDGES_HASSELBLAD,
    steps=("yi = log_odds_ratio * sqrt(3) / pi", "vi = variance * 3 / pi^2"),
)
def d_from_log_odds_ratio(log_odds_ratio: Floats, variance: Floats) -> Effect:
    """d = log OR sqrt(3) / pi; variance times 3 / pi^2"""
    return effect(log_odds_ratio * LOGIT_TO_D, variance * LOGIT_TO_D**2, "D", None, None)
