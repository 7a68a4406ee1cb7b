"""Grouping: what pairs join, as clusters; and never two records in one cluster that are kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from whatworks.collate.methods.match.comparing import Compared
from whatworks.collate.methods.match.rules import ASK, SAME, Judged
from whatworks.collate.methods.match.sketches import Numbers

ROUNDS = 12  # how often the weakest links of a torn cluster are taken out before all of its links are


@dataclass(frozen=True, slots=True)
class Settled:
    """The decisions without contradictions, which pairs were turned into questions, and the clusters."""

    decisions: Numbers
    doubted: Numbers
    groups: list[tuple[int, ...]]


def settle(compared: Compared, judged: Judged, count: int) -> Settled:
    """The decisions, with the weakest links of every chain that would join two records kept apart made questions.

    All links of one strength go together, so that the order of the records plays no part.
    """
    decisions, doubted = judged.decisions.copy(), np.zeros(len(compared), dtype=bool)
    apart = np.flatnonzero(judged.never)
    for turn in range(ROUNDS):
        links = np.flatnonzero(decisions == SAME)
        homes = _homes(compared.one[links], compared.other[links], count)
        torn = np.unique(homes[compared.one[apart]][homes[compared.one[apart]] == homes[compared.other[apart]]])
        if not len(torn):
            break
        home = homes[compared.one[links]]
        links = links[np.isin(home, torn)]
        strength = np.round(judged.probabilities[links], 4)
        weakest = np.full(count, np.inf)
        np.minimum.at(weakest, homes[compared.one[links]], strength)
        out = links if turn == ROUNDS - 1 else links[strength <= weakest[homes[compared.one[links]]]]
        decisions[out], doubted[out] = ASK, True
    links = np.flatnonzero(decisions == SAME)
    return Settled(decisions, doubted, groups_of(_homes(compared.one[links], compared.other[links], count)))


def clusters(count: int, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The sets into which `pairs` join the numbers 0 to count - 1, by their smallest member."""
    links = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return groups_of(_homes(links[:, 0], links[:, 1], count))


def _homes(one: Numbers, other: Numbers, count: int) -> Numbers:
    """The number of the cluster of each record."""
    if not count:
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(count, count))
    homes: Numbers = connected_components(graph, directed=False)[1]
    return homes


def groups_of(homes: Numbers) -> list[tuple[int, ...]]:
    """The members of each cluster, in order, the clusters by their first member."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    for at, home in enumerate(homes.tolist()):
        members[home].append(at)
    return [tuple(group) for group in members.values()]
