"""How alike the arms came out: numbers by arm and stratum, exact means of numbers, counts of words. Whole numbers and fractions only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from whatworks.trial.methods.allocating.constraining import root
from whatworks.trial.methods.allocating.listing import NAME, Units, strata_of
from whatworks.trial.methods.allocating.ways import parts_of, step_sizes
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import WEDGE

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
SHOWN = 6  # decimal places of what is rounded for reading
MOST_VALUES = 20  # a column of words with more of them, such as postcodes, is not counted


def arms_of(design: Design, units: Units) -> list[str]:
    """The arms in the order of the design; in a stepped wedge the steps."""
    if design.allocation.method == WEDGE:
        return [str(step) for step in range(1, len(step_sizes(design, len(units))) + 1)]
    return list(parts_of(design))


def counts(design: Design, units: Units, arms: Mapping[str, str]) -> dict[str, Any]:
    """How many units each arm has, in all and in each stratum."""
    strata = strata_of(units, design.allocation.strata) if design.allocation.strata else []
    names = arms_of(design, units)
    return {
        "arms": _counted(units, arms, names),
        "strata": [{"values": list(values), "arms": _counted(held, arms, names)} for values, held in strata],
    }


def _counted(units: Units, arms: Mapping[str, str], names: Sequence[str]) -> dict[str, int]:
    held = [arms[unit[NAME]] for unit in units]
    return {name: held.count(name) for name in names}


def balance(design: Design, units: Units, arms: Mapping[str, str]) -> list[dict[str, Any]]:
    """For each column of the list but the unit's name, its pair and its batch: means by arm, or numbers by value and arm.

    A column of numbers that is no stratum and no factor has exact means, and each arm's difference from the first arm's over the standard
    deviation of all units (n - 1), to six places. Other columns are counted where they have up to 20 values.
    """
    way = design.allocation
    names = arms_of(design, units)
    held = {name: [unit for unit in units if arms[unit[NAME]] == name] for name in names}
    found = []
    for column in units[0]:
        if column in (NAME, way.pair, way.stage):
            continue
        cells = [unit[column] for unit in units]
        words = column in (*way.strata, *way.factors)
        if not words and all(NUMBER.fullmatch(cell) for cell in cells):
            found.append({"column": column, **_means(column, cells, held)})
        elif len(set(cells)) <= MOST_VALUES:
            by = {
                value: {name: sum(u[column] == value for u in held[name]) for name in names}
                for value in sorted(set(cells))
            }
            found.append({"column": column, "counts": by})
    return found


def _means(column: str, cells: Sequence[str], held: Mapping[str, Units]) -> dict[str, Any]:
    values = [Fraction(cell) for cell in cells]
    spread = root(variance(values))
    means = {
        name: sum((Fraction(unit[column]) for unit in units), Fraction()) / len(units) if units else None
        for name, units in held.items()
    }
    first = means[next(iter(means))]
    apart = {
        name: about((mean - first) / spread) if spread and mean is not None and first is not None else None
        for name, mean in list(means.items())[1:]
    }
    exact = {name: None if mean is None else str(mean) for name, mean in means.items()}
    return {"means": exact, "differences": apart}


def variance(values: Sequence[Fraction]) -> Fraction:
    """With n - 1 below; 0 for one value."""
    mean = sum(values, Fraction()) / len(values)
    return sum(((one - mean) ** 2 for one in values), Fraction()) / max(1, len(values) - 1)


def about(value: Fraction) -> str:
    """A number to six decimal places, halves to the even one."""
    whole = round(value * 10**SHOWN)
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 10**SHOWN}.{abs(whole) % 10**SHOWN:0{SHOWN}}"
