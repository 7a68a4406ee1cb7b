"""Could the answer be an artefact of which studies were done, published or found? All the methods of this room at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.extract.methods.metrics import METRICS
from whatworks.saying import said
from whatworks.synthesise.methods.bias.assessed import Bias, PetPeese, ThreeParameters
from whatworks.synthesise.methods.bias.cautioning import cautions
from whatworks.synthesise.methods.bias.filedrawer import fail_safe as numbers_of_the_drawer
from whatworks.synthesise.methods.bias.funnel import funnel_of
from whatworks.synthesise.methods.bias.rank import rank_test
from whatworks.synthesise.methods.bias.regression import Limit, chosen, egger, peese, small_study_test
from whatworks.synthesise.methods.bias.selected import Selected
from whatworks.synthesise.methods.bias.selection import selection
from whatworks.synthesise.methods.bias.steps import Side
from whatworks.synthesise.methods.bias.tables import CELLS, Ratio, TableTest, table_tests
from whatworks.synthesise.methods.bias.trimming import Flank, Missing, trim_and_fill
from whatworks.synthesise.methods.bias.worst import Favoured, robustness
from whatworks.synthesise.methods.pooling import check_effects, pool
from whatworks.synthesise.methods.weighing import Floats


def bias(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    metric: str | None = None,
    n: ArrayLike | None = None,
    ai: ArrayLike | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    selection_side: Side = "greater",
    step: float = 0.025,
    trim_side: Flank | None = None,
    trim_estimator: Missing = "L0",
    favoured: Favoured | None = None,
    target: float = 0.0,
    fail_safe: bool = False,
    level: float = 0.95,
) -> Bias:
    """Examine k effects yi with sampling variances vi (ratios as logarithms) for small-study effects and selection.

    metric: the effects' code (SMD, OR, RR, ...), for the cautions and E-values that depend on it. n: people in each study.
    ai, bi, ci, di: the 2x2 tables, for tests that suit ratios. selection_side: whose one-sided p decides what is seen
    (`greater`: large effects; metafor's default). favoured: the direction that is published more, by itself the mean's.
    target: the value that would change the conclusion. InputError: wrong input.
    """
    y, v = check_effects(yi, vi)
    if metric is not None and metric not in METRICS:
        raise InputError(
            said("There is no metric %(metric)s; choose one of %(metrics)s.", metric=metric, metrics=", ".join(METRICS))
        )
    given = _plain(yi=y, vi=v, n=n, ai=ai, bi=bi, ci=ci, di=di)
    given |= {"metric": metric, "selection_side": selection_side, "step": step, "trim_side": trim_side}
    given |= {"trim_estimator": trim_estimator, "favoured": favoured, "target": target}
    return _examined(y, v, given | {"fail_safe": fail_safe, "level": level})


def _examined(y: Floats, v: Floats, given: Mapping[str, Any]) -> Bias:
    """Every method in turn. given: the arguments of `bias`."""
    level, n, metric = given["level"], given["n"], given["metric"]
    pooled = pool(y, v, level=level)
    test, pet = egger(y, v, level)
    beyond = peese(y, v, level)
    trimmed = trim_and_fill(y, v, side=given["trim_side"], estimator=given["trim_estimator"], level=level)
    tables = _tables(given, metric, y.size, level)
    drawer = numbers_of_the_drawer(y, v) if given["fail_safe"] else None
    selected = selection(y, v, steps=given["step"], side=given["selection_side"], level=level)
    robust = robustness(y, v, favoured=given["favoured"], target=given["target"], metric=metric, level=level)
    warned = (*cautions(pooled, test, trimmed, metric, n is not None, bool(tables), drawer), *selected.warnings)
    return Bias(
        k=y.size,
        estimate=pooled.estimate,
        se=pooled.se,
        ci_low=pooled.ci_low,
        ci_high=pooled.ci_high,
        tau2=pooled.tau2,
        i2=pooled.i2,
        egger=test,
        egger_mixed=small_study_test(y, v, level=level),
        egger_n=None if n is None else small_study_test(y, v, predictor="inverse-sqrt-n", n=n, level=level),
        rank=rank_test(y, v),
        tables=tables,
        trimfill=trimmed,
        pet=pet,
        peese=beyond,
        pet_peese=_conditional(pet, beyond),
        selection_3psm=_three(selected, given["step"]),
        robustness=robust,
        fail_safe=drawer,
        funnel=funnel_of(y.tolist(), v.tolist(), trimmed.filled, pooled.estimate, level),
        metric=metric,
        level=level,
        warnings=warned,
        given=given,
    )


def _plain(**columns: ArrayLike | None) -> dict[str, Any]:
    """The columns as plain numbers."""
    return {name: None if part is None else np.asarray(part, dtype=float).tolist() for name, part in columns.items()}


def _tables(given: Mapping[str, Any], metric: str | None, k: int, level: float) -> tuple[TableTest, ...]:
    """The tests of the tables, where there are any."""
    cells = {cell: given[cell] for cell in CELLS if given[cell] is not None}
    if not cells:
        return ()
    for cell, column in cells.items():
        if np.shape(column) != (k,):
            raise InputError(
                said(
                    "There must be one count in %(cell)s for each of the %(k)s effects; complete the tables.",
                    cell=cell,
                    k=k,
                )
            )
    ratio: Ratio = "RR" if metric == "RR" else "OR"
    return table_tests(cells, ratio, level)


def _conditional(pet: Limit, beyond: Limit) -> PetPeese:
    which, at = chosen(pet, beyond)
    return PetPeese(which, at.estimate, at.se, at.p, at.ci_low, at.ci_high)


def _three(found: Selected, step: float) -> ThreeParameters:
    second = found.intervals[1]
    return ThreeParameters(
        estimate=found.estimate,
        se=found.se,
        p=found.p,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        tau2=found.tau2,
        delta=second.delta,
        delta_se=second.se,
        lrt=found.lrt,
        lrt_p=found.lrt_p,
        side=found.side,
        step=step,
        settled=found.settled,
    )
