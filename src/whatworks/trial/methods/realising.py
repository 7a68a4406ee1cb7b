"""What a finished trial could find, as it turned out, beside what it was planned to find.

From its own standard error: the smallest effect found with the planned power is (t of the level + t of the power) times the standard error
(Bloom 1995, doi 10.1177/0193841X9501900504, which calls the sum the multiplier). From its own sizes, ICC and standard deviation: the closed
form by which it was sized, again.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.stats import norm, t

from whatworks.errors import InputError
from whatworks.stats.results import Result
from whatworks.trial.methods.analysing.panel_rows import LOGS
from whatworks.trial.methods.design.parts import CONTINUOUS, INDIVIDUAL, Design
from whatworks.trial.methods.sizing.assuming import over_periods
from whatworks.trial.methods.sizing.planning import Plan, mdes, power


@dataclass(frozen=True, slots=True)
class Realised(Result):
    """`units`, `people`, `icc`, `sd`: as analysed. `effect`: the smallest that the declared standard error could be expected to find, on
    its scale; `ratio`: the same as a ratio, on a logarithm's scale; `g`: in standard deviations. `again`: by the closed form with what
    was found in place of what was assumed. `assurance`: power averaged over the prior with that; None without a prior.
    """

    units: int
    people: int
    icc: float | None
    sd: float | None
    effect: float
    ratio: float | None
    g: float | None
    again: float | None
    assurance: float | None


def realised(design: Design, panel: Mapping[str, Any]) -> Realised | None:
    """None where no declared analysis has a standard error."""
    row = next((one for one in panel["panel"] if one["declared"]), None)
    if row is None or not row["se"]:
        return None
    sd = spread(panel) if design.design.outcome == CONTINUOUS else None
    effect = multiplier(design.design.alpha, design.design.power, row["df"]) * row["se"]
    held = as_found(design, panel, sd)
    again = _tried(mdes, held)
    believed = _tried(power, held) if design.size.prior else None
    groups = panel["groups"]
    return Realised(
        sum(one["clusters"] for one in groups), sum(one["rows"] for one in groups), panel["icc"], sd, effect,
        math.exp(effect) if row["scale"] in LOGS else None, effect / sd if sd else None,
        again.mdes if again else None, believed.assurance if believed else None,
    )  # fmt: skip


def multiplier(alpha: float, wanted: float, df: float | None) -> float:
    """How many standard errors an effect must be from nought to be found with this power.

    >>> round(multiplier(0.05, 0.8, None), 3), round(multiplier(0.05, 0.8, 18), 3)
    (2.802, 2.963)
    """
    if df is None:
        return float(norm.isf(alpha / 2) + norm.ppf(wanted))
    return float(t.isf(alpha / 2, df) + t.ppf(wanted, df))


def spread(panel: Mapping[str, Any]) -> float | None:
    """The standard deviation of all people, from the variances that the mixed model found; None where there is none."""
    parts = [value for name, value in panel["variance"].items() if name != "reml"]
    return math.sqrt(sum(parts)) if parts else None


def as_found(design: Design, panel: Mapping[str, Any], sd: float | None) -> Design:
    """The design with sizes, ICC and standard deviation as found; nobody else is taken to be lost."""
    groups = panel["groups"]
    units, people = sum(one["clusters"] for one in groups), sum(one["rows"] for one in groups)
    changed: dict[str, Any] = {"attrition": 0.0, "dropout": 0.0}
    if design.design.kind == INDIVIDUAL:
        changed["clusters"] = float(people)
    elif not over_periods(design) and units:
        changed |= {"clusters": float(units), "per_cluster": people / units}
    if panel["icc"] is not None and design.size.k is None and design.design.kind != INDIVIDUAL:
        changed["icc"] = min(max(panel["icc"], 0.0), 0.999999)
    if sd and design.size.sd_of != "residual":
        changed["sd"] = sd
    return dataclasses.replace(design, size=dataclasses.replace(design.size, **changed))


def _tried(asked: Any, design: Design) -> Plan | None:
    try:
        found: Plan = asked(design)
    except InputError:
        return None
    return found
