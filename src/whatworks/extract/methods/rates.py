"""A rate in one group, and two rates on the square-root scale. Definitions: metafor 3.8-1's escalc."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.counts import RATES, ROTHMAN, ZERO_ONE, counted
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, formula
from whatworks.saying import said

TIMES = Input("events", said("times it happened"), said("events"))
TIME = Input("time", said("time at risk"), said("person-time"))
ALONE = (TIMES, TIME)


def check_rate(events: Floats, time: Floats) -> None:
    """Refuse a count below 0 and no time at risk."""
    require((time > 0) & np.isfinite(time), time, sentence=said("the time at risk is not above 0"))
    require(events >= 0, events, sentence=said("the number of events is below 0"))


def half(events: Floats, zero: str) -> Floats:
    """The events after a half is added by the rule for empty cells."""
    return events + np.where((events == 0) if zero == "only0" else np.full(np.shape(events), zero == "all"), 0.5, 0.0)


@formula(
    "rate",
    "IR",
    (*ALONE, ZERO_ONE),
    title=said("Rate of events in one group"),
    source=ROTHMAN,
    steps=("~x = half(zero, events)", "yi = x / time", "vi = x / time^2"),
)
def rate(events: Floats, time: Floats, zero: str) -> Effect:
    """x / t; variance x / t^2"""
    check_rate(events, time)
    x = half(events, zero)
    return effect(x / time, x / time**2, "IR", None, None)


@formula(
    "log-rate",
    "IRLN",
    (*ALONE, ZERO_ONE),
    title=said("Logarithm of a rate of events in one group"),
    source=ROTHMAN,
    steps=("~x = half(zero, events)", "yi = log(x / time)", "vi = 1 / x"),
)
def log_rate(events: Floats, time: Floats, zero: str) -> Effect:
    """log(x / t); variance 1 / x"""
    check_rate(events, time)
    x = half(events, zero)
    return effect(np.log(x / time), 1 / x, "IRLN", None, None)


@formula(
    "square-root-rate",
    "IRS",
    ALONE,
    title=said("Square root of a rate of events in one group; needs no rule for no events"),
    source=ROTHMAN,
    steps=("yi = sqrt(events / time)", "vi = 1 / (4 * time)"),
)
def square_root_rate(events: Floats, time: Floats) -> Effect:
    """sqrt(x / t); variance 1 / (4 t)"""
    check_rate(events, time)
    return effect(np.sqrt(events / time), 1 / (4 * time), "IRS", None, None)


@formula(
    "freeman-tukey-rate",
    "IRFT",
    ALONE,
    title=said("Freeman-Tukey transformed rate of events in one group"),
    source="Freeman and Tukey (1950), Annals of Mathematical Statistics 21(4), 607-611",
    steps=("yi = (sqrt(events / time) + sqrt((events + 1) / time)) / 2", "vi = 1 / (4 * time)"),
)
def freeman_tukey_rate(events: Floats, time: Floats) -> Effect:
    """(sqrt(x / t) + sqrt((x + 1) / t)) / 2; variance 1 / (4 t)"""
    check_rate(events, time)
    return effect((np.sqrt(events / time) + np.sqrt((events + 1) / time)) / 2, 1 / (4 * time), "IRFT", None, None)


@formula(
    "square-root-rate-difference",
    "IRSD",
    RATES,
    title=said("Difference of square roots of two rates; needs no rule for no events"),
    source=ROTHMAN,
    steps=("yi = sqrt(events1 / time1) - sqrt(events2 / time2)", "vi = 1 / (4 * time1) + 1 / (4 * time2)"),
)
def square_root_rate_difference(events1: Floats, time1: Floats, events2: Floats, time2: Floats) -> Effect:
    """sqrt(x1 / t1) - sqrt(x2 / t2); variance 1 / (4 t1) + 1 / (4 t2)"""
    x1, x2 = counted(events1, time1, events2, time2, "none")
    return effect(np.sqrt(x1 / time1) - np.sqrt(x2 / time2), 1 / (4 * time1) + 1 / (4 * time2), "IRSD", None, None)
