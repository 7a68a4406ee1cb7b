"""Numbers as people say them: out of 100, from fewer to more, and back from the scale they were pooled on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from whatworks.saying import said
from whatworks.synthesise.methods.absolute import risk_with

RATIOS = frozenset({"RR", "OR", "PETO", "IRR", "ROM", "HR"})
ODDS = frozenset({"OR", "PETO"})
STANDARDISED = frozenset({"SMD", "SMDH", "D", "G", "d", "g"})
LOGISTIC = math.pi / math.sqrt(3)  # the standard deviation of a logistic variable: d to log odds ratio (Chinn 2000)
NAMES = {
    "RD": said("difference per 100"),
    "RR": said("risk ratio"),
    "OR": said("odds ratio"),
    "PETO": said("odds ratio (Peto)"),
    "IRR": said("rate ratio"),
    "HR": said("hazard ratio"),
    "ROM": said("ratio of means"),
    "MD": said("difference in means"),
    "SPCOR": said("semi-partial correlation"),
    "PCOR": said("partial correlation"),
    "COR": said("correlation"),
    "ZCOR": said("correlation (Fisher's z)"),
}
MINUS = "\N{MINUS SIGN}"
WAYS = (said("more"), said("fewer"))


@dataclass(frozen=True, slots=True)
class Three:
    """An estimate with its interval; the ends are None where none is held or computable."""

    estimate: float
    low: float | None
    high: float | None

    def each(self, function: Callable[[float], float]) -> Three:
        """The three after a monotone function, ends in order."""
        ends = [None if end is None else float(function(end)) for end in (self.low, self.high)]
        if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
            ends.reverse()
        return Three(float(function(self.estimate)), ends[0], ends[1])


def metric_name(metric: str) -> str:
    """What a reader calls the metric."""
    return NAMES.get(metric, "standardised difference" if metric in STANDARDISED else metric)


def risk_after(baseline: float, effect: float, metric: str) -> float:
    """The risk (0 to 1) that an effect makes of a baseline risk.

    RD adds; RR and IRR multiply; OR works on the odds; a standardised difference becomes a log odds ratio by pi/sqrt(3).
    """
    if metric == "RD":
        return min(max(baseline + effect, 0.0), 1.0)
    if metric in ("RR", "IRR", "HR"):
        return min(risk_with(baseline, effect, "RR"), 1.0)
    return risk_with(baseline, effect * LOGISTIC if metric in STANDARDISED else effect, "OR")


def per_hundred(three: Three, metric: str, baseline: float | None) -> Three | None:
    """The difference out of 100, with its ends; None where no baseline risk is held and the metric needs one."""
    if metric == "RD":
        return three.each(lambda value: 100 * value)
    convertible = metric in RATIOS - {"ROM"} or metric in STANDARDISED
    if not convertible or baseline is None or not 0 < baseline < 1:
        return None
    return three.each(lambda value: 100 * (risk_after(baseline, value, metric) - baseline))


def whole(value: float) -> int:
    """The size of a number in whole ones, halves rounded away from nought."""
    return math.floor(abs(value) + 0.5 + 1e-9)


def more(value: float, *, words: tuple[str, str] = WAYS) -> str:
    """A whole number out of 100 with its way: “7 more”, “3 fewer”; less than one is “less than 1 more”."""
    size = whole(value)
    way = words[0] if value > 0 else words[1]
    if abs(value) < 0.05:
        return said("no difference")
    return said("%(n)s %(way)s", n=size, way=way) if size else said("less than 1 %(way)s", way=way)


def size_of(value: float) -> str:
    """How large a number out of 100 is, as the style sheet of sentences asks: whole, under one, or the same."""
    return "same" if abs(value) < 0.05 else "whole" if whole(value) else "under-one"


def span(three: Three, *, words: tuple[str, str] = WAYS) -> str:
    """“from 3 fewer to 17 more”; empty where there is no interval."""
    if three.low is None or three.high is None:
        return ""
    return said("from %(low)s to %(high)s", low=more(three.low, words=words), high=more(three.high, words=words))


def signed(value: float, digits: int = 1) -> str:
    """A difference with its sign and a true minus."""
    text = f"{abs(value):.{digits}f}"
    return text if float(text) == 0 else f"{'+' if value > 0 else MINUS}{text}"


def plain(value: float, digits: int = 2) -> str:
    """A number with a true minus."""
    text = f"{abs(value):.{digits}f}"
    return text if value >= 0 or float(text) == 0 else f"{MINUS}{text}"


def percent_change(ratio: float) -> str:
    """A ratio as “5% more” or “12% fewer”, halves rounded away from nought."""
    change = 100 * (ratio - 1)
    size = whole(change)
    if not size:
        return said("no difference")
    return said("%(n)s%% more", n=size) if change > 0 else said("%(n)s%% fewer", n=size)


def percent_span(ratio: Three) -> str:
    """“from 26% fewer to 30% more”; empty where there is no interval."""
    if ratio.low is None or ratio.high is None:
        return ""
    return said("from %(low)s to %(high)s", low=percent_change(ratio.low), high=percent_change(ratio.high))


def ratio_marks(low: float, high: float) -> list[tuple[float, str]]:
    """Round percentages that cover a range of log ratios: each as its log ratio and in words."""
    percents = ticks(100 * (math.exp(low) - 1), 100 * (math.exp(high) - 1))
    said = [(value, f"{abs(value):g}% {'more' if value > 0 else 'fewer'}" if value else "same") for value in percents]
    return [(math.log1p(value / 100), words) for value, words in said if value > -100]


def printed(three: Three, metric: str) -> str:
    """The result as a statistician reads it: back from the logarithm where the metric is a ratio."""
    shown = three.each(math.exp) if metric in RATIOS else three
    if metric == "RD":
        shown = three.each(lambda value: 100 * value)

    def write(value: float) -> str:
        return signed(value, 1) if metric == "RD" else plain(value)

    if shown.low is None or shown.high is None:
        return write(shown.estimate)
    told = {"estimate": write(shown.estimate), "low": write(shown.low), "high": write(shown.high)}
    return said("%(estimate)s (%(low)s to %(high)s)", **told)


def ticks(low: float, high: float) -> list[float]:
    """Round numbers that cover a range and always hold nought, five to eight of them where that can be."""
    low, high = min(low, 0.0), max(high, 0.0)
    reach = high - low
    if reach < 1e-9:
        return [-1.0, 0.0, 1.0]  # one mark alone is no scale
    step = next(
        factor * 10**power for power in range(-6, 300) for factor in (1, 2, 5) if reach / (factor * 10**power) <= 6
    )
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]
