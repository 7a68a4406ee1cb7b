"""Which effects share a level of a factor: sums over levels and back, in time linear in the number of effects."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Numbers = NDArray[Any]  # floats, or complex numbers whose imaginary part carries a derivative


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A factor over n rows. codes: (n,) the level of each row, from 0; size: the number of levels.

    sorting: rows in the order of their level, None where they already are; starts: where each level begins in it, None
    where every row is a level of its own, in order.
    """

    codes: Ints
    size: int
    sorting: Ints | None
    starts: Ints | None

    @property
    def single(self) -> bool:
        """Whether every row is a level of its own."""
        return self.starts is None

    @property
    def first(self) -> Ints | slice:
        """One row of each level."""
        if self.starts is None:
            return slice(None)
        return self.starts if self.sorting is None else self.sorting[self.starts]

    def sums(self, values: Numbers) -> Numbers:
        """Sums over the rows of each level: (..., n) to (..., levels)."""
        if self.starts is None:
            return values
        ordered = values if self.sorting is None else values[..., self.sorting]
        answer: Numbers = np.add.reduceat(ordered, self.starts, axis=-1)
        return answer

    def spread(self, values: Numbers) -> Numbers:
        """Each level's value for each of its rows: (..., levels) to (..., n)."""
        if self.starts is None:
            return values
        answer: Numbers = values.take(self.codes, axis=-1)
        return answer

    def at(self, order: Ints) -> Grouping:
        """The same factor with its rows in another order."""
        return grouping(self.codes[order], self.size)

    def determines(self, other: Grouping) -> bool:
        """Whether rows of one level here are always of one level there (this factor is nested in the other)."""
        if self.size < other.size:
            return False
        there = np.zeros(self.size, dtype=np.intp)
        there[self.codes] = other.codes
        return bool((there[self.codes] == other.codes).all())

    def counts(self) -> Ints:
        """How many rows each level has."""
        return np.bincount(self.codes, minlength=self.size).astype(np.intp)


def grouping(codes: Ints, size: int) -> Grouping:
    """The grouping of codes 0 to size - 1, each of which some row has."""
    if size == codes.size:
        if (codes == np.arange(size)).all():
            return Grouping(codes, size, None, None)
        return Grouping(codes, size, codes.argsort(), np.arange(size))
    steps = np.diff(codes)
    sorting = None if (steps >= 0).all() else np.argsort(codes, kind="stable")
    ordered = codes if sorting is None else codes[sorting]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(ordered)) + 1))
    return Grouping(codes, size, sorting, starts)


def coded(labels: Iterable[Hashable]) -> Grouping:
    """Labels as codes, numbered as they first appear."""
    place: dict[Hashable, int] = {}
    codes = np.array([place.setdefault(label, len(place)) for label in labels], dtype=np.intp)
    return grouping(codes, len(place))


def crossing(groupings: Sequence[Grouping]) -> Grouping:
    """The factor whose levels are the combinations that occur: a school named 1 in two districts is two schools."""
    first, *others = groupings
    for one in others:
        if first.single or one.size == 1:
            continue
        levels, codes = np.unique(first.codes * one.size + one.codes, return_inverse=True)
        first = grouping(codes, levels.size)
    return first


def joined(groupings: Sequence[Grouping], n: int) -> Grouping:
    """The coarsest common factor: rows are together when any chain of shared levels leads from one to the other."""
    labels = np.arange(n)
    while True:
        before = labels
        for one in groupings:
            least = np.full(one.size, n)
            np.minimum.at(least, one.codes, labels)
            labels = least[one.codes]
        if (labels == before).all():
            return coded(labels.tolist())
