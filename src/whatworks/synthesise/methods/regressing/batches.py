"""Many weighted regressions at once: the same studies counted differently, re-ordered, or with other effects.

A left-out study has a count of 0, a bootstrap sample counts of 0, 1, 2 ...; a permutation has re-ordered moderators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.synthesise.methods.regressing.packed import applied, inverted, layout, solvable, trace_product
from whatworks.synthesise.methods.weighing import Floats

NONE_LEFT = 1e-12  # a pivot below this share of its diagonal: the studies that count do not tell the coefficients apart


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """b regressions of k studies on p moderators. An axis that all share has length 1.

    y, v: effects and sampling variances, (1 or b, k). q: the moderators as an orthonormal basis, (p, 1 or b, k).
    counts: how often each study counts, (b, k); None: once each. pairs: products of the rows of q, a triangle
    (m, 1 or b, k). free: studies counted less coefficients, (b,).
    """

    y: Floats
    v: Floats
    q: Floats
    counts: Floats | None
    pairs: Floats
    free: Floats

    @property
    def size(self) -> int:
        """b, the number of regressions."""
        return self.free.size

    @property
    def wide(self) -> int:
        """p, the number of coefficients."""
        return len(self.q)

    @property
    def studies(self) -> Floats:
        """How many studies count in each regression, (b,)."""
        return self.free + len(self.q)

    def some(self, rows: NDArray[np.intp]) -> Batch:
        """The regressions at these places of the batch, in their order, perhaps several times."""
        y, v = (part[rows] if len(part) > 1 else part for part in (self.y, self.v))
        q, pairs = (part[:, rows] if part.shape[1] > 1 else part for part in (self.q, self.pairs))
        counts = None if self.counts is None else self.counts[rows]
        return Batch(y, v, q, counts, pairs, self.free[rows])

    def counted(self, values: Floats) -> Floats:
        """Values of studies (1 or b, k), each times its count."""
        return values if self.counts is None else values * self.counts

    def squares(self, weights: Floats) -> Floats:
        """Sums over studies of weight times products of moderators: triangles (m, b). weights: counted, (b, k)."""
        return over_studies(weights, self.pairs)

    def products(self, values: Floats) -> Floats:
        """Sums over studies of a value times each moderator: (p, b). values: counted, (b, k)."""
        return over_studies(values, self.q)


def batch(y: Floats, v: Floats, q: Floats, counts: Floats | None = None) -> Batch:
    """A batch from effects and variances (k,) or (b, k), a basis (k, p) or (b, k, p), and counts (b, k)."""
    y, v = np.atleast_2d(y), np.atleast_2d(v)
    first = np.ascontiguousarray(q.T[:, None, :] if q.ndim == 2 else np.moveaxis(q, 2, 0))
    at = layout(len(first))
    pairs = first[at.rows] * first[at.columns]
    size = max(len(y), len(v), first.shape[1], 1 if counts is None else len(counts))
    studies = np.full(size, float(y.shape[1])) if counts is None else counts.sum(axis=1)
    return Batch(y, v, first, counts, pairs, studies - len(first))


class Weighed(NamedTuple):
    """Regressions at given weights. counted: weights times counts; distance: effect less fit; pull: weight times it.

    inverse: of the weighted squares, a triangle (m, b); log_det: of those squares; gamma: coefficients of the basis,
    (p, b); q: weighted squares of distances, (b,).
    """

    weights: Floats
    counted: Floats
    inverse: Floats
    log_det: Floats
    gamma: Floats
    distance: Floats
    q: Floats


def weigh_many(these: Batch, weights: Floats) -> Weighed:
    """Fit every regression of the batch by weighted least squares; weights (1 or b, k), without the counts."""
    counted = these.counted(weights)
    inverse, log_det = inverted(these.squares(counted), these.wide)
    gamma = applied(inverse, these.products(counted * these.y), these.wide)
    distance = these.y - fitted(gamma, these.q)
    q = np.einsum("bk,bk,bk->b", counted, distance, distance)
    return Weighed(weights, counted, inverse, log_det, gamma, distance, q)


def at_tau2(these: Batch, tau2: Floats) -> Weighed:
    """The regressions weighed by 1 / (v + tau2), tau2 (b,)."""
    return weigh_many(these, 1.0 / (these.v + tau2[:, None]))


def fall_of(these: Batch, at: Weighed) -> Floats:
    """How fast q falls as tau2 rises: the sum of squared pulls (weight times distance), (b,)."""
    pull = at.weights * at.distance
    answer: Floats = np.einsum("bk,bk->b", these.counted(pull), pull)
    return answer


def trace(these: Batch, at: Weighed) -> Floats:
    """The trace of the residual-making matrix P = W - W X (X'WX)^-1 X'W, (b,)."""
    squared = these.squares(at.counted * at.weights)
    answer: Floats = at.counted.sum(axis=1) - trace_product(at.inverse, squared, these.wide)
    return answer


def fitted(gamma: Floats, q: Floats) -> Floats:
    """What the coefficients gamma (p, b) expect of each study, (b, k)."""
    if q.shape[1] == 1:
        answer: Floats = gamma.T @ q[:, 0]
        return answer
    return np.asarray(np.einsum("pb,pbk->bk", np.broadcast_to(gamma, q.shape[:2]), q))


def told_apart(these: Batch) -> NDArray[np.bool_]:
    """Which regressions (b,) have studies that tell their coefficients apart."""
    enough = these.free >= 0
    if these.counts is None:
        return enough
    return enough & solvable(these.squares(these.counts), these.wide, NONE_LEFT)


def over_studies(values: Floats, features: Floats) -> Floats:
    """Sums over studies of values (1 or b, k) times features (m, 1 or b, k): (m, b)."""
    if features.shape[1] == 1:
        answer: Floats = features[:, 0] @ values.T
        return answer
    return np.asarray(np.einsum("bk,mbk->mb", np.broadcast_to(values, features.shape[1:]), features))
