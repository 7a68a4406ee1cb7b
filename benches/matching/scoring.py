"""How right a matching is: pairs on connected components, items lost, and what it leaves to a person.

All counts are linear in the records, so that a million can be scored. A pair is right where both records describe one
work. An item is lost where a work is swallowed by another: of a group that holds three works, two are lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one program on one set. `asked` is None where the program never asks."""

    records: int
    precision: float
    recall: float
    lost: int
    removed: int
    removable: int
    asked: int | None
    found_or_asked: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.recall else 0.0

    @property
    def asked_per_1000(self) -> float | None:
        """Questions per 1,000 records."""
        return None if self.asked is None else 1000 * self.asked / self.records


def score(
    works: Sequence[Hashable], groups: Sequence[Hashable], asked: Iterable[tuple[int, int]] | None = None
) -> Score:
    """The score of `groups` (the group of each record) against `works` (the work of each record)."""
    both = Counter(zip(groups, works, strict=True))
    right, proposed, true = (_pairs(counts) for counts in (both, Counter(groups), Counter(works)))
    questions = None if asked is None else {(min(pair), max(pair)) for pair in asked}
    found = right + sum(works[a] == works[b] and groups[a] != groups[b] for a, b in questions or ())
    return Score(
        records=len(works),
        precision=right / proposed if proposed else 1.0,
        recall=right / true if true else 1.0,
        lost=len(both) - len(set(groups)),
        removed=len(works) - len(set(groups)),
        removable=len(works) - len(set(works)),
        asked=None if questions is None else len(questions),
        found_or_asked=found / true if true else 1.0,
    )


def _pairs(counts: Counter[tuple[Hashable, Hashable]] | Counter[Hashable]) -> int:
    return sum(times * (times - 1) // 2 for times in counts.values())
