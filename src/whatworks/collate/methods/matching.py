"""Matching: which records may be the same publication, each proposal with its probability and reason; people decide.

The front door to `methods.match`. "same" is proposed only where nothing speaks against it, since a wrong merge hides a
publication and a missed one only costs a look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from whatworks.collate.methods.match.blocking import LARGEST_BLOCK
from whatworks.collate.methods.match.deduplicating import Deduplication, Pair, deduplicate, find, find_between
from whatworks.collate.methods.match.grouping import clusters as clusters_of
from whatworks.collate.methods.match.sketches import columns_of
from whatworks.collate.methods.match.sketching import KEYS_VERSION, Sketch, keys_of, sketch
from whatworks.collate.methods.records import Record

VERSION = "2"

Decision: TypeAlias = Literal["same", "ask", "linked"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule proposes about two records, by their numbers (from 0) in what was given, `a` before `b`.

    `decision`: "same" publication; "ask" a person; "linked", related and kept apart. `score` is the probability from 0
    to 1 that the two are one.
    """

    a: int
    b: int
    decision: Decision
    score: float
    reason: str
    rule: str
    version: str = VERSION

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of two records, whichever comes first."""

    decision: Literal["same", "ask", "linked", "different"]
    probability: float
    reason: str
    rule: str


def propose(records: Sequence[Record | Sketch]) -> list[Proposal]:
    """Every proposal about these records, sorted by `a` and `b`; the records' order changes only their numbers."""
    return [_proposal(one) for one in find(columns_of([_sketched(one) for one in records])).pairs()]


def clusters(proposals: Iterable[Proposal], count: int) -> list[tuple[int, ...]]:
    """The records 0 to count - 1 as publications: those joined by "same", directly or through others (union-find)."""
    return clusters_of(count, ((one.a, one.b) for one in proposals if one.decision == "same"))


def match_new(new: Sequence[Record | Sketch], held: Sequence[Record | Sketch]) -> list[Proposal]:
    """Proposals among new records and between them and held ones, never between two held ones.

    Numbers 0 to len(new) - 1 are the new records, len(new) + k is held[k]. Held records need only be those that share a
    key (`keys_of`) with a new one.
    """
    sketches = columns_of([_sketched(one) for one in (*new, *held)])
    return [_proposal(one) for one in find(sketches, first=len(new)).pairs()]


def compare_records(a: Record | Sketch, b: Record | Sketch) -> Verdict:
    """What the rules say of two records, whichever comes first."""
    pairs = list(find_between([_sketched(a), _sketched(b)], [(0, 1)]).pairs())
    if not pairs:
        return Verdict("different", 0.0, "They have too little in common.", "unlike")
    return Verdict(pairs[0].decision, pairs[0].probability, pairs[0].reason, pairs[0].rule)


def _sketched(one: Record | Sketch) -> Sketch:
    return one if isinstance(one, Sketch) else sketch(one)


def _proposal(pair: Pair) -> Proposal:
    return Proposal(pair.a, pair.b, pair.decision, pair.probability, pair.reason, pair.rule)


__all__ = [
    "KEYS_VERSION",
    "LARGEST_BLOCK",
    "VERSION",
    "Decision",
    "Deduplication",
    "Pair",
    "Proposal",
    "Sketch",
    "Verdict",
    "clusters",
    "compare_records",
    "deduplicate",
    "keys_of",
    "match_new",
    "propose",
    "sketch",
]
