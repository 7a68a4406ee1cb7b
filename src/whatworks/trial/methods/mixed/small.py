"""Tests of single coefficients of a mixed model when clusters are few: Satterthwaite's way, and Kenward and Roger's.

Satterthwaite: degrees of freedom 2 f^2 / var(f) of f, the variance of a coefficient, from the curvature of the restricted
criterion at its least value (Kuznetsova and others 2017, doi 10.18637/jss.v082.i13). Kenward and Roger (1997, doi
10.2307/2533558): the covariance corrected for variances that are estimated, and degrees of freedom from expected information,
as Halekoh and Højsgaard compute them (2014, doi 10.18637/jss.v059.i09).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.mixed.intercepts import InterceptFit
from whatworks.trial.methods.mixed.sums import Floats

KENWARD_ROGER, SATTERTHWAITE = "kenward-roger", "satterthwaite"
PAIRS = [(r, s) for r in range(2) for s in range(2)]


@dataclass(frozen=True, slots=True)
class CoefficientTests:
    """Every coefficient of every set (sets, p): estimate, standard error, degrees of freedom, t, two-sided p, interval."""

    estimate: Floats
    se: Floats
    df: Floats
    t: Floats
    p: Floats
    low: Floats
    high: Floats


def small_sample(fit: InterceptFit, way: str = KENWARD_ROGER, *, level: float = 0.95) -> CoefficientTests:
    """Each coefficient tested against nought. `way` is "kenward-roger" or "satterthwaite"; raises InputError for another."""
    if way == KENWARD_ROGER:
        covariance, df = _kenward_roger(fit)
    elif way == SATTERTHWAITE:
        covariance, df = fit.covariance, _satterthwaite(fit)
    else:
        raise InputError(
            said(
                "“%(way)s” is no way of testing here; say “%(kenward_roger)s” or “%(satterthwaite)s”.",
                way=way,
                kenward_roger=KENWARD_ROGER,
                satterthwaite=SATTERTHWAITE,
            )
        )
    se = np.sqrt(np.einsum("spp->sp", covariance))
    t = fit.coefficients / se
    reach = students_t.ppf((1 + level) / 2, df) * se
    p = 2 * students_t.sf(np.abs(t), df)
    return CoefficientTests(fit.coefficients, se, df, t, p, fit.coefficients - reach, fit.coefficients + reach)


class _Pieces:
    """With S the covariance of the outcomes, and G the two matrices it is a sum of (within: I; between: J in each cluster).

    `p[r]` = X' S^-1 G_r S^-1 X; `q[r, s]` = X' S^-1 G_r S^-1 G_s S^-1 X; `traces[r, s]` = tr(S^-1 G_r S^-1 G_s); the same with
    y in place of X: `mixed[r]` = X' S^-1 G_r S^-1 y and `last[r, s]` = y' S^-1 G_r S^-1 G_s S^-1 y.
    """

    def __init__(self, fit: InterceptFit) -> None:
        n, within = fit.sums.sizes, fit.within
        d = 1 / (within[:, None] + fit.between[:, None] * n)  # S^-1 makes of a column of ones, in one cluster, d ones
        none = np.zeros(len(within))

        def power(k: int) -> tuple[Floats, Floats, Floats]:
            """S^-k: within^-k for each row, and for a cluster's mean d^k."""
            return fit.sums.through(within**-k, (d**k - within[:, None] ** -k) / n)

        squared, cubed = power(2), power(3)
        ones, shared, twice = (fit.sums.through(none, one) for one in (d**2, d**3, n * d**3))
        self.p = (squared[0], ones[0])
        self.mixed = (squared[1], ones[1])
        self.q = {(0, 0): cubed[0], (0, 1): shared[0], (1, 0): shared[0], (1, 1): twice[0]}
        self.bent = {(0, 0): cubed, (0, 1): shared, (1, 0): shared, (1, 1): twice}
        both = (n * d**2).sum(axis=1)
        own = ((n - 1) * within[:, None] ** -2 + d**2).sum(axis=1)
        self.traces = {(0, 0): own, (0, 1): both, (1, 0): both, (1, 1): ((n * d) ** 2).sum(axis=1)}

    def expected(self, phi: Floats) -> Floats:
        """Twice the expected information in the two variances (sets, 2, 2)."""
        found = np.empty((len(phi), 2, 2))
        for r, s in PAIRS:
            turned = np.einsum("spq,sqr,srt,stp->s", phi, self.p[r], phi, self.p[s], optimize=True)
            found[:, r, s] = self.traces[r, s] - 2 * np.einsum("spq,sqp->s", phi, self.q[r, s]) + turned
        return found


def _kenward_roger(fit: InterceptFit) -> tuple[Floats, Floats]:
    phi, told = fit.covariance, _Pieces(fit)
    w = 2 * _inverse(told.expected(phi))
    lost = sum(w[:, r, s, None, None] * (told.q[r, s] - told.p[r] @ phi @ told.p[s]) for r, s in PAIRS)
    adjusted = phi + 2 * phi @ lost @ phi
    return (adjusted + adjusted.swapaxes(1, 2)) / 2, _freedom(phi, told, w)


def _inverse(information: Floats) -> Floats:
    """Inverses of 2 x 2 matrices; of one without an inverse, as with clusters of one row, the pseudo-inverse."""
    scale = np.abs(information).max(axis=(1, 2), keepdims=True)
    found: Floats = np.linalg.pinv(information / scale, rcond=1e-12, hermitian=True) / scale
    return found


def _freedom(phi: Floats, told: _Pieces, w: Floats) -> Floats:
    """2 f^2 / var(f) for each coefficient's variance f, with `w` the covariance of the two variances."""
    slopes = np.stack([np.einsum("spq,sqr,srp->sp", phi, one, phi, optimize=True) for one in told.p])
    spread = np.einsum("rsk,srt,tsk->sk", slopes, w, slopes)
    found: Floats = 2 * np.einsum("spp->sp", phi) ** 2 / spread
    return found


def _satterthwaite(fit: InterceptFit) -> Floats:
    """From observed information in the two variances; where none lies between clusters, what is left over in all."""
    told, phi, b = _Pieces(fit), fit.covariance, fit.coefficients
    # X' S^-1 G_r S^-1 of the residual, and the residual through two of them.
    middle = [mixed - np.einsum("spq,sq->sp", p, b) for mixed, p in zip(told.mixed, told.p, strict=True)]
    curve = -told.expected(phi)
    for r, s in PAIRS:
        xx, xy, yy = told.bent[r, s]
        plain = yy - 2 * (b * xy).sum(axis=1) + np.einsum("sp,spq,sq->s", b, xx, b)
        curve[:, r, s] += 2 * (plain - np.einsum("sp,spq,sq->s", middle[r], phi, middle[s]))
    edge = fit.between == 0.0
    curve[edge] = np.eye(2)  # stands for what is set just below
    freedom = _freedom(phi, told, 2 * _inverse(curve))
    return np.where(edge[:, None], float(fit.sums.freedom), freedom)
