"""The recommended default where studies give several effects: correlated and hierarchical effects, robust errors.

The working model (CHE) holds both reasons why effects of one study are alike, shared people and shared circumstances,
so that the weights are nearly the best; the CR2 standard errors hold even where its assumed correlation is wrong.
Source: Pustejovsky and Tipton (2022), Prevention Science 23, 425-438.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whatworks.stats.robust.adjusting import Kind
from whatworks.synthesise.methods.given import column
from whatworks.synthesise.methods.multilevel.modelling import Estimator, multilevel
from whatworks.synthesise.methods.multilevel.result import Multilevel

RHOS = (0.0, 0.2, 0.4, 0.6, 0.8)


def che(
    yi: Any = "yi",
    vi: Any = "vi",
    study: Any = "study",
    *,
    table: Any = None,
    formula: str | None = None,
    x: Any = None,
    intercept: bool = True,
    rho: float = 0.6,
    rhos: Sequence[float] = RHOS,
    method: Estimator = "REML",
    robust: Kind = "CR2",
    intervals: bool = False,
    level: float = 0.95,
) -> Multilevel:
    """Pool or regress k effects yi with variances vi, several to a study (labels), each row an effect.

    rho: the correlation assumed between sampling errors in a study; rhos: others to try beside it. The rest as in
    `multilevel`, of which this is the call with random intercepts for studies and effects.
    """
    labels = column(table, study) if isinstance(study, str) and table is not None else study
    return multilevel(
        yi,
        vi,
        table=table,
        formula=formula,
        x=x,
        intercept=intercept,
        nested={"study": labels, "effect": range(1, len(labels) + 1)},
        rho=rho,
        rhos=rhos,
        method=method,
        robust=robust,
        intervals=intervals,
        level=level,
    )
