"""Run charts for small tests of change: the median of a series, and whether anything but chance shows against it.

Rules after Perla, Provost and Murray (2011, doi 10.1136/bmjqs.2009.037895): a shift is six points or more in a row on one side of
the median (points on it are passed over), a trend five or more each above, or each below, the one before (equal neighbours
count once), too few or too many runs by the table of Swed and Eisenhart (1943), computed here from its own distribution. A point
that stands out by eye is left to the eye. Anhøj and Olesen (2014) found the trend rule nearly useless, so it is told, and told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result

SHIFT, TREND = 6, 5
FEW = 10  # points off the median, below which the number of runs says nothing
TAIL = 0.05  # of each side of the table


@dataclass(frozen=True, slots=True)
class RunChart(Result):
    """A series against its median. shift, trend: for each point whether it belongs to one; runs: how many there are, with the fewest and
    most that chance leaves likely (None with fewer than ten points off the median)."""

    values: tuple[float, ...]
    median: float
    based_on: int
    useful: int
    runs: int
    least: int | None
    most: int | None
    shift: tuple[bool, ...]
    trend: tuple[bool, ...]
    signals: tuple[Said, ...]


def run_chart(values: ArrayLike, *, before: int | None = None) -> RunChart:
    """Judge a series, (n,), in its order. before: how many points were there before the change; their median is then carried on.

    Raises InputError for missing numbers or fewer than two points.
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or x.size < 2 or not np.isfinite(x).all():
        raise InputError(said("A run chart needs two numbers at least, none missing, in their order."))
    if before is not None and not 2 <= before <= x.size:
        raise InputError(said("The median is of two points at least, and of no more than there are."))
    base = x.size if before is None else before
    median = float(np.median(x[:base]))
    sides = [int(np.sign(value - median)) for value in x.tolist()]
    shift, trend = _shift(sides), _trend(x.tolist())
    off = [side for side in sides if side]
    runs = sum(1 for at, side in enumerate(off) if not at or side != off[at - 1])
    least, most = likely(off.count(1), off.count(-1)) if len(off) >= FEW else (None, None)
    signals = tuple(_signals(shift, trend, runs, least, most))
    return RunChart(tuple(x.tolist()), median, base, len(off), runs, least, most, shift, trend, signals)


def likely(above: int, below: int) -> tuple[int | None, int | None]:
    """The fewest and the most runs of so many points above and below the median that are not surprising at 5% on either side.

    As the table prints them: with 10 above and 10 below, 6 runs or fewer are too few and 16 or more too many.

    >>> likely(10, 10)
    (7, 15)
    """
    if above < 1 or below < 1:
        return None, None
    total, most = comb(above + below, above), 2 * min(above, below) + (above != below)
    chance = [0.0, 0.0, *(_ways(above, below, runs) / total for runs in range(2, most + 1))]
    low = next(runs for runs in range(2, most + 1) if sum(chance[: runs + 1]) > TAIL)
    high = next(runs for runs in range(most, 1, -1) if sum(chance[runs:]) > TAIL)
    return low, high


def _ways(above: int, below: int, runs: int) -> int:
    """In how many orders so many points make so many runs."""
    half, odd = divmod(runs, 2)
    if not odd:
        return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)
    return comb(above - 1, half) * comb(below - 1, half - 1) + comb(above - 1, half - 1) * comb(below - 1, half)


def _shift(sides: Sequence[int]) -> tuple[bool, ...]:
    marked = [False] * len(sides)
    held: list[int] = []
    for at, side in enumerate([*sides, None]):
        if side == 0:
            continue
        if held and side != sides[held[-1]]:
            if len(held) >= SHIFT:
                for one in held:
                    marked[one] = True
            held = []
        held.append(at)
    return tuple(marked)


def _trend(values: Sequence[float]) -> tuple[bool, ...]:
    marked = [False] * len(values)
    kept = [at for at, value in enumerate(values) if not at or value != values[at - 1]]  # equal neighbours count once
    for side in (1, -1):
        held: list[int] = []
        for at, place in enumerate(kept):
            rises = at > 0 and side * (values[place] - values[kept[at - 1]]) > 0
            held = [*held, place] if rises else [place]
            if len(held) >= TREND:
                for one in held:
                    marked[one] = True
    return tuple(marked)


def _signals(
    shift: Sequence[bool], trend: Sequence[bool], runs: int, least: int | None, most: int | None
) -> list[Said]:
    found = []
    if any(shift):
        found.append(said("A shift: %(n)s points or more in a row on one side of the median.", n=SHIFT))
    if any(trend):
        found.append(
            said(
                "A trend: %(n)s points or more, each above or each below the one before. By itself it says little.",
                n=TREND,
            )
        )
    if least is not None and runs < least:
        found.append(said("Too few runs: %(runs)s, where chance makes %(least)s or more.", runs=runs, least=least))
    if most is not None and runs > most:
        found.append(said("Too many runs: %(runs)s, where chance makes %(most)s or fewer.", runs=runs, most=most))
    return found
