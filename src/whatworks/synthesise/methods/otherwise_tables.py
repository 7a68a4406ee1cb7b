"""What do the numbers of people themselves say, by methods that need no effect of each study? For rare events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.synthesise.methods.running import several

COUNTS = ("events1", "n1", "events2", "n2")
BESIDE = {"zero", "variance"}  # options of a formula; anything else beside the counts makes them more than counts
WAYS = {
    "MH": "Mantel and Haenszel's method",
    "PETO": "Peto's method",
    "CM.EL": "the exact conditional binomial-normal model",
    "CM.AL": "the approximate conditional binomial-normal model",
    "UM.FS": "the binomial-normal model with a fixed baseline for each study",
    "UM.RS": "the binomial-normal model with random baselines",
    "BB": "the beta-binomial model",
}
SCALES = {"OR": "odds ratios", "RR": "risk ratios", "RD": "risk differences"}
MEASURES = {"PETO": "OR"} | {scale: scale for scale in SCALES}
ONE_EACH = "it takes one result of each study, and these studies give several"
RARE = 0.1  # the share of people with the outcome up to which it is called rare
OFF = {"CM.AL": "the approximate conditional model is off where it is common", "PETO": "Peto's where effects are large"}
Inputs = Sequence[Mapping[str, Any]]
Settings = Mapping[str, Any]


def counts_in(inputs: Mapping[str, Any], sign: int) -> dict[str, float] | None:
    """The four counts behind an effect; None where it came from anything else.

    sign: -1 where the effect counts the other way round, which is what the groups changing places does to it.
    """
    if not set(COUNTS) <= set(inputs) <= {*COUNTS, *BESIDE}:
        return None
    order = COUNTS if sign == 1 else ("events2", "n2", "events1", "n1")
    return {name: inputs[from_] for name, from_ in zip(COUNTS, order, strict=True)}


def from_tables(inputs: Inputs, settings: Settings) -> list[dict[str, Any]]:
    """The same results by each method for counts, on the scale of the plan; what a method cannot do says why."""
    if why := _why_none(inputs, settings):
        return [{"what": title, "k": len(inputs), "why_not": why} for title in WAYS.values()]
    columns = {name: [row["counts"][name] for row in inputs] for name in COUNTS}
    names = [str(row["study"]) for row in inputs]
    return [_by(way, columns, names, MEASURES[settings["metric"]]) for way in WAYS]


def not_rare(inputs: Inputs, rows: Sequence[Mapping[str, Any]]) -> str:
    """What to know of the rows where the outcome is common; empty where it is rare, or no such method gave one."""
    done = {row["what"] for row in rows if not row["why_not"]}
    off = [words for way, words in OFF.items() if WAYS[way] in done]
    if not off:
        return ""
    held = [row["counts"] for row in inputs]
    share = sum(one["events1"] + one["events2"] for one in held) / sum(one["n1"] + one["n2"] for one in held)
    return f" The outcome is not rare here ({100 * share:.0f}% of people): {'; '.join(off)}." if share > RARE else ""


def _why_none(inputs: Inputs, settings: Settings) -> str:
    if settings["metric"] not in MEASURES:
        return "it gives odds ratios, risk ratios or risk differences, and the plan is on another scale"
    if without := [row for row in inputs if not row.get("counts")]:
        return f"{without[0]['study']} is not held as numbers of people with the outcome in two groups"
    if several(inputs):
        return ONE_EACH
    return ""


def _by(way: str, columns: Mapping[str, list[float]], names: list[str], measure: str) -> dict[str, Any]:
    from whatworks.synthesise.methods.rare.models import MEASURED
    from whatworks.synthesise.methods.rare.pooling_tables import pool_tables

    failed = {"what": WAYS[way], "k": len(names)}
    if measure not in MEASURED[way]:
        gives = " and ".join(SCALES[one] for one in MEASURED[way] if one in SCALES)
        return failed | {"why_not": f"it gives {gives}, not {SCALES[measure]}"}
    asked: dict[str, Any] = {"measure": measure, "method": way, "names": names, **columns}
    try:
        found = pool_tables(**asked)
    except InputError as error:
        return failed | {"why_not": str(error)}
    numbers = {name: getattr(found, name) for name in ("estimate", "ci_low", "ci_high", "tau2", "i2")}
    if any(numbers[name] != numbers[name] for name in ("estimate", "ci_low", "ci_high")):
        return failed | {"why_not": "these numbers give it no interval"}
    return {"what": WAYS[way], "k": found.k_used, **numbers, "why_not": ""}
