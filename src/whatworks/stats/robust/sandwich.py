"""The cluster-robust covariance of coefficients: right for large numbers of clusters whatever happens inside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result
from whatworks.stats.robust.adjusting import Kind, Pieces, check_kind, factor, pieces
from whatworks.stats.robust.clusters import Clusters, Floats
from whatworks.stats.robust.fits import LinearFit
from whatworks.stats.robust.testing import JointTest, hotelling, inverse_root, satterthwaite, shape
from whatworks.stats.telling import kept

FEW = 4.0  # below this Satterthwaite's t misses its level: Tipton (2015), Psychological Methods 20(3), 375-393


@dataclass(frozen=True, slots=True)
class Robust(Result):
    """Robust variances of p coefficients from m clusters. covariance: (p, p); se and df (Satterthwaite; 0 where nothing
    shows chance): (p,).

    `test` and `df_of` answer for combinations of coefficients. lost: clusters that fix a coefficient by themselves.
    """

    kind: Kind
    n_clusters: int
    estimates: tuple[float, ...]
    se: tuple[float, ...]
    df: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    lost: int
    warnings: tuple[str, ...]
    found: Pieces = kept()
    bread: Floats = kept()
    meat: Floats = kept()
    across: Floats | None = kept()

    def df_of(self, combination: ArrayLike) -> float:
        """Satterthwaite's degrees of freedom of a combination of the coefficients (p numbers)."""
        row = self._rows(combination)
        usual = float(row[0] @ self.bread @ self.meat @ self.bread @ row[0])
        return satterthwaite(shape(self.found, self.bread, self.meat, self.across, row), usual)

    def test(self, rows: ArrayLike, supposed: ArrayLike = 0.0) -> JointTest:
        """Hotelling's T2 by HTZ that rows (q, p) times the coefficients are as supposed; for q = 1 it is t squared."""
        wanted = self._rows(rows)
        apart = wanted @ np.array(self.estimates) - np.broadcast_to(np.asarray(supposed, dtype=float), len(wanted))
        covariance = wanted @ np.array(self.covariance) @ wanted.T
        expected = shape(self.found, self.bread, self.meat, self.across, wanted).total
        if np.linalg.matrix_rank(wanted) < len(wanted):
            raise InputError(said("The combinations to be tested are made of one another; leave one out."))
        standard = inverse_root(expected)
        spread = shape(self.found, self.bread, self.meat, self.across, standard @ wanted)
        return hotelling(apart, covariance, standard, spread)

    def _rows(self, given: ArrayLike) -> Floats:
        rows = np.atleast_2d(np.asarray(given, dtype=float))
        if rows.shape[1] != len(self.estimates):
            raise InputError(
                said("A combination needs %(count)s numbers, one for each coefficient.", count=len(self.estimates))
            )
        return rows


def robust(fit: LinearFit, clusters: Clusters, kind: Kind = "CR2") -> Robust:
    """The robust covariance of a fit's coefficients.

    kind: CR2 (bias-reduced linearisation), CR0, CR1, CR1S or CR3. InputError: fewer than two clusters, unknown kind.
    Source: Pustejovsky and Tipton (2018); numbers as clubSandwich 0.5.8.
    """
    check_kind(kind)
    if clusters.number < 2:
        raise InputError(
            said("A robust variance needs at least two clusters, and means something from about ten; use the model's.")
        )
    n, p = fit.x.shape
    found = pieces(fit, clusters, kind)
    covariance = factor(kind, clusters.number, n, p) * (found.scores.T @ found.scores)
    meat = fit.wx.T @ (fit.x if fit.phi_wx is None else fit.phi_wx)
    across = None if fit.spread is None else _across(fit, clusters, found)
    one_by_one = [shape(found, fit.bread, meat, across, row[None]) for row in np.eye(p)]
    usual = np.diagonal(fit.bread @ meat @ fit.bread).tolist()
    df = tuple(satterthwaite(one, its) for one, its in zip(one_by_one, usual, strict=True))
    return Robust(
        kind,
        clusters.number,
        tuple(fit.estimates.tolist()),
        tuple(np.sqrt(np.diagonal(covariance)).tolist()),
        df,
        tuple(map(tuple, covariance.tolist())),
        found.lost,
        tuple(_cautions(clusters.number, df, found.lost)),
        found,
        fit.bread,
        meat,
        across,
    )


def _across(fit: LinearFit, clusters: Clusters, found: Pieces) -> Floats:
    """E_i' Phi_ij E_j for every pair of clusters, (p, p, m, m), where the working covariance reaches across them."""
    assert fit.spread is not None
    m, (n, p) = clusters.number, fit.x.shape
    answer = np.empty((p, p, m, m))
    for second in range(p):
        columns = np.zeros((m, n))
        columns[clusters.codes, np.arange(n)] = found.raised[:, second]
        reached = fit.spread(columns).T
        for first in range(p):
            answer[first, second] = clusters.sums(found.raised[:, first, None] * reached)
    return answer


def _cautions(number: int, df: tuple[float, ...], lost: int) -> Iterator[str]:
    """What a reader must know before trusting the robust standard errors."""
    if min(df) < FEW:
        yield (
            f"With {number} clusters a coefficient has few degrees of freedom ({min(df):.1f}; below 4 the t interval and p "
            "cannot be trusted): read it as uncertain, or use the wild bootstrap."
        )
    if lost:
        clusters = "1 cluster fixes" if lost == 1 else f"{lost} clusters fix"
        yield f"{clusters} a coefficient alone, so that chance there cannot be seen; the standard error may be too small."
