"""Effects of a whole table at once: by a measure's code and its columns, or by a formula's name and its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.effect import Effect
from whatworks.extract.methods.effects import FORMULAE, MEASURES, columns_of, compute, measure
from whatworks.saying import said


def effects(
    what: str,
    table: Any = None,
    *,
    columns: Mapping[str, str] | None = None,
    zero: str = "only0",
    variance: str = "LS",
    **given: Any,
) -> Effect:
    """The effects of every row of a table, or of columns given by name.

    what: a measure's code (RR, SMD, ...; then the columns are metafor's: ai n1i ci n2i, m1i sd1i n1i ...) or a formula's
    name (then the columns are its inputs). table: a dict of columns or a data frame. columns: which column of the table
    holds what, where its names differ. zero and variance as in `measure`. InputError: no such measure or column.

    >>> effects("RR", ai=[61, 109], n1i=[172, 275], ci=[55, 48], n2i=[171, 167]).yi.round(4).tolist()
    [0.0977, 0.3214]
    """
    held = _columns(table) | given
    held |= {name: held[at] for name, at in (columns or {}).items() if at in held}
    if absent := [at for at in (columns or {}).values() if at not in held]:
        raise InputError(
            said(
                "The table has no column %(absent)r; its columns are %(held)s.",
                absent=absent[0],
                held=", ".join(map(str, held)),
            )
        )
    if what in MEASURES:
        columns_of(what, held)
        return measure(what, held, zero=zero, variance=variance)
    if what not in FORMULAE:
        raise InputError(
            said(
                "There is no measure or formula %(what)r; codes are %(measures)s ..., and formulae are listed in "
                "the reference.",
                what=what,
                measures=", ".join(list(MEASURES)[:8]),
            )
        )
    names = {one.name for one in FORMULAE[what].inputs}
    return compute(what, **{name: values for name, values in held.items() if name in names})


def _columns(table: Any) -> dict[str, Any]:
    """The columns of a table by name, as lists."""
    if table is None:
        return {}
    names = getattr(table, "columns", table)
    return {str(name): list(table[name]) for name in names}
