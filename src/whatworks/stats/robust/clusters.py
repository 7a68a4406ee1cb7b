"""Which rows belong to which cluster, with clusters of one size kept together so that they are computed at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Stack(NamedTuple):
    """Clusters of one size. members: (k,) their numbers; rows: (k, size) their rows."""

    members: Ints
    rows: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """codes: (n,) the cluster of each row, from 0; number: how many there are; stacks: by size, the smallest first."""

    codes: Ints
    number: int
    stacks: tuple[Stack, ...]

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sums over the rows of each cluster: (n, ...) to (clusters, ...)."""
        answer = np.zeros((self.number, *values.shape[1:]), dtype=values.dtype)
        for members, rows in self.stacks:
            answer[members] = values[rows].sum(axis=1)
        return answer


def clustered(labels: Iterable[Hashable]) -> Clusters:
    """Clusters from a label for each row, numbered as they first appear."""
    place: dict[Hashable, int] = {}
    codes = np.array([place.setdefault(label, len(place)) for label in labels], dtype=np.intp)
    return from_codes(codes, len(place))


def from_codes(codes: Ints, number: int) -> Clusters:
    """Clusters from codes 0 to number - 1, each of which some row has."""
    return Clusters(codes, number, tuple(by_size(codes, number)))


def by_size(codes: Ints, number: int) -> Iterator[Stack]:
    """The rows of each level of a factor, levels of one size together."""
    counts = np.bincount(codes, minlength=number)
    order = np.argsort(codes, kind="stable")
    starts = np.cumsum(counts) - counts
    for size in np.unique(counts).tolist():
        members = np.flatnonzero(counts == size)
        yield Stack(members, order[starts[members][:, None] + np.arange(size)])
