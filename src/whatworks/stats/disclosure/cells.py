"""Every cell that takes part in a set of outputs: its count, as far as we hold it, and what everybody knows of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.disclosure.equations import Equations, Flags, Floats, Whole, equations, farthest, solve
from whatworks.stats.disclosure.policy import Policy
from whatworks.stats.disclosure.relations import Key, Relation
from whatworks.stats.disclosure.showing import whole

Known = Mapping[Key, int | tuple[int, int]]


@dataclass(slots=True)
class Cells:
    """The cells of a set of outputs, each array (cells,) in the order of `equations.keys`.

    count: the true one, or one that fits with all we hold where we do not hold it. listed: it is to be shown. held: we
    hold its true count. fixed: earlier outputs gave it. known_low, known_high: what they gave. by_publisher: withheld by
    its publisher. rounded: to what its publisher rounded it (1: not). large: of a large area. given: the number as we hold it.
    """

    equations: Equations
    count: Whole
    listed: Flags
    held: Flags
    by_publisher: Flags
    known_low: Floats
    known_high: Floats
    rounded: Whole
    large: Flags
    given: Whole

    def part(self, some: Whole) -> Cells:
        """Cells that share no relation with the others, by themselves."""
        return Cells(
            self.equations.part(some), self.count[some], self.listed[some], self.held[some], self.by_publisher[some],
            self.known_low[some], self.known_high[some], self.rounded[some], self.large[some], self.given[some],
        )  # fmt: skip

    @property
    def fixed(self) -> Flags:
        """Cells that earlier outputs gave exactly."""
        return np.asarray(self.known_low == self.known_high, dtype=np.bool_)


def assemble(
    values: Mapping[Key, int | None],
    relations: Iterable[Relation],
    known: Known | None = None,
    large: Collection[Key] = (),
    rounded: Mapping[Key, int] | None = None,
) -> Cells:
    """The cells of outputs. Raises InputError where counts are no counts, or contradict each other, naming the cell."""
    told, steps = dict(known or {}), dict(rounded or {})
    system = equations(relations, [*values, *told])
    cells = _empty(system)
    for key, value in values.items():
        _list(cells, key, value, steps.get(key, 1), key in large)
    for key, entry in told.items():
        _tell(cells, key, entry)
    cells.given = cells.count.copy()
    _complete(cells)
    return cells


def _empty(system: Equations) -> Cells:
    """Cells of which nothing is known but that they count children."""
    n = system.cells
    flags = [np.zeros(n, dtype=np.bool_) for _ in range(4)]
    return Cells(
        system, np.zeros(n, dtype=np.int64), flags[0], flags[1], flags[2], np.zeros(n), np.full(n, np.inf),
        np.ones(n, dtype=np.int64), flags[3], np.zeros(n, dtype=np.int64),
    )  # fmt: skip


def _list(cells: Cells, key: Key, value: int | None, step: int, large: bool) -> None:
    """One cell that is to be shown."""
    at = cells.equations.index[key]
    cells.listed[at], cells.large[at], cells.rounded[at] = True, large, step
    if value is None:
        cells.by_publisher[at] = True
        return
    cells.count[at] = whole(value)
    cells.held[at] = step == 1


def _tell(cells: Cells, key: Key, entry: int | tuple[int, int]) -> None:
    """What an earlier output told of one cell."""
    at = cells.equations.index[key]
    low, high = entry if isinstance(entry, tuple) else (entry, entry)
    if whole(low) > whole(high):
        raise InputError(said("What is known of %(key)r ends before it begins: give the lower count first.", key=key))
    if cells.held[at] and not low <= cells.count[at] <= high:
        raise InputError(
            said("%(key)r was shown before with another count: give a revised count a key of its own.", key=key)
        )
    cells.known_low[at], cells.known_high[at] = low, high
    if low == high and not cells.held[at]:
        cells.count[at], cells.held[at] = low, True


def limits(cells: Cells) -> tuple[Floats, Floats]:
    """Between what the count of each cell lies, by all that we hold ourselves."""
    low, high = cells.known_low.copy(), cells.known_high.copy()
    coarse = cells.rounded > 1
    half = cells.rounded // 2
    low[coarse] = np.maximum(low, cells.given - half)[coarse]
    high[coarse] = np.minimum(high, cells.given + (cells.rounded - 1) // 2)[
        coarse
    ]  # halves go up, as publishers have it
    low[cells.held] = high[cells.held] = cells.count[cells.held]
    return low, high


def _complete(cells: Cells) -> None:
    """Counts for the cells whose own we do not hold, so that every relation holds."""
    low, high = limits(cells)
    matrix = cells.equations.matrix
    free = ~cells.held
    right = -(matrix[:, cells.held] @ cells.count[cells.held].astype(np.float64))
    _check_sums(cells, right)
    for some in cells.equations.components(free):
        rows = cells.equations.touching(some)
        found = solve(np.ones(some.size), matrix[rows][:, some], right[rows], low[some], high[some])
        if found is None:
            names = cells.equations.keys
            raise InputError(
                said(
                    "No whole counts fit the sums around %(names)r: mend the counts or the relations.",
                    names=names[int(some[0])],
                )
            )
        cells.count[some] = found


def _check_sums(cells: Cells, right: Floats) -> None:
    """A relation all of whose counts we hold adds up."""
    matrix = cells.equations.matrix
    open_rows = np.zeros(matrix.shape[0], dtype=np.bool_)
    open_rows[cells.equations.touching(np.flatnonzero(~cells.held))] = True
    wrong = np.flatnonzero((right != 0) & ~open_rows)
    if wrong.size:
        row = matrix[wrong[0]].tocoo()
        total = cells.equations.keys[int(row.col[row.data < 0][0])]
        raise InputError(
            said("The parts of %(total)r do not add up to it: mend the counts, or leave the relation out.", total=total)
        )


def derived(cells: Cells, policy: Policy) -> Flags:
    """Cells that nobody shows, and of which all that we hold gives away that they are small: differences of outputs."""
    small = np.zeros(cells.equations.cells, dtype=np.bool_)
    unlisted = ~cells.listed & ~cells.held
    low, high = limits(cells)
    for some in cells.equations.components(~cells.held):
        asked = [at for at in range(some.size) if unlisted[some[at]] and policy.is_small(int(cells.count[some[at]]))]
        rows = cells.equations.touching(some) if asked else some[:0]
        part = cells.equations.matrix[rows][:, some]
        held = np.where(cells.held, cells.count, 0).astype(np.float64)
        right = -(cells.equations.matrix[rows] @ held)
        for at in asked:
            ends = [farthest(sign, at, part, right, low[some], high[some]) for sign in (1, -1)]
            small[some[at]] = _gives_away(ends, policy)
    return small


def _gives_away(ends: list[int | None], policy: Policy) -> bool:
    """Whether a cell between these ends is small for sure, and has fewer counts left than the policy asks for."""
    least, most = ends
    if least is None or most is None:
        return False
    return policy.is_small(least) and policy.is_small(most) and most - least + 1 < policy.protection
