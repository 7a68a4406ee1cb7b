"""Which allocations there might have been: all of them listed, drawn again as the lot was drawn, or units that could change places.

With several arms a comparison of two of them takes as given who is in the others. Units of the two that the draw could have
exchanged (in one stratum, block, pair and batch) then change places, each way as likely; how many are in each arm there is taken as
it was, which keeps the test exact. A minimised draw has no such groups: among several arms it is tested over all of them at once
(`together`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.allocating.admissible import every
from whatworks.trial.methods.allocating.listing import NAME, Units
from whatworks.trial.methods.allocating.publishing import earlier_of
from whatworks.trial.methods.analysing.redrawing import blocks_of, redrawn
from whatworks.trial.methods.analysing.table import Floats, Labels, Prepared
from whatworks.trial.methods.design import Design

LISTABLE = ("complete", "simple", "stratified", "matched-pairs")
FIXED = ("complete", "stratified", "matched-pairs")
AT_ONCE = 5_000_000  # numbers held at a time


def by_list(units: Prepared) -> bool:
    """Whether the draw's own list says which allocations of two arms there might have been; with several, units change places."""
    if len(units.design.arms) > 2 or (units.published is None and told_by_data(units.design)):
        return False
    if not units.listed:
        raise needs_file(units.design)
    return True


def told_by_data(design: Design) -> bool:
    """Whether strata and numbers in the arms are all that there is to know of the draw."""
    way = design.allocation
    return way.method in LISTABLE and not way.block_sizes and not way.stage


def needs_file(design: Design) -> InputError:
    """The error where only the file of the draw tells."""
    return InputError(
        said("The data do not say which allocations a draw by %(way)s might have given; give its allocation file.",
             way=design.allocation.method)
    )  # fmt: skip


def names_of(units: Prepared) -> list[str]:
    """Each row's name in the list."""
    found: list[str] = (units.cluster if units.unit is None else units.unit).tolist()
    return found


def columns_of(units: Prepared) -> list[int]:
    """Each row's place in the list."""
    place = {unit[NAME]: number for number, unit in enumerate(units.listed)}
    return [place[one] for one in names_of(units)]


def listed(units: Prepared) -> Floats | None:
    """Every allocation (schemes, units) that the draw might have given, as numbers of arms; None where they are not listed."""
    found = every(units.design, units.listed, drawn=units.published)
    return None if found is None else found.schemes[:, columns_of(units)].astype(float)


def drawn_again(units: Prepared, chance: np.random.Generator) -> Iterator[Floats]:
    """As many allocations (draws, units) as the design asks for, drawn as the lot was drawn, some thousands at a time."""
    draws, before = units.design.analysis.draws, earlier_of(_before(units.published))
    columns = columns_of(units)
    for size in sizes(draws, len(units.listed)):
        yield redrawn(units.design, units.listed, size, chance, before)[:, columns].astype(float)


def sizes(draws: int, units: int) -> list[int]:
    """How many draws are held at a time."""
    each = max(1, AT_ONCE // max(units, 1))
    return [each] * (draws // each) + ([draws % each] if draws % each else [])


def _before(published: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if published is None else published["before"]


def exchangeable(units: Prepared) -> Labels:
    """A label for each row: those with the same could have changed places, however the others were drawn.

    Raises InputError where only the draw's file tells, and for a draw whose units do not change places freely.
    """
    way = units.design.allocation
    if units.published is None:
        if not told_by_data(units.design):
            raise needs_file(units.design)
        return units.draw
    if way.method == "permuted-blocks" or way.block_sizes:
        before = earlier_of(_before(units.published))
        labels = blocks_of(units.design, units.listed, str(units.published["seed"]), before)
    elif way.method in LISTABLE:
        labels = _strata(units.listed, (way.stage, *way.strata, way.pair if way.method == "matched-pairs" else ""))
    else:
        raise InputError(
            said("A draw by %(way)s does not exchange units of two arms freely; with several arms see all of them at once.",
                 way=way.method)
        )  # fmt: skip
    return np.array(labels, dtype=str)[columns_of(units)]


def _strata(listed_units: Units, names: tuple[str, ...]) -> list[str]:
    return ["\x1f".join(unit[name] for name in names if name) for unit in listed_units]


def alike(some: Labels, others: Labels) -> bool:
    """Whether two columns of labels part the rows in the same way."""
    return len(set(zip(some.tolist(), others.tolist(), strict=True))) == len(np.unique(some)) == len(np.unique(others))
