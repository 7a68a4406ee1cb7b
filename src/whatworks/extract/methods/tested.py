"""Effects from a test's result: t, F, chi-squared or p, and estimates printed with nothing but a p value.

Hedges' exact factor and his variance of g throughout, so that a g from a t value is the g its means would have given.
A p value printed as "below" a bound is taken at the bound: the true one is smaller, so the effect is understated.
"""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.correlations import R
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import N1, N2, Input, N, formula
from whatworks.extract.methods.means import SPREAD_D, small_sample_factor, variance_of_d
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.methods.published import DIFFERENCES, HANDBOOK, RATIOS
from whatworks.extract.methods.standardised import DIRECTION, T
from whatworks.saying import said
from whatworks.stats.intervals import value_from_two_sided_p

HEDGES = "Hedges (1981), Journal of Educational Statistics 6(2), 107-128; Borenstein (2009), 2nd ed., 221-235"
F = Input("f", said("F value of the test between the two groups (1 degree of freedom above)"))
CHI2 = Input(
    "chi2", said("chi-squared value of the two by two table, without continuity correction (1 degree of freedom)")
)
SIDES = Input("sides", said("the p value is two-sided or one-sided"), choices=("two", "one"))
BOUND = Input("bound", said("the p value is printed exactly, or as below this value"), choices=("exact", "below"))
PRINTED_P = Input("p", said("p value of the test between the groups"))
D = Input("d", said("standardised mean difference as reported, without the small-sample factor"))
G = Input("g", said("standardised mean difference as reported, with the small-sample factor"))
TO_G = ("J = J(n1 + n2 - 2)", "yi = J * dd", SPREAD_D)
OF_T = "t sqrt(1/n1 + 1/n2)"
OF_G = "g = J d, J the exact factor for n1 + n2 - 2; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"


def g_from_d(d: Floats, n1: Floats, n2: Floats) -> Effect:
    """Hedges' g of a d between two groups, with his large-sample variance."""
    for n in (n1, n2):
        require((n > 0) & np.isfinite(n), n, sentence=said("a group has no people in it; leave the row out"))
    g = small_sample_factor(n1 + n2 - 2) * d
    return effect(g, variance_of_d(g, n1, n2), "SMD", n1, n2)


def check_direction(direction: Floats) -> None:
    """Refuse a direction that is neither up nor down."""
    require(np.abs(direction) == 1, direction, sentence=said("the direction is neither 1 nor -1"))


def two_sided(p: Floats, sides: str) -> Floats:
    """The two-sided p value of a printed one. A one-sided p above a half would point the other way: refused."""
    require((p > 0) & (p <= 1), p, sentence=said("a p value lies outside 0 to 1"))
    if sides == "one":
        words = (
            "a one-sided p value above 0.5 says that the effect went the other way: give 1 - p and the other direction"
        )
        require(p <= 0.5, p, sentence=words)
        return 2 * p
    return p


@formula(
    "hedges-g-from-t",
    "SMD",
    (T, N1, N2),
    title=said("Hedges' g from the t value of a two-group test, exact small-sample factor"),
    source=HEDGES,
    steps=("dd = t * sqrt(1 / n1 + 1 / n2)", *TO_G),
)
def hedges_g_from_t(t: Floats, n1: Floats, n2: Floats) -> Effect:
    """d = t sqrt(1/n1 + 1/n2); g = J d, J the exact factor for n1 + n2 - 2;
    variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    return g_from_d(t * np.sqrt(1 / n1 + 1 / n2), n1, n2)


@formula(
    "hedges-g-from-f",
    "SMD",
    (F, DIRECTION, N1, N2),
    title=said("Hedges' g from the F value of two groups, exact small-sample factor"),
    source=HEDGES,
    steps=("dd = direction * sqrt(f * (1 / n1 + 1 / n2))", *TO_G),
)
def hedges_g_from_f(f: Floats, direction: Floats, n1: Floats, n2: Floats) -> Effect:
    """d = direction sqrt(F (1/n1 + 1/n2)); g = J d, J the exact factor for n1 + n2 - 2;
    variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    require(f >= 0, f, sentence=said("an F value is below 0"))
    check_direction(direction)
    return g_from_d(direction * np.sqrt(f * (1 / n1 + 1 / n2)), n1, n2)


