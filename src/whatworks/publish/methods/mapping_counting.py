"""What stands where in a map: which items fit what a reader chose, what each cell holds, and where the evidence is not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from whatworks.publish.methods.mapping import Filter, Item, Map, Note, Option, Place, leaves, places_of
from whatworks.saying import said

Chosen = Mapping[str, Collection[str]]  # by the key of a filter: the codes that were chosen
KIND = "kind"  # the filter by segment
SIZES = 5
PASSED = "not-chosen"  # of a cell that holds something, of which nothing fits what a reader chose: it is no gap
OF_STUDIES = ("not-poolable",)  # what may be said of a cell that holds something; the rest is said of empty ones


@dataclass(frozen=True, slots=True)
class Share:
    """How many items of a cell are of one kind, and how large that is drawn (1 to 5)."""

    segment: Option
    number: int  # of the segment, counted from 1: its shape and colour
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its items, their kinds, and what its being empty means."""

    row: str
    column: str
    count: int
    shares: tuple[Share, ...]
    state: str
    note: Note | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A map as counted for what a reader chose: the items that fit, and each cell that holds or says something."""

    items: tuple[Item, ...]
    cells: dict[Place, Cell]
    most: int
    total: int  # cells there are
    placed: int  # items that stand in a cell
    within: dict[Place, list[Item]]  # what each cell holds, in the order of the map


def kinds(held: Map) -> Filter:
    """The segments as a filter."""
    return Filter(KIND, said("Kind of evidence"), held.segments)


def all_filters(held: Map) -> tuple[Filter, ...]:
    """The filters of a map that have answers; its kinds of evidence among them unless a filter asks the same."""
    asked = tuple(one for one in held.filters if one.options)
    known = {option.key for one in asked for option in one.options}
    own = [] if {one.key for one in held.segments} <= known else [kinds(held)]
    return (*own, *asked)


def fits(item: Item, chosen: Chosen) -> bool:
    """Whether an item carries, for each filter by which somebody chose, one of the codes chosen."""
    return all(not codes or not set(codes).isdisjoint(item.codes) for codes in chosen.values())


def facets(held: Map, chosen: Chosen) -> dict[str, Counter[str]]:
    """For each filter, how many items carry each code among those that fit what was chosen by the other filters."""
    found = {}
    for one in all_filters(held):
        others = {key: codes for key, codes in chosen.items() if key != one.key}
        wanted = {option.key for option in one.options}
        counts = Counter(code for item in held.items if fits(item, others) for code in set(item.codes) & wanted)
        found[one.key] = counts
    return found


def counted(held: Map, chosen: Chosen | None = None) -> Counted:
    """Count a map, or the part of it that fits what a reader chose."""
    items = tuple(item for item in held.items if fits(item, chosen or {}))
    rows, columns = (frozenset(leaf.key for leaf in leaves(side)) for side in (held.rows, held.columns))
    within: dict[Place, list[Item]] = {}
    placed = 0
    for item in items:
        found = places_of(item, rows, columns)
        placed += bool(found)
        for place in found:
            within.setdefault(place, []).append(item)
    most = max((len(found) for found in within.values()), default=0)
    passed = {place for item in held.items if not fits(item, chosen or {}) for place in places_of(item, rows, columns)}
    said = [place for place in held.notes if place[0] in rows and place[1] in columns]
    cells = {
        place: _cell(held, place, within.get(place, ()), most, passed)
        for place in dict.fromkeys([*within, *said, *sorted(passed)])
    }
    return Counted(items, cells, most, len(rows) * len(columns), placed, within)


def _cell(held: Map, place: Place, items: Collection[Item], most: int, passed: Collection[Place]) -> Cell:
    counts = Counter(code for item in items for code in set(item.codes))
    shares = tuple(
        Share(one, number, counts[one.key], size_of(counts[one.key], most))
        for number, one in enumerate(held.segments, 1)
        if counts[one.key]
    )
    note = held.notes.get(place)
    said = note.state if note else ""
    empty = PASSED if place in passed else said or held.blank
    state = (said if said in OF_STUDIES else "") if items else empty
    return Cell(place[0], place[1], len(items), shares, state, note)


def size_of(count: int, most: int) -> int:
    """How large a count is drawn, 1 to 5: its area, not its width, grows with the count. 0 for none."""
    return max(1, round(SIZES * math.sqrt(count / most))) if count and most else 0


def newest_first(items: Iterable[Item]) -> list[Item]:
    """Items in the order of a list: newest first, then by title."""
    return sorted(items, key=lambda item: (-_year(item.year), item.title.casefold(), item.key))


def _year(text: str) -> int:
    return int(text[:4]) if text[:4].isdecimal() else 0


def of_kinds(held: Map, item: Item) -> list[str]:
    """What kinds of evidence an item is, in the words of the map."""
    return [one.title for one in held.segments if one.key in item.codes]


def unplaced(held: Map) -> list[Item]:
    """Items that stand in no cell: coded for no row, or for no column."""
    rows, columns = (frozenset(leaf.key for leaf in leaves(side)) for side in (held.rows, held.columns))
    return [item for item in held.items if not places_of(item, rows, columns)]


def without_kind(held: Map) -> list[Item]:
    """Items of none of the map's kinds: they are counted in their cells and drawn by no shape."""
    keys = {one.key for one in held.segments}
    return [item for item in held.items if keys and keys.isdisjoint(item.codes)]


def fullest(found: Counted, upto: int = 3) -> list[Cell]:
    """The cells that hold most, in order of the map where they hold as many."""
    held = [cell for cell in found.cells.values() if cell.count]
    return sorted(held, key=lambda cell: -cell.count)[:upto]


def states(held: Map, found: Counted) -> Counter[str]:
    """How many cells that hold nothing are in each state."""
    said: Counter[str] = Counter(cell.state for cell in found.cells.values() if not cell.count)
    if bare := found.total - len(found.cells):
        said[held.blank] += bare
    return said


def totals(found: Counted, keys: Iterable[str], *, by_row: bool) -> dict[str, int]:
    """For each row (or column), how many of its cells hold something."""
    counts = Counter((cell.row if by_row else cell.column) for cell in found.cells.values() if cell.count)
    return {key: counts[key] for key in keys}
