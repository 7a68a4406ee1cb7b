"""How do the sampling errors of the effects go together? Independent, alike within a cluster, or as the user says.

Effects of the same study share people, so their errors are correlated; where the correlation is not reported, one value
is assumed: cov(i, j) = rho * sqrt(v_i v_j) within a cluster. Source: Hedges, Tipton and Johnson (2010), Research
Synthesis Methods 1(1), 39-65; Pustejovsky and Tipton (2022), Prevention Science 23, 425-438.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.robust.clusters import by_size
from whatworks.synthesise.methods.multilevel.grouping import Floats, Grouping, Ints, grouping


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """The covariance V of the sampling errors of n effects, never held as n x n unless it was given so.

    v: (n,) variances; rho and within: their correlation inside each level of within; matrix: (n, n) as given, with
    within the blocks outside which it is 0.
    """

    v: Floats
    rho: float = 0.0
    within: Grouping | None = None
    matrix: Floats | None = None

    def block(self, rows: Ints) -> Floats:
        """V among some rows: (..., s) row numbers to (..., s, s)."""
        if self.matrix is not None:
            found: Floats = self.matrix[rows[..., :, None], rows[..., None, :]]
            return found
        variances = self.v[rows]
        diagonal = np.eye(rows.shape[-1]) * variances[..., None]
        if self.within is None or not self.rho:
            return diagonal
        spread, codes = np.sqrt(variances), self.within.codes[rows]
        together = (codes[..., :, None] == codes[..., None, :]) * (spread[..., :, None] * spread[..., None, :])
        answer: Floats = self.rho * together + (1 - self.rho) * diagonal
        return answer

    def times(self, columns: Floats) -> Floats:
        """V times columns: (q, n) to (q, n)."""
        if self.matrix is not None:
            return columns @ self.matrix
        if self.within is None or not self.rho:
            return columns * self.v
        root = np.sqrt(self.v)
        shared = self.within.spread(self.within.sums(columns * root)) * root
        answer: Floats = (1 - self.rho) * self.v * columns + self.rho * shared
        return answer

    def trace_of_inverse(self) -> float:
        """tr(V^-1)."""
        if self.matrix is not None and self.within is not None:
            blocks = (self.block(rows) for rows in stacked(self.within))
            return float(sum(np.trace(np.linalg.inv(some), axis1=1, axis2=2).sum() for some in blocks))
        inverse = 1 / self.v
        if self.within is None:
            return float(inverse.sum())
        left, size = 1 - self.rho, self.within.counts()[self.within.codes]
        return float((inverse / left * (1 - self.rho / (left + self.rho * size))).sum())


def independent(v: Floats) -> Sampling:
    """Sampling errors that have nothing to do with one another."""
    return Sampling(v)


def correlated(v: Floats, rho: float, within: Grouping) -> Sampling:
    """The same correlation rho between any two effects of a level. InputError when no errors could behave so."""
    most = int(within.counts().max())
    if not -1 < rho < 1 or (rho < 0 and 1 + (most - 1) * rho <= 0):
        least = -1 / (most - 1) if most > 1 else -1.0
        raise InputError(
            said(
                "The correlation rho = %(rho)s is not possible with up to %(most)s effects together; give one "
                "between %(least)s and 1, such as 0.6.",
                rho=f"{rho:g}",
                most=most,
                least=f"{least:.3g}",
            )
        )
    return Sampling(v, float(rho), within) if rho and most > 1 else Sampling(v)


def known(v: Floats | None, given: Any, n: int) -> Sampling:
    """V as given: an n x n matrix, or its blocks down the diagonal in the order of the rows.

    InputError when it is not square, symmetric and positive definite, or its diagonal is not the variances given.
    """
    matrix = _assembled(given, n)
    if not np.isfinite(matrix).all():
        raise InputError(said("The covariance matrix V has a missing or infinite value; fill it in."))
    if abs(matrix - matrix.T).max() > 1e-10 * abs(matrix).max():
        raise InputError(said("The covariance matrix V is not symmetric; give one that is."))
    if v is not None and (abs(matrix.diagonal() - v) > 1e-8 * v).any():
        row = int(np.argmax(abs(matrix.diagonal() - v) > 1e-8 * v)) + 1
        raise InputError(
            said("The variance in row %(row)s is not that on the diagonal of V; leave vi out, or mend one.", row=row)
        )
    blocks = _blocks(matrix)
    _check_definite(matrix, blocks)
    return Sampling(matrix.diagonal().copy(), 0.0, blocks, matrix)


def _assembled(given: Any, n: int) -> Floats:
    """One matrix from a matrix or from blocks."""
    try:
        if isinstance(given, Sequence) and len(given) and np.ndim(given[0]) in (0, 2):
            return _diagonal_of([np.atleast_2d(np.asarray(block, dtype=float)) for block in given], n)
        matrix = np.array(given, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            said("The covariance V must be numbers: a square matrix, or a list of square blocks.")
        ) from None
    if matrix.shape != (n, n):
        shape = " x ".join(map(str, matrix.shape))
        raise InputError(
            said(
                "The covariance V is %(shape)s, but there are %(n)s effects; give one row and column for each.",
                shape=shape,
                n=n,
            )
        )
    return (matrix + matrix.T) / 2 if abs(matrix - matrix.T).max() <= 1e-10 * abs(matrix).max() else matrix


def _diagonal_of(blocks: list[Floats], n: int) -> Floats:
    sizes = [len(block) for block in blocks]
    if any(block.shape != (size, size) for block, size in zip(blocks, sizes, strict=True)) or sum(sizes) != n:
        raise InputError(
            said("The blocks of V must be square and make %(n)s rows together, not %(sizes)s.", n=n, sizes=sum(sizes))
        )
    matrix, at = np.zeros((n, n)), 0
    for block, size in zip(blocks, sizes, strict=True):
        matrix[at : at + size, at : at + size] = block
        at += size
    return matrix


def _blocks(matrix: Floats) -> Grouping:
    """The blocks outside which a matrix is 0."""
    n = len(matrix)
    rows, columns = np.nonzero(np.triu(matrix, 1))
    if not rows.size:
        return grouping(np.arange(n), n)
    links = np.concatenate((np.arange(n), rows, columns))
    pairs = np.concatenate((np.arange(n), n + np.arange(rows.size), n + np.arange(rows.size)))
    labels = np.arange(n)
    while True:  # each pair of linked rows takes the lower label, until nothing moves
        before = labels.copy()
        least = np.full(n + rows.size, n)
        np.minimum.at(least, pairs, labels[links])
        np.minimum.at(labels, links, least[pairs])
        if (labels == before).all():
            found, codes = np.unique(labels, return_inverse=True)
            return grouping(codes.astype(np.intp), found.size)


def _check_definite(matrix: Floats, blocks: Grouping) -> None:
    for rows in stacked(blocks):
        low = np.linalg.eigvalsh(matrix[rows[..., :, None], rows[..., None, :]])
        if (low[:, 0] <= 1e-12 * low[:, -1]).any():
            row = int(rows[int(np.argmin(low[:, 0] / low[:, -1])), 0]) + 1
            raise InputError(
                said(
                    "The covariance V is not positive definite in the block of row %(row)s: no effects could vary "
                    "so; lower the correlations there.",
                    row=row,
                )
            )


def stacked(groups: Grouping) -> list[Ints]:
    """The rows of each level, levels of one size together: a list of (levels, size) row numbers."""
    return [stack.rows for stack in by_size(groups.codes, groups.size)]
