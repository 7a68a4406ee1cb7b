"""How well is the heterogeneity beyond the moderators known? Its standard error and its Q-profile interval."""

from __future__ import annotations

from math import sqrt

import numpy as np

from whatworks.stats.intervals import chi2_from_tail
from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.regressing.batches import Batch, at_tau2, trace
from whatworks.synthesise.methods.regressing.estimating import tau2_where_q_is_many
from whatworks.synthesise.methods.regressing.method import Method
from whatworks.synthesise.methods.regressing.packed import inverted, square_trace, trace_product
from whatworks.synthesise.methods.weighing import Floats


def tau2_interval(these: Batch, method: Method, tau2: float) -> tuple[float, float] | tuple[None, None]:
    """The Q-profile interval of the residual tau2 of a batch of one; both ends 0 where it is empty.

    Source: Viechtbauer (2007), Statistics in Medicine 26(1), 37-52, with studies less coefficients for k - 1.
    """
    if method.model == "common":
        return None, None
    df, tail = float(these.free[0]), (1 - method.level) / 2
    targets = np.array([chi2_from_tail(share, df) for share in (tail, 1 - tail)])
    low, high = tau2_where_q_is_many(these.some(np.zeros(2, dtype=np.intp)), targets).tolist()
    return low, high


def tau2_se(these: Batch, estimator: Estimator, tau2: float) -> float | None:
    """The standard error of tau2 of a batch of one; None for the estimators that iterate towards a target of Q.

    REML and ML: from the expected information (Viechtbauer 2005, Journal of Educational and Behavioral Statistics
    30(3), 261-293). Moments: y'Ay has variance 2 tr(AMAM), M the variance of y (Searle 1971, Linear Models, theorem
    2.5.1).
    """
    if estimator in ("REML", "ML"):
        information = _trace_of_square(these, 1 / (these.v[0] + tau2), estimator == "REML")
        return sqrt(2 / information)
    if estimator in ("PM", "EB"):
        return None
    v, df = these.v[0], float(these.free[0])
    at = at_tau2(these, np.zeros(1))
    if estimator == "DL":
        return sqrt(_quadratic_variance(these, 1 / v, v + tau2)) / float(trace(these, at)[0])
    if estimator == "HS":
        return sqrt(_quadratic_variance(these, 1 / v, v + tau2)) / float(at.counted.sum())
    if estimator == "HE":
        return sqrt(_quadratic_variance(these, np.ones_like(v), v + tau2)) / df
    crude = float(these.y[0].var())
    return crude * sqrt(_quadratic_variance(these, 1 / (v + crude), v + tau2)) / df


def _trace_of_square(these: Batch, weights: Floats, restricted: bool) -> float:
    """tr(PP) for these weights, or tr(WW)."""
    w = weights[None]
    total = float((w * w).sum())
    if not restricted:
        return total
    inverse, _ = inverted(these.squares(w), these.wide)
    third = trace_product(inverse, these.squares(w**3), these.wide)
    twice = square_trace(inverse, these.squares(w * w), these.wide)
    return total - 2 * float(third[0]) + float(twice[0])


def _quadratic_variance(these: Batch, weights: Floats, m: Floats) -> float:
    """2 tr(PMPM), the variance of y'Py, with P for these weights and M = diag(m)."""
    w, wide = weights[None], these.wide
    inverse, _ = inverted(these.squares(w), wide)
    wmw = w * m * w
    third = trace_product(inverse, these.squares(wmw * m * w), wide)
    twice = square_trace(inverse, these.squares(wmw), wide)
    return 2 * (float((w * m * w * m).sum()) - 2 * float(third[0]) + float(twice[0]))
