"""Effects as they are given: arrays or the columns of a table, checked, with the first impossible row named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.synthesise.methods.weighing import Floats

HUGE = 1e60  # squares of squares of larger numbers overflow
APART = 1e12  # beyond this ratio of variances the sums lose the smaller weights altogether


def column(table: Any, name: str) -> list[Any]:
    """One column of a table as a list: a dict of columns, or a data frame that gives a column by its name."""
    try:
        return list(table[name])
    except (KeyError, TypeError, IndexError, ValueError):
        pass
    except Exception as error:  # a data frame library has errors of its own, which name no common base
        if type(error).__name__ != "ColumnNotFoundError":
            raise
    held = getattr(table, "columns", table)
    known = ", ".join(map(str, held)) if isinstance(held, Iterable) else "unknown"
    raise InputError(f"The table has no column {name!r}; its columns are {known}.") from None


def one_each(given: Sequence[Any] | str | None, table: Any, k: int, what: str) -> tuple[str, ...] | None:
    """Words of which there is one for each effect: as given, or the column of that name; None where there are none."""
    if given is None:
        return None
    if isinstance(given, str):
        if table is None:
            raise InputError(f"The {what} of {k} effects need one word each, or a table and the name of its column.")
        given = column(table, given)
    found = tuple(str(one) for one in given)
    if len(found) != k:
        raise InputError(f"There must be one of the {what} for each effect, not {len(found)} for {k}.")
    return found


def check_effects(yi: ArrayLike, vi: ArrayLike) -> tuple[Floats, Floats]:
    """Effects and variances as arrays of k numbers; InputError says which row is missing, infinite or impossible."""
    try:
        y, v = (np.atleast_1d(np.array(given, dtype=float)) for given in (yi, vi))
    except (TypeError, ValueError):
        raise InputError("Effects and variances must be numbers; leave out rows where one is missing.") from None
    if y.ndim != 1 or y.shape != v.shape:
        raise InputError(f"There must be one variance for each effect, not {v.size} for {y.size}.")
    if not y.size:
        raise InputError("There are no effects to pool; give at least one.")
    least, most = v.min(), v.max()
    if not (least > 1 / HUGE and most < min(HUGE, APART * least) and abs(y).max() < HUGE):  # also where one is missing
        _refuse(y, v)
    y.flags.writeable = v.flags.writeable = False  # a result keeps them
    return y, v


def _refuse(y: Floats, v: Floats) -> None:
    """Say which row cannot be pooled."""
    for row, (one, its) in enumerate(zip(y.tolist(), v.tolist(), strict=True), start=1):
        if not isfinite(one):
            raise InputError(f"The effect in row {row} is missing or infinite; give a number or leave the row out.")
        if not isfinite(its):
            raise InputError(f"The variance in row {row} is missing or infinite; give a number or leave the row out.")
        if its <= 0:
            raise InputError(
                f"The variance in row {row} is {its:g}; it must be above 0: compute it from the study's numbers, or "
                "leave the row out."
            )
        if max(abs(one), its, 1 / its) >= HUGE:
            raise InputError(f"The numbers in row {row} are beyond what can be computed; check their units.")
    least, most = int(v.argmin()), int(v.argmax())
    if v[most] >= APART * v[least]:
        raise InputError(
            f"The variance in row {least + 1} is a trillionth of that in row {most + 1}, so only one study would count; "
            "check both."
        )
