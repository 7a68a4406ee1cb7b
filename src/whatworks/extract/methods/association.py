"""Association in a two by two table, and what it stands for on another scale. Definitions: metafor 3.8-1's escalc."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from whatworks.extract.methods.counts import CELL_STEPS, TABLE, ZERO, cells
from whatworks.extract.methods.effect import Effect, Floats, effect
from whatworks.extract.methods.formula import formula
from whatworks.extract.methods.means import MEANS, POOL, check_spread, pooled_sd, variance_of_d
from whatworks.saying import said

YULE = "Yule (1912), Journal of the Royal Statistical Society 75(6), 579-652"
COX = "Cox and Snell (1989), Analysis of Binary Data, 2nd ed.; Sanchez-Meca et al. (2003), Psychological Methods 8(4)"
ODDS = (*CELL_STEPS, "OR = a * d / (b * c)", "v = 1 / a + 1 / b + 1 / c + 1 / d")
COX_FACTOR = 1.65


@formula(
    "phi",
    "PHI",
    TABLE,
    title=said("Phi coefficient of a two by two table; needs no rule for empty cells"),
    source=YULE,
    steps=(
        "a = events1",
        "b = n1 - events1",
        "c = events2",
        "d = n2 - events2",
        "n = a + b + c + d",
        "p1 = (a + b) / n",
        "p2 = (c + d) / n",
        "q1 = (a + c) / n",
        "q2 = (b + d) / n",
        "yi = (a * d - b * c) / (n^2 * sqrt(p1 * p2 * q1 * q2))",
        "part = yi * (1 + yi^2 / 2) * (p1 - p2) * (q1 - q2) / sqrt(p1 * p2 * q1 * q2)",
        "vi = (1 - yi^2 + part - 3 / 4 * yi^2 * ((p1 - p2)^2 / (p1 * p2) + (q1 - q2)^2 / (q1 * q2))) / n",
    ),
)
def phi(events1: Floats, n1: Floats, events2: Floats, n2: Floats) -> Effect:
    """(a d - b c) / sqrt((a + b)(c + d)(a + c)(b + d)); variance (1 - phi^2 + phi (1 + phi^2 / 2) e f / s
    - (3/4) phi^2 (e^2 / (p1 p2) + f^2 / (q1 q2))) / n, p and q the margins, e = p1 - p2, f = q1 - q2, s^2 = p1 p2 q1 q2"""
    a, b, c, d = cells(events1, n1, events2, n2, "none")
    n = a + b + c + d
    p1, p2, q1, q2 = (a + b) / n, (c + d) / n, (a + c) / n, (b + d) / n
    s = np.sqrt(p1 * p2 * q1 * q2)
    yi = (a * d - b * c) / (n**2 * s)
    across, down = p1 - p2, q1 - q2
    vi = 1 - yi**2 + yi * (1 + yi**2 / 2) * across * down / s
    vi = (vi - 0.75 * yi**2 * (across**2 / (p1 * p2) + down**2 / (q1 * q2))) / n
    return effect(yi, vi, "PHI", n1, n2)


@formula(
    "yules-q",
    "YUQ",
    (*TABLE, ZERO),
    title=said("Yule's Q of a two by two table"),
    source=YULE,
    steps=(*ODDS, "yi = (OR - 1) / (OR + 1)", "vi = (1 - yi^2)^2 * v / 4"),
)
def yules_q(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """(OR - 1) / (OR + 1); variance (1 - Q^2)^2 (1/a + 1/b + 1/c + 1/d) / 4"""
    ratio, spread = odds(*cells(events1, n1, events2, n2, zero))
    yi = (ratio - 1) / (ratio + 1)
    return effect(yi, (1 - yi**2) ** 2 * spread / 4, "YUQ", n1, n2)


@formula(
    "yules-y",
    "YUY",
    (*TABLE, ZERO),
    title=said("Yule's Y of a two by two table"),
    source=YULE,
    steps=(*ODDS, "yi = (sqrt(OR) - 1) / (sqrt(OR) + 1)", "vi = (1 - yi^2)^2 * v / 16"),
)
def yules_y(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """(sqrt(OR) - 1) / (sqrt(OR) + 1); variance (1 - Y^2)^2 (1/a + 1/b + 1/c + 1/d) / 16"""
    ratio, spread = odds(*cells(events1, n1, events2, n2, zero))
    yi = (np.sqrt(ratio) - 1) / (np.sqrt(ratio) + 1)
    return effect(yi, (1 - yi**2) ** 2 * spread / 16, "YUY", n1, n2)


def odds(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats]:
    """The odds ratio of four cells and the variance of its logarithm."""
    return a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d


@formula(
    "probit-difference",
    "PBIT",
    (*TABLE, ZERO),
    title=said(
        "Difference of probits of two risks: a standardised difference where the outcome is a cut normal variable"
    ),
    source="Sanchez-Meca, Marin-Martinez and Chacon-Moscoso (2003), Psychological Methods 8(4), 448-467",
    steps=(
        *CELL_STEPS,
        "p1 = a / (a + b)",
        "p2 = c / (c + d)",
        "z1 = probit(p1)",
        "z2 = probit(p2)",
        "yi = z1 - z2",
        "vi = 2 * pi * p1 * (1 - p1) * exp(z1^2) / (a + b) + 2 * pi * p2 * (1 - p2) * exp(z2^2) / (c + d)",
    ),
)
def probit_difference(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """z1 - z2, z the normal point of each risk p; variance the sum of 2 pi p (1 - p) exp(z^2) / n"""
    a, b, c, d = cells(events1, n1, events2, n2, zero)
    p1, p2 = a / (a + b), c / (c + d)
    z1, z2 = ndtri(p1), ndtri(p2)
    v1, v2 = (2 * np.pi * p * (1 - p) * np.exp(z**2) / n for p, z, n in ((p1, z1, a + b), (p2, z2, c + d)))
    return effect(z1 - z2, v1 + v2, "PBIT", n1, n2)


@formula(
    "d-from-counts",
    "D",
    (*TABLE, ZERO),
    title=said("Cohen's d that the odds ratio of a table stands for, by the logistic distribution"),
    converts=True,
    source="Hasselblad and Hedges (1995), Psychological Bulletin 117(1), 167-178",
    steps=(*ODDS, "yi = log(OR) * sqrt(3) / pi", "vi = v * 3 / pi^2"),
)
def d_from_counts(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """log(OR) sqrt(3) / pi; variance (1/a + 1/b + 1/c + 1/d) 3 / pi^2"""
    ratio, spread = odds(*cells(events1, n1, events2, n2, zero))
    return effect(np.log(ratio) * np.sqrt(3) / np.pi, spread * 3 / np.pi**2, "D", n1, n2)


@formula(
    "d-from-counts-cox",
    "D",
    (*TABLE, ZERO),
    title=said("Cohen's d that the odds ratio of a table stands for, by Cox's 1.65 (normal distribution)"),
    converts=True,
    source=COX,
    steps=(*ODDS, "yi = log(OR) / 1.65", "vi = v / 1.65^2"),
)
def d_from_counts_cox(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """log(OR) / 1.65; variance (1/a + 1/b + 1/c + 1/d) / 1.65^2"""
    ratio, spread = odds(*cells(events1, n1, events2, n2, zero))
    return effect(np.log(ratio) / COX_FACTOR, spread / COX_FACTOR**2, "D", n1, n2)


@formula(
    "log-odds-ratio-from-means",
    "OR",
    MEANS,
    title=said("Odds ratio that a difference in means stands for, by the logistic distribution"),
    converts=True,
    source="Hasselblad and Hedges (1995), Psychological Bulletin 117(1), 167-178",
    steps=(
        POOL,
        "dd = (mean1 - mean2) / sp",
        "yi = dd * pi / sqrt(3)",
        "vi = (1 / n1 + 1 / n2 + dd^2 / (2 * (n1 + n2))) * pi^2 / 3",
    ),
)
def log_odds_ratio_from_means(mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Effect:
    """d pi / sqrt(3), d Cohen's; variance that of d times pi^2 / 3"""
    check_spread(sd1, n1, sd2, n2)
    d = (mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2)
    return effect(d * np.pi / np.sqrt(3), variance_of_d(d, n1, n2) * np.pi**2 / 3, "OR", n1, n2)


@formula(
    "point-biserial-from-means",
    "RPB",
    MEANS,
    title=said("Point-biserial correlation between group and outcome"),
    source="Tate (1954), Annals of Mathematical Statistics 25(3)",
    steps=(
        POOL,
        "dd = (mean1 - mean2) / sp",
        "v = 1 / n1 + 1 / n2 + dd^2 / (2 * (n1 + n2))",
        "h = (n1 + n2 - 2) * (1 / n1 + 1 / n2)",
        "yi = dd / sqrt(dd^2 + h)",
        "vi = h^2 * v / (h + dd^2)^3",
    ),
)
def point_biserial(mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats) -> Effect:
    """d / sqrt(d^2 + h), h = (n1 + n2 - 2)(1/n1 + 1/n2); variance h^2 v / (h + d^2)^3, v that of d"""
    check_spread(sd1, n1, sd2, n2)
    d = (mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2)
    h = (n1 + n2 - 2) * (1 / n1 + 1 / n2)
    return effect(d / np.sqrt(d**2 + h), h**2 * variance_of_d(d, n1, n2) / (h + d**2) ** 3, "RPB", n1, n2)
