"""Many regressions fitted: coefficients, their covariance, heterogeneity. One regression is a batch of one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.stats.linear import orthonormal
from whatworks.synthesise.methods.regressing.batches import Batch, Weighed, at_tau2, batch, told_apart, trace
from whatworks.synthesise.methods.regressing.estimating import fit_tau2_many
from whatworks.synthesise.methods.regressing.method import Method
from whatworks.synthesise.methods.regressing.packed import layout
from whatworks.synthesise.methods.weighing import Floats


class Fits(NamedTuple):
    """b regressions fitted; what cannot be told where `able` is False is NaN, for the caller to turn into None.

    beta: (b, p); plain: covariance without the Knapp-Hartung factor, (b, p, p); scale: that factor (1 where it is not
    used); tau2, qe, i2, h2, df: (b,); at: the regressions as weighed, on the orthonormal basis.
    """

    able: NDArray[np.bool_]
    tau2: Floats
    peaks: NDArray[np.intp]
    beta: Floats
    plain: Floats
    scale: Floats
    qe: Floats
    i2: Floats
    h2: Floats
    df: Floats
    at: Weighed

    @property
    def covariance(self) -> Floats:
        """The covariance of the coefficients as the interval has it, (b, p, p)."""
        return self.plain * self.scale[:, None, None]

    @property
    def se(self) -> Floats:
        """The standard errors of the coefficients, (b, p)."""
        answer: Floats = np.sqrt(np.einsum("bii->bi", self.plain) * self.scale[:, None])
        return answer


def fit_many(y: Floats, v: Floats, x: Floats, method: Method, counts: Floats | None = None) -> Fits:
    """Regress effects y, v, (k,) or (b, k), on moderators x (k, p), studies counted as told (b, k) in each."""
    q, r = orthonormal(x)
    return fit_batch(batch(y, v, q, counts), r, method)


def fit_batch(these: Batch, r: Floats, method: Method, heterogeneity: bool = True) -> Fits:
    """The regressions of a batch, told in terms of moderators x = q r; r (p, p), upper triangular.

    heterogeneity: False spares another fit where only the coefficients are wanted; qe, i2 and h2 are then NaN.
    """
    able = told_apart(these)
    if method.model == "common":
        tau2, peaks = np.zeros(these.size), np.ones(these.size, dtype=np.intp)
    else:
        tau2, peaks = fit_tau2_many(these, method.tau2, method.stop, able)
    with np.errstate(all="ignore"):
        at = at_tau2(these, tau2)
        free = np.where(these.free > 0, these.free, np.nan)
        qe, i2, h2 = _beyond_chance(these, tau2, method) if heterogeneity else (np.full(these.size, np.nan),) * 3
        scale = _scale(at.q / free, method)
        back = np.asarray(np.linalg.inv(r), dtype=np.float64)
        beta, plain = (back @ at.gamma).T, _covariance(at.inverse, back, these.wide)
    size = these.size
    fits = Fits(able, tau2, peaks, beta, plain, np.ones(size), qe, i2, h2, free, at)
    fits = fits._replace(scale=np.broadcast_to(np.where(np.isnan(scale), 1.0, scale), (size,)))
    return fits if able.all() else _blanked(fits)


def _covariance(triangle: Floats, back: Floats, wide: int) -> Floats:
    full = triangle[layout(wide).places].transpose(2, 0, 1)
    answer: Floats = back @ full @ back.T
    return answer


def _scale(ratio: Floats, method: Method) -> Floats:
    """The factor of Knapp and Hartung (2003), Statistics in Medicine 22(17), 2693-2710."""
    if method.interval == "hksj":
        return ratio
    return np.maximum(ratio, 1.0) if method.interval == "hksj-adhoc" else np.ones_like(ratio)


def _beyond_chance(these: Batch, tau2: Floats, method: Method) -> tuple[Floats, Floats, Floats]:
    """Q, I2 in per cent and H2. Source: Higgins and Thompson (2002), Statistics in Medicine 21(11), 1539-1558."""
    alone = at_tau2(these, np.zeros(1))
    free = np.where(these.free > 0, these.free, np.nan)
    if method.model == "common":
        i2 = np.where(alone.q > 0, np.maximum(0.0, 100 * (alone.q - free) / alone.q), 0.0)
        return alone.q, i2 + 0 * free, alone.q / free
    chance = free / trace(these, alone)
    return alone.q, 100 * tau2 / (chance + tau2), tau2 / chance + 1


def _blanked(fits: Fits) -> Fits:
    """NaN where the studies that count do not tell the coefficients apart."""
    gone = ~fits.able

    def blank(values: Floats) -> Floats:
        values = np.array(values)
        values[gone] = np.nan
        return values

    return fits._replace(
        tau2=blank(fits.tau2),
        beta=blank(fits.beta),
        plain=blank(fits.plain),
        qe=blank(fits.qe),
        i2=blank(fits.i2),
        h2=blank(fits.h2),
        df=blank(fits.df),
    )
