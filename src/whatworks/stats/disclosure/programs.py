"""The linear program behind a choice: the cheapest change of the true table that moves one count by so many.

Source: the attacker's programs of Fischetti and Salazar (2001), Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack

from whatworks.stats.disclosure.equations import Flags, Floats, Whole, solve
from whatworks.stats.disclosure.search import Search
from whatworks.stats.disclosure.view import ANY, COMPLEMENT, PUBLISHER, SHOWN, UNSAID, withheld_bounds

NEAR = 200
FREE = 1e-3  # what moving a withheld cell costs: a little, so that no lookalike is larger than it need be
ZERO = 20.0  # what withholding a 0 costs more than another cell
UNTOLD = 1.0  # what it costs not to tell a reason: less than withholding any other cell, which costs at least 2


@dataclass(frozen=True, slots=True)
class Program:
    """A program over steps: each changes one of `around` up or down, at a cost, up to a limit."""

    around: Whole
    matrix: Any
    cell_of: Whole
    sign: Whole
    limit: Floats
    cost: Floats


class Stage(IntEnum):
    """How far a search may go: cells near by, all cells, reasons kept back too, and zeros withheld too."""

    NEAR = 0
    EVERYWHERE = 1
    UNTOLD = 2
    ZEROS = 3


def program(search: Search, cell: int, stage: Stage) -> Program | None:
    """The steps that may be taken around a cell; None where it cannot move."""
    low, high = _reachable(search, stage)
    moves = high > low
    if not moves[cell]:
        return None
    around = _around(search, cell, moves, stage > Stage.NEAR)
    count = search.cells.count[around]
    price = np.where(search.reasons[around] == SHOWN, search.weight[around] + ZERO * search.zeros[around], UNTOLD)
    free_up, free_down = search.high[around] - count, count - search.low[around]
    segments = [
        (1, free_up, np.full(around.size, FREE)),
        (-1, free_down, np.full(around.size, FREE)),
        (1, _beyond(search.high[around], high[around]), price),
        (-1, search.low[around] - low[around], price),
    ]
    places = [np.flatnonzero(limit > 0) for _, limit, _ in segments]
    rows = search.cells.equations.touching(around)
    return Program(
        around,
        search.cells.equations.matrix[rows][:, around],
        np.concatenate(places).astype(np.int64),
        np.concatenate([np.full(here.size, sign) for (sign, _, _), here in zip(segments, places, strict=True)]),
        np.concatenate([limit[here] for (_, limit, _), here in zip(segments, places, strict=True)]),
        np.concatenate([cost[here] for (_, _, cost), here in zip(segments, places, strict=True)]),
    )


def _reachable(search: Search, stage: Stage) -> tuple[Floats, Floats]:
    """Between what each cell could lie for a reader, were it withheld too, as far as the stage goes."""
    reasons, hidden = search.reasons, search.reasons != SHOWN
    wanted = np.where(hidden, reasons, COMPLEMENT)
    if stage >= Stage.UNTOLD:
        wanted = np.where(wanted == PUBLISHER, PUBLISHER, ANY if stage == Stage.ZEROS else np.maximum(wanted, UNSAID))
    low, high = withheld_bounds(search.cells, search.policy, wanted)
    changes = hidden | (search.may_go & (~search.zeros | (stage == Stage.ZEROS)))
    low, high = np.where(changes, low, search.low), np.where(changes, high, search.high)
    return np.minimum(low, search.low), np.maximum(high, search.high)


def _around(search: Search, cell: int, moves: Flags, everywhere: bool) -> Whole:
    """Cells that can move and share relations with this one, step by step: a few hundred, or all that hang together."""
    system = search.cells.equations
    reached = np.zeros(system.cells, dtype=np.bool_)
    reached[cell] = True
    ring = np.array([cell], dtype=np.int64)
    depth = 0
    while ring.size and (everywhere or depth < 3 or reached.sum() < NEAR):
        rows = system.touching(ring)
        beside = system.in_relations(rows)
        ring = beside[moves[beside] & ~reached[beside]]
        reached[ring] = True
        depth += 1
    return np.flatnonzero(reached)


def _beyond(now: Floats, then: Floats) -> Floats:
    """How much further an upper bound is then, where it has an end now."""
    return np.where(np.isinf(now), 0.0, then - np.where(np.isinf(now), 0.0, now))


def moved(program: Program, cell: int, by: int) -> tuple[Whole, float] | None:
    """The cheapest change of the cells around that moves one by so many, and its cost; None where there is none."""
    at = int(np.searchsorted(program.around, cell))
    signed = program.sign.astype(np.float64)
    target = np.where(program.cell_of == at, signed, 0.0)
    matrix = vstack([program.matrix[:, program.cell_of].multiply(signed), csr_matrix(target[None, :])]).tocsc()
    right = np.zeros(matrix.shape[0])
    right[-1] = by
    steps = solve(program.cost, matrix, right, np.zeros(signed.size), program.limit)
    if steps is None:
        return None
    change = np.bincount(program.cell_of, weights=signed * steps, minlength=program.around.size)
    return np.rint(change).astype(np.int64), float(program.cost @ steps)
