"""What would the result have been had another defensible choice been made? The sensitivity set of a declared analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_args

from whatworks.errors import InputError
from whatworks.synthesise.methods.coded import coded_item
from whatworks.synthesise.methods.differing import differing
from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.otherwise_choices import RHOS, across
from whatworks.synthesise.methods.otherwise_influence import moved_by
from whatworks.synthesise.methods.otherwise_priors import under_priors
from whatworks.synthesise.methods.otherwise_tables import from_tables, not_rare
from whatworks.synthesise.methods.plan import INTERVALS, SENSITIVITIES
from whatworks.synthesise.methods.running import run_plan
from whatworks.synthesise.methods.selecting import HIGH

VERSION = "2"
FEWEST = 3  # results, for a line through them with anything left over
TOO_FEW = f"it needs at least {FEWEST} results"
COULD_NOT = "it cannot be computed from these results"
CORRECTIONS = {
    "trimfill": "trim and fill",
    "pet": "the line through precision (PET)",
    "peese": "the curve through precision (PEESE)",
    "selection_3psm": "a model of publication by p value",
}
BY = "by:"  # before a moderator: effects compared by it
Inputs = Sequence[Mapping[str, Any]]
Settings = Mapping[str, Any]
Tried = tuple[str, Inputs, Settings]
Rows = list[dict[str, Any]]
Asked = str | Mapping[str, Any]


def otherwise(inputs: Inputs, settings: Settings, keys: Sequence[Asked]) -> list[dict[str, Any]]:
    """For each key: every other way tried with its result, and whether the reading stays the same.

    keys: of the sensitivity set, and declared moderators after `by:`; one that rests on more than the inputs is a mapping
    with its `key` and that: the `item` of a coded moderator, the `band` of effects too small to be worthwhile.
    """
    main = run_plan(inputs, settings)
    return [_tried(asked, main, inputs, settings) for asked in keys]


def key_of(asked: Asked) -> str:
    """The key alone."""
    return asked if isinstance(asked, str) else str(asked["key"])


def _tried(asked: Asked, main: Mapping[str, Any], inputs: Inputs, settings: Settings) -> dict[str, Any]:
    key, more = key_of(asked), {} if isinstance(asked, str) else asked
    if key.startswith(BY):
        item = coded_item(more["item"]) if more.get("item") else None
        return differing(inputs, key.removeprefix(BY), settings, item)
    if key in SPOKEN:
        rows, said = SPOKEN[key](inputs, settings, more.get("band"))
    else:
        rows = COUNTED[key](inputs, settings) if key in COUNTED else _as_pools(key, inputs, settings)
        said = _said(main, rows) + (not_rare(inputs, rows) if key == "tables" else "")
    return {"key": key, "title": SENSITIVITIES[key], "rows": rows, "said": said}


def _as_pools(key: str, inputs: Inputs, settings: Settings) -> list[dict[str, Any]]:
    return [_row(what, rows, chosen) for what, rows, chosen in WAYS[key](inputs, settings)]


def _row(what: str, inputs: Inputs, settings: Settings) -> dict[str, Any]:
    if not inputs:
        return {"what": what, "k": 0, "why_not": "no result is left"}
    try:
        found = run_plan(inputs, settings)
    except InputError as error:
        return {"what": what, "k": len(inputs), "why_not": str(error)}
    names = ("k", "estimate", "ci_low", "ci_high", "tau2", "i2")
    return {"what": what, **{name: found.get(name) for name in names}, "why_not": ""}


def corrected(inputs: Inputs) -> list[dict[str, Any]]:
    """What each correction for small-study effects and selective publication gives; none of them is the answer."""
    from whatworks.synthesise.methods.bias.assessing import bias

    if len(inputs) < FEWEST:
        return [{"what": title, "k": len(inputs), "why_not": TOO_FEW} for title in CORRECTIONS.values()]
    found = bias([row["yi"] for row in inputs], [row["vi"] for row in inputs])
    return [_corrected(title, len(inputs), getattr(found, name)) for name, title in CORRECTIONS.items()]


def _corrected(title: str, k: int, found: Any) -> dict[str, Any]:
    numbers = {name: getattr(found, name) for name in ("estimate", "ci_low", "ci_high")}
    why_not = COULD_NOT if None in numbers.values() else ""
    return {"what": title, "k": k, **numbers, "tau2": getattr(found, "tau2", None), "i2": None, "why_not": why_not}


def side(result: Mapping[str, Any]) -> int:
    """Which way the whole interval lies: 1 above no difference, -1 below, 0 on both sides of it."""
    return int(result["ci_low"] > 0) - int(result["ci_high"] < 0)


def _said(main: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """Whether the reading of the result hangs on this choice."""
    done = [row for row in rows if not row["why_not"]]
    if not done:
        return "This could not be tried."
    other = [row for row in done if side(row) != side(main)]
    if not other:
        return "The reading stays the same every time." if len(done) > 1 else "The reading stays the same."
    words = {1: "the whole interval is above no difference", -1: "the whole interval is below no difference"}
    first = other[0]
    many = f"{len(other)} of {len(done)} say otherwise" if len(done) > 1 else "It says otherwise"
    return (
        f"{many}: with {first['what']}, {words.get(side(first), 'the interval reaches both sides of no difference')}."
    )


def _leaving_out(inputs: Inputs, settings: Settings) -> Iterator[Tried]:
    for study in dict.fromkeys(row["study"] for row in inputs):
        yield f"{study} left out", [row for row in inputs if row["study"] != study], settings


def _estimators(inputs: Inputs, settings: Settings) -> Iterator[Tried]:
    if settings["model"] != "multilevel":
        for estimator in get_args(Estimator):
            yield estimator, inputs, dict(settings) | {"tau2": estimator, "model": "random"}
    for model, title in (("common", "one true effect"),):
        yield title, inputs, {"model": model, "tau2": "REML", "interval": "wald", "metric": settings["metric"]}


def _intervals(inputs: Inputs, settings: Settings) -> Iterator[Tried]:
    model = "random" if settings["model"] == "multilevel" else settings["model"]
    for interval, title in INTERVALS.items():
        plain = {name: value for name, value in settings.items() if name != "floor"}
        floor = {"floor": "wald"} if interval == "hksj" else {}
        yield title, inputs, plain | {"interval": interval, "model": model} | floor


def _randomised(inputs: Inputs, settings: Settings) -> Iterator[Tried]:
    yield "randomised studies only", [row for row in inputs if row.get("randomised")], settings


def _low_risk(inputs: Inputs, settings: Settings) -> Iterator[Tried]:
    yield "no study at high risk of bias", [row for row in inputs if row.get("risk", "") not in HIGH], settings


def _rhos(inputs: Inputs, settings: Settings) -> Iterator[Tried]:
    if settings["model"] == "multilevel":
        for rho in RHOS:
            yield f"a correlation of {rho:g}", inputs, dict(settings) | {"rho": rho}


WAYS: dict[str, Callable[[Inputs, Settings], Iterator[Tried]]] = {
    "leave-one-out": _leaving_out,
    "estimators": _estimators,
    "intervals": _intervals,
    "randomised": _randomised,
    "risk": _low_risk,
    "rho": _rhos,
}
# Other analyses, whose intervals are read beside the declared one.
COUNTED: dict[str, Callable[[Inputs, Settings], Rows]] = {
    "bias": lambda inputs, settings: corrected(inputs),
    "tables": from_tables,
}
# What has a sentence of its own, since its rows are not other intervals of the same thing.
SPOKEN: dict[str, Callable[[Inputs, Settings, Any], tuple[Rows, str]]] = {
    "priors": lambda inputs, settings, band: under_priors(inputs, settings["metric"], band),
    "influence": lambda inputs, settings, band: moved_by(inputs, settings),
    "every-choice": across,
}
