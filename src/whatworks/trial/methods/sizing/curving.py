"""Power against the number of units, and against what is least known: how much clusters differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.stats.results import Result
from whatworks.trial.methods.design.parts import INDIVIDUAL, Design
from whatworks.trial.methods.sizing.assuming import by_k, effect_of
from whatworks.trial.methods.sizing.planning import formula_of, whole_of, with_clusters

STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
TIMES = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Point(Result):
    """Power with `clusters` units in all, where clusters differ as much as `differ` (icc or k; None where nothing does)."""

    clusters: int
    differ: float | None
    power: float


def curve(design: Design, clusters: float) -> tuple[Point, ...]:
    """Power from half to twice as many units, at half, once and twice the icc (or k) that is assumed."""
    counts = sorted({whole_of(design, max(clusters * step, 4.0)) for step in STEPS})
    found = []
    for one, differ in _differing(design):
        for count in counts:
            try:
                changed = with_clusters(one, count)
                found.append(Point(count, differ, formula_of(changed).power(count, effect_of(changed))))
            except InputError:
                continue  # too few for this design, or more in common than there is
    return tuple(found)


def _differing(design: Design) -> Iterator[tuple[Design, float | None]]:
    if design.design.kind == INDIVIDUAL:
        yield design, None
        return
    name, most = ("k", 1e9) if by_k(design) else ("icc", 0.999)
    for value in _values(getattr(design.size, name), most):
        changed: dict[str, Any] = {name: value}
        yield dataclasses.replace(design, size=dataclasses.replace(design.size, **changed)), value


def _values(value: float | None, most: float) -> Sequence[float]:
    return sorted({min(value * times, most) for times in TIMES}) if value else [0.0]
