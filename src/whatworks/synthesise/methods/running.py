"""A declared pool as plain values in, plain values out: what an action freezes and a check recomputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from whatworks.synthesise.methods.pooling import Interval, Pooled, pool

METHOD, VERSION = "synthesise.pool", "1"
FLOOR_USED = (
    "With so few and so like results Hartung and Knapp's interval is narrower than the normal one, so the normal one, "
    "the wider, is shown."
)


def run_pool(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Pool the inputs (rows with yi and vi) by the settings (model, tau2, interval, floor). Returns plain values.

    With `floor` set to an interval's name, the wider of the two intervals is taken (hybrid method 2 of Jackson et al.
    2017, Statistics in Medicine 36(25), 3923-3934): few results that happen to be alike must not look certain.
    """
    result = _pool(inputs, settings, settings["interval"])
    floor = settings.get("floor")
    if not floor or result.k < 2:
        return result.to_dict()
    plain = _pool(inputs, settings, floor)
    if plain.ci_high - plain.ci_low <= result.ci_high - result.ci_low:
        return result.to_dict()
    shown = plain.to_dict()
    return shown | {"warnings": [*shown["warnings"], FLOOR_USED]}


def run_plan(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs put together by whichever model the settings name. Returns plain values."""
    return run_pool(inputs, settings)


def _pool(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], interval: str) -> Pooled:
    effects, variances = [row["yi"] for row in inputs], [row["vi"] for row in inputs]
    return pool(
        effects,
        variances,
        model=settings["model"],
        tau2=settings["tau2"],
        interval=cast(Interval, interval),
        stop=settings.get("stop", "converged"),
    )
