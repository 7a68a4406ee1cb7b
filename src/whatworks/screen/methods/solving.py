"""Solving: the line that lies closest to 1 on relevant rows and to -1 on the others, mistakes on the rare kind dearer.

Ridge regression on signs: the w that minimises |w|^2 / 2 + sum of c * (1 - y * w.x)^2, y the row's sign and c what a
mistake on it costs (a least-squares support vector machine; Suykens & Vandewalle 1999, doi 10.1023/A:1018628609742).
At the small costs that suit a few decisions no row lies beyond its side, and then the line is that of the usual support
vector machine with squared losses. There is one answer, whatever the start: an order can be rebuilt from its decisions.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]

TOLERANCE = 1e-4  # of the residual, relative: the order is then that of the exact answer but for near ties
STEPS = 100  # of conjugate gradients at most; from the last answer about five are enough


def separate(rows: sparse.csr_matrix, signs: Floats, costs: Floats, alone: Floats, start: Floats) -> Floats:
    """The duals: how hard each row (of m x p) pulls the line, which is rows' * duals and a constant.

    With K = rows * rows' + 1 + diag(alone), they solve (K + diag(1 / 2c)) * duals = signs. The 1 lets the line pass
    beside zero; `alone` is each row's squared length in columns that are left out. `start` are duals to begin from.
    """
    ridge = 1 / (2 * costs) + alone
    across = rows.T
    # Scaled to a diagonal of about one: the costs of the two kinds differ a hundredfold.
    scale: Floats = (1 / np.sqrt(2 + ridge)).astype(np.float32)

    def times(vector: Floats) -> Floats:
        pulled = scale * vector
        out: Floats = scale * (rows @ (across @ pulled) + pulled.sum() + ridge * pulled)
        return out

    return scale * conjugate_gradients(times, scale * signs, start / scale)


def conjugate_gradients(times: Callable[[Floats], Floats], wanted: Floats, start: Floats) -> Floats:
    """The x for which times(x) = wanted, where `times` is symmetric and positive (Hestenes & Stiefel 1952)."""
    x = start
    rest = wanted - times(x)
    way = rest
    left = float(rest @ rest)
    enough = TOLERANCE**2 * float(wanted @ wanted)
    for _ in range(STEPS):
        if left <= enough:
            break
        moved = times(way)
        length = left / float(way @ moved)
        x = x + np.float32(length) * way
        rest = rest - np.float32(length) * moved
        before, left = left, float(rest @ rest)
        way = rest + np.float32(left / before) * way
    return x
