"""Random terms as a design writes them: a column whose levels differ, or a bracket as lme4 has it.

`authority` is short for `(1 | authority)`. `(1 + time | school)` lets schools differ in level and in slope, correlated; `||` without
correlation; `(0 + time | school)` in slope alone; `(1 | school:class)` takes levels of both columns together, `(1 | school/class)` is
`(1 | school)` and that. A slope may be of a column, of what a formula makes of one, or of the arm, which is then 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.designs import is_missing, learn
from whatworks.stats.formula_grammar import Formula, parse

Floats = NDArray[np.float64]
Labels = NDArray[np.str_]
Bools = NDArray[np.bool_]
Table = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Several columns of a model's matrix under one name: `values` (rows, columns) and what each is called."""

    names: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, slots=True)
class Term:
    """`group`: the columns whose levels it is of; `slopes`: a formula of what varies besides, or None; `related`: whether correlated."""

    group: tuple[str, ...]
    intercept: bool = True
    slopes: Formula | None = None
    related: bool = True

    @property
    def name(self) -> str:
        """The group as it is written."""
        return ":".join(self.group)

    def labels(self, by_column: Mapping[str, Labels]) -> Labels:
        """A label for each row; empty where a column has none."""
        first, *others = (by_column[one] for one in self.group)
        found = first.astype(object)
        for one in others:
            found = np.where((found == "") | (one == ""), "", found + "\x1f" + one.astype(object))
        return found.astype(str)


@dataclass(frozen=True, slots=True, eq=False)
class Varying:
    """A random term with slopes, in the rows of an analysis: `labels` (rows,), `slopes` (rows, k)."""

    group: tuple[str, ...]
    labels: Labels
    intercept: bool
    slopes: Column
    related: bool

    @property
    def name(self) -> str:
        """The group as it is written."""
        return ":".join(self.group)

    @property
    def columns(self) -> Floats:
        """What varies (rows, columns), with ones where the level does."""
        ones = [np.ones((len(self.labels), 1))] if self.intercept else []
        return np.hstack([*ones, self.slopes.values])

    @property
    def model(self) -> str:
        """The term in a few signs."""
        inside = " + ".join(("1" if self.intercept else "0", *self.slopes.names))
        return f"({inside} {'|' if self.related else '||'} {self.name})"


def read(asked: Sequence[str]) -> list[Term]:
    """The terms of `[analysis] random`. Raises InputError for a bracket that cannot be read, or a group that is there twice."""
    found = [term for text in asked for term in _terms(text.strip())]
    names = [(one.group, one.intercept) for one in found]
    if len(set(names)) < len(names):
        raise InputError(said("[analysis] random names a group twice; write one bracket for each."))
    return found


def _terms(text: str) -> list[Term]:
    if not text.startswith("("):
        return [Term((text,))]
    inside, bar, group = text.removeprefix("(").removesuffix(")").partition("|")
    if not bar or not text.endswith(")") or not group.strip(" |"):
        raise InputError(said("[analysis] random has “%(text)s”; write a column, or (1 + time | school).", text=text))
    related, columns = not group.startswith("|"), group.removeprefix("|").strip()
    formula = parse(f"~ {inside.strip()}")
    slopes = formula if formula.terms else None
    if slopes is None and not formula.intercept:
        raise InputError(said("[analysis] random has “%(text)s”, in which nothing varies.", text=text))
    places = [one.strip() for one in columns.split("/")]
    groups = [tuple(one.strip() for part in places[: n + 1] for one in part.split(":")) for n in range(len(places))]
    return [Term(one, formula.intercept, slopes, related) for one in groups]


def groups_of(terms: Sequence[Term]) -> tuple[str, ...]:
    """The columns of the groups."""
    return tuple(dict.fromkeys(name for one in terms for name in one.group))


def complete(terms: Sequence[Term], table: Table) -> Bools:
    """Which rows have a value in every column of a slope."""
    found = np.ones(len(next(iter(table.values()))), bool)
    for term in terms:
        for name in term.slopes.columns if term.slopes else ():
            if name not in table:
                raise InputError(
                    said(
                        "The data have no column “%(name)s”; their columns are %(all)s.",
                        name=name,
                        all=", ".join(table),
                    )
                )
            found &= np.array([not is_missing(cell) for cell in table[name]])
    return found


def varied(terms: Sequence[Term], table: Table, labels: Mapping[str, Labels], kept: Bools) -> tuple[Varying, ...]:
    """The terms with slopes in the rows that are kept."""
    found = []
    for term in terms:
        if term.slopes is None or not kept.any():
            continue
        coded = learn(term.slopes, table, kept)
        first = int(term.slopes.intercept)
        values = coded.matrix(table, kept)[:, first:]
        names = tuple(coded.names[first:])
        found.append(
            Varying(term.group, term.labels(labels)[kept], term.intercept, Column(names, values), term.related)
        )
    return tuple(found)
