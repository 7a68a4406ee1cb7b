"""How other rooms follow what happens to reports: who is told when some are merged or taken apart, and who may object.

A room says so when it loads; collate knows no room above it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Through which report each of these spoke before, and through which it speaks now."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def moved(self) -> frozenset[str]:
        """The reports that speak through another one than before."""
        return frozenset(one for one in self.after if self.before[one] != self.after[one])

    def joined_or_parted(self, bearing: Iterable[str]) -> set[str]:
        """Those of `bearing` that became one with another of them, or ceased to be: what is counted by them changes."""
        return {
            one
            for pair in combinations(sorted(set(bearing) & set(self.after)), 2)
            if len({self.before[one] for one in pair}) != len({self.after[one] for one in pair})
            for one in pair
        }


Follower = Callable[[Regrouped, Any], None]  # with the event that says who did it
Objector = Callable[[Collection[str]], Iterable[Pair]]

_followers: list[Follower] = []
_objectors: list[Objector] = []
_after_import: list[tuple[int, str]] = []


def follow_groups(function: Follower) -> Follower:
    """Tell this function, in the same transaction, whenever reports are merged or taken apart."""
    if function not in _followers:
        _followers.append(function)
    return function


def object_to_rules(function: Objector) -> Objector:
    """Ask this function which of some reports no rule may join: those that carry different judgements."""
    if function not in _objectors:
        _objectors.append(function)
    return function


def follow_imports(kind: str, order: int = 50) -> None:
    """Have this kind of long work done for every import that is published, lower orders first."""
    if (order, kind) not in _after_import:
        _after_import.append((order, kind))
        _after_import.sort()


def tell(change: Regrouped, event: Any) -> None:
    """Tell every follower."""
    for function in _followers:
        function(change, event)


def objections(reports: Collection[str]) -> set[Pair]:
    """The pairs of these reports that no rule may join."""
    return {(min(pair), max(pair)) for function in _objectors for pair in function(reports)}


def after_import() -> list[str]:
    """The kinds of work that follow an import, in their order."""
    return [kind for _, kind in _after_import]
