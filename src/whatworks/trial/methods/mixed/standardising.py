"""Hedges' g of a clustered comparison: the difference of means beside the whole standard deviation, between and within clusters.

Hedges (2007, doi 10.3102/1076998606298043); the What Works Clearinghouse takes the same for trials of schools (Procedures Handbook
5.0, appendix E). Expectation and variance of the pooled variance are exact for clusters of any sizes: with V the correlations and M
what takes out the arms' means they are tr(MV) and 2 tr(MVMV), which with clusters of one size are the paper's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.mixed.contrasts import contrast_tests, uncertain_spreads
from whatworks.trial.methods.mixed.fitted import MixedFit
from whatworks.trial.methods.mixed.sharing import total_variance
from whatworks.trial.methods.mixed.small import KENWARD_ROGER
from whatworks.trial.methods.mixed.sums import Floats


@dataclass(frozen=True, slots=True)
class Standardised:
    """`g` with its standard error; `df` of the standard deviation it is divided by, of which the small-sample factor is made."""

    g: float
    se: float
    df: float


def hedges_g(difference: float, sd: float, treated: ArrayLike, control: ArrayLike, icc: float) -> Standardised:
    """From a difference of means over all rows and the `sd` pooled over all rows of an arm; sizes of the clusters of each arm.

    Raises InputError for an sd that is not above nought, an icc outside 0 to 1, or an arm without two rows.
    """
    arms = [np.asarray(one, float) for one in (treated, control)]
    if not sd > 0 or not 0 <= icc < 1 or any(one.ndim != 1 or one.sum() < 2 or (one < 1).any() for one in arms):
        raise InputError(
            said(
                "Hedges' g needs a standard deviation above nought, a correlation from 0 to below 1, and two rows in each arm."
            )
        )
    freedom = sum(float(one.sum()) - 1 for one in arms)
    shared = [_shared(one) for one in arms]
    mean = (1 - icc) * freedom + icc * sum(one for one, _ in shared)
    twice = (1 - icc) ** 2 * freedom + 2 * (1 - icc) * icc * sum(one for one, _ in shared)
    twice += icc**2 * sum(two for _, two in shared)
    apart = sum((1 - icc) / float(one.sum()) + icc * float(one @ one) / float(one.sum()) ** 2 for one in arms)
    return _standardised(difference / sd * math.sqrt(mean / freedom), apart, mean**2 / twice)


def _shared(sizes: Floats) -> tuple[float, float]:
    """tr(MB) and tr(MBMB) of one arm, with B ones within each cluster."""
    rows, squares, cubes = (float((sizes**power).sum()) for power in (1, 2, 3))
    return rows - squares / rows, squares - 2 * cubes / rows + (squares / rows) ** 2


def _standardised(d: float, apart: float, df: float) -> Standardised:
    """`apart`: the variance of the difference in units of the whole variance."""
    factor = 1 - 3 / (4 * df - 1)
    return Standardised(factor * d, factor * math.sqrt(apart + d**2 / (2 * df)), df)


def hedges_g_of(fit: MixedFit, contrast: ArrayLike, way: str = KENWARD_ROGER) -> Standardised:
    """From a mixed model of intercepts: a contrast of its coefficients beside the whole spread that the model leaves.

    Where the model holds other columns than arms, that spread is the one given them. Raises InputError for slopes that differ.
    """
    total = total_variance(fit)
    found = contrast_tests(fit, contrast, way)
    within, theta = fit.within / fit.solved.products.unit, fit.solved.theta
    slope = np.append(2 * within**2 * theta, 2 * within * (1 + float(theta @ theta)))
    variance = float(slope @ uncertain_spreads(fit) @ slope) * fit.solved.products.unit**4
    sd = math.sqrt(total)
    return _standardised(float(found.estimate[0]) / sd, float(found.se[0]) ** 2 / total, 2 * total**2 / variance)
