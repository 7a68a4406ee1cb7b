"""From a formula and a table to the matrix of a regression: which coefficients are asked for, and what multiplies each.

`yi ~ 1` (the mean), `yi ~ year + C(group)`, `a:b` (product), `a*b` (both and the product), `(a + b)^2`, `a/b`, `-1` or
`+ 0` (no intercept), `I(x^2)`, `log(x)`, `sqrt(x)`, `center(x)` and `scale(x)` (by the rows used). Names with spaces
stand in backticks. Columns of text are factors by themselves; `C(x)` makes numbers one. Factors are coded by treatment:
each level against the first in sorted order (numbers as numbers, text by code point), or against `C(x, "level")`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.designs import Design, learn, usable
from whatworks.stats.formula_grammar import parse

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Table = Mapping[str, Sequence[Any]]
ALIKE = (
    1e-7  # a column whose part outside the others is smaller than this share of it adds nothing that can be computed
)


class TermColumns(NamedTuple):
    """A term of the formula (the intercept is none) and the columns of the matrix that belong to it."""

    label: str
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ModelMatrix:
    """What a formula asks of a table. x: (rows kept, coefficients); names: of the coefficients, "intercept" first.

    response: the column before the ~, "" where there is none. terms: in the order of the columns. kept: (rows of the
    table,), False where a column used has no value. design: what was learnt (levels, centres), to code new rows alike.
    """

    formula: str
    response: str
    names: tuple[str, ...]
    x: Floats
    terms: tuple[TermColumns, ...]
    kept: Bools
    design: Design

    @property
    def intercept(self) -> bool:
        """Whether the first column is the intercept."""
        return self.names[:1] == ("intercept",)

    @property
    def left_out(self) -> str:
        """The rows left out as a sentence, counted from 1; empty where none is."""
        gone = (np.flatnonzero(~self.kept) + 1).tolist()
        if not gone:
            return ""
        which = ", ".join(map(str, gone[:10])) + (" and more" if len(gone) > 10 else "")
        return f"{len(gone)} of {self.kept.size} rows lack a value that the model needs and are left out: row {which}."

    def rows(self, table: Table) -> Floats:
        """New rows coded alike, (rows, coefficients); InputError for an unknown level or a missing value."""
        return self.design.matrix(table)


def model_matrix(formula: str, table: Table, needed: Sequence[str] = ()) -> ModelMatrix:
    """The matrix of a formula over a table (columns by name, of equal length; numbers or text; None, NaN, "" missing).

    needed: further columns, such as that of variances, without whose value a row is left out. InputError: what cannot
    be read, a column or level that is not there, a function outside its range, columns made of one another.
    """
    read = parse(formula)
    wanted = dict.fromkeys((*([read.response] if read.response else []), *read.columns, *needed))
    kept = usable(table, tuple(wanted))
    design = learn(read, table, kept)
    x = design.matrix(table, kept)
    check_columns(x, design.names)
    terms = tuple(TermColumns(label, columns) for label, columns in design.terms)
    return ModelMatrix(read.text, read.response or "", design.names, x, terms, kept, design)


def check_columns(x: Floats, names: Sequence[str]) -> None:
    """InputError when the columns (rows, coefficients) are too many for the rows, empty, or made of one another."""
    rows, wide = x.shape
    if wide == 0:
        raise InputError(said("The formula leaves no coefficient; write yi ~ 1 for the mean alone."))
    if wide > rows:
        raise InputError(
            said(
                "The formula asks for %(wide)s coefficients of %(rows)s rows; use fewer moderators.",
                wide=wide,
                rows=rows,
            )
        )
    length = np.sqrt(np.einsum("ij,ij->j", x, x))
    if not length.all():
        raise InputError(
            said(
                "%(names)s is 0 in every row, so it can have no coefficient; leave it out.",
                names=names[int(length.argmin())],
            )
        )
    unit = x / length
    apart = abs(np.diag(np.linalg.qr(unit, mode="r")))
    if (apart > ALIKE).all():
        return
    first = int(np.argmax(apart <= ALIKE))
    shares = np.linalg.lstsq(unit[:, :first], unit[:, first], rcond=None)[0]
    made_of = ", ".join(name for name, share in zip(names, shares, strict=False) if abs(share) > ALIKE)
    raise InputError(
        said(
            "%(names)s is made of %(made_of)s (collinear), so their coefficients cannot be told apart; leave one out.",
            names=names[first],
            made_of=made_of,
        )
    )
