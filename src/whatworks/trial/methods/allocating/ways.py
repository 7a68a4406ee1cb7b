"""From a design and its frozen list to each unit's arm: which way is drawn, on what, in which order. These are the rules of `RULES`.

Batches are drawn in the order of their numbers, within each its strata in the order of their values, all from one stream. The first arm
is the comparator. A constrained draw takes all strata of a batch at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Lot
from whatworks.trial.methods.allocating import drawing
from whatworks.trial.methods.allocating.constraining import Constrained, constrain, exact
from whatworks.trial.methods.allocating.listing import NAME, Unit, Units, batches, column, strata_of
from whatworks.trial.methods.allocating.minimising import minimise
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import PAIRS, WEDGE
from whatworks.trial.methods.design.unlotted import refuse_lot

RULES = "whatworks draw 1"
Earlier = Sequence[tuple[Unit, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The candidates of one batch: its units in the order of the list, and what was drawn from what."""

    units: tuple[str, ...]
    found: Constrained


@dataclass(frozen=True, slots=True)
class Drawn:
    """`arms`: each unit's arm, or the step at which it changes over, in the order of the list; `candidates`: one for each batch."""

    arms: Mapping[str, str]
    candidates: tuple[Kept, ...]


def draw(design: Design, units: Units, lot: Lot, before: Earlier = ()) -> Drawn:
    """Each unit's arm. `before`: units of earlier draws of the same trial with their arms, which minimisation remembers.

    Raises InputError where the list lacks a column that the design names, or the design contradicts itself.
    """
    check(design)
    found: dict[str, str] = {}
    kept: list[Kept] = []
    earlier = list(before)
    for batch in batches(units, design.allocation.stage):
        if design.allocation.method == "constrained":
            kept.append(_constrained(design, batch, lot))
            arms = _dealt(design, kept[-1])
        elif design.allocation.method == WEDGE:
            names = [unit[NAME] for unit in batch]
            arms = drawing.steps(names, step_sizes(design, len(batch)), lot)
        else:
            arms = {}
            for values, stratum in strata_of(batch, design.allocation.strata):
                arms |= _within(design, stratum, lot, _of_stratum(design, earlier, values))
        found |= arms
        earlier += [(unit, arms[unit[NAME]]) for unit in batch]
    return Drawn({unit[NAME]: found[unit[NAME]] for unit in units}, tuple(kept))


def check(design: Design) -> None:
    """Raise InputError where what the design says of its allocation cannot be drawn."""
    way, kind = design.allocation, design.design.kind
    refuse_lot(kind, said("there is no allocation to draw"))
    if kind in (PAIRS, WEDGE) and way.method != kind:
        raise InputError(
            said(
                "The design is %(kind)s, so [allocation] needs method = “%(kind)s”; it has “%(method)s”.",
                kind=kind,
                method=way.method,
            )
        )
    if way.method == "constrained" and len(design.arms) != 2:
        raise InputError(said("A constrained draw is between two arms; this design has %(n)s.", n=len(design.arms)))
    if way.method == WEDGE and way.strata:
        raise InputError(said("Steps are drawn among all clusters; take strata out of [allocation], or use stage."))
    for method, needed, has in (
        ("permuted-blocks", "block_sizes", way.block_sizes),
        ("stratified", "strata", way.strata),
        (PAIRS, "pair", way.pair),
        ("minimisation", "factors", way.factors),
        ("constrained", "covariates", way.covariates),
    ):
        if way.method == method and not has:
            raise InputError(
                said(
                    "[allocation] method “%(method)s” needs %(needed)s; name them there.", method=method, needed=needed
                )
            )


def parts_of(design: Design) -> dict[str, int]:
    """How many parts of the units each arm gets, the comparator first."""
    return {arm.name: arm.parts for arm in design.arms}


