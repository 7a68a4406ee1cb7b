"""What a model with one random intercept per cluster asks of the data: sums over all rows and over each cluster.

With covariance s2 (I + g J) within a cluster of n rows (J all ones), the inverse is (I - c J) / s2 with c = g / (1 + n g), so that
every quadratic form is the one over all rows less a weighted sum of squares of cluster totals. The data are read once, and
many outcomes of one design (`sets` of them) share the design's part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.checking import refuse_alone, refuse_dependent, refuse_missing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over rows: `xx` (p, p), `xy` (sets, p), `yy` (sets,). Totals by cluster: `tx` (clusters, p), `ty` (sets, clusters)."""

    xx: Floats
    xy: Floats
    yy: Floats
    tx: Floats
    ty: Floats
    sizes: Floats  # (clusters,)
    squares: Floats  # (clusters, p * p): each cluster's tx tx'
    rows: int

    @property
    def columns(self) -> int:
        """How many coefficients there are, p."""
        return len(self.xx)

    @property
    def freedom(self) -> int:
        """Rows less coefficients."""
        return self.rows - self.columns

    def through(self, own: Floats, lost: Floats) -> tuple[Floats, Floats, Floats]:
        """Forms with own I + lost J in each cluster, for X'X (sets, p, p), X'y (sets, p), y'y (sets,).

        `own` (sets,) and `lost` (sets, clusters), or one of each for all sets.
        """
        p = self.columns
        xx = own[:, None, None] * self.xx + (lost @ self.squares).reshape(-1, p, p)
        scaled = lost * self.ty
        return xx, own[:, None] * self.xy + scaled @ self.tx, own * self.yy + (scaled * self.ty).sum(axis=1)


def gather(x: ArrayLike, y: ArrayLike, cluster: ArrayLike) -> Sums:
    """The sums of a design matrix `x` (rows, p), outcomes `y` (rows,) or (rows, sets), and cluster labels (rows,).

    Raises InputError where shapes differ, a number is missing, a column depends on others, or rows do not outnumber columns.
    """
    design, outcome, labels = np.asarray(x, float), np.asarray(y, float), np.asarray(cluster)
    outcome = outcome[:, None] if outcome.ndim == 1 else outcome
    _refuse(design, outcome, labels)
    _, index = np.unique(labels, return_inverse=True)
    count = int(index.max()) + 1
    tx, ty = np.zeros((count, design.shape[1])), np.zeros((count, outcome.shape[1]))
    np.add.at(tx, index, design)
    np.add.at(ty, index, outcome)
    sizes = np.bincount(index, minlength=count).astype(float)
    squares = (tx[:, :, None] * tx[:, None, :]).reshape(count, -1)
    xy, yy = outcome.T @ design, (outcome**2).sum(axis=0)
    return Sums(design.T @ design, xy, yy, tx, np.ascontiguousarray(ty.T), sizes, squares, len(outcome))


def _refuse(design: Floats, outcome: Floats, labels: NDArray[Any]) -> None:
    if design.ndim != 2 or outcome.ndim != 2 or not len(design) == len(outcome) == len(labels):
        raise InputError(
            said(
                "The design has %(n)s rows, the outcome %(n_2)s and the clusters %(n_3)s; they must be as many.",
                n=len(design),
                n_2=len(outcome),
                n_3=len(labels),
            )
        )
    refuse_missing(design, outcome)
    if len(outcome) <= design.shape[1]:
        raise InputError(
            said(
                "%(n)s rows cannot carry %(shape)s coefficients; more rows are needed.",
                n=len(outcome),
                shape=design.shape[1],
            )
        )
    refuse_dependent(design)
    refuse_alone(labels)
