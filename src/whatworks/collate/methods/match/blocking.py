"""Blocking: which pairs of records are worth comparing, in about linear time."""

from __future__ import annotations

import numpy as np

from whatworks.collate.methods.match.sketches import Numbers, Sketches
from whatworks.collate.methods.match.sketching import KEYS

LARGEST_BLOCK = 60  # beyond it each record meets only its neighbours, so that one popular key cannot make it quadratic
NEIGHBOURS = 12
# Keys that many unrelated records share: how large a block may be, and how many neighbours beyond that.
WEAK = {"start": (20, 4), "end": (16, 3), "author": (16, 3), "page": (16, 3), "people": (16, 3), "place": (16, 3)}


def candidates(sketches: Sketches, *, first: int | None = None) -> Numbers:
    """Index pairs (smaller first) that share a key, each once, sorted, as an array of shape (pairs, 2).

    Which records meet does not depend on the order in which they are given. With `first`, only pairs with at least one
    of the first so many records.
    """
    count = len(sketches)
    order = _Order(sketches)
    found = [np.zeros(0, dtype=np.int64)]
    for at, name in enumerate(KEYS):
        largest, neighbours = WEAK.get(name, (LARGEST_BLOCK, NEIGHBOURS))
        for one, other in _meetings(sketches.keys[:, at], largest, neighbours, order):
            low, high = np.minimum(one, other), np.maximum(one, other)
            found.append((low * count + high)[slice(None) if first is None else low < first])
    codes = np.unique(np.concatenate(found))
    return np.stack((codes // max(count, 1), codes % max(count, 1)), axis=1)


class _Order:
    """Two orders of the records that rest on what they say alone, made when first needed: by place and by author."""

    def __init__(self, sketches: Sketches) -> None:
        self._sketches = sketches
        self._ranks: tuple[Numbers, ...] = ()

    @property
    def ranks(self) -> tuple[Numbers, ...]:
        """The rank of each record in each order."""
        if not self._ranks:
            s = self._sketches
            family = s.families[:, 0]
            edge = np.array([text[:8].encode().ljust(8)[:8] for text in s.titles], dtype="S8")
            rest = (s.ending, s.opening, s.last, s.issue, s.title)
            by_place = np.lexsort((*rest, family, s.page, s.volume, s.year, edge))
            by_author = np.lexsort((*rest, s.page, s.volume, edge, s.year, s.families[:, 1], family))
            self._ranks = tuple(np.argsort(order, kind="stable") for order in (by_place, by_author))
        return self._ranks


def _meetings(keys: Numbers, largest: int, neighbours: int, order: _Order) -> list[tuple[Numbers, Numbers]]:
    """Pairs of records with one key: all of a small block, neighbours in each order of a large one."""
    records = np.flatnonzero(keys)
    records = records[np.argsort(keys[records], kind="stable")]
    sizes, block = _sizes(keys[records])
    small, large = (sizes > 1) & (sizes <= largest), sizes > largest
    found = list(_within(records[small], block[small], largest - 1))
    if large.any():
        for rank in order.ranks:
            crowd, home = records[large], block[large]
            sort = np.lexsort((rank[crowd], home))
            found += _within(crowd[sort], home[sort], neighbours)
    return found


def _sizes(keys: Numbers) -> tuple[Numbers, Numbers]:
    """For each of some sorted keys, how often it stands there and the number of its run."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    block = np.concatenate(([0], np.cumsum(keys[1:] != keys[:-1])))
    return np.bincount(block)[block], block


def _within(records: Numbers, block: Numbers, reach: int) -> list[tuple[Numbers, Numbers]]:
    """Pairs at most `reach` apart in one block."""
    found = []
    at = np.arange(len(records))
    for step in range(1, reach + 1):
        at = at[at < len(records) - step]
        at = at[block[at] == block[at + step]]
        if not len(at):
            break
        found.append((records[at], records[at + step]))
    return found
