"""Difference in differences by fixed effects of units and times: one effect for all.

Where places begin at different times, those that began early serve as comparison for later ones, which misleads where effects grow
(Goodman-Bacon 2021, doi 10.1016/j.jeconom.2021.03.014); then see `staggered`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.checking import refuse_missing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect with its standard error, degrees of freedom (None: normal), two-sided p and interval."""

    estimate: float
    se: float
    df: float | None
    p: float
    low: float
    high: float


def two_way(
    y: ArrayLike,
    unit: ArrayLike,
    time: ArrayLike,
    treated: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> Effect:
    """One effect for all by fixed effects of units and times, rows in any order; CR2 and Satterthwaite by `cluster`, or by unit.

    Units are taken out first, which leaves CR2 as it is where units lie within clusters (Pustejovsky and Tipton 2018, doi
    10.1080/07350015.2016.1247004). Raises InputError where a unit lies in several clusters, or nothing tells the effect.
    """
    outcome, arm = np.asarray(y, float), np.asarray(treated, float)
    units, index = np.unique(np.asarray(unit), return_inverse=True)
    times, at = np.unique(np.asarray(time), return_inverse=True)
    labels = index if cluster is None else np.unique(np.asarray(cluster), return_inverse=True)[1]
    if outcome.ndim != 1 or not outcome.shape == arm.shape == index.shape == at.shape == labels.shape:
        raise InputError(said("There must be a unit, a time, whether it was treated, and a cluster for each outcome."))
    refuse_missing(outcome, arm)
    if len({(int(one), int(other)) for one, other in zip(index, labels, strict=True)}) > len(units):
        raise InputError(said("A unit lies in several clusters; give the clusters in which units lie whole."))
    columns = np.column_stack([arm, *((at == one).astype(float) for one in range(1, len(times)))])
    x = _without_units(columns, index)
    if not _apart(x) > 1e-9 * max(float(np.abs(arm).max()), 1e-300):
        raise InputError(
            said("No unit changes while others stay as they are, so nothing tells the effect from units and times.")
        )
    groups = clustered(labels.tolist())
    found = robust(least_squares(x, _without_units(outcome[:, None], index)[:, 0], groups), groups)
    estimate, se, df = found.estimates[0], found.se[0], found.df[0]
    reach = float(students_t.ppf((1 + level) / 2, df)) * se
    return Effect(
        estimate, se, df, 2 * float(students_t.sf(abs(estimate / se), df)), estimate - reach, estimate + reach
    )


def _without_units(columns: Floats, index: NDArray[np.intp]) -> Floats:
    sizes = np.bincount(index)
    means = np.column_stack([np.bincount(index, one) / sizes for one in columns.T])
    found: Floats = columns - means[index]
    return found


def _apart(x: Floats) -> float:
    """The root mean square of what the first column has that others have not."""
    left = x[:, 0] - x[:, 1:] @ np.linalg.lstsq(x[:, 1:], x[:, 0], rcond=None)[0]
    return math.sqrt(float(left @ left) / len(left))
