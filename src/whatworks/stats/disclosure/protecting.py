"""Lookalikes: other whole tables that a reader cannot tell from the true one, and the fewest cells to withhold for them.

A withheld count is protected once enough lookalikes give it different values. One program asks for the cheapest change of
the true table that moves the count: changing what is withheld is free, changing what is shown costs, and whatever shown
cell it changes is withheld. A change that costs nothing is the attacker's own lookalike, so audit and choice are one step.

Source: one sensitive cell after another by linear programs as in Kelly, Golden and Assad (1992), Networks 22(4), 397-417,
and the heuristic of Fischetti and Salazar (2001), Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

import numpy as np

from whatworks.stats.disclosure.equations import Whole
from whatworks.stats.disclosure.programs import UNTOLD, Program, Stage, moved, program
from whatworks.stats.disclosure.search import Search
from whatworks.stats.disclosure.view import ANY, COMPLEMENT, SHOWN, UNSAID


def protect(search: Search, cell: int) -> bool:
    """Withhold what it takes to leave enough values possible for a cell. Whether that could be done."""
    seen = search.seen.setdefault(cell, {int(search.cells.count[cell])})
    while len(seen) < search.policy.protection:
        if not (_swap(search, cell) or any(_widen(search, cell, stage) for stage in Stage)):
            return False
    return True


def _swap(search: Search, cell: int) -> bool:
    """A lookalike by eye: some children of a withheld cell are in another one instead that is part of the same sums."""
    system = search.cells.equations
    rows = system.rows_of(cell)
    if not rows.size:
        return False
    beside = system.in_relations(rows[:1])
    for other in beside[search.high[beside] > search.low[beside]].tolist():
        if other != cell and system.alike(cell, other) and _note_new(search, cell, other):
            return True
    return False


def _note_new(search: Search, cell: int, other: int) -> bool:
    """Keep what moving children between two cells gives. Whether a new value is among it."""
    before = len(search.seen[cell])
    pair = np.array(sorted((cell, other)), dtype=np.int64)
    _note(search, pair, np.array([1, -1], dtype=np.int64))
    return len(search.seen[cell]) > before


def _widen(search: Search, cell: int, stage: Stage) -> bool:
    """Find the cheapest lookalike that gives a cell a new value, and withhold what it changes. Whether there is one."""
    steps = program(search, cell, stage)
    if steps is None:
        return False
    up = _cheapest(search, cell, 1, steps)
    down = (
        None if up is not None and up[0] < UNTOLD else _cheapest(search, cell, -1, steps)
    )  # none is cheaper than free
    found = [answer for answer in (up, down) if answer is not None]
    if not found:
        return False
    _, changed, by = min(found, key=lambda answer: answer[0])
    _withhold_changed(search, cell, changed, by)
    _note(search, changed, by)
    return True


def _cheapest(search: Search, cell: int, sign: int, steps: Program) -> tuple[float, Whole, Whole] | None:
    """The cheapest change that gives a cell a new value on one side: its cost for each value won, the cells, by how much.

    The farthest value that is wanted comes first, since the values between are mostly won with it.
    """
    count, seen = int(search.cells.count[cell]), search.seen[cell]
    wanted = search.policy.protection - len(seen)
    new = [by for by in range(1, wanted + len(seen) + 1) if count + sign * by not in seen][:wanted]
    for by in dict.fromkeys((new[-1], new[0])):
        found = moved(steps, cell, sign * by)
        if found is not None:
            change, cost = found
            places = np.flatnonzero(change)
            return cost / (new.index(by) + 1), steps.around[places], change[places]
    return None


def _withhold_changed(search: Search, cell: int, changed: Whole, by: Whole) -> None:
    """Withhold shown cells that a lookalike changes, and keep back the reasons that would rule it out."""
    new = search.cells.count[changed] + by
    told = (new < search.low[changed]) | (new > search.high[changed])
    fresh = changed[told & (search.reasons[changed] == SHOWN)]
    search.reasons[fresh] = np.where(search.zeros[fresh], ANY, COMPLEMENT)
    search.for_whom.update(dict.fromkeys(fresh.tolist(), cell))
    if fresh.size:
        search.look()
    for reason in (UNSAID, ANY):
        ruled_out = changed[(new < search.low[changed]) | (new > search.high[changed])]
        search.reasons[ruled_out] = reason
        if ruled_out.size:
            search.look()


def _note(search: Search, changed: Whole, by: Whole) -> None:
    """Keep a lookalike, and its multiples and opposites that are lookalikes too."""
    unit = by // int(np.gcd.reduce(np.abs(by)))
    count, low, high = search.cells.count[changed], search.low[changed], search.high[changed]
    for times in range(-search.policy.protection, search.policy.protection + 1):
        new = count + times * unit
        if times and np.all((low <= new) & (new <= high)):
            search.lookalikes.append((changed, times * unit))
            for cell, true, value in zip(changed.tolist(), count.tolist(), new.tolist(), strict=True):
                search.seen.setdefault(cell, {true}).add(value)
