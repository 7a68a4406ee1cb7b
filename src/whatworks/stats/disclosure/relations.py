"""The sums that tie the cells of tables together: a total and its parts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result

Key = Hashable


@dataclass(frozen=True, slots=True)
class Relation(Result):
    """A total is the sum of its parts: authorities of a region, sexes, ages, years of a running total.

    One part says that two cells are the same number, such as one cell in two releases that was not revised. A cell that
    nobody shows may take part (what is left of a neighbours' total without one authority): give it a key of its own.
    """

    total: Key
    parts: tuple[Key, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        cells = (self.total, *self.parts)
        if len(cells) < 2 or len(set(cells)) < len(cells):
            raise InputError(
                said(
                    "The sum of %(total)r needs parts, each once and none of them itself: mend the relation.",
                    total=self.total,
                )
            )


def crossed(rows: Iterable[Relation | Key], columns: Iterable[Relation | Key]) -> tuple[Relation, ...]:
    """The relations of a table whose keys are pairs (row, column): each of the rows in each column, and the other way.

    A name by itself (a year that is part of no sum) is a row or a column without a relation of its own.
    """
    down, across = tuple(rows), tuple(columns)
    names_down, names_across = _names(down), _names(across)
    sums_down = [one for one in down if isinstance(one, Relation)]
    sums_across = [one for one in across if isinstance(one, Relation)]
    held = [Relation((one.total, n), tuple((part, n) for part in one.parts)) for one in sums_down for n in names_across]
    held += [
        Relation((n, one.total), tuple((n, part) for part in one.parts)) for one in sums_across for n in names_down
    ]
    return tuple(held)


def _names(given: Iterable[Relation | Key]) -> list[Key]:
    """The cells of relations and the names by themselves, each once."""
    cells = ((one.total, *one.parts) if isinstance(one, Relation) else (one,) for one in given)
    return list(dict.fromkeys(name for some in cells for name in some))


def in_order(keys: Iterable[Key]) -> list[Key]:
    """Keys in an order that does not hang on the order in which they come: by what they print as, then by type."""
    return sorted(set(keys), key=lambda key: (repr(key), type(key).__name__))
