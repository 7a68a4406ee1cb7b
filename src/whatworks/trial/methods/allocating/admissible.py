"""Every allocation that the lot might have given, as an analysis needs them that compares the one drawn with all others.

Listed where they are few enough and each is as likely; else drawn again and again in the same way, from a seed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Lot
from whatworks.trial.methods.allocating.constraining import MOST
from whatworks.trial.methods.allocating.listing import NAME, Units, batches, strata_of
from whatworks.trial.methods.allocating.publishing import earlier_of
from whatworks.trial.methods.allocating.ways import (
    Drawn,
    Earlier,
    check,
    draw,
    pairs_of,
    parts_of,
    step_sizes,
)
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import PAIRS, WEDGE

DRAWS = 9_999
Numbers = NDArray[np.int64]
Part = tuple[
    Sequence[int], Sequence[Sequence[int]]
]  # places in the list, and the numbers in the arms that they may have


@dataclass(frozen=True, slots=True)
class Admissible:
    """`schemes`: (schemes, units), whole numbers, units in the order of the list: 0 for the first arm, 1 for the second and so on; in
    a stepped wedge the step at which the cluster changes over, from 1. `exact`: all there are, each as likely; else so many draws.
    `rule`: in a sentence, what they are.
    """

    schemes: Numbers
    exact: bool
    rule: str


def admissible(
    design: Design, units: Units, *, draws: int = DRAWS, seed: int = 20180919, most: int = MOST, before: Earlier = (),
    drawn: Mapping[str, Any] | None = None,
) -> Admissible:  # fmt: skip
    """The allocations that the design's lot may give for the units: rows of the list in its order, each a mapping with `unit`.

    All of them, up to `most`, where each is as likely: fixed numbers with or without strata, blocks of one size, pairs, steps, simple draws
    between equal arms, and the candidates of a constrained draw. Else `draws` of them by the same draw (minimisation, blocks of several
    sizes, remainders between unequal arms). `drawn`: the published allocation, needed where a constrained draw scored a sample,
    since its candidates are that sample's. Raises InputError as a draw does.
    """
    if (found := every(design, units, most=most, drawn=drawn)) is not None:
        return found
    before = before or earlier_of(drawn["before"] if drawn else None)
    schemes = np.empty((draws, len(units)), dtype=np.int64)
    for number in range(draws):
        lot = Lot(hashlib.sha256(f"admissible {seed} {number}".encode()).hexdigest())
        schemes[number] = as_numbers(design, draw(design, units, lot, before), units)
    return Admissible(schemes, False, said("%(n)s allocations, drawn as the lot was drawn", n=f"{draws:,}"))


def every(
    design: Design, units: Units, *, most: int = MOST, drawn: Mapping[str, Any] | None = None
) -> Admissible | None:
    """All allocations, where each is as likely and there are at most `most` of them; None where there are more, or some are likelier."""
    check(design)
    if design.allocation.method == "constrained":
        return _candidates(design, units, drawn)
    parts = _parts(design, units)
    if not parts or math.prod(sum(_ways(counts) for counts in options) for _, options in parts) > most:
        return None
    arranged = [(places, np.vstack([_arranged(counts) for counts in options])) for places, options in parts]
    rule = said("every allocation that the lot may give, each as likely")
    return Admissible(_product(arranged, len(units)) + (design.allocation.method == WEDGE), True, rule)


def as_numbers(design: Design, drawn: Drawn, units: Units) -> list[int]:
    """An allocation as numbers, in the order of the list."""
    return [number_of(design, drawn.arms[unit[NAME]]) for unit in units]


def number_of(design: Design, arm: str) -> int:
    """The number of an arm in a scheme: its place among the arms, from 0; the step itself in a stepped wedge."""
    if design.allocation.method == WEDGE:
        return int(arm)
    return list(parts_of(design)).index(arm)


def _parts(design: Design, units: Units) -> list[Part]:
    """What is drawn independently of the rest: places, and the numbers in the arms; none where some allocations are likelier."""
    way, found = design.allocation, list[Part]()
    if way.method == "minimisation":
        return []
    place = {unit[NAME]: number for number, unit in enumerate(units)}
    for batch in batches(units, way.stage):
        for _, stratum in strata_of(batch, way.strata):
            places = [place[unit[NAME]] for unit in stratum]
            if way.method == WEDGE:
                found.append((places, [step_sizes(design, len(places))]))
            elif way.method == PAIRS:
                ballots = list(parts_of(design).values())
                found += [([place[name] for name in pair], [ballots]) for pair in pairs_of(design, stratum)]
            elif not (options := _options(design, places)):
                return []
            else:
                found += options
    return found


def _options(design: Design, places: Sequence[int]) -> list[Part]:
    """The parts of a stratum drawn one by one, in fixed numbers or in blocks of one size; none where some come likelier."""
    way, parts = design.allocation, list(parts_of(design).values())
    whole = sum(parts)
    even = len(set(parts)) == 1
    single = [[int(arm == one) for one in range(len(parts))] for arm in range(len(parts))]
    if way.method == "simple":
        return [([place], single) for place in places] if even else []
    sizes = set(way.block_sizes) if way.method != "complete" else set()
    size = sizes.pop() if len(sizes) == 1 else len(places)
    if sizes or (way.method != "complete" and way.block_sizes and len(places) % size):
        return []
    if not len(places) % whole:
        counts = [size // whole * part for part in parts]
        return [(places[start : start + size], [counts]) for start in range(0, len(places), size)]
    if not (even and len(parts) == 2):
        return []
    less = len(places) // 2
    return [(places, [[less, less + 1], [less + 1, less]])]


def _ways(counts: Sequence[int]) -> int:
    return math.factorial(sum(counts)) // math.prod(math.factorial(one) for one in counts)


def _arranged(counts: Sequence[int]) -> Numbers:
    """(arrangements, places): every way to give the first number of places 0, the second 1 and so on."""
    places, first = sum(counts), counts[0]
    if len(counts) == 1:
        return np.zeros((1, places), dtype=np.int64)
    rest = _arranged(counts[1:]) + 1
    chosen = np.array(list(combinations(range(places), first)), dtype=np.int64).reshape(math.comb(places, first), first)
    others = np.ones((len(chosen), places), dtype=bool)
    np.put_along_axis(others, chosen, False, axis=1)
    found = np.zeros((len(chosen), len(rest), places), dtype=np.int64)
    found[np.broadcast_to(others[:, None, :], found.shape)] = np.broadcast_to(rest, (len(chosen), *rest.shape)).ravel()
    return found.reshape(-1, places)


def _product(arranged: Sequence[tuple[Sequence[int], Numbers]], units: int) -> Numbers:
    """(schemes, units): every combination of the parts' arrangements; those of the last part vary fastest."""
    total = math.prod(len(one) for _, one in arranged)
    found = np.empty((total, units), dtype=np.int64)
    each, turn = np.arange(total), total
    for places, one in arranged:
        turn //= len(one)
        found[:, list(places)] = one[each // turn % len(one)]
    return found


def _candidates(design: Design, units: Units, drawn: Mapping[str, Any] | None) -> Admissible:
    if design.allocation.sample and drawn is None:
        raise InputError(
            said(
                "The candidates of this draw are a sample; give the published allocation, from which they are drawn again."
            )
        )
    place = {unit[NAME]: number for number, unit in enumerate(units)}
    arranged = []
    for kept in draw(design, units, Lot(str(drawn["seed"]) if drawn else "0" * 64)).candidates:
        schemes = np.ones((len(kept.found.kept), len(kept.units)), dtype=np.int64)
        np.put_along_axis(schemes, np.array(kept.found.kept, dtype=np.int64), 0, axis=1)
        arranged.append(([place[name] for name in kept.units], schemes))
    return Admissible(
        _product(arranged, len(units)), True, said("every candidate of the constrained draw, each as likely")
    )
