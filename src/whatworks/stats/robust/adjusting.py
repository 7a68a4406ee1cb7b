"""How are the residuals of a cluster made larger, so that the variance from few clusters is not too small?

With H = X (X'WX)^-1 X'W: CR0 takes residuals as they are; CR2 multiplies those of cluster i by A_i, which makes the
variance exactly right if the working covariance Phi is; CR3 by (I - H_ii)^-1, close to leaving the cluster out.
Source: Bell and McCaffrey (2002), Survey Methodology 28(2), 169-181; Pustejovsky and Tipton (2018), Journal of Business
& Economic Statistics 36(4), 672-683 (CR2 with any working covariance: A_i = D'(D (I-H)_i Phi (I-H)_i' D')^(+1/2) D,
Phi_i = D'D).
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np

from whatworks.saying import said
from whatworks.stats.choices import check_word
from whatworks.stats.robust.clusters import Clusters, Floats, Ints
from whatworks.stats.robust.fits import LinearFit

Kind = Literal["CR2", "CR0", "CR1", "CR1S", "CR3"]
NOTHING = 1e-10  # a direction whose residuals keep less than this share of their variance keeps none of it


class Pieces(NamedTuple):
    """What each of m clusters adds, for p coefficients, with E_i = A_i' W_i X_i (X'WX)^-1.

    scores: (m, p) E_i' e_i, whose squares add up to the variance. own: (m, p, p) E_i' Phi_i E_i; design: (m, p, p)
    E_i' X_i; seen: (m, p, p) E_i' (Phi W X)_i. raised: the rows of E, (n, p). lost: clusters that fix a coefficient by
    themselves, whose residuals are 0 in some direction.
    """

    scores: Floats
    own: Floats
    design: Floats
    seen: Floats
    raised: Floats
    lost: int


def check_kind(kind: str) -> None:
    """InputError for a correction that is not known."""
    check_word(said("robust variance"), kind, get_args(Kind))


def factor(kind: Kind, clusters: int, rows: int, coefficients: int) -> float:
    """What the variance is multiplied by: CR1 m / (m - 1); CR1S m (n - 1) / ((m - 1)(n - p)); else 1."""
    if kind == "CR1":
        return clusters / (clusters - 1)
    if kind == "CR1S":
        return clusters * (rows - 1) / ((clusters - 1) * (rows - coefficients))
    return 1.0


def pieces(fit: LinearFit, clusters: Clusters, kind: Kind) -> Pieces:
    """The part of every cluster, clusters of one size at a time."""
    n, p = fit.x.shape
    scores, own = np.empty((clusters.number, p)), np.empty((clusters.number, p, p))
    design, seen, raised, lost = np.empty_like(own), np.empty_like(own), np.empty((n, p)), 0
    phi_wx = fit.x if fit.phi_wx is None else fit.phi_wx
    for members, rows in clusters.stacks:
        some, gone = _raised(fit, rows, kind)
        turned = some.transpose(0, 2, 1)
        scores[members] = (turned @ fit.residuals[rows][:, :, None])[:, :, 0]
        own[members] = turned @ _by_working(fit, rows, some)
        design[members], seen[members] = turned @ fit.x[rows], turned @ phi_wx[rows]
        raised[rows] = some
        lost += gone
    return Pieces(scores, own, design, seen, raised, lost)


def _by_working(fit: LinearFit, rows: Ints, columns: Floats) -> Floats:
    """Phi_i times columns (k, s, p)."""
    if fit.even is not None:
        answer: Floats = fit.even[rows][:, :, None] * columns
        return answer
    product: Floats = fit.block(rows) @ columns
    return product


def _raised(fit: LinearFit, rows: Ints, kind: Kind) -> tuple[Floats, int]:
    """E_i of clusters of one size, (k, s, p), and how many of them lose a direction."""
    if kind == "CR3":
        return _without(fit, rows)
    if kind == "CR2":
        return _even(fit, rows) if fit.even is not None else _bias_reduced(fit, rows)
    return fit.wx[rows] @ fit.bread, 0


def _without(fit: LinearFit, rows: Ints) -> tuple[Floats, int]:
    """CR3: (I - H_ii)'^-1 W X Q = W X Q (I - X'W X Q)^-1, only p x p to invert."""
    pulled = fit.wx[rows] @ fit.bread
    left = np.eye(fit.x.shape[1]) - fit.x[rows].transpose(0, 2, 1) @ pulled
    low = np.linalg.svd(left, compute_uv=False)
    gone = int((low[:, -1] < NOTHING).sum())
    return pulled @ np.linalg.pinv(left, rcond=NOTHING), gone


def _even(fit: LinearFit, rows: Ints) -> tuple[Floats, int]:
    """CR2 where Phi is c times the identity in the cluster: only p x p to decompose."""
    assert fit.even is not None
    root = np.linalg.cholesky(fit.bread)
    scale = np.sqrt(fit.even[rows])[:, :, None]
    half = fit.x[rows] @ root / scale
    values, vectors = np.linalg.eigh(half.transpose(0, 2, 1) @ half)
    kept = values < 1 - NOTHING
    raise_by = np.where(kept, 1 / np.sqrt(np.where(kept, 1 - values, 1.0)), 0.0)
    answer: Floats = (half @ (vectors * raise_by[:, None, :]) @ vectors.transpose(0, 2, 1)) @ root.T / scale
    return answer, int((~kept).any(axis=1).sum())


def _bias_reduced(fit: LinearFit, rows: Ints) -> tuple[Floats, int]:
    """CR2 with any working covariance."""
    phi, x = fit.block(rows), fit.x[rows]
    left = phi - _leverage(fit, rows, x)
    root = np.asarray(np.linalg.cholesky(phi), dtype=np.float64)
    turned = root.transpose(0, 2, 1)
    values, vectors = np.linalg.eigh(turned @ left @ root)
    dropped = _dropped(values, left, root)
    kept = np.arange(values.shape[1]) >= dropped[:, None]
    raise_by = np.where(kept, 1 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    pulled = turned @ (fit.wx[rows] @ fit.bread)
    answer: Floats = root @ ((vectors * raise_by[:, None, :]) @ (vectors.transpose(0, 2, 1) @ pulled))
    return answer, int((dropped > 0).sum())


def _leverage(fit: LinearFit, rows: Ints, x: Floats) -> Floats:
    """What estimating the coefficients takes off the residuals' covariance: Phi_i - (I-H)_i Phi (I-H)_i'."""
    turned = x.transpose(0, 2, 1)
    if fit.phi_wx is None:
        answer: Floats = x @ fit.bread @ turned
        return answer
    crossed = x @ fit.bread @ fit.phi_wx[rows].transpose(0, 2, 1)
    meat = fit.bread @ (fit.wx.T @ fit.phi_wx) @ fit.bread
    answer = crossed + crossed.transpose(0, 2, 1) - x @ meat @ turned
    return answer


def _dropped(values: Floats, left: Floats, root: Floats) -> Ints:
    """How many directions of each cluster have no residual variance, judged as shares of Phi and not by units."""
    whole = np.einsum("kij,kij->k", root, root) ** 2  # of what there was: a cluster may have nothing left at all
    doubtful = values[:, 0] < 1e-6 * np.maximum(values[:, -1], 1e-6 * whole)
    dropped = np.zeros(len(values), dtype=np.intp)
    for one in np.flatnonzero(doubtful).tolist():
        inverse = np.linalg.inv(root[one])
        dropped[one] = int((np.linalg.eigvalsh(inverse @ left[one] @ inverse.T) < NOTHING).sum())
    return dropped
