"""Which way does a pooled result point, if every defensible interval must say the same?

Wald's interval treats the variance between studies as known; t and Hartung and Knapp's do not. Where they disagree about
the side of no difference, the honest word is "uncertain". "No worthwhile effect" needs a band set beforehand, with its
source, that holds every one of them whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Literal

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import interval as interval_of
from whatworks.synthesise.methods.prediction import Mean

State = Literal["higher", "lower", "uncertain", "no worthwhile effect"]
Band = tuple[float, float, str]
Limits = tuple[float, float]


def check_band(band: Band | None) -> Band | None:
    """The band of effects too small to be worthwhile: below, above, and where it is from."""
    if band is None:
        return None
    try:
        low, high, source = float(band[0]), float(band[1]), str(band[2]).strip()
        given = len(band) == 3
    except (TypeError, ValueError, IndexError):
        given = False
    if not given or not source:
        raise InputError(
            said("A band of no worthwhile effect needs three parts: its low end, its high end, and its source.")
        )
    if not (isfinite(low) and isfinite(high) and low <= 0 <= high and low < high):
        raise InputError(
            said(
                "The band %(low)s to %(high)s must hold no difference (0), with its low end first.",
                low=f"{low:g}",
                high=f"{high:g}",
            )
        )
    return low, high, source


def defensible(estimate: float, mean: Mean, k: int, level: float, common: bool) -> dict[str, Limits]:
    """The intervals that could be defended, by name. One study has the normal one only; a common effect no t."""
    found = {"wald": interval_of(estimate, mean.plain, level)}
    if k == 1 or common:
        return found
    found["t"] = interval_of(estimate, mean.plain, level, k - 1)
    if mean.knapp > 0:  # a point is no interval
        found["hksj"] = interval_of(estimate, mean.knapp, level, k - 1)
    return found


def direction(limits: Limits) -> State:
    """The side of no difference on which a whole interval lies."""
    low, high = limits
    return "higher" if low > 0 else "lower" if high < 0 else "uncertain"


def state_of(intervals: Mapping[str, Limits], band: Band | None) -> State:
    """What all intervals say: no worthwhile effect where the band holds them all, else their side if they agree."""
    if band is not None and all(band[0] < low and high < band[1] for low, high in intervals.values()):
        return "no worthwhile effect"
    said = {direction(limits) for limits in intervals.values()}
    return said.pop() if len(said) == 1 else "uncertain"


def disagreement(intervals: Mapping[str, Limits]) -> str:
    """The sentence on intervals that do not say the same; empty where they do."""
    sides = {name: direction(limits) for name, limits in intervals.items()}
    sure = [name for name, side in sides.items() if side != "uncertain"]
    if not sure or len(set(sides.values())) == 1:
        return ""
    rest = [name for name in sides if name not in sure]
    return (
        f"Defensible intervals disagree (no difference is outside {' and '.join(sure)}, inside {' and '.join(rest)}): the "
        "direction is uncertain; report it so."
    )
