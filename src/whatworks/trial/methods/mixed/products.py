"""What a mixed model with any random terms asks of the data: products of its columns, gathered once.

The term with the most coefficients comes first; its products are small blocks, one for each of its groups. All other terms and
the fixed effects are held as one dense matrix. Columns of the design are made orthonormal and the outcome freed of them, so that
little is lost to rounding; outcome and random columns are scaled to a root mean square of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.checking import refuse_alone, refuse_dependent, refuse_missing
from whatworks.trial.methods.mixed.sums import Floats
from whatworks.trial.methods.mixed.terms import RandomTerm, Shape, shape_of

LARGEST = 40_000_000  # numbers in one table: 320 MB
MOST = 6_000  # coefficients of all terms but the first, whose matrix is inverted at every step

Labels = NDArray[np.intp]


class Ready(NamedTuple):
    """A term made ready: its place among those asked for, groups as numbers from 0, scaled columns, scales, shape."""

    place: int
    group: Labels
    columns: Floats
    scales: Floats
    shape: Shape


@dataclass(frozen=True, slots=True)
class Products:
    """First term (L groups, k columns): `own` (L, k, k) and `cross` (L, k, m) with the m = rest + p + 1 other columns, which are
    those of the other terms, the p fixed effects and the outcome; `rest` (m, m) among these.
    """

    own: Floats
    cross: Floats
    rest: Floats
    terms: tuple[Ready, ...]
    rows: int
    columns: int  # p
    triangle: Floats  # (p, p): the design is orthonormal columns times it
    plain: Floats  # (p,): least squares, to which the fit adds
    unit: float  # the outcome is in these units

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The terms' shapes, the largest first."""
        return tuple(one.shape for one in self.terms)

    @property
    def others(self) -> int:
        """Random coefficients of all terms but the first."""
        return len(self.rest) - self.columns - 1


def multiply(x: ArrayLike, y: ArrayLike, terms: Sequence[RandomTerm]) -> Products:
    """The products of a design `x` (rows, p), an outcome `y` (rows,) and random terms.

    Raises InputError where shapes differ, a number is missing, a column depends on others, a term has as many coefficients as there
    are rows, the model explains every outcome, or the tables would be too large.
    """
    design, outcome = np.asarray(x, float), np.asarray(y, float)
    if design.ndim != 2 or outcome.shape != (len(design),):
        raise InputError(said("The design must be a table and the outcome one column with as many rows."))
    refuse_missing(design, outcome)
    rows, columns = design.shape
    if rows <= columns:
        raise InputError(
            said(
                "%(rows)s rows cannot carry %(columns)s coefficients; more rows are needed.", rows=rows, columns=columns
            )
        )
    refuse_dependent(design)
    ready = sorted((_ready(place, one, rows) for place, one in enumerate(terms)), key=lambda one: -one.shape.effects)
    if not ready:
        raise InputError(said("A mixed model needs a random term; without one, use least squares."))
    _refuse_large(ready, columns)
    basis, triangle = np.linalg.qr(design)
    within = basis.T @ outcome
    left = outcome - basis @ within
    unit = float(np.sqrt(left @ left / rows))
    if unit <= 1e-7 * np.sqrt(outcome @ outcome / rows):
        raise InputError(said("The model explains every outcome exactly, so there is no spread to measure it against."))
    own, cross, rest = _gathered(ready, np.column_stack([basis, left / unit]))
    plain = np.linalg.solve(triangle, within)
    return Products(own, cross, rest, tuple(ready), rows, columns, triangle, plain, unit)


def _ready(place: int, term: RandomTerm, rows: int) -> Ready:
    labels: NDArray[Any] = np.asarray(term.group)
    columns = np.ones((rows, 1)) if term.columns is None else np.asarray(term.columns, float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if labels.shape != (rows,) or len(columns) != rows:
        raise InputError(
            said(
                "The random term “%(name)s” must have a label, and its columns, for each of the %(rows)s rows.",
                name=term.name,
                rows=rows,
            )
        )
    refuse_missing(columns)
    refuse_alone(labels)
    refuse_dependent(columns)
    names, group = np.unique(labels, return_inverse=True)
    shape = shape_of(len(names), columns.shape[1], term.related)
    if shape.effects >= rows:
        raise InputError(
            said(
                "The random term “%(name)s” has %(count)s coefficients for %(rows)s rows, so its spread cannot be told from that "
                "within; leave it out or use fewer columns.",
                name=term.name,
                count=shape.effects,
                rows=rows,
            )
        )
    scales = np.sqrt((columns**2).mean(axis=0))
    return Ready(place, np.asarray(group, np.intp), columns / scales, scales, shape)


def _refuse_large(ready: Sequence[Ready], columns: int) -> None:
    others = sum(one.shape.effects for one in ready[1:])
    if others > MOST or ready[0].shape.effects * (others + columns + 1) > LARGEST:
        raise InputError(
            said(
                "The random terms besides the largest have %(count)s coefficients, which is too many here; make the groups of one "
                "of them coarser or leave it out.",
                count=others,
            )
        )


def _gathered(ready: Sequence[Ready], last: Floats) -> tuple[Floats, Floats, Floats]:
    """own, cross and rest: products of the columns of all terms and of the `last` ones (rows, p + 1)."""
    first, *others = ready
    levels, width = first.shape.levels, first.shape.width
    m = sum(one.shape.effects for one in others) + last.shape[1]
    own, cross, rest = np.empty((levels, width, width)), np.empty((levels, width, m)), np.empty((m, m))
    for i in range(width):
        for j in range(width):
            own[:, i, j] = np.bincount(first.group, first.columns[:, i] * first.columns[:, j], minlength=levels)
    at = 0
    for number, one in enumerate(others):
        stop = at + one.shape.effects
        cross[:, :, at:stop] = _between(first, one).reshape(levels, width, -1)
        beside = at
        for other in others[number:]:
            end = beside + other.shape.effects
            rest[at:stop, beside:end] = _between(one, other).reshape(one.shape.effects, -1)
            rest[beside:end, at:stop] = rest[at:stop, beside:end].T
            beside = end
        rest[at:stop, beside:] = _beside(one, last).reshape(one.shape.effects, -1)
        rest[beside:, at:stop] = rest[at:stop, beside:].T
        at = stop
    cross[:, :, at:] = _beside(first, last)
    rest[at:, at:] = last.T @ last
    return own, cross, rest


def _between(one: Ready, other: Ready) -> Floats:
    """Products of two terms (levels, width, levels, width)."""
    a, b = one.shape, other.shape
    found = np.empty((a.levels, a.width, b.levels, b.width))
    where = one.group * b.levels + other.group
    for i in range(a.width):
        for j in range(b.width):
            weights = one.columns[:, i] * other.columns[:, j]
            found[:, i, :, j] = np.bincount(where, weights, minlength=a.levels * b.levels).reshape(a.levels, b.levels)
    return found


def _beside(one: Ready, last: Floats) -> Floats:
    """Products of a term with other columns (levels, width, columns)."""
    found = np.empty((one.shape.levels, one.shape.width, last.shape[1]))
    for i in range(one.shape.width):
        for c in range(last.shape[1]):
            found[:, i, c] = np.bincount(one.group, one.columns[:, i] * last[:, c], minlength=one.shape.levels)
    return found
