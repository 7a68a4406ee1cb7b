"""A declared pool as plain values in, plain values out: what an action freezes and a check recomputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from whatworks.synthesise.methods.pooling import Interval, Pooled, pool

METHOD, VERSION = "synthesise.pool", "1"
LATER = ("tau2_interval", "state", "band")
# What is frozen of a pooled result. The library tells more; a centre's stored results keep their shape.
KEPT = frozenset(
    "k estimate se statistic df p ci_low ci_high tau2 tau2_ci_low tau2_ci_high i2 h2 q q_df q_p pi_low pi_high loglik "
    "weights method warnings".split()
)
FLOOR_USED = (
    "With so few and so like results Hartung and Knapp's interval is narrower than the normal one, so the normal one, "
    "the wider, is shown."
)


def run_pool(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Pool the inputs (rows with yi and vi) by the settings (model, tau2, interval, floor). Returns plain values.

    With `floor` set to an interval's name, the wider of the two intervals is taken (hybrid method 2 of Jackson et al.
    2017, Statistics in Medicine 36(25), 3923-3934): few results that happen to be alike must not look certain.
    """
    shown, floored = _chosen(inputs, settings)
    found = {name: value for name, value in shown.to_dict().items() if name in KEPT}
    return found | {"warnings": [*found["warnings"], FLOOR_USED]} if floored else found


def run_plan(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs put together by whichever model the settings name. Returns plain values."""
    return run_pool(inputs, settings)


def result_of(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> Pooled:
    """The same as a result that can tell itself: in words, as a drawing, for R."""
    return _chosen(inputs, settings)[0]


def _chosen(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> tuple[Pooled, bool]:
    """The pool by the interval asked for, or by the floor where that is wider; and whether the floor was taken."""
    result = _pool(inputs, settings, settings["interval"])
    floor = settings.get("floor")
    if not floor or result.k < 2:
        return result, False
    plain = _pool(inputs, settings, floor)
    wider = plain.ci_high - plain.ci_low > result.ci_high - result.ci_low
    return (plain, True) if wider else (result, False)


def _pool(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], interval: str) -> Pooled:
    effects, variances = [row["yi"] for row in inputs], [row["vi"] for row in inputs]
    return pool(
        effects,
        variances,
        model=settings["model"],
        tau2=settings["tau2"],
        interval=cast(Interval, interval),
        stop=settings.get("stop", "converged"),
        safe=False,  # the checks of studies add warnings that version 1 did not store
    )
