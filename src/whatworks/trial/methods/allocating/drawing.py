"""Draws without covariates: unit by unit, in fixed numbers, in blocks, in pairs, and to the steps of a stepped wedge.

`arms` says how many parts of the units each arm gets, such as {"offered": 2, "usual": 1}; its order is part of the draw. `units` are
names in the order of the frozen list, which is part of it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Lot

Arms = Mapping[str, int]


def simple(units: Sequence[str], arms: Arms, lot: Lot) -> dict[str, str]:
    """Each unit for itself, with the chances that the arms' parts give; numbers in the arms are left to chance."""
    ballots = ballots_of(units, arms)
    return {unit: lot.one_of(ballots) for unit in units}


def complete(units: Sequence[str], arms: Arms, lot: Lot) -> dict[str, str]:
    """Fixed numbers in each arm, in proportion to its parts; who gets one more, where they do not divide, is drawn."""
    ballots = ballots_of(units, arms)
    whole, over = divmod(len(units), len(ballots))
    places = [*ballots * whole, *lot.shuffled(ballots)[:over]]
    return dict(zip(units, lot.shuffled(places), strict=True))


def blocks(units: Sequence[str], arms: Arms, sizes: Sequence[int], lot: Lot) -> dict[str, str]:
    """Block after block down the list; each block's size is drawn from `sizes`, and in it the arms have their proportions.

    The last block may be cut. Raises InputError where a size is not a multiple of the arms' parts.
    """
    ballots = ballots_of(units, arms)
    if not sizes or any(size < 1 or size % len(ballots) for size in sizes):
        raise InputError(
            said(
                "Each size of a block must be a multiple of %(n)s, so that the arms come out even in it.",
                n=len(ballots),
            )
        )
    places: list[str] = []
    while len(places) < len(units):
        size = lot.one_of(list(sizes))
        places += lot.shuffled(ballots * (size // len(ballots)))
    return dict(zip(units, places, strict=False))


def pairs(matched: Sequence[Sequence[str]], arms: Arms, lot: Lot) -> dict[str, str]:
    """Within each pair, or larger set, of matched units the arms are dealt out at random, one part to a unit."""
    units = [unit for one in matched for unit in one]
    ballots = ballots_of(units, arms)
    for one in matched:
        if len(one) != len(ballots):
            raise InputError(
                said(
                    "The set with %(unit)s has %(n)s units; with these arms each needs %(parts)s.",
                    unit=one[0],
                    n=len(one),
                    parts=len(ballots),
                )
            )
    return {unit: arm for one in matched for unit, arm in zip(one, lot.shuffled(ballots), strict=True)}


def steps(units: Sequence[str], sizes: Sequence[int], lot: Lot) -> dict[str, str]:
    """The clusters of a stepped wedge, shuffled and dealt to steps: the first `sizes[0]` change over at step 1, and so on."""
    if sum(sizes) != len(units) or min(sizes, default=0) < 1:
        raise InputError(
            said(
                "The steps take %(taken)s clusters and the list has %(n)s; every step needs at least one.",
                taken=sum(sizes),
                n=len(units),
            )
        )
    _refuse_twice(units)
    places = [str(step) for step, size in enumerate(sizes, 1) for _ in range(size)]
    return dict(zip(lot.shuffled(units), places, strict=True))


def within_strata(
    strata: Mapping[str, Sequence[str]], arms: Arms, lot: Lot, sizes: Sequence[int] = ()
) -> dict[str, str]:
    """A draw in each stratum, in the order of their names: in fixed numbers, or in blocks where `sizes` are given.

    Where a stratum does not divide, who gets one more is drawn, in each stratum for itself.
    """
    found: dict[str, str] = {}
    for name in sorted(strata):
        units = strata[name]
        found |= blocks(units, arms, sizes, lot) if sizes else complete(units, arms, lot)
    return found


def ballots_of(units: Sequence[str], arms: Arms) -> list[str]:
    """One ballot for each part of each arm. Raises InputError for fewer than two arms, or units that are none or twice there."""
    if len(arms) < 2 or any(parts < 1 for parts in arms.values()):
        raise InputError(said("A draw needs two arms or more, each with at least one part of the units."))
    _refuse_twice(units)
    return [arm for arm, parts in arms.items() for _ in range(parts)]


def _refuse_twice(units: Sequence[str]) -> None:
    seen: set[str] = set()
    for unit in units:
        if unit in seen:
            raise InputError(said("The unit %(unit)s is in the list twice; each may be drawn once.", unit=unit))
        seen.add(unit)
    if not seen:
        raise InputError(said("The list of units is empty; there is nothing to draw."))
