"""Effects as they are given: arrays or the columns of a table, checked, with the first impossible row named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
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
    known = ", ".join(map(str, held)) if isinstance(held, Iterable) else said("unknown")
    raise InputError(
        said("The table has no column %(name)r; its columns are %(known)s.", name=name, known=known)
    ) from None


def one_each(given: Sequence[Any] | str | None, table: Any, k: int, what: str) -> tuple[str, ...] | None:
    """Words of which there is one for each effect: as given, or the column of that name; None where there are none."""
    if given is None:
        return None
    if isinstance(given, str):
        if table is None:
            raise InputError(
                said(
                    "The %(what)s of %(k)s effects need one word each, or a table and the name of its column.",
                    what=what,
                    k=k,
                )
            )
        given = column(table, given)
    found = tuple(str(one) for one in given)
    if len(found) != k:
        raise InputError(
            said(
                "There must be one of the %(what)s for each effect, not %(count)s for %(k)s.",
                what=what,
                count=len(found),
                k=k,
            )
        )
    return found


def check_effects(yi: ArrayLike, vi: ArrayLike) -> tuple[Floats, Floats]:
    """Effects and variances as arrays of k numbers; InputError says which row is missing, infinite or impossible."""
    try:
        y, v = (np.atleast_1d(np.array(given, dtype=float)) for given in (yi, vi))
    except (TypeError, ValueError):
        raise InputError(said("Effects and variances must be numbers; leave out rows where one is missing.")) from None
    if y.ndim != 1 or y.shape != v.shape:
        raise InputError(
            said("There must be one variance for each effect, not %(size)s for %(y_size)s.", size=v.size, y_size=y.size)
        )
    if not y.size:
        raise InputError(said("There are no effects to pool; give at least one."))
    least, most = v.min(), v.max()
    if not (least > 1 / HUGE and most < min(HUGE, APART * least) and abs(y).max() < HUGE):  # also where one is missing
        _refuse(y, v)
    y.flags.writeable = v.flags.writeable = False  # a result keeps them
    return y, v


def _refuse(y: Floats, v: Floats) -> None:
    """Say which row cannot be pooled."""
    for row, (one, its) in enumerate(zip(y.tolist(), v.tolist(), strict=True), start=1):
        if not isfinite(one):
            raise InputError(
                said("The effect in row %(row)s is missing or infinite; give a number or leave the row out.", row=row)
            )
        if not isfinite(its):
            raise InputError(
                said("The variance in row %(row)s is missing or infinite; give a number or leave the row out.", row=row)
            )
        if its <= 0:
            raise InputError(
                said(
                    "The variance in row %(row)s is %(its)s; it must be above 0: compute it from the study's "
                    "numbers, or leave the row out.",
                    row=row,
                    its=f"{its:g}",
                )
            )
        if max(abs(one), its, 1 / its) >= HUGE:
            raise InputError(
                said("The numbers in row %(row)s are beyond what can be computed; check their units.", row=row)
            )
    least, most = int(v.argmin()), int(v.argmax())
    if v[most] >= APART * v[least]:
        raise InputError(
            said(
                "The variance in row %(least)s is a trillionth of that in row %(most)s, so only one study would "
                "count; check both.",
                least=least + 1,
                most=most + 1,
            )
        )
