"""A proportion in one group, on five scales. Definitions: metafor 3.8-1's escalc, checked to 1e-9."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.counts import VARIANCE, ZERO, addition
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, N, formula

EVENTS = Input("events", "people with the outcome", "people")
MILLER = "Fleiss and Berlin (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 237-253"
TUKEY = "Freeman and Tukey (1950), Annals of Mathematical Statistics 21(4), 607-611"


def split(events: Floats, n: Floats, zero: str) -> tuple[Floats, Floats]:
    """People with and without the outcome, after a half is added to both by the rule for empty cells."""
    require((n > 0) & np.isfinite(n), n, sentence="the group has no people in it; leave the row out")
    require((events >= 0) & (events <= n), events, n, sentence="the events are below 0 or above the group's size")
    extra = addition((events == 0) | (events == n), zero)
    return events + extra, n - events + extra


def alone(yi: Floats, vi: Floats, metric: str, n: Floats) -> Effect:
    """The effect of a single group."""
    return effect(yi, vi, metric, None, None, n=n)


@formula("proportion", "PR", (EVENTS, N, ZERO, VARIANCE), title="Proportion with the outcome", source=MILLER)
def proportion(events: Floats, n: Floats, zero: str, variance: str) -> Effect:
    """p = x / n; variance p (1 - p) / n (over n - 1 when UB)"""
    x, m = split(events, n, zero)
    p = x / (x + m)
    return alone(p, p * (1 - p) / (x + m - float(variance == "UB")), "PR", n)


@formula("log-proportion", "PLN", (EVENTS, N, ZERO), title="Logarithm of a proportion", source=MILLER)
def log_proportion(events: Floats, n: Floats, zero: str) -> Effect:
    """log(x / n); variance 1/x - 1/n"""
    x, m = split(events, n, zero)
    return alone(np.log(x / (x + m)), 1 / x - 1 / (x + m), "PLN", n)


@formula("log-odds", "PLO", (EVENTS, N, ZERO), title="Log odds of a proportion", source=MILLER)
def log_odds(events: Floats, n: Floats, zero: str) -> Effect:
    """log(x / (n - x)); variance 1/x + 1/(n - x)"""
    x, m = split(events, n, zero)
    return alone(np.log(x / m), 1 / x + 1 / m, "PLO", n)


@formula("arcsine-proportion", "PAS", (EVENTS, N), title="Arcsine square root of a proportion", source=TUKEY)
def arcsine_proportion(events: Floats, n: Floats) -> Effect:
    """asin(sqrt(x / n)); variance 1 / (4 n)"""
    x, m = split(events, n, "none")
    return alone(np.arcsin(np.sqrt(x / (x + m))), 1 / (4 * n), "PAS", n)


@formula("double-arcsine-proportion", "PFT", (EVENTS, N), title="Freeman-Tukey double arcsine", source=TUKEY)
def double_arcsine_proportion(events: Floats, n: Floats) -> Effect:
    """(asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2; variance 1 / (4 n + 2)"""
    x, _ = split(events, n, "none")
    yi = (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2
    return alone(yi, 1 / (4 * n + 2), "PFT", n)
