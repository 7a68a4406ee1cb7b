"""A formula that has met a table: the levels of its factors and the centres of its columns, ready to code any rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.formula_grammar import (
    Call,
    Column,
    Expression,
    Factor,
    Formula,
    Number,
    Operation,
    Piece,
    columns_of,
    label_of,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Table = Mapping[str, Sequence[Any]]
MISSING = frozenset(("", "NA", "NaN", "nan", "null", "None"))  # what spreadsheets, R and Python write for no value
MANY_LEVELS = 200
ELEMENTWISE = {
    "I": np.positive,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
SIGNS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}


@dataclass(frozen=True, slots=True)
class Levels:
    """A factor's levels in order, the reference first."""

    label: str
    column: str
    levels: tuple[str, ...]

    def codes(self, cells: Sequence[Any]) -> NDArray[np.intp]:
        """Which level each cell is; InputError for one that is none of them."""
        place = {level: index for index, level in enumerate(self.levels)}
        found = [place.get(as_level(cell), -1) for cell in cells]
        if -1 in found:
            row = found.index(-1)
            raise InputError(
                said(
                    "Row %(row)s of %(column)s is %(as_level)r, which is not among the levels that the model has "
                    "seen (%(levels)s).",
                    row=row + 1,
                    column=self.column,
                    as_level=as_level(cells[row]),
                    levels=", ".join(self.levels),
                )
            )
        return np.array(found, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Design:
    """How rows become numbers. factors: by label; learnt: the centre and the divisor of each centred expression.

    names: of the columns; terms: (label, its columns), the intercept left out; coding: per term, whether each of its
    factors has a column for every level (True) or for every level but the reference.
    """

    formula: Formula
    factors: Mapping[str, Levels]
    learnt: Mapping[str, tuple[float, float]]
    names: tuple[str, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    coding: tuple[Mapping[str, bool], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that rows need."""
        return self.formula.columns

    def matrix(self, table: Table, kept: Bools | None = None) -> Floats:
        """The rows of a table (those kept) as numbers, (rows, coefficients)."""
        cells = _cells(table, self.columns, kept)
        height = _height(table, cells) if kept is None else int(kept.sum())
        parts = [np.ones((height, 1))] if self.formula.intercept else []
        pieces = {label_of(piece): self._columns(piece, cells) for term in self.formula.terms for piece in term}
        for term, coding in zip(self.formula.terms, self.coding, strict=True):
            part = np.ones((height, 1))
            for piece in term:
                label = label_of(piece)
                columns = pieces[label] if coding.get(label, True) else pieces[label][:, 1:]
                # the first piece varies fastest, as in R
                part = (columns[:, None, :] * part[:, :, None]).transpose(0, 2, 1).reshape(height, -1)
            parts.append(part)
        return np.hstack(parts) if parts else np.empty((height, 0))

    def _columns(self, piece: Piece, cells: Mapping[str, Sequence[Any]]) -> Floats:
        """A piece as columns: one for a number, one for each level of a factor."""
        label = label_of(piece)
        if label in self.factors:
            levels = self.factors[label]
            return np.eye(len(levels.levels))[levels.codes(cells[levels.column])]
        assert not isinstance(piece, Factor)
        return _evaluate(piece, cells, self.learnt, label)[:, None]


def usable(table: Table, columns: Sequence[str]) -> Bools:
    """Which rows have a value in every one of these columns; InputError when a column is not there, or no row is left."""
    cells = _cells(table, columns, None)
    height = _height(table, cells)
    kept = np.ones(height, dtype=bool)
    for values in cells.values():
        kept &= np.fromiter((not is_missing(value) for value in values), bool, height)
    if not kept.any():
        raise InputError(
            said("No row has a value in each of %(columns)s; fill in what is missing.", columns=", ".join(columns))
        )
    return kept


def is_missing(value: Any) -> bool:
    """Whether a cell holds no value: None, NaN, or text that stands for nothing."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip() in MISSING
    try:
        return isnan(value)
    except TypeError:
        return type(value).__name__ in ("NAType", "NaTType")


def as_level(cell: Any) -> str:
    """A cell as the name of a level: whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell))
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return str(cell)
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)


def as_numbers(cells: Sequence[Any]) -> Floats | None:
    """Cells as numbers (NaN where missing), None when one of them is text that is no number."""
    try:
        return np.array([np.nan if is_missing(cell) else float(cell) for cell in cells])
    except (TypeError, ValueError):
        return None


def learn(formula: Formula, table: Table, kept: Bools) -> Design:
    """The design of a formula over the rows kept: levels, centres, names and coding."""
    cells = _cells(table, formula.columns, kept)
    factors: dict[str, Levels] = {}
    learnt: dict[str, tuple[float, float]] = {}
    for piece in dict.fromkeys(piece for term in formula.terms for piece in term):
        column = next(columns_of(piece), None)
        if column is None:
            raise InputError(
                said("%(label_of)s is the same in every row; name a column in it.", label_of=label_of(piece))
            )
        if isinstance(piece, Factor) or (isinstance(piece, Column) and as_numbers(cells[column]) is None):
            reference = piece.reference if isinstance(piece, Factor) else None
            factors[label_of(piece)] = _levels(label_of(piece), column, cells[column], reference)
        else:
            _learn_centres(piece, cells, learnt)
    coding = tuple(_coding(formula, factors))
    names, terms = _names(formula, factors, coding)
    return Design(formula, factors, learnt, names, terms, coding)


def column_names(table: Any) -> list[str]:
    """The names of a table's columns: a mapping's keys, or what a data frame calls its columns."""
    return [str(name) for name in (table.keys() if hasattr(table, "keys") else table.columns)]


def _cells(table: Table, columns: Sequence[str], kept: Bools | None) -> dict[str, Sequence[Any]]:
    found: dict[str, Sequence[Any]] = {}
    have = column_names(table)
    for name in columns:
        if name not in have:
            raise InputError(
                said("The table has no column %(name)r; its columns are %(have)s.", name=name, have=", ".join(have))
            )
        cells = list(table[name])
        if kept is None:
            found[name] = cells
            continue
        if len(cells) != kept.size:
            raise InputError(
                said(
                    "The column %(name)r has %(count)s rows where others have %(size)s.",
                    name=name,
                    count=len(cells),
                    size=kept.size,
                )
            )
        found[name] = [cell for cell, used in zip(cells, kept, strict=True) if used]
    return found


def _height(table: Table, cells: Mapping[str, Sequence[Any]]) -> int:
    """The number of rows; columns must agree in it."""
    first = column_names(table)[:1]
    lengths = {name: len(values) for name, values in cells.items()} or {name: len(list(table[name])) for name in first}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError(said("The columns are not of one length (%(told)s); give each the same rows.", told=told))
    return next(iter(lengths.values()), 0)


def _levels(label: str, column: str, cells: Sequence[Any], reference: str | None) -> Levels:
    """The levels in sorted order (numbers as numbers, text by code point), the reference moved to the front."""
    names = list(dict.fromkeys(map(as_level, cells)))
    as_values = as_numbers(names)
    order = sorted(names) if as_values is None else [names[i] for i in np.argsort(as_values, kind="stable")]
    if len(order) < 2:
        raise InputError(
            said(
                "%(column)s has only one level (%(order)s) in the rows used; leave it out of the formula.",
                column=column,
                order=", ".join(order),
            )
        )
    if len(order) > MANY_LEVELS:
        raise InputError(
            said(
                "%(column)s has %(count)s levels; a factor of more than %(many_levels)s is no moderator.",
                column=column,
                count=len(order),
                many_levels=MANY_LEVELS,
            )
        )
    if reference is not None:
        if reference not in order:
            raise InputError(
                said(
                    "%(column)s has no level %(reference)r; its levels are %(order)s.",
                    column=column,
                    reference=reference,
                    order=", ".join(order),
                )
            )
        order = [reference, *(name for name in order if name != reference)]
    return Levels(label, column, tuple(order))


def _coding(formula: Formula, factors: Mapping[str, Levels]) -> Iterator[Mapping[str, bool]]:
    """For each term, which of its factors show every level: those without which the term is not in the formula.

    A formula without an intercept shows every level of the first factor met. Source: Chambers and Hastie (1992),
    Statistical Models in S, section 2.4.1.
    """
    there = {frozenset(term) for term in formula.terms} | {frozenset[Piece]()}
    waiting = not formula.intercept
    for term in formula.terms:
        coding = {}
        for piece in term:
            if (label := label_of(piece)) in factors:
                coding[label] = waiting or frozenset(term) - {piece} not in there
                waiting = False
        yield coding


def _names(
    formula: Formula, factors: Mapping[str, Levels], coding: Sequence[Mapping[str, bool]]
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    names, terms = ["intercept"] if formula.intercept else [], []
    for term, coded in zip(formula.terms, coding, strict=True):
        parts = [""]
        for piece in term:
            shown = _shown(label_of(piece), factors, coded)
            parts = [f"{before}:{one}" if before else one for one in shown for before in parts]
        terms.append((":".join(map(label_of, term)), tuple(range(len(names), len(names) + len(parts)))))
        names += parts
    return tuple(names), tuple(terms)


def _shown(label: str, factors: Mapping[str, Levels], coded: Mapping[str, bool]) -> list[str]:
    if label not in factors:
        return [label]
    levels = factors[label].levels
    return [f"{label}[{level}]" for level in (levels if coded[label] else levels[1:])]


def _learn_centres(
    piece: Expression, cells: Mapping[str, Sequence[Any]], learnt: dict[str, tuple[float, float]]
) -> None:
    """Remember the mean and the standard deviation of what stands inside center( ) and scale( ), inner ones first."""
    if isinstance(piece, Operation):
        _learn_centres(piece.left, cells, learnt)
        _learn_centres(piece.right, cells, learnt)
    if not isinstance(piece, Call):
        return
    _learn_centres(piece.inner, cells, learnt)
    if piece.function not in ("center", "scale"):
        return
    inside = _evaluate(piece.inner, cells, learnt, piece.label)
    spread = float(inside.std(ddof=1)) if piece.function == "scale" and inside.size > 1 else 1.0
    if spread == 0:
        raise InputError(
            said("%(label)s divides by a spread of 0, as all rows are alike; leave it out.", label=piece.label)
        )
    learnt[piece.label] = (float(inside.mean()), spread)


def _evaluate(
    piece: Expression, cells: Mapping[str, Sequence[Any]], learnt: Mapping[str, tuple[float, float]], label: str
) -> Floats:
    """An expression over the rows; InputError names the row where it has no value."""
    with np.errstate(all="ignore"):
        found = np.asarray(_value(piece, cells, learnt), dtype=float)
    if not np.isfinite(found).all():
        row = int(np.argmin(np.isfinite(found)))
        told = ", ".join(f"{name} = {cells[name][row]}" for name in dict.fromkeys(columns_of(piece)))
        raise InputError(
            said(
                "%(label)s has no value where %(told)s; leave out such rows or use another form.",
                label=label,
                told=told,
            )
        )
    return found


def _value(
    piece: Expression, cells: Mapping[str, Sequence[Any]], learnt: Mapping[str, tuple[float, float]]
) -> Floats | float:
    match piece:
        case Number(value):
            return value
        case Column(name):
            return _numeric(name, cells[name])
        case Operation(sign, left, right):
            answer: Floats = SIGNS[sign](_value(left, cells, learnt), _value(right, cells, learnt))
            return answer
        case Call(function, inner, label):
            inside = _value(inner, cells, learnt)
            if function in ELEMENTWISE:
                changed: Floats = ELEMENTWISE[function](inside)
                return changed
            centre, spread = learnt[label]
            return (inside - centre) / spread
    raise TypeError(piece)


def _numeric(name: str, cells: Sequence[Any]) -> Floats:
    found = as_numbers(cells)
    if found is None or not np.isfinite(found).all():
        bad = next((cell for cell in cells if (one := as_numbers([cell])) is None or not isfinite(one[0])), None)
        raise InputError(
            said(
                "%(name)s holds %(bad)r, which is not a number; write C(%(name)s) to take it as categories.",
                name=name,
                bad=bad,
            )
        )
    return found
