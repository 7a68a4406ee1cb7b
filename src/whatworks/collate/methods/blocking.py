"""Blocking: which pairs of records are worth comparing, in about linear time; and what pairs join, as clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from whatworks.collate.methods.likeness import Sketch

LARGEST_BLOCK = 60  # beyond it each record meets only its neighbours, so that one popular key cannot make it quadratic
NEIGHBOURS = 12
EDGE = 22  # characters of a title's beginning or end that two near titles share; shorter ones join unrelated titles


def keys(one: Sketch) -> Iterator[tuple[str, ...]]:
    """What a record must share with another for the two to be compared: a DOI, a title or one of its ends, first author
    and about the year, or the place in a volume."""
    if one.doi:
        yield "doi", one.doi
    joined = one.core.replace(" ", "")
    if joined:
        yield "title", joined
    if len(joined) > EDGE:
        yield "start", joined[:EDGE]
        yield "end", joined[-EDGE:]
    if one.family and one.year:
        surname = one.family.split()[-1]
        yield "author", surname, str(one.year)
        yield "author", surname, str(one.year + 1)  # meets the first key of a record one year later
    if one.volume and one.page:
        yield "place", one.volume, one.page


def candidates(sketches: Sequence[Sketch]) -> list[tuple[int, int]]:
    """Index pairs (smaller first) that share a key, each once, in order.

    Which records meet does not depend on the order in which they are given.
    """
    blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, one in enumerate(sketches):
        for key in keys(one):
            blocks[key].append(at)
    found: set[tuple[int, int]] = set()
    for members in blocks.values():
        found.update(_pairs(members, sketches))
    return sorted(found)


def _pairs(members: list[int], sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    reach = len(members)
    if reach > LARGEST_BLOCK:
        members, reach = sorted(members, key=lambda at: sketches[at]), NEIGHBOURS
    for at, first in enumerate(members):
        for second in members[at + 1 : at + 1 + reach]:
            yield (first, second) if first < second else (second, first)


def clusters(count: int, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The sets into which `pairs` join the numbers 0 to count - 1 (union-find), by their smallest member."""
    parent = list(range(count))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in pairs:
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    members: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(count):
        members[root(at)].append(at)
    return [tuple(group) for group in members.values()]
