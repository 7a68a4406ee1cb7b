"""The funnel of recruitment, counted from events: approached, eligible, agreed, baseline done, drawn, and of those stopped.

A unit that came as far as a stage has passed those before it. So each stage has at most as many as the one before, and whoever is in a
stage and not in the next has left or is waited for: stage = next stage + left + waiting. A stage of which no event speaks is not counted
at all. What the events leave out or contradict is named, unit by unit.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from whatworks.saying import Said, said
from whatworks.stats.results import Result
from whatworks.trial.methods.design.conduct import STAGES
from whatworks.trial.methods.flowing import (
    AGREED,
    ALLOCATED,
    APPROACHED,
    ASSESSED,
    BASELINE,
    DECLINED,
    GONE,
    INELIGIBLE,
    Happening,
)

STOPPED = "stopped"
WAY = (*STAGES, STOPPED)
SAYS = {
    APPROACHED: "approached", ASSESSED: "eligible", AGREED: "agreed", BASELINE: "baseline", ALLOCATED: "drawn",
} | dict.fromkeys(GONE, STOPPED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage(Result):
    """How many units came so far, and of those not in the next stage how many left and how many are waited for.

    `units` is None where no event speaks of the stage. Of units that were drawn and did not stop none is waited for: they are in.
    """

    name: str
    units: int | None
    left: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Reached(Result):
    """One unit: its stratum, the furthest stage, the day of each stage (or of the next one told), how it left before the draw."""

    unit: str
    stratum: str
    furthest: str
    days: Mapping[str, datetime.date]
    left: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Funnel(Result):
    """All units, the stages, and what does not add up. `recorded`: the stages of which events speak."""

    units: tuple[Reached, ...]
    recorded: tuple[str, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Said, ...] = field(default=())

    def by_stratum(self) -> dict[str, tuple[Stage, ...]]:
        """The stages of each stratum; their units add up to those of the whole."""
        held: dict[str, list[Reached]] = defaultdict(list)
        for one in self.units:
            held[one.stratum].append(one)
        return {name: _stages(held[name], self.recorded) for name in sorted(held)}

    def curve(self, stage: str) -> tuple[tuple[datetime.date, int], ...]:
        """How many had come so far by each day on which one more had."""
        days = sorted(one.days[stage] for one in self.units if stage in one.days)
        last = {day: count for count, day in enumerate(days, 1)}
        return tuple(last.items())


def funnel(events: Iterable[Happening], strata: Mapping[str, str] | None = None) -> Funnel:
    """The funnel of what has happened so far. `strata`: the stratum of each unit, where it is known."""
    held: dict[str, list[Happening]] = defaultdict(list)
    for event in events:
        if event.people is None:
            held[event.unit].append(event)
    told = {SAYS[event.kind] for some in held.values() for event in some if event.kind in SAYS}
    counted = told | ({"approached"} if "eligible" in told else set())  # whoever is looked at has been approached
    counted |= {STOPPED} if "drawn" in told else set()  # none is told to have stopped: none has
    recorded = tuple(stage for stage in WAY if stage in counted)
    units, problems = list[Reached](), list[Said]()
    for unit, some in held.items():
        if (found := _reached(unit, some, recorded, (strata or {}).get(unit, ""))) is not None:
            units.append(found)
            problems += _problems(unit, some, [stage for stage in WAY if stage in told])
    return Funnel(tuple(units), recorded, _stages(units, recorded), tuple(problems))


def _days(some: Sequence[Happening]) -> dict[str, datetime.date]:
    """The first day that is told of each stage."""
    days: dict[str, datetime.date] = {}
    for event in some:
        stage = SAYS.get(event.kind, "")
        if stage == "eligible" and any(other.kind == INELIGIBLE for other in some):
            stage = "approached"  # it was looked at, and is not eligible
        if stage:
            days[stage] = min(event.on, days.get(stage, event.on))
    return days


def _reached(unit: str, some: Sequence[Happening], recorded: Sequence[str], stratum: str) -> Reached | None:
    """How far a unit came; None for one of which nothing is told but what is no stage."""
    told = _days(some)
    out = next((event for event in some if event.kind in (INELIGIBLE, DECLINED)), None)
    if not told and out is None:
        return None
    days: dict[str, datetime.date] = {}
    later = out.on if out is not None and not told else None
    for stage in reversed(WAY):
        later = told.get(stage, later)
        # Nobody has stopped who is not told to have; and a stage of which no event speaks is left out.
        if later is not None and stage in recorded:
            days[stage] = later
    if not days:
        return None
    furthest = max(days, key=WAY.index)
    before = WAY.index(furthest) < WAY.index("drawn")
    left, why = (out.kind, out.reason) if out is not None and before else ("", "")
    return Reached(unit, stratum, furthest, {stage: days[stage] for stage in WAY if stage in days}, left, why)


def _stages(units: Sequence[Reached], recorded: Sequence[str]) -> tuple[Stage, ...]:
    found = []
    for stage in WAY:
        if stage not in recorded:
            found.append(Stage(stage, None))
            continue
        ended = [one for one in units if one.furthest == stage]
        left = sum(bool(one.left) for one in ended)
        waiting = len(ended) - left if WAY.index(stage) < WAY.index("drawn") else 0
        found.append(Stage(stage, sum(stage in one.days for one in units), left, waiting))
    return tuple(found)


def _problems(unit: str, some: Sequence[Happening], recorded: Sequence[str]) -> Iterator[Said]:
    told = _days(some)
    order = [stage for stage in WAY if stage in told]
    last = WAY.index(order[-1]) if order else 0
    for stage in recorded:
        if order and WAY.index(stage) < last and stage not in told:
            yield said(
                "%(unit)s is “%(last)s”, and nothing says that it was “%(stage)s”.",
                unit=unit,
                last=order[-1],
                stage=stage,
            )
    for one, other in pairwise(order):
        if told[other] < told[one]:
            yield said(
                "%(unit)s is “%(other)s” on %(early)s, before it was “%(one)s” on %(late)s.",
                unit=unit, other=other, early=told[other].isoformat(), one=one, late=told[one].isoformat(),
            )  # fmt: skip
    for kind in (INELIGIBLE, DECLINED):
        if any(event.kind == kind for event in some) and "drawn" in told:
            yield said("%(unit)s was drawn, and is “%(kind)s”.", unit=unit, kind=kind)
