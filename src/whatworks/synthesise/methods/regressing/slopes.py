"""How steeply many likelihoods rise in tau2, from sums over studies of powers of the weights.

With w = 1 / (v + tau2), effects y taken from a first fit, and basis q: the sums of w^n, w^n q q', w^n q y and w^n y^2
give the slope (n up to 2) and its bend (n up to 3) as small matrices; no residual is ever formed.
Source: Harville (1977), Journal of the American Statistical Association 72(358), 320-338, sections 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from whatworks.synthesise.methods.regressing.batches import Batch, over_studies, weigh_many
from whatworks.synthesise.methods.regressing.packed import (
    applied,
    inverted,
    layout,
    quadratic,
    square_trace,
    trace_product,
)
from whatworks.synthesise.methods.weighing import Floats

CELLS = 80_000  # sums held at once while looking at the grid: what a processor keeps close


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What weights are summed against, in rows: ones, products of moderators (m), moderators times effects (p), squares
    of effects. Rows that all regressions share are in shared, (rows, k), the others in own, (rows, b, k); places say
    which rows they are. The effects are taken from a first fit, to lose no digits.
    """

    shared: Floats
    shared_places: NDArray[np.intp]
    own: Floats
    own_places: NDArray[np.intp]
    counts: Floats | None
    v: Floats
    wide: int
    size: int

    def some(self, rows: NDArray[np.intp]) -> Features:
        """The features of the regressions at these places."""
        counts = None if self.counts is None else self.counts[rows]
        v = self.v[rows] if len(self.v) > 1 else self.v
        own = self.own[:, rows] if len(self.own) else self.own
        return replace(self, own=own, counts=counts, v=v, size=rows.size)

    def sums(self, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Sums over studies of weights (counted, (b, k)): total (b,), squares (m, b), products (p, b), spread (b,)."""
        found = np.empty((self.shared_places.size + self.own_places.size, self.size))
        found[self.shared_places] = self.shared @ weights.T
        if self.own_places.size:
            found[self.own_places] = over_studies(weights, self.own)
        return self.split(found)

    def sums_of_powers(self, powers: Floats) -> Floats:
        """Sums over studies of powers of shared weights, (k, n), counted: (rows, b, n)."""
        found = np.empty((self.shared_places.size + self.own_places.size, self.size, powers.shape[1]))
        if self.counts is None:
            found[self.shared_places] = (self.shared @ powers)[:, None]
        else:  # one product: counts times (features times powers)
            height = powers.shape[1]
            weighed = (self.shared[:, :, None] * powers).transpose(1, 0, 2).reshape(len(powers), -1)
            found[self.shared_places] = (self.counts @ weighed).reshape(self.size, -1, height).transpose(1, 0, 2)
        for place, row in zip(self.own_places.tolist(), self.own, strict=True):
            np.matmul(row if self.counts is None else row * self.counts, powers, out=found[place])
        return found

    def split(self, found: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The sums by name."""
        end = len(found) - self.wide - 1
        return found[0], found[1:end], found[end:-1], found[-1]


def features(these: Batch) -> Features:
    """The features of a batch."""
    rows = [_narrowed(row) for row in these.q]
    y, at = _centred(these, rows), layout(these.wide)
    made = [np.ones((1, these.v.shape[1]))]
    made += [rows[i] * rows[j] for i, j in zip(at.rows.tolist(), at.columns.tolist(), strict=True)]
    made += [*(row * y for row in rows), y * y]
    places = np.arange(len(made))
    alike = np.array([len(row) == 1 for row in made])
    own = [row for row in made if len(row) > 1]
    return Features(
        np.concatenate([row for row in made if len(row) == 1]),
        places[alike],
        np.stack(own) if own else np.empty((0, 1, these.v.shape[1])),
        places[~alike],
        these.counts,
        these.v,
        these.wide,
        these.size,
    )


def _narrowed(row: Floats) -> Floats:
    """A row of the basis, (1 or b, k), with an axis of 1 where all numbers are the same: the intercept's."""
    return row[:1] if len(row) > 1 and float(np.ptp(row)) == 0 else row


def _centred(these: Batch, rows: list[Floats]) -> Floats:
    """The effects less a first fit: of all moderators where they are shared, else of the intercept where there is one."""
    if these.q.shape[1] > 1 and len(these.y) == len(these.v) == 1 and len(rows[0]) == 1:
        answer: Floats = these.y - np.average(these.y, weights=1.0 / these.v)
        return answer
    apart = Batch(these.y, these.v, these.q, None, these.pairs, these.free)
    return weigh_many(apart, 1.0 / these.v).distance


def sides_and_bends(these: Features, tau2: Floats, restricted: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """The two sides of the equation of each peak at its own tau2, and their slopes, (b,) each.

    fall: the sum of squared pulls, y'PPy; trace: of P (REML) or of W (ML). Twice the slope of the log-likelihood is
    fall less trace.
    """
    weights = 1.0 / (these.v + tau2[:, None])
    first = weights if these.counts is None else weights * these.counts
    second = first * weights
    total, squares, products, _ = these.sums(first)
    total2, squares2, products2, spread2 = these.sums(second)
    _, squares3, products3, spread3 = these.sums(second * weights)
    wide = these.wide
    inverse, _ = inverted(squares, wide)
    gamma = applied(inverse, products, wide)
    seen = applied(squares2, gamma, wide)
    fall = spread2 + (gamma * (seen - 2 * products2)).sum(axis=0)
    bend = spread3 + (gamma * (applied(squares3, gamma, wide) - 2 * products3)).sum(axis=0)
    bend = bend - quadratic(products2 - seen, inverse, wide)
    if restricted:
        total = total - trace_product(inverse, squares2, wide)
        total2 = total2 - 2 * trace_product(inverse, squares3, wide) + square_trace(inverse, squares2, wide)
    return fall, total, -2 * bend, -total2


def sides_on_grid(these: Features, grid: Floats, restricted: bool) -> tuple[Floats, Floats]:
    """The two sides of every peak's equation at points of tau2: fall and trace, (b, points) each.

    grid: (points,), or (b, points) where studies do not keep their variances. Where they do, the sums over studies are
    matrix products for all regressions and points.
    """
    if len(these.v) > 1:
        columns = [sides_and_bends(these, np.ascontiguousarray(at), restricted)[:2] for at in grid.T]
        return np.stack([fall for fall, _ in columns], axis=1), np.stack([trace for _, trace in columns], axis=1)
    weights = 1.0 / (these.v + grid[:, None])
    both = np.concatenate((weights, weights * weights)).T  # (k, 2 points)
    features = these.shared_places.size + these.own_places.size
    parts = 1 + these.size * features * 2 * grid.size // CELLS
    if parts == 1:
        return _sides_of_powers(these, both, restricted)
    pieces = (these.some(rows) for rows in np.array_split(np.arange(these.size), parts))
    found = [_sides_of_powers(piece, both, restricted) for piece in pieces]
    return np.concatenate([fall for fall, _ in found]), np.concatenate([side for _, side in found])


def _sides_of_powers(these: Features, both: Floats, restricted: bool) -> tuple[Floats, Floats]:
    """Fall and trace, (b, points) each, from the weights and their squares, (k, 2 points)."""
    half, wide = both.shape[1] // 2, these.wide
    found = these.sums_of_powers(both)
    total, squares, products, _ = these.split(found[..., :half])
    _, squares2, products2, spread2 = these.split(found[..., half:])
    inverse, _ = inverted(squares, wide)
    gamma = applied(inverse, products, wide)
    fall = spread2 + (gamma * (applied(squares2, gamma, wide) - 2 * products2)).sum(axis=0)
    side = total - trace_product(inverse, squares2, wide) if restricted else total
    return fall, side
