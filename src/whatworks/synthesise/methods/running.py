"""A declared pool as plain values in, plain values out: what an action freezes and a check recomputes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whatworks.stats.telling import Told
from whatworks.synthesise.methods.pooling import Interval, Pooled, pool

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.result import Multilevel

METHOD, VERSION = "synthesise.pool", "1"
# What is frozen of a pooled result. The library tells more; a centre's stored results keep their shape.
KEPT = frozenset(
    "k estimate se statistic df p ci_low ci_high tau2 tau2_ci_low tau2_ci_high i2 h2 q q_df q_p pi_low pi_high loglik "
    "weights method warnings".split()
)
DEPENDENT, DEPENDENT_METHOD = "multilevel", "synthesise.multilevel"
ALONE = {"model": "random", "tau2": "REML", "interval": "hksj", "floor": "wald"}
NONE_SEVERAL = "No study gives several results, so they are put together as independent ones."
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
    return run_dependent(inputs, settings) if settings["model"] == DEPENDENT else run_pool(inputs, settings)


def result_of(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> Told:
    """The same as a result that can tell itself: in words, as a drawing, for R."""
    if settings["model"] != DEPENDENT:
        return _chosen(inputs, settings)[0]
    return _dependent(inputs, settings) if several(inputs) else _chosen(inputs, ALONE)[0]


def method_of(settings: Mapping[str, Any]) -> str:
    """The name of the method by which a result is frozen."""
    return DEPENDENT_METHOD if settings["model"] == DEPENDENT else METHOD


def run_dependent(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Several results of each study by correlated and hierarchical effects with CR2, in the shape of a pooled result.

    settings: rho, the correlation assumed between results of one study. Where no study has several, or there is one
    study, the model is that of independent results, and a warning says so.
    """
    if not several(inputs):
        found = run_pool(inputs, ALONE)
        return found | {"warnings": [*found["warnings"], NONE_SEVERAL]}
    fitted = _dependent(inputs, settings)
    mean = fitted.coefficients[0].to_dict()
    names = ("estimate", "se", "statistic", "df", "p", "ci_low", "ci_high")
    told = fitted.to_dict()
    return {
        **{name: mean[name] for name in names},
        **{name: told[name] for name in ("k", "i2", "pi_low", "pi_high", "loglik", "warnings", "sigma2")},
        "studies": fitted.n_clusters,
        "tau2": sum(fitted.sigma2),
        "tau2_ci_low": None,
        "tau2_ci_high": None,
        "q": told["qe"],
        "q_df": told["qe_df"],
        "q_p": told["qe_p"],
        "method": {"model": DEPENDENT, "tau2": "REML", "interval": "CR2", "rho": settings["rho"], "level": 0.95},
    }


def weights_in(inputs: Sequence[Mapping[str, Any]], sigma2: Sequence[float], rho: float) -> list[float]:
    """How much each result counts in the mean of correlated and hierarchical effects, in per cent.

    sigma2: the variances between studies and between the results of one. One study's results are weighed by the inverse
    of their covariance; a weight below nothing, which strongly correlated results can have, is shown as nothing.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(inputs):
        places[row["study"]].append(place)
    found = np.zeros(len(inputs))
    for rows in places.values():
        sd = np.sqrt([inputs[place]["vi"] for place in rows])
        errors = rho * np.outer(sd, sd) + (1 - rho) * np.diag(sd**2)
        found[rows] = np.linalg.solve(errors + sigma2[0] + sigma2[1] * np.eye(len(rows)), np.ones(len(rows)))
    return [max(0.0, float(one)) for one in 100 * found / found.sum()]


def several(inputs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether there are several studies, and one of them has more than one result."""
    studies = {row["study_id"] for row in inputs}
    return 1 < len(studies) < len(inputs)


def _dependent(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> Multilevel:
    from whatworks.synthesise.methods.multilevel.working import che

    effects, variances = [row["yi"] for row in inputs], [row["vi"] for row in inputs]
    return che(effects, variances, [row["study"] for row in inputs], rho=settings["rho"], rhos=())


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
        names=[str(row.get("study") or "") for row in inputs],
        safe=False,  # the checks of studies add warnings that version 1 did not store
    )
