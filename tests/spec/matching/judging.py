"""What the matcher makes of records, pair by pair or as a whole set."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from benches.matching.scoring import Score, score
from benches.matching.sets import Labelled, tags_of
from whatworks.collate.methods.matching import clusters, propose
from whatworks.collate.methods.records import Record

Came = dict[tuple[int, int], str]


def judged(records: Sequence[Record]) -> Came:
    """For each two records: `same` where they end in one cluster, `ask` or `linked` where that is proposed, else `apart`."""
    proposals = propose(records)
    home = {at: number for number, group in enumerate(clusters(proposals, len(records))) for at in group}
    said = {(one.a, one.b): one.decision for one in proposals}
    pairs = itertools.combinations(range(len(records)), 2)
    return {(a, b): "same" if home[a] == home[b] else said.get((a, b), "apart") for a, b in pairs}


def backwards(records: Sequence[Record]) -> Came:
    """The same with the records given in the opposite order, told by their old numbers."""
    last = len(records) - 1
    return {(last - b, last - a): came for (a, b), came in judged(records[::-1]).items()}


def as_records(one: Labelled) -> list[Record]:
    """The records of a set, as a RIS export would give them."""
    return [Record(number + 1, number + 1, tuple(tags_of(row, number))) for number, row in enumerate(one.rows)]


def scored(one: Labelled) -> Score:
    """The score of the matcher on a set with truth."""
    proposals, groups = propose(as_records(one)), [0] * len(one.rows)
    for number, members in enumerate(clusters(proposals, len(one.rows))):
        for member in members:
            groups[member] = number
    return score(one.works, groups, ((pair.a, pair.b) for pair in proposals if pair.decision == "ask"))
