"""One contrast's effect by a named formula, as plain numbers: what an action stores and a check recomputes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.methods.shelves import in_order
from whatworks.saying import said

AS_PRINTED = {"estimate", "log_estimate"}


@dataclass(frozen=True, slots=True)
class Computed:
    """An effect yi with its sampling variance vi on the scale of a metric, and which formula of which version gave it."""

    formula: str
    version: str
    metric: str
    yi: float
    vi: float
    n1: float | None
    n2: float | None


def compute(formula: str, inputs: Mapping[str, Any]) -> Computed:
    """Apply one formula to one row of raw numbers. InputError when the formula is unknown or gives no finite number."""
    if formula not in FORMULAE:
        raise InputError(
            said(
                "There is no formula “%(formula)s”; known are %(formulae)s.",
                formula=formula,
                formulae=", ".join(sorted(FORMULAE)),
            )
        )
    chosen = FORMULAE[formula]
    effect = chosen.compute(**inputs)
    yi, vi = _one(effect.yi), _one(effect.vi)
    if yi is None or vi is None:
        raise InputError(
            said(
                "%(title)s: these numbers give no effect with a variance (%(inputs)s); check them.",
                title=chosen.title,
                inputs=dict(inputs),
            )
        )
    return Computed(formula, str(chosen.version), effect.metric, yi, vi, _one(effect.n1), _one(effect.n2))


def formula_for(own: str, inputs: Mapping[str, Any], metric: str) -> str:
    """The formula that gives the metric from these inputs: the row's own where it does, else the first that fits.

    One that changes the kind of measure on an assumption is never taken unasked, and an estimate as printed stays what
    it is: the same three numbers would fit an odds ratio, a risk ratio and a hazard ratio.
    """
    if not metric or FORMULAE[own].metric == metric:
        return own
    given = set(inputs)
    for formula in in_order() if not given & AS_PRINTED else ():
        fits = formula.needed <= given <= {one.name for one in formula.inputs}
        if formula.metric == metric and fits and not formula.converts:
            return formula.name
    raise InputError(
        said(
            "No formula gives %(metric)s from %(given)s; declare the analysis on another scale.",
            metric=metric,
            given=", ".join(sorted(given)),
        )
    )


def _one(value: Any) -> float | None:
    if value is None:
        return None
    number = float(np.ravel(value)[0])
    return number if math.isfinite(number) else None
