"""The residual heterogeneity of many regressions at once, by any of the eight estimators; defined as in metafor 3.8-1.

Sources: DL, PM, EB and HE with moderators: DerSimonian and Kacker (2007), Contemporary Clinical Trials 28(2), 105-114,
equation 6, with P in place of the weights; Raudenbush (2009), in Cooper, Hedges and Valentine, The Handbook of Research
Synthesis and Meta-Analysis, 2nd ed., 295-315; Sidik and Jonkman (2005), Journal of Biopharmaceutical Statistics 15(5),
823-838. Checked in tests/oracles/test_regress.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.linear import orthonormal
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop
from whatworks.synthesise.methods.regressing.batches import (
    Batch,
    at_tau2,
    batch,
    fall_of,
    told_apart,
    trace,
    weigh_many,
)
from whatworks.synthesise.methods.regressing.packed import trace_product
from whatworks.synthesise.methods.regressing.peaks import Peaks, highest_peaks
from whatworks.synthesise.methods.regressing.slopes import features, sides_and_bends
from whatworks.synthesise.methods.weighing import Floats

Flags = NDArray[np.bool_]


def batched_tau2(
    y: ArrayLike, v: ArrayLike, x: ArrayLike | None = None, *, counts: ArrayLike | None = None, tau2: Estimator = "REML"
) -> Floats:
    """tau2 of b sets of effects in one call, (b,). NaN never: a set that cannot be fitted has 0.

    y, v: effects and variances, (k,) or (b, k). x: moderators with the intercept among them, (k, p) or (b, k, p); the
    mean alone when None. counts: how often each study counts in each set, (b, k): 0 leaves it out.
    """
    y, v = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    q = basis_of(np.ones((y.shape[-1], 1)) if x is None else np.asarray(x, dtype=float))
    times = None if counts is None else np.asarray(counts, dtype=float)
    return fit_tau2_many(batch(y, v, q, times), tau2).tau2


def basis_of(x: Floats) -> Floats:
    """An orthonormal basis of moderators (k, p), or of each of many sets (b, k, p)."""
    if x.ndim == 2:
        return orthonormal(x)[0]
    each: Floats = np.linalg.qr(x)[0]
    return each


def fit_tau2_many(these: Batch, estimator: Estimator, stop: Stop = "converged", apart: Flags | None = None) -> Peaks:
    """tau2 of every regression and the number of peaks of its likelihood; 0 where there is no degree of freedom.

    apart: which regressions tell their coefficients apart, (b,), where the caller knows.
    """
    if estimator not in get_args(Estimator):
        raise InputError(
            said(
                "There is no tau2 estimator %(estimator)s; choose one of %(estimator_estimator)s.",
                estimator=estimator,
                estimator_estimator=", ".join(get_args(Estimator)),
            )
        )
    able = (told_apart(these) if apart is None else apart) & (these.free > 0)
    if able.all():
        return _fit(these, estimator, stop)
    tau2, count = np.zeros(these.size), np.ones(these.size, dtype=np.intp)
    rows = np.flatnonzero(able)
    if rows.size:
        found = _fit(these.some(rows), estimator, stop)
        tau2[rows], count[rows] = found.tau2, found.peaks
    return Peaks(tau2, count)


def _fit(these: Batch, estimator: Estimator, stop: Stop) -> Peaks:
    if estimator in ("REML", "ML"):
        if stop == "metafor":
            return _as_metafor(these, estimator == "REML")
        return highest_peaks(these, estimator == "REML")
    found = np.broadcast_to(MOMENTS[estimator](these), (these.size,))
    return Peaks(np.maximum(found, 0.0), np.ones(these.size, dtype=np.intp))


def fisher_scoring_many(these: Batch, restricted: bool) -> Floats:
    """Where metafor's own iteration stops by default, a little short of the peak: to reproduce published numbers, (b,).

    From the Hedges estimate, steps of slope over expected bend, halved while they lead below 0, until one is at most
    1e-5. NaN where 100 steps are not enough. Source: metafor 3.8-1, help of rma.uni, control.
    """
    tau2, left, sums = np.maximum(0.0, _hedges(these)), np.arange(these.size), features(these)
    for _ in range(100):
        now = tau2[left]
        fall, trace_now, _, bend = sides_and_bends(sums.some(left), now, restricted)
        step = (trace_now - fall) / bend
        step[(now == 0) & (step < 0)] = 0.0
        while (below := now + step < 0).any():
            step[below] /= 2
        tau2[left] = now + step
        left = left[abs(step) > 1e-5]
        if not left.size:
            return tau2
    tau2[left] = np.nan
    return tau2


def _as_metafor(these: Batch, restricted: bool) -> Peaks:
    """tau2 as metafor's iteration leaves it; the highest peak where that does not settle, and metafor gives nothing."""
    found, peaks = fisher_scoring_many(these, restricted), np.ones(these.size, dtype=np.intp)
    if (lost := np.flatnonzero(np.isnan(found))).size:
        found[lost], peaks[lost] = highest_peaks(these.some(lost), restricted)
    return Peaks(found, peaks)


def _dersimonian_laird(these: Batch) -> Floats:
    at = at_tau2(these, np.zeros(1))
    return (at.q - these.free) / trace(these, at)


def _hunter_schmidt(these: Batch) -> Floats:
    at = at_tau2(these, np.zeros(1))
    answer: Floats = (at.q - these.studies) / at.counted.sum(axis=1)
    return answer


def _hedges(these: Batch) -> Floats:
    at = weigh_many(these, np.ones((1, these.y.shape[1])))
    sampling: Floats = these.counted(these.v).sum(axis=1)
    taken = trace_product(at.inverse, these.squares(these.counted(these.v)), these.wide)
    return (at.q - (sampling - taken)) / these.free


def _sidik_jonkman(these: Batch) -> Floats:
    studies = these.studies
    mean = these.counted(these.y).sum(axis=1) / studies
    apart = these.y - mean[:, None]
    crude = these.counted(apart * apart).sum(axis=1) / studies
    answer: Floats = np.where(crude > 0, crude * at_tau2(these, crude).q / these.free, 0.0)
    return answer


def _paule_mandel(these: Batch) -> Floats:
    return tau2_where_q_is_many(these, these.free)


def tau2_where_q_is_many(these: Batch, target: Floats) -> Floats:
    """The tau2 (0 or above) at which each Q equals its target (b,); 0 where it is below that everywhere.

    Newton's method on 1 / Q, which is concave, never passes the root once left of it (see `generalised_q`).
    """
    tau2 = np.zeros(these.size)
    left = np.arange(these.size)
    for _ in range(500):
        some = these.some(left)
        at = at_tau2(some, tau2[left])
        with np.errstate(all="ignore"):
            step = at.q * (at.q / target[left] - 1) / fall_of(some, at)
        new = np.where(at.q > 0, np.maximum(0.0, tau2[left] + step), 0.0)
        moved = abs(new - tau2[left])
        tau2[left] = new
        left = left[moved > 1e-10 * new]
        if not left.size:
            break
    return tau2


MOMENTS: dict[str, Callable[[Batch], Floats]] = {
    "DL": _dersimonian_laird,
    "PM": _paule_mandel,
    "EB": _paule_mandel,
    "SJ": _sidik_jonkman,
    "HS": _hunter_schmidt,
    "HE": _hedges,
}
