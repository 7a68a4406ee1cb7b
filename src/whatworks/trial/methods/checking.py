"""What every model of a trial asks of its table, said once: as many rows everywhere, nothing missing, columns of their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said

Floats = NDArray[np.float64]


def refuse_missing(*tables: Floats) -> None:
    """InputError where a value is missing or infinite."""
    if not all(np.isfinite(one).all() for one in tables):
        raise InputError(
            said("A value is missing or not a number; leave out or fill in such rows before the model is fitted.")
        )


def refuse_dependent(design: Floats) -> None:
    """InputError where a column of a design (rows, columns) is nought everywhere or a sum of others."""
    scale = np.linalg.norm(design, axis=0)
    if not scale.all() or np.linalg.matrix_rank(design / scale) < design.shape[1]:
        raise InputError(said("A column of the design is a sum of others; leave one of them out."))


def refuse_alone(labels: NDArray[np.generic]) -> None:
    """InputError where all rows are of one cluster."""
    if len(np.unique(labels)) < 2:
        raise InputError(said("All rows are of one cluster; a model with clusters needs two or more."))
