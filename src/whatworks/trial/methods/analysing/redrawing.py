"""The lot drawn again thousands of times at once: the same rules as the draw of record, all draws side by side.

`allocating.ways` draws one allocation that a stranger can draw again, number by number. Here nobody draws it again: what counts is
that each allocation comes as often as it would there, so that a generator of numpy's does, and each unit is decided in all draws
together. A test compares both with every allocation's chance written down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Item, Lot
from whatworks.trial.methods.allocating.listing import NAME, Unit, Units, batches, strata_of
from whatworks.trial.methods.allocating.ways import Earlier, check, draw, pairs_of, parts_of, step_sizes
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import PAIRS, WEDGE

Numbers = NDArray[np.int64]
Chance = np.random.Generator


def redrawn(design: Design, units: Units, draws: int, chance: Chance, before: Earlier = ()) -> Numbers:
    """Arms (draws, units) as numbers, units in the order of the list: 0 for the first arm and so on; in a stepped wedge the step.

    `before`: units drawn earlier with their arms, which minimisation remembers. Raises InputError as a draw does, and for a
    constrained draw, whose candidates are listed instead.
    """
    check(design)
    way = design.allocation
    if way.method == "constrained":
        raise InputError(said("The candidates of a constrained draw are listed, and not drawn again."))
    place = {unit[NAME]: number for number, unit in enumerate(units)}
    found = np.zeros((draws, len(units)), dtype=np.int64)
    memory = _Memory(design, units, draws, before) if way.method == "minimisation" else None
    for batch in batches(units, way.stage):
        if way.method == WEDGE:
            steps = np.repeat(np.arange(1, 1 + len(step_sizes(design, len(batch)))), step_sizes(design, len(batch)))
            found[:, [place[one[NAME]] for one in batch]] = chance.permuted(np.tile(steps, (draws, 1)), axis=1)
            continue
        for values, stratum in strata_of(batch, way.strata):
            places = [place[one[NAME]] for one in stratum]
            if memory is not None:
                found[:, places] = memory.drawn(values, stratum, chance)
            else:
                found[:, places] = _within(design, stratum, draws, chance)
    return found


def _within(design: Design, units: Units, draws: int, chance: Chance) -> Numbers:
    """One stratum drawn without memory (draws, its units)."""
    way, ballots = design.allocation, _ballots(design)
    n = len(units)
    if way.method == "simple":
        return ballots[chance.integers(0, len(ballots), (draws, n))]
    if way.method == PAIRS:
        place = {unit[NAME]: number for number, unit in enumerate(units)}
        found = np.zeros((draws, n), dtype=np.int64)
        for pair in pairs_of(design, units):
            found[:, [place[name] for name in pair]] = chance.permuted(np.tile(ballots, (draws, 1)), axis=1)
        return found
    if way.method == "permuted-blocks" or (way.method == "stratified" and way.block_sizes):
        return _in_blocks(ballots, way.block_sizes, n, draws, chance)
    whole, over = divmod(n, len(ballots))
    more = chance.permuted(np.tile(ballots, (draws, 1)), axis=1)[:, :over]
    return chance.permuted(np.hstack([np.tile(ballots, (draws, whole)), more]), axis=1)


def _ballots(design: Design) -> Numbers:
    return np.repeat(np.arange(len(design.arms)), list(parts_of(design).values())).astype(np.int64)


def _in_blocks(ballots: Numbers, sizes: Sequence[int], n: int, draws: int, chance: Chance) -> Numbers:
    """Blocks whose sizes are drawn: within a block, sorted by chance, places take the ballots in turn."""
    if not sizes or any(size < 1 or size % len(ballots) for size in sizes):
        raise InputError(
            said(
                "Each size of a block must be a multiple of %(n)s, so that the arms come out even in it.",
                n=len(ballots),
            )
        )
    drawn = np.array(sizes)[chance.integers(0, len(sizes), (draws, math.ceil(n / min(sizes))))]
    reach = n + max(sizes)
    begins = np.zeros((draws, reach + 1), dtype=np.int64)
    np.put_along_axis(begins, np.minimum(drawn.cumsum(axis=1), reach), 1, axis=1)
    block = begins[:, :reach].cumsum(axis=1)
    order = np.argsort(block + chance.random((draws, reach)), axis=1)
    found = np.empty((draws, reach), dtype=np.int64)
    np.put_along_axis(found, order, np.broadcast_to(ballots[np.arange(reach) % len(ballots)], (draws, reach)), axis=1)
    return found[:, :n]


class _Memory:
    """How many units with each value of each factor every draw has in each arm, by stratum."""

    def __init__(self, design: Design, units: Units, draws: int, before: Earlier) -> None:
        way = design.allocation
        self.factors, self.coin, self.draws = sorted(way.factors), way.coin, draws
        self.parts = np.array(list(parts_of(design).values()))
        self.scale = math.lcm(*self.parts.tolist()) // self.parts  # numbers over parts, as whole numbers
        seen = [[unit.get(one, "") for unit in (*units, *(unit for unit, _ in before))] for one in self.factors]
        self.codes = [{value: code for code, value in enumerate(dict.fromkeys(one))} for one in seen]
        self.counts: dict[tuple[str, ...], Numbers] = {}
        arms = list(parts_of(design))
        for unit, arm in before:
            counts = self._of(tuple(unit.get(name, "") for name in way.strata))
            for number, code in enumerate(self._values(unit)):
                counts[:, number, code, arms.index(arm)] += 1

    def _of(self, stratum: tuple[str, ...]) -> Numbers:
        shape = (self.draws, len(self.factors), max(len(one) for one in self.codes), len(self.parts))
        return self.counts.setdefault(stratum, np.zeros(shape, dtype=np.int64))

    def _values(self, unit: Unit) -> list[int]:
        return [codes[unit.get(name, "")] for name, codes in zip(self.factors, self.codes, strict=True)]

    def drawn(self, stratum: tuple[str, ...], units: Units, chance: Chance) -> Numbers:
        """The units in their order, each in all draws at once (draws, units)."""
        counts, every = self._of(stratum), np.arange(self.draws)
        found = np.empty((self.draws, len(units)), dtype=np.int64)
        for number, unit in enumerate(units):
            values = self._values(unit)
            arm = self._arm(counts[:, np.arange(len(values)), values], chance)
            for factor, code in enumerate(values):
                counts[every, factor, code, arm] += 1
            found[:, number] = arm
        return found

    def _arm(self, counts: Numbers, chance: Chance) -> Numbers:
        """counts (draws, factors, arms) of the unit's own values."""
        arms = len(self.parts)
        apart = np.empty((self.draws, arms), dtype=np.int64)
        for arm in range(arms):
            there = (counts + (np.arange(arms) == arm)) * self.scale
            apart[:, arm] = (there.max(axis=2) - there.min(axis=2)).sum(axis=1)
        least = apart == apart.min(axis=1, keepdims=True)
        preferred = (chance.random(apart.shape) * least).argmax(axis=1)
        others = np.where(np.arange(arms) == preferred[:, None], 0, self.parts).cumsum(axis=1)
        other = (others <= np.floor(chance.random(self.draws) * others[:, -1])[:, None]).sum(axis=1)
        heads = chance.integers(0, self.coin[1], self.draws) < self.coin[0]
        found: Numbers = np.where(heads, preferred, other).astype(np.int64)
        return found


def blocks_of(design: Design, units: Units, seed: str, before: Earlier) -> list[str]:
    """Each unit's stratum and block, by repeating the draw of record from its seed: units of one block could have changed places."""
    noting = _Noting(seed)
    draw(design, units, noting, before)
    sizes, found = iter(noting.sizes), dict[str, str]()
    number = 0
    for batch in batches(units, design.allocation.stage):
        for _, stratum in strata_of(batch, design.allocation.strata):
            names = [unit[NAME] for unit in stratum]
            while names:
                size = next(sizes)
                number += 1
                found |= dict.fromkeys(names[:size], str(number))
                names = names[size:]
    return [found[unit[NAME]] for unit in units]


class _Noting(Lot):
    """A lot that notes how long each list is that it shuffles; in a draw in blocks, each block's."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.sizes: list[int] = []

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """As ever, and noted."""
        self.sizes.append(len(items))
        return super().shuffled(items)
