"""Relations as linear equations in whole numbers, and the programs that an attacker solves over them.

matrix @ counts == 0, one row for a relation: 1 at each part, -1 at the total. HiGHS (by scipy.optimize.milp) solves the
linear program; where its corner is not in whole numbers, the integer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_matrix
from scipy.sparse.csgraph import connected_components

from whatworks.stats.disclosure.relations import Key, Relation, in_order

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
NODES = 2_000  # of a search in whole numbers; a limit by the clock would give other answers on another day


@dataclass(frozen=True, slots=True)
class Equations:
    """Cells in order, and the matrix (relations, cells) that makes 0 of their counts, stored by cell and by relation."""

    keys: list[Key]
    index: dict[Key, int]
    matrix: Any
    by_relation: Any

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.keys)

    def components(self, among: Flags) -> list[Whole]:
        """The cells of `among` in sets that share no relation, each in order."""
        chosen = np.flatnonzero(among)
        if not chosen.size:
            return []
        part = abs(self.matrix[:, chosen])
        count, labels = connected_components((part.T @ part).tocsr(), directed=False)
        order = np.argsort(labels, kind="stable")
        ends = np.searchsorted(labels[order], np.arange(1, count))
        return sorted(np.split(chosen[order], ends), key=lambda cells: int(cells[0]))

    def part(self, cells: Whole) -> Equations:
        """The equations of cells that share none with the others."""
        rows = self.touching(cells)
        matrix = self.matrix[rows][:, cells].tocsc()
        keys = [self.keys[at] for at in cells.tolist()]
        return Equations(keys, {key: at for at, key in enumerate(keys)}, matrix, matrix.tocsr())

    def alike(self, one: int, other: int) -> bool:
        """Whether two cells are parts, or totals, of the same relations."""
        first, second = (slice(*self.matrix.indptr[at : at + 2].tolist()) for at in (one, other))
        same = np.array_equal(self.matrix.indices[first], self.matrix.indices[second])
        return same and np.array_equal(self.matrix.data[first], self.matrix.data[second])

    def rows_of(self, cell: int) -> Whole:
        """The relations that hold a cell."""
        held: Whole = self.matrix.indices[self.matrix.indptr[cell] : self.matrix.indptr[cell + 1]]
        return held

    def touching(self, cells: Whole) -> Whole:
        """The relations that hold any of the cells."""
        return np.unique(self.matrix[:, cells].indices).astype(np.int64)

    def in_relations(self, rows: Whole) -> Whole:
        """The cells that any of the relations holds."""
        return np.unique(self.by_relation[rows].indices).astype(np.int64)


def equations(relations: Iterable[Relation], keys: Iterable[Key]) -> Equations:
    """Relations (each once) and cells as equations; the order in which they come makes no difference."""
    held = list(dict.fromkeys(relations))
    names = in_order([*keys, *(key for one in held for key in (one.total, *one.parts))])
    index = {key: place for place, key in enumerate(names)}
    lines = sorted({(index[one.total], tuple(sorted(index[part] for part in one.parts))) for one in held})
    rows = [row for row, (_, parts) in enumerate(lines) for _ in range(len(parts) + 1)]
    columns = [cell for total, parts in lines for cell in (total, *parts)]
    signs = [sign for _, parts in lines for sign in (-1.0, *[1.0] * len(parts))]
    matrix = csc_matrix((signs, (rows, columns)), shape=(len(lines), len(names)))
    return Equations(names, index, matrix, matrix.tocsr())


def solve(cost: Floats, matrix: Any, right: Floats, low: Floats, high: Floats) -> Whole | None:
    """The cheapest whole numbers within bounds with matrix @ answer == right, or None where there are none.

    cost, low, high: (cells,), the bounds whole or infinite; right: (relations,). An answer without an end is None too.
    """
    corner = _program(cost, matrix, right, low, high, whole=False)
    if corner is None:
        return None
    found = _checked(corner, matrix, right, low, high)
    if found is None:
        inner = _program(cost, matrix, right, low, high, whole=True)
        found = None if inner is None else _checked(inner, matrix, right, low, high)
    return found


def _program(cost: Floats, matrix: Any, right: Floats, low: Floats, high: Floats, *, whole: bool) -> Floats | None:
    """What HiGHS answers, or None."""
    held = [LinearConstraint(matrix, right, right)] if matrix.shape[0] else []
    kind = np.full(cost.size, int(whole))
    answer = milp(cost, integrality=kind, bounds=Bounds(low, high), constraints=held, options={"node_limit": NODES})
    return None if answer.x is None else np.asarray(answer.x, dtype=np.float64)


def _checked(found: Floats, matrix: Any, right: Floats, low: Floats, high: Floats) -> Whole | None:
    """The answer in whole numbers, if it is one: solvers are right to a millionth, a disclosure is about one child."""
    near = np.rint(found)
    if not np.allclose(found, near, rtol=0.0, atol=1e-5) or np.any(near < low) or np.any(near > high):
        return None
    return near.astype(np.int64) if np.array_equal(matrix @ near, right) else None


def farthest(sign: int, cell: int, matrix: Any, right: Floats, low: Floats, high: Floats) -> int | None:
    """The least (sign 1) or greatest (-1) whole number that a cell can be, or None where it has no end.

    Raises ValueError where no whole numbers fit at all.
    """
    cost = np.zeros(low.size)
    cost[cell] = float(sign)
    found = solve(cost, matrix, right, low, high)
    if found is not None:
        return int(found[cell])
    if solve(np.zeros(low.size), matrix, right, low, high) is None:
        raise ValueError("no whole numbers fit")
    return None