@formula(
    "hedges-g-from-p",
    "SMD",
    (PRINTED_P, DIRECTION, N1, N2, SIDES, BOUND),
    title=said("Hedges' g from the p value of a two-group t test, exact small-sample factor"),
    source=HEDGES,
    steps=(
        "[sides=two] p2 = p",
        "[sides=one] p2 = 2 * p",
        "t = direction * t(p2, n1 + n2 - 2)",
        "dd = t * sqrt(1 / n1 + 1 / n2)",
        *TO_G,
    ),
)
def hedges_g_from_p(p: Floats, direction: Floats, n1: Floats, n2: Floats, sides: str, bound: str) -> Effect:
    """t from the p value (one-sided: from 2 p; printed as below: at the bound) with n1 + n2 - 2 degrees of freedom,
    signed by direction; d = t sqrt(1/n1 + 1/n2); g = J d; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    check_direction(direction)
    t = direction * value_from_two_sided_p(two_sided(p, sides), n1 + n2 - 2)
    return g_from_d(t * np.sqrt(1 / n1 + 1 / n2), n1, n2)


@formula(
    "hedges-g-from-reported-d",
    "SMD",
    (D, N1, N2),
    title=said("Hedges' g from a reported d and the size of each group"),
    source=HEDGES,
    steps=("dd = d", *TO_G),
)
def hedges_g_from_reported_d(d: Floats, n1: Floats, n2: Floats) -> Effect:
    """g = J d, J the exact factor for n1 + n2 - 2; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    return g_from_d(d, n1, n2)


@formula(
    "reported-hedges-g",
    "SMD",
    (G, N1, N2),
    title=said("Hedges' g as reported, with the variance that the groups' sizes give it"),
    source=HEDGES,
    steps=("yi = g", SPREAD_D),
)
def reported_hedges_g(g: Floats, n1: Floats, n2: Floats) -> Effect:
    """g; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    require((n1 > 0) & (n2 > 0), n1, n2, sentence=said("a group has no people in it; leave the row out"))
    return effect(g, variance_of_d(g, n1, n2), "SMD", n1, n2)


@formula(
    "hedges-g-from-point-biserial",
    "SMD",
    (R, N1, N2),
    title=said("Hedges' g from the correlation between group and outcome"),
    source="Borenstein (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 231-234",
    steps=("dd = r * sqrt((n1 + n2 - 2) * (1 / n1 + 1 / n2) / (1 - r^2))", *TO_G),
)
def hedges_g_from_point_biserial(r: Floats, n1: Floats, n2: Floats) -> Effect:
    """d = r sqrt((n1 + n2 - 2)(1/n1 + 1/n2) / (1 - r^2)); g = J d; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    require(np.abs(r) < 1, r, sentence=said("a correlation between group and outcome does not lie between -1 and 1"))
    return g_from_d(r * np.sqrt((n1 + n2 - 2) * (1 / n1 + 1 / n2) / (1 - r**2)), n1, n2)


@formula(
    "standardised-mean-change-from-t",
    "SMCC",
    (T, N),
    title=said("Mean change in standard deviations of the changes, from a paired t value"),
    source="Gibbons, Hedeker and Davis (1993), Journal of Educational Statistics 18(3), 271-279",
    steps=("yi = J(n - 1) * t / sqrt(n)", "vi = 1 / n + yi^2 / (2 * n)"),
)
def standardised_mean_change_from_t(t: Floats, n: Floats) -> Effect:
    """y = J(n - 1) t / sqrt(n); variance 1 / n + y^2 / (2 n)"""
    yi = small_sample_factor(n - 1) * t / np.sqrt(n)
    return effect(yi, 1 / n + yi**2 / (2 * n), "SMCC", None, None, n=n)


