"""Tests of fixed effects of a mixed model with any random terms, for few groups: Satterthwaite's way, and Kenward and Roger's.

Satterthwaite as lmerTest computes it (Kuznetsova and others 2017, doi 10.18637/jss.v082.i13), with exact derivatives. Kenward and
Roger (1997, doi 10.2307/2533558) as pbkrtest does (Halekoh and Højsgaard 2014, doi 10.18637/jss.v059.i09): the variances enter
V = sum of v_r G_r, of which G_0 is the unit matrix; forms with G_0 follow from those with the others, for the sum is V itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.mixed.curving import curve, forms, listed, moved, traces
from whatworks.trial.methods.mixed.fitted import MixedFit, fixed_half
from whatworks.trial.methods.mixed.small import KENWARD_ROGER, SATTERTHWAITE
from whatworks.trial.methods.mixed.solving import View
from whatworks.trial.methods.mixed.sums import Floats
from whatworks.trial.methods.mixed.terms import entries, slopes


@dataclass(frozen=True, slots=True)
class ContrastTests:
    """Every contrast (m,): estimate, standard error, degrees of freedom, t, two-sided p, interval."""

    estimate: Floats
    se: Floats
    df: Floats
    t: Floats
    p: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class JointTest:
    """Several contrasts tested together: F (by Kenward and Roger already scaled), its degrees of freedom, p."""

    f: float
    df: int
    df_within: float
    p: float


class Uncertain(NamedTuple):
    """`covariance` (p, p) of the coefficients, to be used for standard errors; `plain` (p, p) by the model; `moves` (v, p, p): how the
    plain one moves with each variance; `spread` (v, v): the covariance of the variances.
    """

    covariance: Floats
    plain: Floats
    moves: Floats
    spread: Floats


def contrast_tests(
    fit: MixedFit, contrasts: ArrayLike | None = None, way: str = KENWARD_ROGER, *, level: float = 0.95
) -> ContrastTests:
    """Each of `contrasts` (m, p), or each coefficient, tested against nought.

    `way` is "kenward-roger" or "satterthwaite". Raises InputError for another, for rows of another width, and for Kenward and Roger's
    way without restricted likelihood.
    """
    rows = _rows(fit, contrasts)
    told = _uncertain(fit, way)
    estimate = rows @ fit.coefficients
    se = np.sqrt(np.einsum("mp,pq,mq->m", rows, told.covariance, rows))
    df = _freedom(rows, told)
    t = estimate / se
    reach = students_t.ppf((1 + level) / 2, df) * se
    return ContrastTests(estimate, se, df, t, 2 * students_t.sf(np.abs(t), df), estimate - reach, estimate + reach)


def joint_test(fit: MixedFit, contrasts: ArrayLike, way: str = KENWARD_ROGER) -> JointTest:
    """All of `contrasts` (m, p) tested together against nought. Raises InputError as `contrast_tests`, and for dependent rows."""
    rows = _rows(fit, contrasts)
    if np.linalg.matrix_rank(rows) < len(rows):
        raise InputError(said("One of the contrasts is a sum of others; leave one of them out."))
    told = _uncertain(fit, way)
    estimate, q = rows @ fit.coefficients, len(rows)
    wald = float(estimate @ np.linalg.solve(rows @ told.covariance @ rows.T, estimate)) / q
    scale, df = _scaled(rows, told) if way == KENWARD_ROGER else (1.0, _pooled(rows, told))
    return JointTest(scale * wald, q, df, float(fdtrc(q, df, scale * wald)))


def _rows(fit: MixedFit, contrasts: ArrayLike | None) -> Floats:
    p = len(fit.coefficients)
    rows = np.eye(p) if contrasts is None else np.atleast_2d(np.asarray(contrasts, float))
    if rows.ndim != 2 or rows.shape[1] != p or not np.isfinite(rows).all() or not rows.any(axis=1).all():
        raise InputError(
            said("Each contrast needs %(count)s numbers, one for each coefficient, that are not all nought.", count=p)
        )
    return rows


def _uncertain(fit: MixedFit, way: str) -> Uncertain:
    if way == SATTERTHWAITE:
        return _satterthwaite(fit)
    if way != KENWARD_ROGER:
        raise InputError(
            said(
                "“%(way)s” is no way of testing here; say “%(one)s” or “%(other)s”.",
                way=way,
                one=KENWARD_ROGER,
                other=SATTERTHWAITE,
            )
        )
    if not fit.reml:
        raise InputError(
            said("Kenward and Roger's test needs restricted likelihood; fit the model again with reml=True.")
        )
    return _kenward_roger(fit)


def _freedom(rows: Floats, told: Uncertain) -> Floats:
    """2 f^2 / var(f) of f, the variance of each row by the model."""
    moves = np.einsum("mp,vpq,mq->vm", rows, told.moves, rows)
    spread = np.einsum("vm,vw,wm->m", moves, told.spread, moves)
    found: Floats = 2 * np.einsum("mp,pq,mq->m", rows, told.plain, rows) ** 2 / spread
    return found


def _inverse(information: Floats, share: float) -> Floats:
    """The inverse of a matrix of information; directions without any are left out."""
    size = np.sqrt(np.maximum(np.diag(information), 0))
    size = np.where(size > 1e-8 * size.max(), size, 1.0)
    values, vectors = np.linalg.eigh(information / np.outer(size, size))
    kept = values > share
    turned = vectors[:, kept] / size[:, None]
    found: Floats = (turned / values[kept]) @ turned.T
    return found


def uncertain_spreads(fit: MixedFit) -> Floats:
    """The covariance of the terms' parameters and, last, of the standard deviation within, by the curvature of the criterion.

    The parameters are in units of the standard deviation within; that itself is in those of the fit's products.
    """
    solved, within = fit.solved, fit.within / fit.solved.products.unit
    told, count = curve(solved, fit.reml), len(solved.theta)
    bend = np.empty((count + 1, count + 1))
    bend[:count, :count] = told.log_2 + told.rss_2 / within**2
    bend[count, :count] = bend[:count, count] = -2 * told.rss / within**3
    bend[count, count] = 4 * fit.freedom / within**2
    return 2 * _inverse((bend + bend.T) / 2, 1e-8)


def _satterthwaite(fit: MixedFit) -> Uncertain:
    """By the curvature of the criterion in the parameters of the terms and the standard deviation within."""
    solved = fit.solved
    shapes, view = solved.products.shapes, View(solved, fixed=False)
    others, last = solved.products.others, len(solved.rest) - 1
    bread = np.linalg.solve(solved.products.triangle, fixed_half(solved)) @ fixed_half(solved).T
    single = bread @ forms(view.columns(slice(others, last)), listed(shapes)) @ bread.T
    moves = np.concatenate(
        [
            fit.within**2 * np.einsum("rs,rpq->spq", slopes(shapes, solved.theta), single),
            2 * fit.covariance[None] * solved.products.unit / fit.within,
        ]
    )
    return Uncertain(fit.covariance, fit.covariance, moves, uncertain_spreads(fit))


def _kenward_roger(fit: MixedFit) -> Uncertain:
    """By expected information, all in units of the variance within and for the orthonormal design."""
    solved = fit.solved
    half = fixed_half(solved)
    phi = half @ half.T
    p, q, crossed = _with_within(fit, np.asarray(np.linalg.inv(phi), float))
    turned = phi @ p
    information = crossed - 2 * np.einsum("ij,rsji->rs", phi, q) + np.einsum("rij,sji->rs", turned, turned)
    spread = 2 * _inverse((information + information.T) / 2, 1e-12)
    lost = np.einsum("rs,rsij->ij", spread, q - np.einsum("rij,jk,skl->rsil", p, phi, p))
    adjusted = phi + 2 * phi @ lost @ phi
    back = np.linalg.solve(solved.products.triangle, np.eye(len(phi))) * fit.within
    moves = back @ (turned @ phi) @ back.T
    return Uncertain(back @ (adjusted + adjusted.T) @ back.T / 2, back @ phi @ back.T, moves, spread)


def _with_within(fit: MixedFit, information: Floats) -> tuple[Floats, Floats, Floats]:
    """With S the inverse of V: X'S G_r S X (v, p, p), X'S G_r S G_s S X (v, v, p, p), tr(S G_r S G_s) (v, v); first the unit matrix."""
    solved = fit.solved
    made, view = solved.products, View(solved, fixed=False)
    listing, size = listed(made.shapes), entries(made.shapes, solved.theta)
    beside = view.columns(slice(made.others, len(solved.rest) - 1))
    v, p = len(listing) + 1, made.columns
    single, double = traces(view, listing)
    one, two, crossed = np.empty((v, p, p)), np.empty((v, v, p, p)), np.empty((v, v))
    one[1:] = forms(beside, listing)
    two[1:, 1:] = view.form(moved(beside, listing)).reshape(v - 1, p, v - 1, p).transpose(0, 2, 1, 3)
    crossed[1:, 1:] = double
    one[0] = information - np.einsum("r,rij->ij", size, one[1:])
    two[0, 1:] = one[1:] - np.einsum("r,rsij->sij", size, two[1:, 1:])
    two[1:, 0] = two[0, 1:].transpose(0, 2, 1)
    two[0, 0] = one[0] - np.einsum("r,rij->ij", size, two[1:, 0])
    crossed[0, 1:] = crossed[1:, 0] = single - double @ size
    crossed[0, 0] = made.rows - single @ size - crossed[0, 1:] @ size
    return one, two, crossed


def _pooled(rows: Floats, told: Uncertain) -> float:
    """Degrees of freedom of F from those of its independent parts, as lmerTest's contestMD (Fai and Cornelius 1996)."""
    _, vectors = np.linalg.eigh(rows @ told.covariance @ rows.T)
    single = _freedom(vectors.T @ rows, told)
    if len(single) == 1:
        return float(single[0])
    if np.ptp(single) < 1e-8:
        return float(single.mean())
    expected = float((single[single > 2] / (single[single > 2] - 2)).sum())
    return 2 * expected / (expected - len(single)) if expected > len(single) else 2.0


def _scaled(rows: Floats, told: Uncertain) -> tuple[float, float]:
    """The scale of F and its degrees of freedom (Kenward and Roger 1997, section 3.2; Halekoh and Højsgaard, section 3.3)."""
    q = len(rows)
    inverse = np.linalg.inv(rows @ told.plain @ rows.T)
    moves = inverse @ (rows @ told.moves @ rows.T)
    trace = np.einsum("vii->v", moves)
    a1 = float(trace @ told.spread @ trace)
    a2 = float(np.einsum("vw,vij,wji->", told.spread, moves, moves))
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    mean = 1 / (1 - a2 / q)
    variance = (2 / q) * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    ratio = variance / (2 * mean**2)
    df = 4 + (q + 2) / (q * ratio - 1)
    return df / (mean * (df - 2)), float(df)
