"""What did a later release say otherwise than an earlier one? Cell by cell; a symbol is not a number and never becomes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from whatworks.saying import said
from whatworks.stats.results import Result

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Revised(Result):
    """One cell that was revised. key: as given, in words; change: as a share of what it was, None where that was 0."""

    key: str
    before: float
    after: float
    change: float | None


@dataclass(frozen=True, slots=True)
class Revisions(Result):
    """Two releases beside each other. compared: cells that are numbers in both; revised: those that differ; appeared and
    withdrawn: numbers in only one of them, though both hold the cell; typical, largest: changes as shares."""

    compared: int
    revised: tuple[Revised, ...]
    appeared: int
    withdrawn: int
    typical: float | None
    largest: float | None

    def summary(self) -> str:
        """How much was revised, in a sentence."""
        if not self.compared:
            return said("The two releases share no cell that is a number in both.")
        share = f"{100 * len(self.revised) / self.compared:.1f}"
        told = {"n": f"{len(self.revised):,}", "of": f"{self.compared:,}", "share": share}
        if self.typical is None:
            return said("%(n)s of %(of)s cells were revised (%(share)s per cent).", **told)
        return said(
            "%(n)s of %(of)s cells were revised (%(share)s per cent), typically by %(typical)s and at most by %(largest)s.",
            **told,
            typical=f"{self.typical:.1%}",
            largest=f"{self.largest or 0:.1%}",
        )


def revisions(before: Mapping[Key, float | None], after: Mapping[Key, float | None]) -> Revisions:
    """Compare two releases: cells by key, None where there is a symbol instead of a number. Order of `before` is kept."""
    shared = [key for key in before if key in after]
    rows = tuple(_revised(before, after, shared))
    changes = [abs(one.change) for one in rows if one.change is not None]
    return Revisions(
        compared=sum(before[key] is not None and after[key] is not None for key in shared),
        revised=rows,
        appeared=sum(before[key] is None and after[key] is not None for key in shared),
        withdrawn=sum(before[key] is not None and after[key] is None for key in shared),
        typical=median(changes) if changes else None,
        largest=max(changes, default=None),
    )


def _revised(
    before: Mapping[Key, float | None], after: Mapping[Key, float | None], shared: list[Key]
) -> Iterator[Revised]:
    for key in shared:
        old, new = before[key], after[key]
        if old is not None and new is not None and old != new:
            said = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield Revised(said, old, new, new / old - 1 if old else None)
