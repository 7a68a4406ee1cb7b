"""Did a unit take the offer up? The rule of the design, fixed beforehand, on what was written down of each unit and period.

A unit in the comparator of which nothing was written down had nothing of the offer: 0. Any other unit that lacks a component is not
known: nothing is put in its place.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from whatworks.stats.results import Result
from whatworks.trial.methods.design.conduct import ALL_OF, ANY_OF, Component
from whatworks.trial.methods.design.parts import Design


@dataclass(frozen=True, slots=True)
class Value:
    """One value that was written down; `period`: a label whose order of writing is the order of time."""

    unit: str
    period: str
    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class Met(Result):
    """One component of one unit: its value over all periods (None: nothing was written down), and whether that is enough."""

    measure: str
    value: float | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Taken(Result):
    """One unit: its components, and 1, 0 or not known (None)."""

    unit: str
    components: tuple[Met, ...]
    taken: int | None


def components_of(design: Design) -> tuple[Component, ...]:
    """The components of the rule; one where the design gives a measure alone, none where there is no rule."""
    told = design.compliance
    if design.component:
        return design.component
    return (Component(told.measure, told.enough, told.over),) if told.measure and told.enough is not None else ()


def taken(design: Design, arms: Mapping[str, str], values: Iterable[Value]) -> tuple[Taken, ...]:
    """Every unit that was drawn, in the order of `arms` (unit: arm), by the rule of the design."""
    held: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in values:
        held[one.unit, one.measure].append(one.value)
    parts, first = components_of(design), design.arms[0].name
    known = {unit for unit, _ in held}
    found = []
    for unit, arm in arms.items():
        nothing = arm == first and unit not in known
        met = tuple(_met(one, held[unit, one.measure], nothing) for one in parts)
        found.append(Taken(unit, met, _rule(design, met)))
    return tuple(found)


def _met(one: Component, values: Sequence[float], nothing: bool) -> Met:
    if not values:
        return Met(one.measure, 0.0 if nothing else None, False if nothing else None)
    held = {"sum": sum(values), "mean": statistics.fmean(values), "least": min(values), "last": values[-1]}
    value = held[one.over]
    return Met(one.measure, float(value), bool(value >= one.enough))


def _rule(design: Design, met: Sequence[Met]) -> int | None:
    """1 or 0 as soon as what is known decides, whatever the rest may be; None otherwise."""
    if not met:
        return None
    told = design.compliance
    needed = {ALL_OF: float(len(met)), ANY_OF: 1.0}.get(told.rule, (told.share or 0.0) * len(met))
    yes, unknown = sum(one.met is True for one in met), sum(one.met is None for one in met)
    if yes >= needed - 1e-9:
        return 1
    return 0 if yes + unknown < needed - 1e-9 else None
