"""Which entries of the bank of correlations are near to a trial: those that share words with its outcome or its setting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whatworks.stats.results import Result

SHORTEST = 4  # letters; shorter words join others
JOINING = frozenset(
    "after also among before from have into least less more most month months other over part some taking than that their them "
    "there they this those under week weeks were what when where which with within year years".split()
)
SHOWN = 5
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Entry(Result):
    """One entry: what was measured (icc, cac or k) of which outcome, where, with its interval; `key` finds it again."""

    key: str
    measure: str
    value: float
    low: float | None
    high: float | None
    outcome: str
    setting: str
    clusters: int | None = None


@dataclass(frozen=True, slots=True)
class Near(Result):
    """An entry with the words it shares. `used`: whether it is the nearest of a measure that is wanted."""

    entry: Entry
    of_outcome: tuple[str, ...]
    of_setting: tuple[str, ...]
    used: bool


def words(*texts: str) -> frozenset[str]:
    """The words of texts that say what they are about, in small letters.

    >>> sorted(words("Feeling supported, 0 to 40, at 12 months"))
    ['feeling', 'supported']
    """
    found = {one for text in texts for one in _WORD.findall(text.casefold())}
    return frozenset(one for one in found if len(one) >= SHORTEST and one not in JOINING)


def near(
    entries: Iterable[Entry], outcome: Sequence[str], setting: Sequence[str], measures: Sequence[str] = ("icc",)
) -> tuple[Near, ...]:
    """The entries that share a word, the nearest first: by words of the outcome, then of the setting, then by clusters behind them.

    `measures`: those that the design is sized by, of each of which the nearest is used.
    """
    wanted, where = words(*outcome), words(*setting)
    shared = [(one, words(one.outcome) & wanted, words(one.setting) & where) for one in entries]
    held = [row for row in shared if row[1] or row[2]]
    held.sort(key=lambda row: (-len(row[1]), -len(row[2]), -(row[0].clusters or 0), row[0].key))
    first = {one.measure: one.key for one, _, _ in reversed(held)}
    return tuple(
        Near(one, tuple(sorted(here)), tuple(sorted(there)), one.measure in measures and first[one.measure] == one.key)
        for one, here, there in held[:SHOWN]
    )
