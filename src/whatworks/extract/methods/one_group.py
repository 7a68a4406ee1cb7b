"""A proportion in one group, on five scales. Definitions: metafor 3.8-1's escalc, checked to 1e-9."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.counts import VARIANCE, ZERO_ONE, addition
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, N, formula
from whatworks.saying import said

EVENTS = Input("events", said("people with the outcome"), said("people"))
MILLER = "Fleiss and Berlin (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 237-253"
SPLIT_STEPS = ("~k = half_group(zero, events, n)", "x = events + k", "m = n - events + k")
TUKEY = "Freeman and Tukey (1950), Annals of Mathematical Statistics 21(4), 607-611"


def split(events: Floats, n: Floats, zero: str) -> tuple[Floats, Floats]:
    """People with and without the outcome, after a half is added to both by the rule for empty cells."""
    require((n > 0) & np.isfinite(n), n, sentence=said("the group has no people in it; leave the row out"))
    require((events >= 0) & (events <= n), events, n, sentence=said("the events are below 0 or above the group's size"))
    extra = addition((events == 0) | (events == n), zero)
    return events + extra, n - events + extra


def alone(yi: Floats, vi: Floats, metric: str, n: Floats) -> Effect:
    """The effect of a single group."""
    return effect(yi, vi, metric, None, None, n=n)


@formula(
    "proportion",
    "PR",
    (EVENTS, N, ZERO_ONE, VARIANCE),
    title=said("Proportion with the outcome"),
    source=MILLER,
    steps=(
        *SPLIT_STEPS,
        "p = x / (x + m)",
        "yi = p",
        "[variance=LS] vi = p * (1 - p) / (x + m)",
        "[variance=UB] vi = p * (1 - p) / (x + m - 1)",
    ),
)
def proportion(events: Floats, n: Floats, zero: str, variance: str) -> Effect:
    """p = x / n; variance p (1 - p) / n (over n - 1 when UB)"""
    x, m = split(events, n, zero)
    p = x / (x + m)
    return alone(p, p * (1 - p) / (x + m - float(variance == "UB")), "PR", n)


@formula(
    "log-proportion",
    "PLN",
    (EVENTS, N, ZERO_ONE),
    title=said("Logarithm of a proportion"),
    source=MILLER,
    steps=(*SPLIT_STEPS, "yi = log(x / (x + m))", "vi = 1 / x - 1 / (x + m)"),
)
def log_proportion(events: Floats, n: Floats, zero: str) -> Effect:
    """log(x / n); variance 1/x - 1/n"""
    x, m = split(events, n, zero)
    return alone(np.log(x / (x + m)), 1 / x - 1 / (x + m), "PLN", n)


@formula(
    "log-odds",
    "PLO",
    (EVENTS, N, ZERO_ONE),
    title=said("Log odds of a proportion"),
    source=MILLER,
    steps=(*SPLIT_STEPS, "yi = log(x / m)", "vi = 1 / x + 1 / m"),
)
def log_odds(events: Floats, n: Floats, zero: str) -> Effect:
    """log(x / (n - x)); variance 1/x + 1/(n - x)"""
    x, m = split(events, n, zero)
    return alone(np.log(x / m), 1 / x + 1 / m, "PLO", n)


@formula(
    "arcsine-proportion",
    "PAS",
    (EVENTS, N),
    title=said("Arcsine square root of a proportion"),
    source=TUKEY,
    steps=("yi = asin(sqrt(events / n))", "vi = 1 / (4 * n)"),
)
def arcsine_proportion(events: Floats, n: Floats) -> Effect:
    """asin(sqrt(x / n)); variance 1 / (4 n)"""
    x, m = split(events, n, "none")
    return alone(np.arcsin(np.sqrt(x / (x + m))), 1 / (4 * n), "PAS", n)


@formula(
    "double-arcsine-proportion",
    "PFT",
    (EVENTS, N),
    title=said("Freeman-Tukey double arcsine"),
    source=TUKEY,
    steps=("yi = (asin(sqrt(events / (n + 1))) + asin(sqrt((events + 1) / (n + 1)))) / 2", "vi = 1 / (4 * n + 2)"),
)
def double_arcsine_proportion(events: Floats, n: Floats) -> Effect:
    """(asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2; variance 1 / (4 n + 2)"""
    x, _ = split(events, n, "none")
    yi = (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2
    return alone(yi, 1 / (4 * n + 2), "PFT", n)


def proportion_from_double_arcsine(value: Floats, n: Floats) -> Floats:
    """The proportion that a Freeman-Tukey value stands for in a group of n people; a pooled value needs one n for all.

    value: as `double-arcsine-proportion` gives it; n: people, for a pooled value usually the harmonic mean. That choice
    can move a pooled proportion a long way, and past what any of its studies found, so a logistic model of the counts is
    the safer way. Source: Miller (1978), The American Statistician 32(4), 138; the warning: Schwarzer, Chemaitelly,
    Abu-Raddad and Ruecker (2019), Research Synthesis Methods 10(3), 476-483. Checked against metafor's transf.ipft.
    """
    y, size = np.broadcast_arrays(np.asarray(value, dtype=float), np.asarray(n, dtype=float))
    require(size > 0, size, sentence=said("a proportion cannot be read back for nobody; give the size of the group"))
    least = np.arcsin(np.sqrt(1 / (size + 1))) / 2
    most = (np.arcsin(np.sqrt(size / (size + 1))) + np.pi / 2) / 2
    sine = np.sin(2 * np.clip(y, least, most))
    rest = np.clip(1 - (sine + (sine - 1 / sine) / size) ** 2, 0, None)
    p = (1 - np.sign(np.cos(2 * y)) * np.sqrt(rest)) / 2
    return np.where(y <= least, 0.0, np.where(y >= most, 1.0, p))
