"""Checks of one printed number against another: interval, direction and p value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite, sqrt

from whatworks.extract.methods.consistency import Recomputed, asymmetry, p_of_interval, p_of_statistic
from whatworks.extract.methods.entered import Alarm, Entry
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.methods.working import shown

OFF_CENTRE = 0.05  # of the interval's width: more than t instead of normal, or profile likelihood, usually gives
INTERVAL_SLACK = 1.25  # an interval by t, read as by the normal, moves p by less than this from about ten people on


def interval(entry: Entry) -> Iterator[Alarm]:
    """Intervals that do not contain their estimate, or not in their middle on the right scale."""
    if not entry.has("low", "high"):
        return
    low, high = entry["low"], entry["high"]
    name = next((one for one in ("estimate", "odds_ratio", "risk_ratio") if entry.has(one)), "")
    if low >= high:
        yield Alarm(
            "interval-backwards", "stop", "The lower limit is not below the upper one; are they the wrong way round?"
        )
    if not name or low >= high:
        return
    estimate, decimals = entry[name], max(entry.decimals[one] for one in (name, "low", "high"))
    if not low <= estimate <= high:
        yield Alarm("outside-interval", "stop", f"The estimate {shown(estimate)} lies outside its own interval.")
        return
    ratio = entry.ratio or name != "estimate"
    if ratio and low <= 0:
        text = "A ratio's interval reaches 0 or below: are these logarithms, or a difference?"
        yield Alarm("ratio-not-positive", "stop", text)
        return
    off = asymmetry(estimate, low, high, ratio, decimals)
    if off > OFF_CENTRE:
        yield _asymmetric(estimate, low, high, ratio, decimals, off)


def _asymmetric(estimate: float, low: float, high: float, ratio: bool, decimals: int, off: float) -> Alarm:
    other = ""
    if low > 0 and asymmetry(estimate, low, high, not ratio, decimals) <= OFF_CENTRE / 5:
        other = " On the plain scale it is symmetric: is it a difference?" if ratio else \
                " On the logarithmic scale it is symmetric: is it a ratio?"  # fmt: skip
    scale = " on the logarithmic scale" if ratio else ""
    text = (
        f"The estimate {shown(estimate)} does not stand in the middle of {shown(low)} to {shown(high)}{scale}: off by "
        f"{100 * off:.0f} per cent of its width, more than rounding gives.{other}"
    )
    return Alarm("interval-asymmetric", "check", text)


def direction(entry: Entry) -> Iterator[Alarm]:
    """Effects that go the other way than the text says."""
    if entry.effect is None or entry.direction is None or METRICS[entry.metric].null is None:
        return
    yi, se = entry.effect.yi, sqrt(entry.effect.vi)
    said = {"higher": 1, "lower": -1, "same": 0}[entry.direction]
    if said * yi < 0:
        way = "lower" if yi < 0 else "higher"
        text = f"The text says {entry.direction} with the intervention; these numbers say {way}. Is a group or a sign swapped?"
        yield Alarm("direction-contradicts", "stop" if abs(yi) > 1.96 * se else "check", text)
    if said == 0 and abs(yi) > 1.96 * se:
        text = "The text says there was no difference; the interval of these numbers leaves no room for none."
        yield Alarm("direction-contradicts", "check", text)


def p_values(entry: Entry) -> Iterator[Alarm]:
    """p values that their own test, interval or correlation contradicts."""
    if not entry.has("p") or not 0 <= entry["p"] <= 1:
        return
    for what, found in _recomputed(entry):
        printed = entry["p"]
        one_sided, below = entry.words.get("sides") == "one", entry.words.get("bound") == "below"
        two = 2 * printed if one_sided else printed
        fits = found.allows_below(two) if below else found.allows(two, entry.decimals["p"])
        if not fits and isfinite(found.p):
            other = found.otherwise(two)
            text = (
                f"{what} gives p = {shown(found.p)}, not {'below ' if below else ''}{shown(printed)}"
                f"{': on the other side of 0.05' if other else ''}."
            )
            yield Alarm("p-contradicts", "stop" if other else "check", text)


def _recomputed(entry: Entry) -> Iterator[tuple[str, Recomputed]]:
    df = entry["n1"] + entry["n2"] - 2 if entry.has("n1", "n2") else entry.numbers.get("df")
    if df is not None and df > 0:
        for name, root in (("t", 1.0), ("f", 0.5)):
            if entry.has(name) and entry[name] >= (0 if root < 1 else -1e99):
                value, places = abs(entry[name]) ** root, entry.decimals[name]
                yield (
                    f"{name} = {shown(entry[name])} with {shown(df)} degrees of freedom",
                    p_of_statistic(value, places, df),
                )
    if entry.has("r", "n") and abs(entry["r"]) < 1 and entry["n"] > 2 and "before" not in "".join(entry.numbers):
        value = entry["r"] * sqrt((entry["n"] - 2) / (1 - entry["r"] ** 2))
        room = max(0, entry.decimals["r"] - 1)
        yield f"r = {shown(entry['r'])} of {shown(entry['n'])} people", p_of_statistic(value, room, entry["n"] - 2)
    if entry.has("estimate", "low", "high") and entry["low"] < entry["high"]:
        places = max(entry.decimals[one] for one in ("estimate", "low", "high"))
        level = entry.numbers.get("level", 0.95)
        if 0 < level < 1 and not (entry.ratio and entry["estimate"] <= 0):
            three = (entry["estimate"], entry["low"], entry["high"])
            yield "The interval", p_of_interval(*three, level, entry.ratio, places).wider(INTERVAL_SLACK)
    if entry.has("estimate", "se") and entry["se"] > 0 and not entry.ratio:
        yield "The standard error", _of_error(entry)


def _of_error(entry: Entry) -> Recomputed:
    size, se = abs(entry["estimate"]), entry["se"]
    e, s = (0.5 * 10.0 ** -entry.decimals[name] for name in ("estimate", "se"))
    ends = (size / se, (size + e) / max(se - s, 1e-300), max(0.0, size - e) / (se + s))
    return Recomputed(*(p_of_statistic(one, 15, None).p for one in ends))


CHECKS: tuple[Callable[[Entry], Iterator[Alarm]], ...] = (interval, direction, p_values)
