"""Why two schemes say different things: for each thing that any of them asks, what it was told and where it decided.

Levels are never put on one ladder and never translated into each other by their names: what is laid side by side is
what each scheme asks, and which answers its level came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .conditions import Value
from .inputs import blanks, shown
from .scheme import Input, Rule, Scheme

NOT_ASKED = "not asked"
NOT_KNOWN = "asked, not known"
TOLD = "told"
DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Rated:
    """One scheme as it was applied: what it was told, and what came of it (as `Outcome.to_dict` stores it)."""

    scheme: Scheme
    inputs: Mapping[str, Any]
    result: Mapping[str, Any]

    def value(self, name: str) -> Value | None:
        """What it was told about one input; None where nothing."""
        held = self.inputs.get(name)
        plain = held.get("value") if isinstance(held, Mapping) else held
        return plain if isinstance(plain, bool | int | float | str) and plain != "" else None

    def deciding(self) -> frozenset[str]:
        """The inputs that the rules which bore on the level ask about, or give as their reason."""
        fired = {step["rule"] for step in self.result["trail"] if step["fired"]}
        return frozenset(name for rule in self.scheme.rules if rule.id in fired for name in _asked(rule))


@dataclass(frozen=True, slots=True)
class Cell:
    """What one scheme does with one thing."""

    standing: str
    """`decided` (its level came from it), `told`, `asked, not known` or `not asked`."""
    words: str
    """What it was told, in plain words; empty where it was told nothing."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a scheme asks, and what each of the schemes makes of it, in the order in which they were given."""

    name: str
    words: str
    cells: tuple[Cell, ...]


def criteria(rated: Sequence[Rated]) -> tuple[Criterion, ...]:
    """Everything that decided a level in any of the schemes: first what parts them, then what they share.

    An input that decided nowhere is left out. Two inputs are the same thing only where both their names and their
    words are the same.
    """
    asked = {(name, declared.words): declared for one in rated for name, declared in one.scheme.inputs.items()}
    columns = [(one, one.deciding()) for one in rated]
    rows = [Criterion(name, words, tuple(_cell(*column, name, words) for column in columns)) for name, words in asked]
    told = [row for row in rows if any(cell.standing == DECIDED for cell in row.cells)]
    return tuple(sorted(told, key=lambda row: all(cell.standing == DECIDED for cell in row.cells)))


def _asked(rule: Rule) -> tuple[str, ...]:
    return (*rule.when.names(), *blanks(rule.sentence)) if rule.moves else ()


def _cell(one: Rated, deciding: frozenset[str], name: str, words: str) -> Cell:
    declared = one.scheme.inputs.get(name)
    if declared is None or declared.words != words:
        return Cell(NOT_ASKED, "")
    return _told(one, deciding, declared)


def _told(one: Rated, deciding: frozenset[str], declared: Input) -> Cell:
    value = one.value(declared.name)
    if value is None:
        return Cell(NOT_KNOWN, "")
    standing = DECIDED if declared.name in deciding else TOLD
    return Cell(standing, shown(declared, value))