@formula(
    "phi-from-chi-squared",
    "PHI",
    (CHI2, DIRECTION, N),
    title=said("Phi coefficient from the chi-squared value of a two by two table"),
    source="Lipsey and Wilson (2001), Practical Meta-Analysis",
    steps=("yi = direction * sqrt(chi2 / n)", "vi = (1 - yi^2)^2 / (n - 1)"),
)
def phi_from_chi_squared(chi2: Floats, direction: Floats, n: Floats) -> Effect:
    """direction sqrt(chi2 / n); variance (1 - phi^2)^2 / (n - 1), as of a correlation"""
    check_direction(direction)
    require((chi2 >= 0) & (chi2 <= n), chi2, n, sentence=said("chi-squared lies outside 0 to the number of people"))
    yi = direction * np.sqrt(chi2 / n)
    return effect(yi, (1 - yi**2) ** 2 / (n - 1), "PHI", None, None, n=n)


DIFFERENCE = Input(
    "difference", said("difference in means, intervention less comparison"), said("units of the outcome")
)
OF_DIFFERENCE = "vi = (difference / t)^2"


@formula(
    "mean-difference-from-t",
    "MD",
    (DIFFERENCE, T, N1, N2),
    title=said("Difference in means with the t value of its test"),
    source=HANDBOOK,
    steps=("yi = difference", OF_DIFFERENCE),
)
def mean_difference_from_t(difference: Floats, t: Floats, n1: Floats, n2: Floats) -> Effect:
    """m1 - m2; se = size of (difference / t); variance se^2"""
    words = "the difference and its t value have unlike signs, or one of them is 0; check which group is which"
    require(difference * t > 0, difference, t, sentence=words)
    return effect(difference, (difference / t) ** 2, "MD", n1, n2)


@formula(
    "mean-difference-from-p",
    "MD",
    (DIFFERENCE, PRINTED_P, N1, N2, SIDES, BOUND),
    title=said("Difference in means with the p value of its t test"),
    source=HANDBOOK,
    steps=(
        "yi = difference",
        "[sides=two] t = t(p, n1 + n2 - 2)",
        "[sides=one] t = t(2 * p, n1 + n2 - 2)",
        OF_DIFFERENCE,
    ),
)
def mean_difference_from_p(difference: Floats, p: Floats, n1: Floats, n2: Floats, sides: str, bound: str) -> Effect:
    """m1 - m2; se = size of (difference / t), t the point of the p value (one-sided: of 2 p; printed as below: of the
    bound) with n1 + n2 - 2 degrees of freedom; variance se^2"""
    require(difference != 0, difference, sentence=said("a difference of exactly 0 has no p value that says its spread"))
    t = value_from_two_sided_p(two_sided(p, sides), n1 + n2 - 2)
    require(t > 0, t, sentence=said("a p value of 1 beside a difference that is not 0 says nothing of its spread"))
    return effect(difference, (difference / t) ** 2, "MD", n1, n2)


def enter(metric: str) -> None:
    """Enter the formula of one metric with a p value as printed: one- or two-sided, exact or below a bound."""
    ratio = metric in RATIOS

    def compute(estimate: Floats, p: Floats, sides: str, bound: str) -> Effect:
        if ratio:
            require(estimate > 0, estimate, sentence=said("the ratio is not above 0"))
        yi = np.log(estimate) if ratio else estimate
        words = "the estimate is exactly no difference, so its p value says nothing of its spread"
        require(yi != 0, yi, sentence=words)
        z = value_from_two_sided_p(two_sided(p, sides))
        require(z > 0, z, sentence=said("a p value of 1 beside an estimate that is not 0 says nothing of its spread"))
        return effect(yi, (yi / z) ** 2, metric, None, None)

    scale = "log(estimate)" if ratio else "estimate"
    title = METRICS[metric].title
    compute.__doc__ = (
        f"{scale}; se = size of {scale} / z, z the normal point of the p value (one-sided: of 2 p; printed as below: "
        "of the bound); variance se^2"
    )
    formula(
        f"{metric.lower()}-with-printed-p", metric,
        (Input("estimate", said("the %(title)s as reported", title=title)), PRINTED_P, SIDES, BOUND),
        title=said("Reported %(title)s with a p value as printed (one- or two-sided, exact or below a bound)", title=title),
        source=HANDBOOK,
        steps=(f"yi = {scale}", "[sides=two] z = z(p)", "[sides=one] z = z(2 * p)", "vi = (yi / z)^2"),
    )(compute)  # fmt: skip


for _metric in (*RATIOS, *DIFFERENCES):
    enter(_metric)
