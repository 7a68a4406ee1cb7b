"""What is an evidence and gap map? Interventions by outcomes, two levels of headings both ways, and what was studied where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

Place = tuple[str, str]  # the keys of a row and of a column


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of rows or columns, with the headings under it. One without any is a leaf: it has cells."""

    key: str
    title: str
    parts: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One code that an item may carry, and its words: an answer of a filter, or a kind of evidence."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A question by which items are told apart, and its answers. Of several answers chosen one is enough."""

    key: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One study, review or other piece of evidence: what it is, its codes, and where it stands.

    Without `places` it stands in every cell whose row and column are both among its codes.
    """

    key: str
    title: str
    codes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    authors: str = ""
    year: str = ""
    venue: str = ""
    href: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a cell beyond its items: its state, how sure people were (0 to 4), and the page about it."""

    state: str = ""
    level: int = 0
    sure: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """A whole map. `blank` is the state of a cell that holds nothing and of which nothing is noted."""

    title: str
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    segments: tuple[Option, ...] = ()
    filters: tuple[Filter, ...] = ()
    items: tuple[Item, ...] = ()
    notes: Mapping[Place, Note] = field(default_factory=dict)
    about: str = ""
    blank: str = "none-here"


def leaves(headings: tuple[Heading, ...]) -> list[Heading]:
    """The headings that have cells, in order."""
    return [leaf for one in headings for leaf in (leaves(one.parts) if one.parts else [one])]


def walk(headings: tuple[Heading, ...]) -> Iterator[Heading]:
    """Every heading, each before those under it."""
    for one in headings:
        yield one
        yield from walk(one.parts)


def in_two_levels(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """The same headings in exactly two levels: levels between are told in the leaf's words, a lone leaf is its own group."""
    return tuple(
        Heading(f"{one.key}-group" if not one.parts else one.key, one.title, tuple(_under(one.parts)) or (one,))
        for one in headings
    )


def _under(parts: tuple[Heading, ...], before: str = "") -> Iterator[Heading]:
    for one in parts:
        title = f"{before}{one.title}"
        if one.parts:
            yield from _under(one.parts, f"{title}: ")
        else:
            yield replace(one, title=title)


def places_of(item: Item, rows: frozenset[str], columns: frozenset[str]) -> list[Place]:
    """The cells in which an item stands, each once."""
    if item.places:
        return [(row, column) for row, column in item.places if row in rows and column in columns]
    codes = tuple(dict.fromkeys(item.codes))
    down, across = [code for code in codes if code in rows], [code for code in codes if code in columns]
    return [(row, column) for row in down for column in across]


def grouped(held: Map) -> Map:
    """The map of the headings' groups alone: an item stands once in a group, however many of its cells it has."""
    up = {leaf.key: one.key for side in (held.rows, held.columns) for one in side for leaf in leaves((one,))}
    rows, columns = (frozenset(leaf.key for leaf in leaves(side)) for side in (held.rows, held.columns))
    items = []
    for item in held.items:
        found = dict.fromkeys((up[row], up[column]) for row, column in places_of(item, rows, columns))
        codes = tuple(code for code in item.codes if code not in rows and code not in columns)
        items.append(replace(item, codes=codes, places=tuple(found)))
    bare = [tuple(replace(one, parts=()) for one in side) for side in (held.rows, held.columns)]
    return replace(held, rows=bare[0], columns=bare[1], items=tuple(items), notes={})


def without_empty(held: Map) -> Map:
    """The map without the rows and columns in which nothing stands and of which nothing is noted."""
    rows, columns = (frozenset(leaf.key for leaf in leaves(side)) for side in (held.rows, held.columns))
    seen = {place for item in held.items for place in places_of(item, rows, columns)} | set(held.notes)
    down, across = {row for row, _ in seen}, {column for _, column in seen}
    return replace(held, rows=_kept(held.rows, down), columns=_kept(held.columns, across))


def _kept(headings: tuple[Heading, ...], keys: set[str]) -> tuple[Heading, ...]:
    kept = []
    for one in headings:
        parts = _kept(one.parts, keys)
        if parts or (not one.parts and one.key in keys):
            kept.append(replace(one, parts=parts))
    return tuple(kept)
