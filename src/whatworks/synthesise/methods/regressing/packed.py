"""Many small symmetric matrices, each as its upper triangle: (m, ...) with m = p (p + 1) / 2 and the batch last.

Every step is then a few passes over long arrays, whatever p is. `wide` is p throughout.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.synthesise.methods.weighing import Floats

Places = NDArray[np.intp]


class Layout(NamedTuple):
    """Where the entries stand: rows and columns of the triangle (m,), places of the full matrix (p, p), twice (m,)."""

    rows: Places
    columns: Places
    places: Places
    twice: Floats


@lru_cache
def layout(wide: int) -> Layout:
    """The layout of a triangle p wide; twice: 2 for entries off the diagonal, which stand in the matrix twice."""
    rows, columns = np.triu_indices(wide)
    places = np.empty((wide, wide), dtype=np.intp)
    places[rows, columns] = places[columns, rows] = np.arange(rows.size)
    return Layout(rows, columns, places, np.where(rows == columns, 1.0, 2.0))


def inverted(squares: Floats, wide: int) -> tuple[Floats, Floats]:
    """The inverses of positive matrices (m, ...), and the logarithms of their determinants (...)."""
    if wide == 1:
        return 1.0 / squares, np.log(squares[0])
    if wide == 2:
        det = squares[0] * squares[2] - squares[1] * squares[1]
        inverse = np.empty_like(squares)
        np.divide(squares[::-1], det, out=inverse)
        np.negative(squares[1], out=inverse[1])
        inverse[1] /= det
        return inverse, np.log(det)
    return _gauss_jordan(squares, wide)


def _gauss_jordan(squares: Floats, wide: int) -> tuple[Floats, Floats]:
    at = layout(wide)
    left: Floats = squares[at.places]
    log_det = np.zeros(squares.shape[1:])
    for j in range(wide):
        pivot = left[j, j].copy()
        log_det += np.log(pivot)
        row, column = left[j] / pivot, left[:, j].copy()
        left -= column[:, None] * row[None]
        left[j], left[:, j] = row, -column / pivot
        left[j, j] = 1.0 / pivot
    packed: Floats = left[at.rows, at.columns]
    return packed, log_det


def trace_product(left: Floats, right: Floats, wide: int) -> Floats:
    """The trace of left times right, (...)."""
    if wide == 1:
        answer: Floats = left[0] * right[0]
        return answer
    each = left * right
    total: Floats = each.sum(axis=0)
    rows, columns, _, _ = layout(wide)
    for place in np.flatnonzero(rows != columns):
        total += each[place]
    return total


def applied(matrix: Floats, vector: Floats, wide: int) -> Floats:
    """Matrices times vectors (p, ...)."""
    if wide == 1:
        answer: Floats = matrix * vector
        return answer
    full = layout(wide).places
    found = np.empty((wide, *np.broadcast_shapes(matrix.shape[1:], vector.shape[1:])))
    for i in range(wide):
        np.multiply(matrix[full[i, 0]], vector[0], out=found[i])
        for j in range(1, wide):
            found[i] += matrix[full[i, j]] * vector[j]
    return found


def quadratic(vector: Floats, matrix: Floats, wide: int) -> Floats:
    """vector' matrix vector, (...)."""
    answer: Floats = (vector * applied(matrix, vector, wide)).sum(axis=0)
    return answer


def square_trace(left: Floats, right: Floats, wide: int) -> Floats:
    """The trace of (left times right) squared, (...)."""
    if wide == 1:
        answer: Floats = (left[0] * right[0]) ** 2
        return answer
    full = layout(wide).places
    both = np.einsum("ij...,jk...->ik...", left[full], right[full])
    total: Floats = (both * both.swapaxes(0, 1)).sum(axis=(0, 1))
    return total


def solvable(squares: Floats, wide: int, least: float) -> NDArray[np.bool_]:
    """Which matrices (m, b) have every pivot above a share of its diagonal, so that they can be inverted: (b,)."""
    left: Floats = squares[layout(wide).places]
    fine = np.ones(squares.shape[1:], dtype=bool)
    floor = [least * np.maximum(left[j, j], 1e-300) for j in range(wide)]
    for j in range(wide):
        pivot = left[j, j].copy()
        fine &= pivot > floor[j]
        left = left - left[:, j, None] * (left[None, j] / np.where(pivot > floor[j], pivot, np.inf))
    return fine