def step_sizes(design: Design, units: int) -> list[int]:
    """How many clusters change over at each step: as the design says, else as equal as can be, spread over the steps."""
    size = design.size
    if size.sequences:
        return list(size.sequences)
    steps = size.steps or len(size.layout)
    if not steps:
        raise InputError(said("[size] does not say how many steps there are; give steps, sequences or layout."))
    return [(step + 1) * units // steps - step * units // steps for step in range(steps)]


def firsts(design: Design, sizes: Sequence[int]) -> list[int]:
    """How many of each stratum get the first arm in a constrained draw: its share of all up to here, rounded down, less those before."""
    part, whole = design.arms[0].parts, sum(arm.parts for arm in design.arms)
    found: list[int] = []
    units = 0
    for size in sizes:
        units += size
        found.append(units * part // whole - sum(found))
    return found


def _within(design: Design, units: Units, lot: Lot, earlier: Earlier) -> dict[str, str]:
    way, arms = design.allocation, parts_of(design)
    names = [unit[NAME] for unit in units]
    if way.method == "simple":
        return drawing.simple(names, arms, lot)
    if way.method == "minimisation":
        held = [column(units, one, "[allocation] factors") for one in way.factors]
        rows = [(name, {one: held[k][n] for k, one in enumerate(way.factors)}) for n, name in enumerate(names)]
        remembered = [({one: unit.get(one, "") for one in way.factors}, arm) for unit, arm in earlier]
        return minimise(rows, arms, lot, coin=way.coin, before=remembered)
    if way.method == PAIRS:
        return drawing.pairs(pairs_of(design, units), arms, lot)
    if way.method == "permuted-blocks" or (way.method == "stratified" and way.block_sizes):
        return drawing.blocks(names, arms, way.block_sizes, lot)
    return drawing.complete(names, arms, lot)


def pairs_of(design: Design, units: Units) -> list[list[str]]:
    """The names of units by pair, pairs in the order of their names (by code point), in each the order of the list."""
    found: dict[str, list[str]] = {}
    for which, unit in zip(column(units, design.allocation.pair, "[allocation] pair"), units, strict=True):
        found.setdefault(which, []).append(unit[NAME])
    return [names for _, names in sorted(found.items())]


def _of_stratum(design: Design, earlier: Earlier, values: tuple[str, ...]) -> Earlier:
    strata = design.allocation.strata
    return [one for one in earlier if tuple(one[0].get(name, "") for name in strata) == values]


def _constrained(design: Design, units: Units, lot: Lot) -> Kept:
    way = design.allocation
    names = tuple(unit[NAME] for unit in units)
    place = {name: number for number, name in enumerate(names)}
    held = [[exact(cell) for cell in column(units, name, "[allocation] covariates")] for name in way.covariates]
    for name, values in zip(way.covariates, held, strict=True):
        if len(set(values)) == 1:
            raise InputError(
                said("%(name)s is the same for all units, so it balances nothing; leave it out.", name=name)
            )
    places = [[place[unit[NAME]] for unit in stratum] for _, stratum in strata_of(units, way.strata)]
    numbers = firsts(design, [len(one) for one in places])
    found = constrain(
        [list(row) for row in zip(*held, strict=True)], sum(numbers), lot, keep=share(way.keep, "keep"),
        sample=way.sample, measure=way.measure, weights=[share(one, "weights") for one in way.weights],
        strata=list(zip(places, numbers, strict=True)),
    )  # fmt: skip
    return Kept(names, found)


def share(text: str, where: str) -> Fraction:
    """A number of the design that is kept as text, exactly, such as 1/10 or 0.1."""
    try:
        found = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        found = Fraction()
    if found <= 0:
        raise InputError(
            said("[allocation] %(where)s has “%(text)s”; write a number above 0, such as 1/10.", where=where, text=text)
        )
    return found


def _dealt(design: Design, kept: Kept) -> dict[str, str]:
    one, other = (arm.name for arm in design.arms)
    chosen = set(kept.found.chosen)
    return {name: one if place in chosen else other for place, name in enumerate(kept.units)}
