"""What a regression is given, made into numbers: arrays, or a table with a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.designs import as_numbers, column_names
from whatworks.stats.formula_grammar import parse
from whatworks.stats.model_formulas import ModelMatrix, Table, check_columns, model_matrix
from whatworks.synthesise.methods.pooling import check_effects
from whatworks.synthesise.methods.weighing import Floats

EFFECT, VARIANCE = "(effect)", "(variance)"  # names that arrays have beside a table; no column is called so


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """k studies ready to be fitted. y, v: (k,); x: (k, p), names of its columns; terms: (label, columns of x).

    rows: which rows of what was given they are, from 0; note: a sentence on rows left out; matrix: the formula met with
    its table, None where moderators came as an array; given: the arguments to make the same again.
    """

    y: Floats
    v: Floats
    x: Floats
    names: tuple[str, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    rows: tuple[int, ...]
    note: str
    matrix: ModelMatrix | None
    given: Mapping[str, Any]

    @property
    def intercept(self) -> bool:
        """Whether the first column is the intercept."""
        return bool((self.x[:, 0] == 1).all())


def read(
    yi: ArrayLike | None,
    vi: ArrayLike | None,
    x: ArrayLike | None,
    *,
    table: Table | None,
    formula: str | None,
    variance: str,
    names: Sequence[str] | None,
    intercept: bool,
) -> Data:
    """The studies to fit; InputError when what is given does not go together, or is too little."""
    if (table is None) != (formula is None):
        raise InputError(said('A formula goes with a table: give both, such as table=rows, formula="yi ~ year".'))
    if table is not None and formula is not None:
        if x is not None:
            raise InputError(said("Give moderators either as x or by a formula, not both."))
        found = _from_table(table, formula, yi, vi, variance)
    else:
        if yi is None or vi is None:
            raise InputError(said("Give effects (yi) and their variances (vi), or a table and a formula."))
        found = _from_arrays(yi, vi, x, names, intercept)
    if found.y.size <= found.x.shape[1]:
        raise InputError(
            said(
                "%(size)s studies are too few for %(shape)s coefficients: nothing would be left to judge how far "
                "effects differ; use fewer moderators, or pool.",
                size=found.y.size,
                shape=found.x.shape[1],
            )
        )
    return found


def _from_table(table: Table, formula: str, yi: ArrayLike | None, vi: ArrayLike | None, variance: str) -> Data:
    wide: dict[str, Sequence[Any]] = {name: list(table[name]) for name in column_names(table)}
    response = parse(formula).response
    if yi is not None:
        wide[EFFECT], response = list(np.atleast_1d(np.asarray(yi)).tolist()), EFFECT
    if vi is not None:
        wide[VARIANCE], variance = list(np.atleast_1d(np.asarray(vi)).tolist()), VARIANCE
    if response is None:
        raise InputError(
            said(
                "The formula %(formula)r names no effect; write yi ~ ... with the column of effects first.",
                formula=formula,
            )
        )
    matrix = model_matrix(formula, wide, needed=(response, variance))
    y, v = (_numbers(wide[name], name, matrix) for name in (response, variance))
    used = dict.fromkeys((*matrix.design.columns, *([] if yi is not None else [response])))
    given: dict[str, Any] = {"table": {name: list(wide[name]) for name in used}, "formula": formula}
    given |= {} if yi is None else {"yi": wide[EFFECT]}
    given |= {"vi": wide[variance]} if vi is not None else {"variance": variance}
    if vi is None:
        given["table"][variance] = list(wide[variance])
    y, v = check_effects(y, v)
    rows = tuple(np.flatnonzero(matrix.kept).tolist())
    terms = tuple((term.label, term.columns) for term in matrix.terms)
    return Data(y, v, matrix.x, matrix.names, terms, rows, matrix.left_out, matrix, given)


def _numbers(cells: Sequence[Any], name: str, matrix: ModelMatrix) -> Floats:
    found = as_numbers(cells)
    if found is None:
        row = next(row for row, cell in enumerate(cells, start=1) if as_numbers([cell]) is None)
        raise InputError(
            said(
                "Row %(row)s of %(name)s is %(cells)r, which is not a number; correct it or empty it.",
                row=row,
                name=name,
                cells=cells[row - 1],
            )
        )
    return found[matrix.kept]


def _from_arrays(
    yi: ArrayLike, vi: ArrayLike, x: ArrayLike | None, names: Sequence[str] | None, intercept: bool
) -> Data:
    try:
        y, v = (np.atleast_1d(np.asarray(given, dtype=float)) for given in (yi, vi))
        wide = np.empty((y.size, 0)) if x is None else np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            said("Effects, variances and moderators must be numbers; use a formula for categories.")
        ) from None
    wide = wide[:, None] if wide.ndim == 1 else wide
    if wide.ndim != 2 or len(wide) != y.size or y.shape != v.shape or y.ndim != 1:
        raise InputError(
            said(
                "There must be one variance and one row of moderators for each effect, not %(size)s and %(count)s "
                "for %(y_size)s.",
                size=v.size,
                count=len(wide),
                y_size=y.size,
            )
        )
    labels = tuple(names) if names is not None else tuple(f"x{i}" for i in range(1, wide.shape[1] + 1))
    if len(labels) != wide.shape[1]:
        told = {"names": len(labels), "columns": wide.shape[1]}
        raise InputError(
            said("There are %(names)s names for %(columns)s columns of moderators; give one for each.", **told)
        )
    given = {"yi": y.tolist(), "vi": v.tolist(), "x": wide.tolist(), "names": list(labels), "intercept": intercept}
    kept = ~(np.isnan(y) | np.isnan(v) | np.isnan(wide).any(axis=1))
    if not np.isfinite(wide[kept]).all():
        raise InputError(said("A moderator is infinite; give a number or leave its row out."))
    full, labels = (np.column_stack((np.ones(y.size), wide)), ("intercept", *labels)) if intercept else (wide, labels)
    y, v = check_effects(y[kept], v[kept])
    check_columns(full[kept], labels)
    rows = tuple(np.flatnonzero(kept).tolist())
    gone = kept.size - len(rows)
    note = f"{gone} of {kept.size} rows lack a value that the model needs and are left out." if gone else ""
    first = int(intercept)
    terms = tuple((label, (place,)) for place, label in enumerate(labels) if place >= first)
    return Data(y, v, full[kept], labels, terms, rows, note, None, given)
