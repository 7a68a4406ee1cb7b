"""Effects as a study reports them, when its raw numbers are not given: with an interval, a standard error or a p value.

Ratios (OR, RR, IRR, HR) go to the logarithm, where their intervals are symmetric. Normal distribution throughout.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, formula
from whatworks.extract.methods.metrics import METRICS
from whatworks.saying import said
from whatworks.stats.intervals import value_from_two_sided_p

LOW = Input("low", said("lower limit of the interval, on the same scale as the estimate"))
HIGH = Input("high", said("upper limit of the interval, on the same scale as the estimate"))
LEVEL = Input("level", said("confidence level of the interval"), default=0.95)
P = Input("p", said("two-sided p value of no difference"))
HANDBOOK = "Higgins et al. (2023), Cochrane Handbook for Systematic Reviews of Interventions, 6.3.1 and 6.3.2"
RATIOS = ("RR", "OR", "IRR", "HR", "ROM")
DIFFERENCES = ("MD", "D", "SMD", "RD", "IRD")


def same(value: Floats) -> Floats:
    """The analysis scale of a difference is the reported one."""
    return value


def from_interval(metric: str, scale: Callable[[Floats], Floats]) -> Callable[..., Effect]:
    """The formula that reads an estimate with its interval."""

    def compute(estimate: Floats, low: Floats, high: Floats, level: Floats) -> Effect:
        require((low < high), low, high, sentence=said("the lower limit is not below the upper limit"))
        inside = (low <= estimate) & (estimate <= high)
        require(inside, estimate, low, high, sentence=said("the estimate lies outside its own interval"))
        require((level > 0) & (level < 1), level, sentence=said("the level is not a proportion such as 0.95"))
        if scale is np.log:
            require(low > 0, low, sentence=said("the lower limit of a ratio is not above 0"))
        se = (scale(high) - scale(low)) / (2 * value_from_two_sided_p(1 - level))
        return effect(scale(estimate), se**2, metric, None, None)

    return compute


def from_standard_error(metric: str, scale: Callable[[Floats], Floats]) -> Callable[..., Effect]:
    """The formula that reads an estimate with its standard error (of the logarithm, for a ratio)."""

    def compute(estimate: Floats, se: Floats) -> Effect:
        require(se > 0, se, sentence=said("the standard error is not above 0"))
        if scale is np.log:
            require(estimate > 0, estimate, sentence=said("the ratio is not above 0"))
        return effect(scale(estimate), se**2, metric, None, None)

    return compute


def from_p(metric: str, scale: Callable[[Floats], Floats]) -> Callable[..., Effect]:
    """The formula that reads an estimate with its p value."""

    def compute(estimate: Floats, p: Floats) -> Effect:
        require((p > 0) & (p < 1), p, sentence=said("the p value is not between 0 and 1"))
        if scale is np.log:
            require(estimate > 0, estimate, sentence=said("the ratio is not above 0"))
        yi = scale(estimate)
        require(
            yi != 0,
            yi,
            sentence=said("the estimate is exactly no difference, so its p value says nothing of its spread"),
        )
        return effect(yi, (yi / value_from_two_sided_p(p)) ** 2, metric, None, None)

    return compute


def worked(ending: str, scale: str) -> tuple[str, ...]:
    """The steps of one of the three, on the scale of the metric."""
    if ending == "interval":
        se = f"se = ({scale % 'high'} - {scale % 'low'}) / (2 * z(1 - level))"
    else:
        se = f"se = abs({scale % 'estimate'}) / z(p)" if ending == "p" else ""
    return tuple(step for step in (f"yi = {scale % 'estimate'}", se, "vi = se^2") if step)


def enter(metric: str) -> None:
    """Enter the three formulae of one metric in the register."""
    title, ratio = METRICS[metric].title, metric in RATIOS
    scale, of, name = (np.log, "log of ", metric.lower()) if ratio else (same, "", metric.lower())
    estimate = Input("estimate", said("the %(title)s as reported", title=title))
    se = Input(
        "se",
        said("standard error of the %(what)s%(title)s", what=said("logarithm of the ") if ratio else "", title=title),
    )
    ways: tuple[tuple[str, str, Callable[..., Effect], tuple[Input, ...], str], ...] = (
        (
            "interval",
            "its interval",
            from_interval(metric, scale),
            (estimate, LOW, HIGH, LEVEL),
            f"{of}estimate; se = ({of}high - {of}low) / (2 z), z the normal point of the level; variance se^2",
        ),
        (
            "se",
            "its standard error",
            from_standard_error(metric, scale),
            (estimate, se),
            f"{of}estimate; variance se^2",
        ),
        (
            "p",
            "its p value",
            from_p(metric, scale),
            (estimate, P),
            f"{of}estimate; se = size of ({of}estimate) / z, z the normal point of the p value; variance se^2",
        ),
    )
    for ending, words, compute, inputs, text in ways:
        compute.__doc__ = text
        way = f"Reported {title} with {words}"
        steps = worked(ending, "log(%s)" if ratio else "%s")
        formula(f"{name}-with-{ending}", metric, inputs, title=way, source=HANDBOOK, steps=steps)(compute)


for _metric in (*RATIOS, *DIFFERENCES):
    enter(_metric)
