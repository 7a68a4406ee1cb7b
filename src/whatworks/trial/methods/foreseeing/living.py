"""A trial as it is now: who is still in it, and the smallest effect that it can find with those.

Counted from events: a unit that is lost, withdrew or was excluded is out; of people, those who enrolled less those who left.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.stats.results import Result
from whatworks.trial.methods.design.parts import INDIVIDUAL, Design, Size
from whatworks.trial.methods.flowing import ALLOCATED, ENROLLED, GONE, Happening
from whatworks.trial.methods.sizing.assuming import over_periods


@dataclass(frozen=True, slots=True)
class ArmNow(Result):
    """One arm: units drawn and still in, people enrolled and still in, and how many people each unit still has."""

    name: str
    drawn: int
    units: int
    enrolled: int
    people: int
    sizes: tuple[int, ...]

    @property
    def units_kept(self) -> float | None:
        """Share of the units drawn that are still in; None before any is drawn."""
        return self.units / self.drawn if self.drawn else None

    @property
    def people_kept(self) -> float | None:
        """Share of the people enrolled who are still in; None where none were counted."""
        return self.people / self.enrolled if self.enrolled else None


def now(events: Iterable[Happening], arms: Sequence[str]) -> tuple[ArmNow, ...]:
    """Every arm as its events stand."""
    by_unit: dict[str, list[Happening]] = defaultdict(list)
    for event in events:
        by_unit[event.unit].append(event)
    rows: dict[str, list[tuple[bool, int, int]]] = {name: [] for name in arms}
    for held in by_unit.values():
        arm = next((event.arm for event in held if event.kind == ALLOCATED), "")
        if arm in rows:
            rows[arm].append(_unit(held))
    return tuple(_arm(name, units) for name, units in rows.items())


def _unit(held: Iterable[Happening]) -> tuple[bool, int, int]:
    """Whether it is still in, people enrolled, people still in."""
    out, enrolled, left = False, 0, 0
    for event in held:
        out = out or (event.kind in GONE and event.people is None)
        enrolled += (event.people or 0) if event.kind == ENROLLED else 0
        left += (event.people or 0) if event.kind in GONE else 0
    return not out, enrolled, 0 if out else max(enrolled - left, 0)


def _arm(name: str, units: Sequence[tuple[bool, int, int]]) -> ArmNow:
    sizes = tuple(people for still, _, people in units if still and people)
    return ArmNow(
        name, len(units), sum(still for still, _, _ in units), sum(enrolled for _, enrolled, _ in units), sum(sizes), sizes
    )  # fmt: skip


def as_it_is(design: Design, arms: Sequence[ArmNow], icc: float | None = None) -> Design:
    """The design with what is left in place of what was planned: units, people in each, how unequal they are, the ICC found.

    People still to be enrolled are taken as planned, losses included; where people are counted nobody else is taken to be lost.
    """
    units, sizes = sum(arm.units for arm in arms), [size for arm in arms for size in arm.sizes]
    changed: dict[str, Any] = {"clusters": float(units), "dropout": 0.0}
    if over_periods(design) and design.size.clusters != units:
        changed |= {"sequences": (), "steps": design.size.steps or len(design.size.sequences) or None}
    if design.design.kind == INDIVIDUAL:
        changed |= {"attrition": 0.0}
    elif len(sizes) == units:  # every unit that is still in has said whom it enrolled
        changed |= {"per_cluster": statistics.fmean(sizes), "cv": _cv(sizes), "attrition": 0.0}
        if design.size.exposure and design.size.per_cluster:
            changed |= {"exposure": design.size.exposure * statistics.fmean(sizes) / design.size.per_cluster}
    if len(arms) == 2 and not over_periods(design) and units:
        changed |= {"allocated": min(max(arms[1].units / units, 1e-6), 0.999999)}
    if icc is not None and design.size.k is None:
        changed |= {"icc": min(max(icc, 0.0), 0.999999)}
    size: Size = dataclasses.replace(design.size, **changed)
    return dataclasses.replace(design, size=size)


def _cv(sizes: Sequence[int]) -> float:
    return statistics.stdev(sizes) / statistics.fmean(sizes) if len(sizes) > 1 else 0.0
