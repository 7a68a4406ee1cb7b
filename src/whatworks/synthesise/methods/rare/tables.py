"""Counts of two groups in each study, as they are given: checked, with the first impossible row named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.synthesise.methods.given import column
from whatworks.synthesise.methods.weighing import Floats

WAYS = (("ai", "bi", "ci", "di"), ("ai", "n1i", "ci", "n2i"), ("events1", "n1", "events2", "n2"))
RATES = (("x1i", "t1i", "x2i", "t2i"), ("events1", "time1", "events2", "time2"))
ONE_GROUP = {"PLO": (("xi", "ni"), ("events", "n")), "IRLN": (("xi", "ti"), ("events", "time"))}


class Tables(NamedTuple):
    """x1 events of size1 in the first group, x2 of size2 in the second; sizes are people, or person-time for rates."""

    x1: Floats
    size1: Floats
    x2: Floats
    size2: Floats
    names: tuple[str, ...] | None = None

    def only(self, keep: Any) -> Tables:
        """The studies that a mask keeps."""
        names = None if self.names is None else tuple(np.asarray(self.names, dtype=object)[keep].tolist())
        return Tables(self.x1[keep], self.size1[keep], self.x2[keep], self.size2[keep], names)

    @property
    def empty(self) -> Any:
        """Studies that say nothing about a ratio: no events in either group, or nothing but events in both."""
        none, all_ = self.x1 + self.x2 == 0, (self.x1 == self.size1) & (self.x2 == self.size2)
        return none | all_


def read_tables(columns: dict[str, Any], measure: str, names: Sequence[str] | None) -> Tables:
    """The counts from the columns that are there, in any of the known ways; those of one group stand in the first.

    InputError says which columns are missing, or which row is impossible.
    """
    ways = ONE_GROUP.get(measure) or (RATES if measure in ("IRR", "IRD") else WAYS)
    way = next((one for one in ways if set(one) <= set(columns)), None)
    if way is None:
        wanted = "; or ".join(", ".join(one) for one in ways)
        raise InputError(f"{measure} needs the columns {wanted}; given are {', '.join(columns) or 'none'}.")
    arrays = [_numbers(columns[name], name) for name in way]
    if len({one.size for one in arrays}) > 1 or not arrays[0].size:
        raise InputError(f"The columns {', '.join(way)} must have one number for each of at least one study.")
    if len(way) == 2:
        arrays += [np.zeros(arrays[0].size), np.ones(arrays[0].size)]
    elif way[1] == "bi":
        arrays[1], arrays[3] = arrays[0] + arrays[1], arrays[2] + arrays[3]
    if names is not None and len(names) != arrays[0].size:
        raise InputError(f"There must be one name for each study, not {len(names)} for {arrays[0].size}.")
    x1, size1, x2, size2 = arrays
    tables = Tables(x1, size1, x2, size2, None if names is None else tuple(map(str, names)))
    _refuse(tables, rates=measure in ("IRR", "IRD", "IRLN"))
    return tables


def columns_of_table(held: Iterable[Any], measure: str) -> tuple[str, ...]:
    """The columns that a measure can use, of those that are there: a whole way of giving counts, or what there is."""
    ways = ONE_GROUP.get(measure) or (RATES if measure in ("IRR", "IRD") else WAYS)
    there = {str(name) for name in held}
    whole = next((way for way in ways if set(way) <= there), None)
    return whole or tuple(dict.fromkeys(name for way in ways for name in way if name in there))


def from_table(table: Any, measure: str) -> dict[str, Any]:
    """The columns of a table that a measure can use."""
    return {name: column(table, name) for name in columns_of_table(getattr(table, "columns", table), measure)}


def columns_for(measure: str) -> tuple[str, ...]:
    """metafor's names of the columns that a measure needs, events before sizes."""
    return ONE_GROUP[measure][0] if measure in ONE_GROUP else RATES[0] if measure in ("IRR", "IRD") else WAYS[1]


def _numbers(given: Any, name: str) -> Floats:
    try:
        found = np.atleast_1d(np.array(given, dtype=float))
    except (TypeError, ValueError):
        raise InputError(f"The column {name} must be numbers; leave out rows where one is missing.") from None
    if found.ndim != 1:
        raise InputError(f"The column {name} must be one list of numbers.")
    return found


def _refuse(tables: Tables, rates: bool) -> None:
    """Say which row is impossible: a missing, negative or broken count, more events than people, nobody at risk."""
    for row, numbers in enumerate(zip(*(one.tolist() for one in tables[:4]), strict=True), start=1):
        if not all(np.isfinite(numbers)):
            raise InputError(f"A number in row {row} is missing or infinite; fill it in or leave the row out.")
        x1, size1, x2, size2 = numbers
        if min(x1, x2) < 0 or x1 != int(x1) or x2 != int(x2):
            raise InputError(f"The events in row {row} must be whole numbers, 0 or above, not {x1:g} and {x2:g}.")
        if min(size1, size2) <= 0:
            raise InputError(f"A group in row {row} has nobody in it; correct the number or leave the row out.")
        if not rates and (x1 > size1 or x2 > size2):
            raise InputError(f"Row {row} has more events than people in a group; correct one of the two.")
        if not rates and (size1 != int(size1) or size2 != int(size2)):
            raise InputError(f"The numbers of people in row {row} must be whole, not {size1:g} and {size2:g}.")
