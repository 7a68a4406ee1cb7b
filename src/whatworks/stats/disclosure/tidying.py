"""Showing again what was withheld on the way and turned out not to be needed: enough lookalikes leave it as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from whatworks.stats.disclosure.search import Search
from whatworks.stats.disclosure.view import SHOWN, shown_bounds

Moves = dict[int, list[tuple[int, int]]]


def tidy(search: Search) -> None:
    """Show again each cell withheld for another's sake without which all are still protected; the dearest come first."""
    low, high = shown_bounds(search.cells, search.policy)
    moves, left = _moves(search), set(range(len(search.lookalikes)))
    for cell in sorted(search.for_whom, key=lambda one: (-search.weight[one], one)):
        gone = {place for place, value in moves[cell] if place in left and not low[cell] <= value <= high[cell]}
        touched = {other for place in gone for other in search.lookalikes[place][0].tolist() if other != cell}
        if all(_enough(search, other, moves, left - gone) for other in touched):
            left -= gone
            search.reasons[cell] = SHOWN
            del search.for_whom[cell], search.seen[cell]
    search.lookalikes = [one for place, one in enumerate(search.lookalikes) if place in left]
    _count_again(search, moves, left)
    search.look()


def _moves(search: Search) -> Moves:
    """By cell, the lookalikes that change it, each with the value that it gives."""
    moves: Moves = defaultdict(list)
    for place, (changed, by) in enumerate(search.lookalikes):
        for cell, value in zip(changed.tolist(), (search.cells.count[changed] + by).tolist(), strict=True):
            moves[cell].append((place, value))
    return moves


def _values(search: Search, cell: int, moves: Moves, left: set[int]) -> set[int]:
    """The values that the lookalikes left give a cell, with its true one."""
    return {int(search.cells.count[cell]), *(value for place, value in moves[cell] if place in left)}


def _enough(search: Search, cell: int, moves: Moves, left: set[int]) -> bool:
    """Whether the lookalikes left still protect a cell, if it must be."""
    if not search.must_protect(cell):
        return True
    return len(_values(search, cell, moves, left)) >= search.policy.protection


def _count_again(search: Search, moves: Moves, left: Iterable[int]) -> None:
    """Leave in `seen` what the lookalikes left prove."""
    alive = set(left)
    for cell in search.seen:
        search.seen[cell] = _values(search, cell, moves, alive)
