"""Effects from counts in two groups: risks, odds and rates. Definitions: metafor 3.8-1's escalc, checked to 1e-9."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import N1, N2, Input, formula
from whatworks.saying import said

EVENTS1 = Input("events1", said("people with the outcome in the intervention group"), said("people"))
EVENTS2 = Input("events2", said("people with the outcome in the comparison group"), said("people"))
TIMES1 = Input("events1", said("times it happened in the intervention group"), said("events"))
TIMES2 = Input("events2", said("times it happened in the comparison group"), said("events"))
TIME1 = Input("time1", said("time at risk in the intervention group"), said("person-time"))
TIME2 = Input("time2", said("time at risk in the comparison group"), said("person-time"))
RULES = "where a half is added to every cell: where a cell is empty (only0), everywhere (all), nowhere (none)"
ZERO_ONE = Input("zero", RULES, choices=("only0", "all", "none"))
ZERO = Input(
    "zero",
    said("%(rules)s; tacc: where a cell is empty, each group's share of all people instead of a half", rules=RULES),
    choices=("only0", "all", "none", "tacc"),
)
SWEETING = "for tacc Sweeting, Sutton and Lambert (2004), Statistics in Medicine 23(9), 1351-1375"
VARIANCE = Input("variance", said("large-sample (LS) or unbiased (UB) variance"), choices=("LS", "UB"))
TABLE = (EVENTS1, N1, EVENTS2, N2)
RATES = (TIMES1, TIME1, TIMES2, TIME2)
FLEISS = "Fleiss and Berlin (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 237-253"
CELL_STEPS = (
    "~k1 = added1(zero, events1, n1, events2, n2)",
    "~k2 = added2(zero, events1, n1, events2, n2)",
    "a = events1 + k1",
    "b = n1 - events1 + k1",
    "c = events2 + k2",
    "d = n2 - events2 + k2",
)
RATE_STEPS = (
    "~k1 = rate_added1(zero, events1, time1, events2, time2)",
    "~k2 = rate_added2(zero, events1, time1, events2, time2)",
    "x1 = events1 + k1",
    "x2 = events2 + k2",
)
ROTHMAN = "Rothman, Greenland and Lash (2008), Modern Epidemiology, 3rd ed."


def addition(empty: NDArray[np.bool_], zero: str) -> Floats:
    """What to add to each cell of each study: a half or nothing, by the rule for empty cells."""
    return np.where(empty if zero in ("only0", "tacc") else np.full_like(empty, zero == "all"), 0.5, 0.0)


def additions(empty: NDArray[np.bool_], zero: str, size1: Floats, size2: Floats) -> tuple[Floats, Floats]:
    """What to add to each cell of either group: the same half, or (tacc) the group's share of all people.

    Source for tacc: Sweeting, Sutton and Lambert (2004), section 3: in proportion to the reciprocal of the other
    group's size, and 1 in all, so that groups of unlike size do not pull the estimate away from no difference.
    """
    extra = addition(empty, zero)
    if zero != "tacc":
        return extra, extra
    return 2 * extra * size1 / (size1 + size2), 2 * extra * size2 / (size1 + size2)


def cells(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> tuple[Floats, Floats, Floats, Floats]:
    """The cells a, b, c, d of each table (with and without the outcome), after the rule for empty cells."""
    for events, n in ((events1, n1), (events2, n2)):
        require((n > 0) & np.isfinite(n), n, sentence=said("a group has no people in it; leave the row out"))
        require(
            (events >= 0) & (events <= n), events, n, sentence=said("the events are below 0 or above the group's size")
        )
    a, b, c, d = events1, n1 - events1, events2, n2 - events2
    extra1, extra2 = additions((a == 0) | (b == 0) | (c == 0) | (d == 0), zero, n1, n2)
    return a + extra1, b + extra1, c + extra2, d + extra2


@formula(
    "log-risk-ratio-from-counts",
    "RR",
    (*TABLE, ZERO),
    title=said("Risk ratio from the number of people with the outcome in each group"),
    source=FLEISS,
    steps=(
        *CELL_STEPS,
        "yi = log(a / (a + b)) - log(c / (c + d))",
        "vi = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)",
    ),
)
def log_risk_ratio(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """log((a / n1) / (c / n2)); variance 1/a - 1/n1 + 1/c - 1/n2"""
    a, b, c, d = cells(events1, n1, events2, n2, zero)
    yi = np.log(a / (a + b)) - np.log(c / (c + d))
    return effect(yi, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), "RR", n1, n2)


@formula(
    "log-odds-ratio-from-counts",
    "OR",
    (*TABLE, ZERO),
    title=said("Odds ratio from the number of people with the outcome in each group"),
    source=FLEISS,
    steps=(*CELL_STEPS, "yi = log(a / b) - log(c / d)", "vi = 1 / a + 1 / b + 1 / c + 1 / d"),
)
def log_odds_ratio(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """log((a / b) / (c / d)); variance 1/a + 1/b + 1/c + 1/d"""
    a, b, c, d = cells(events1, n1, events2, n2, zero)
    return effect(np.log(a / b) - np.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d, "OR", n1, n2)


@formula(
    "risk-difference-from-counts",
    "RD",
    (*TABLE, ZERO, VARIANCE),
    title=said("Difference in risk from the number of people with the outcome in each group"),
    source=FLEISS,
    steps=(
        *CELL_STEPS,
        "p1 = a / (a + b)",
        "p2 = c / (c + d)",
        "yi = p1 - p2",
        "[variance=LS] vi = p1 * (1 - p1) / (a + b) + p2 * (1 - p2) / (c + d)",
        "[variance=UB] vi = p1 * (1 - p1) / (a + b - 1) + p2 * (1 - p2) / (c + d - 1)",
    ),
)
def risk_difference(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str, variance: str) -> Effect:
    """p1 - p2 with p1 = a / n1, p2 = c / n2; variance p1 (1 - p1) / n1 + p2 (1 - p2) / n2 (over n - 1 when UB)"""
    a, b, c, d = cells(events1, n1, events2, n2, zero)
    less = float(variance == "UB")
    p1, p2 = a / (a + b), c / (c + d)
    return effect(p1 - p2, p1 * (1 - p1) / (a + b - less) + p2 * (1 - p2) / (c + d - less), "RD", n1, n2)


@formula(
    "peto-log-odds-ratio-from-counts",
    "PETO",
    (*TABLE, ZERO),
    title=said("Odds ratio by Peto's method, for rare outcomes and groups of like size"),
    source="Yusuf et al. (1985), Progress in Cardiovascular Diseases 27(5), 335-371",
    steps=(
        *CELL_STEPS,
        "n = a + b + c + d",
        "E = (a + c) * (a + b) / n",
        "V = (a + c) * (b + d) * ((a + b) / n) * ((c + d) / n) / (n - 1)",
        "yi = (a - E) / V",
        "vi = 1 / V",
    ),
)
def peto_log_odds_ratio(events1: Floats, n1: Floats, events2: Floats, n2: Floats, zero: str) -> Effect:
    """(a - E) / V; variance 1 / V; E = (a + c) n1 / n; V = (a + c)(b + d) n1 n2 / (n^2 (n - 1))"""
    a, b, c, d = cells(events1, n1, events2, n2, zero)
    n = a + b + c + d
    spread = (a + c) * (b + d) * ((a + b) / n) * ((c + d) / n) / (n - 1)
    return effect((a - (a + c) * (a + b) / n) / spread, 1 / spread, "PETO", n1, n2)


@formula(
    "arcsine-difference-from-counts",
    "AS",
    TABLE,
    title=said("Difference of arcsine square roots of two risks; needs no rule for empty cells"),
    source="Ruecker, Schwarzer, Carpenter and Olkin (2009), Statistics in Medicine 28(5), 721-738",
    steps=(
        "yi = asin(sqrt(events1 / n1)) - asin(sqrt(events2 / n2))",
        "vi = 1 / (4 * n1) + 1 / (4 * n2)",
    ),
)
def arcsine_difference(events1: Floats, n1: Floats, events2: Floats, n2: Floats) -> Effect:
    """asin(sqrt(a / n1)) - asin(sqrt(c / n2)); variance 1 / (4 n1) + 1 / (4 n2)"""
    a, b, c, d = cells(events1, n1, events2, n2, "none")
    yi = np.arcsin(np.sqrt(a / (a + b))) - np.arcsin(np.sqrt(c / (c + d)))
    return effect(yi, 1 / (4 * n1) + 1 / (4 * n2), "AS", n1, n2)


def counted(events1: Floats, time1: Floats, events2: Floats, time2: Floats, zero: str) -> tuple[Floats, Floats]:
    """The events of both groups, after a half is added to both by the rule for empty cells."""
    for events, time in ((events1, time1), (events2, time2)):
        require((time > 0) & np.isfinite(time), time, sentence=said("the time at risk is not above 0"))
        require(events >= 0, events, sentence=said("the number of events is below 0"))
    extra1, extra2 = additions((events1 == 0) | (events2 == 0), zero, time1, time2)
    return events1 + extra1, events2 + extra2


@formula(
    "log-rate-ratio-from-counts",
    "IRR",
    (*RATES, ZERO),
    title=said("Rate ratio from events and time at risk in each group"),
    source=ROTHMAN,
    steps=(*RATE_STEPS, "yi = log(x1 / time1) - log(x2 / time2)", "vi = 1 / x1 + 1 / x2"),
)
def log_rate_ratio(events1: Floats, time1: Floats, events2: Floats, time2: Floats, zero: str) -> Effect:
    """log((x1 / t1) / (x2 / t2)); variance 1/x1 + 1/x2"""
    x1, x2 = counted(events1, time1, events2, time2, zero)
    return effect(np.log(x1 / time1) - np.log(x2 / time2), 1 / x1 + 1 / x2, "IRR", None, None)


@formula(
    "rate-difference-from-counts",
    "IRD",
    (*RATES, ZERO),
    title=said("Difference in rates from events and time at risk in each group"),
    source=ROTHMAN,
    steps=(*RATE_STEPS, "yi = x1 / time1 - x2 / time2", "vi = x1 / time1^2 + x2 / time2^2"),
)
def rate_difference(events1: Floats, time1: Floats, events2: Floats, time2: Floats, zero: str) -> Effect:
    """x1 / t1 - x2 / t2; variance x1 / t1^2 + x2 / t2^2"""
    x1, x2 = counted(events1, time1, events2, time2, zero)
    return effect(x1 / time1 - x2 / time2, x1 / time1**2 + x2 / time2**2, "IRD", None, None)
