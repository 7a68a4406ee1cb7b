"""The list that is drawn from: one row for each unit, frozen in the order in which it stands, and the one text of it that has a digest.

The text of a list is its columns' names on a line, then a line for each unit, cells parted by a tab, each line ended by a line feed, in
UTF-8. So its digest is what `sha256sum` gives for that text, and any language can write it again.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence

from whatworks.errors import InputError
from whatworks.saying import said

Unit = Mapping[str, str]
Units = Sequence[Unit]
NAME = "unit"
MOST_UNITS = 100_000


def read_list(text: str, file: str = "The list") -> list[dict[str, str]]:
    """The rows of a list in CSV, cells without space around them, in the order of the file; empty lines are passed over.

    Raises InputError where there is no column `unit`, a row has more or fewer cells than the header, a unit has no name or is there twice.
    """
    try:
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        ]
    except csv.Error as error:
        raise InputError(said("%(file)s is not readable CSV: %(why)s.", file=file, why=str(error))) from error
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise InputError(said("%(file)s has no units; give a header line with unit and one row for each.", file=file))
    head = rows[0]
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(head):
            raise InputError(
                said(
                    "Row %(number)s of %(file)s has %(cells)s cells and the header %(columns)s; make them as many.",
                    number=number,
                    file=file,
                    cells=len(row),
                    columns=len(head),
                )
            )
    refuse_columns(head, file)
    units = [dict(zip(head, row, strict=True)) for row in rows[1:]]
    refuse_units(units, file)
    return units


def refuse_columns(head: Sequence[str], file: str = "The list") -> None:
    """Raise InputError where a column has no name, the name of another, or none is called unit."""
    if NAME not in head:
        raise InputError(
            said("%(file)s has no column unit; its columns are %(columns)s.", file=file, columns=", ".join(head))
        )
    for place, name in enumerate(head, 1):
        if not name or name in head[: place - 1]:
            raise InputError(
                said("Column %(place)s of %(file)s needs a name of its own in the header.", place=place, file=file)
            )


def refuse_units(units: Units, file: str = "The list") -> None:
    """Raise InputError for a list that has no units, too many, units without a name or twice, or cells that break its text."""
    if not 0 < len(units) <= MOST_UNITS:
        raise InputError(said("%(file)s has %(n)s units; a draw takes 1 to 100,000.", file=file, n=len(units)))
    seen: set[str] = set()
    for number, unit in enumerate(units, 1):
        name = unit.get(NAME, "")
        if not name:
            raise InputError(said("Row %(number)s of %(file)s has no unit; name it.", number=number, file=file))
        if name in seen:
            raise InputError(
                said("The unit %(name)s is in %(file)s twice; each may be drawn once.", name=name, file=file)
            )
        seen.add(name)
        if list(unit) != list(units[0]):
            raise InputError(said("The unit %(name)s has other columns than the first one.", name=name))
        for column, cell in unit.items():
            if any(not one.isprintable() for one in (column, cell)):
                raise InputError(
                    said(
                        "%(column)s of %(name)s holds a tab, a line break or another sign that cannot be seen; take it out.",
                        column=column,
                        name=name,
                    )
                )


def list_text(units: Units) -> str:
    """The text of a list whose SHA-256 is its digest."""
    lines = [list(units[0]), *(list(unit.values()) for unit in units)]
    return "".join("\t".join(cells) + "\n" for cells in lines)


def list_digest(units: Units) -> str:
    """SHA-256 of the text of a list, in hex: what is frozen before anybody gives a secret."""
    return hashlib.sha256(list_text(units).encode()).hexdigest()


def column(units: Units, name: str, what: str) -> list[str]:
    """A column in which every unit has a value. `what` says where the column is named, such as `[allocation] strata`."""
    if name not in units[0]:
        raise InputError(
            said(
                "%(what)s names %(name)s, and the list has no such column; it has %(columns)s.",
                what=what,
                name=name,
                columns=", ".join(units[0]),
            )
        )
    for unit in units:
        if not unit[name]:
            raise InputError(
                said(
                    "%(unit)s has no %(name)s; %(what)s needs one for every unit.",
                    unit=unit[NAME],
                    name=name,
                    what=what,
                )
            )
    return [unit[name] for unit in units]


def strata_of(units: Units, names: Sequence[str]) -> list[tuple[tuple[str, ...], list[Unit]]]:
    """Units by the values of some columns, in the order of these values (by code point); without columns, all together."""
    held = [column(units, name, "[allocation] strata") for name in names]
    found: dict[tuple[str, ...], list[Unit]] = {}
    for place, unit in enumerate(units):
        found.setdefault(tuple(values[place] for values in held), []).append(unit)
    return sorted(found.items(), key=lambda one: one[0])


def batches(units: Units, stage: str) -> Iterator[list[Unit]]:
    """Units in the order of the whole numbers in the column of the batch in which they joined; without one, all together."""
    if not stage:
        yield list(units)
        return
    numbers = column(units, stage, "[allocation] stage")
    for number, unit in zip(numbers, units, strict=True):
        if not (number.isascii() and number.isdigit()):
            raise InputError(
                said(
                    "%(unit)s has “%(number)s” as %(stage)s; a batch is a whole number.",
                    unit=unit[NAME],
                    number=number,
                    stage=stage,
                )
            )
    for which in sorted({int(number) for number in numbers}):
        yield [unit for number, unit in zip(numbers, units, strict=True) if int(number) == which]
