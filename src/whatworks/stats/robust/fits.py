"""A linear fit as far as a robust variance needs to know it: what was weighed how, and what the model believes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.robust.clusters import Clusters, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """Estimates (X'WX)^-1 X'W y with a working covariance Phi of the errors. n rows, p coefficients.

    x: (n, p); wx: (n, p) W X; residuals: (n,) y - X b; estimates: (p,); bread: (p, p) inverse of X'WX. phi_wx: (n, p)
    Phi W X, None where W is the inverse of Phi (then it is X). even: (n,) Phi's diagonal where Phi is that number times
    the identity in each cluster; else block(rows) gives Phi among rows (..., s) as (..., s, s). spread: Phi times
    columns (q, n), needed only where Phi reaches across clusters.
    """

    x: Floats
    wx: Floats
    residuals: Floats
    estimates: Floats
    bread: Floats
    block: Callable[[Ints], Floats]
    even: Floats | None = None
    phi_wx: Floats | None = None
    spread: Callable[[Floats], Floats] | None = None


def least_squares(
    x: ArrayLike, y: ArrayLike, clusters: Clusters, *, weights: Any = None, working: Any = None
) -> LinearFit:
    """Ordinary or weighted least squares of y (n,) on x (n, p).

    weights W: None (ones), n numbers, or one square block for each cluster, rows in their order. working Phi, up to a
    constant: None (the inverse of W), n variances, or one block for each cluster. InputError: shapes, columns that are
    made of one another, weights that are not above 0.
    """
    design, outcome = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if design.ndim != 2 or outcome.shape != design.shape[:1] or outcome.size != clusters.codes.size:
        raise InputError(said("The model matrix, the outcome and the clusters must have one row for each observation."))
    blocks = _blocks(weights, clusters, "weights")
    wx = _times(blocks, weights, design, clusters)
    gram = design.T @ wx
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise InputError(said("Some columns of the model matrix are made of others (collinear); leave one out."))
    bread = np.linalg.inv(gram)
    bread = (bread + bread.T) / 2
    estimates = bread @ (wx.T @ outcome)
    found = _working(weights, working, blocks, clusters)
    phi_wx = None if working is None else _times(_blocks(working, clusters, "working"), working, wx, clusters)
    return LinearFit(design, wx, outcome - design @ estimates, estimates, bread, found[0], found[1], phi_wx)


def _blocks(given: Any, clusters: Clusters, what: str) -> list[Floats] | None:
    """One square block for each cluster where blocks were given; None where there are numbers or nothing."""
    if given is None:
        return None
    if isinstance(given, Sequence) and len(given) and np.ndim(given[0]) == 2:
        blocks = [np.asarray(one, dtype=float) for one in given]
        sizes = np.bincount(clusters.codes, minlength=clusters.number).tolist()
        if [one.shape for one in blocks] != [(size, size) for size in sizes]:
            raise InputError(
                said("Give one square block of %(what)s for each cluster, with a row for each of its rows.", what=what)
            )
        return blocks
    numbers = np.asarray(given, dtype=float)
    if numbers.shape != clusters.codes.shape or not (numbers > 0).all():
        raise InputError(
            said(
                "The %(what)s must be one number above 0 for each row, or one square block for each cluster.", what=what
            )
        )
    return None


def _times(blocks: list[Floats] | None, given: Any, columns: Floats, clusters: Clusters) -> Floats:
    """A matrix given as nothing, numbers or blocks, times columns (n, q)."""
    if given is None:
        return columns
    if blocks is None:
        answer: Floats = np.asarray(given, dtype=float)[:, None] * columns
        return answer
    product = np.empty_like(columns)
    for members, rows in clusters.stacks:
        product[rows] = np.stack([blocks[member] for member in members.tolist()]) @ columns[rows]
    return product


def _working(
    weights: Any, working: Any, weight_blocks: list[Floats] | None, clusters: Clusters
) -> tuple[Callable[[Ints], Floats], Floats | None]:
    """The working covariance as blocks, and as one number for each row where it is even in each cluster."""
    blocks = weight_blocks if working is None else _blocks(working, clusters, "working")
    if blocks is not None:
        held = [np.linalg.inv(one) for one in blocks] if working is None else blocks
        return lambda rows: np.stack([held[one] for one in clusters.codes[rows[:, 0]].tolist()]), None
    numbers = np.ones(clusters.codes.size)
    if working is not None:
        numbers = np.asarray(working, dtype=float)
    elif weights is not None:
        numbers = 1.0 / np.asarray(weights, dtype=float)
    even = all((numbers[rows] == numbers[rows[:, :1]]).all() for _, rows in clusters.stacks)
    keep = even and (working is None)
    return lambda rows: np.eye(rows.shape[-1]) * numbers[rows][..., None], numbers if keep else None
