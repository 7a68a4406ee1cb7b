"""What the matcher makes of a few records, pair by pair."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

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
