"""Counts of two groups in each study, as they are given: checked, with the first impossible row named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import joined, said
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
        wanted = joined(said("; or "), (", ".join(one) for one in ways))
        raise InputError(
            said(
                "%(measure)s needs the columns %(wanted)s; given are %(columns)s.",
                measure=measure,
                wanted=wanted,
                columns=", ".join(columns) or said("none"),
            )
        )
    arrays = [_numbers(columns[name], name) for name in way]
    if len({one.size for one in arrays}) > 1 or not arrays[0].size:
        raise InputError(
            said("The columns %(way)s must have one number for each of at least one study.", way=", ".join(way))
        )
    if len(way) == 2:
        arrays += [np.zeros(arrays[0].size), np.ones(arrays[0].size)]
    elif way[1] == "bi":
        arrays[1], arrays[3] = arrays[0] + arrays[1], arrays[2] + arrays[3]
    if names is not None and len(names) != arrays[0].size:
        raise InputError(
            said(
                "There must be one name for each study, not %(count)s for %(size)s.",
                count=len(names),
                size=arrays[0].size,
            )
        )
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
        raise InputError(
            said("The column %(name)s must be numbers; leave out rows where one is missing.", name=name)
        ) from None
    if found.ndim != 1:
        raise InputError(said("The column %(name)s must be one list of numbers.", name=name))
    return found


def _refuse(tables: Tables, rates: bool) -> None:
    """Say which row is impossible: a missing, negative or broken count, more events than people, nobody at risk."""
    for row, numbers in enumerate(zip(*(one.tolist() for one in tables[:4]), strict=True), start=1):
        if not all(np.isfinite(numbers)):
            raise InputError(
                said("A number in row %(row)s is missing or infinite; fill it in or leave the row out.", row=row)
            )
        x1, size1, x2, size2 = numbers
        if min(x1, x2) < 0 or x1 != int(x1) or x2 != int(x2):
            raise InputError(
                said(
                    "The events in row %(row)s must be whole numbers, 0 or above, not %(x1)s and %(x2)s.",
                    row=row,
                    x1=f"{x1:g}",
                    x2=f"{x2:g}",
                )
            )
        if min(size1, size2) <= 0:
            raise InputError(
                said("A group in row %(row)s has nobody in it; correct the number or leave the row out.", row=row)
            )
        if not rates and (x1 > size1 or x2 > size2):
            raise InputError(
                said("Row %(row)s has more events than people in a group; correct one of the two.", row=row)
            )
        if not rates and (size1 != int(size1) or size2 != int(size2)):
            raise InputError(
                said(
                    "The numbers of people in row %(row)s must be whole, not %(size1)s and %(size2)s.",
                    row=row,
                    size1=f"{size1:g}",
                    size2=f"{size2:g}",
                )
            )
