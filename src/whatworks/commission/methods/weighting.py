"""Scores on several criteria as one value from 0 to 100, and whether the order hangs on the weights.

A score's value is (score - lowest) / (highest - lowest); the whole is the weighted mean of values (Dodgson and others 2009, Multi-criteria
analysis: a manual, DCLG). Each weight is put up and down by a share, the others staying; each criterion is left out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said

MOVE = 0.25
WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Scale:
    """One criterion as it is reckoned with."""

    key: str
    weight: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """One other way to weigh: which criterion (by key), `change` ("more", "less" or "left out"), and the ranks that it gives."""

    criterion: str
    change: str
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The ranks as weighed, the best and worst rank of each application over all scenarios, and who changes in or out of the first
    `places` in which scenarios.
    """

    ranks: Mapping[str, int]
    best: Mapping[str, int]
    worst: Mapping[str, int]
    scenarios: tuple[Scenario, ...]
    places: int

    @property
    def steady(self) -> bool:
        """Whether the same applications come first however the criteria are weighed here."""
        return not any(self.changed(one) for one in self.scenarios)

    def changed(self, scenario: Scenario) -> tuple[str, ...]:
        """Who is in the first `places` under one of the weightings and not the other."""
        return tuple(
            name for name, rank in self.ranks.items() if (rank <= self.places) != (scenario.ranks[name] <= self.places)
        )


def value(scores: Mapping[str, float], scales: Sequence[Scale], left_out: str = "") -> float:
    """The weighted value of one set of scores, 0 to 100. Raises InputError where a criterion has no score or one off its scale."""
    total = weights = 0.0
    for one in scales:
        if one.key not in scores:
            raise InputError(said("The criterion “%(key)s” has no score.", key=one.key))
        if not one.lowest <= scores[one.key] <= one.highest:
            raise InputError(
                said(
                    "A score of %(score)s on “%(key)s” is off its scale, %(low)s to %(high)s.",
                    score=scores[one.key],
                    key=one.key,
                    low=one.lowest,
                    high=one.highest,
                )
            )
        weight = 0.0 if one.key == left_out else one.weight
        total += weight * (scores[one.key] - one.lowest) / (one.highest - one.lowest)
        weights += weight
    if weights <= 0:
        raise InputError(said("The weights add up to nothing; give at least one criterion a weight."))
    return WHOLE * total / weights


def ranks(values: Mapping[str, float]) -> dict[str, int]:
    """Rank 1 for the highest; equal values share the better rank.

    >>> ranks({"a": 3.0, "b": 5.0, "c": 3.0})
    {'a': 2, 'b': 1, 'c': 2}
    """
    return {name: 1 + sum(other > held + 1e-9 for other in values.values()) for name, held in values.items()}


def sensitivity(
    means: Mapping[str, Mapping[str, float]], scales: Sequence[Scale], *, places: int, move: float = MOVE
) -> Sensitivity:
    """Whether the order of applications hangs on the weights. `means`: for each application its mean score on each criterion."""
    base = ranks({name: value(scores, scales) for name, scores in means.items()})
    scenarios = []
    for one in scales:
        for change, factor in (("more", 1 + move), ("less", 1 - move)):
            moved = [Scale(x.key, x.weight * (factor if x is one else 1), x.lowest, x.highest) for x in scales]
            found = ranks({name: value(scores, moved) for name, scores in means.items()})
            scenarios.append(Scenario(one.key, change, found))
        if len(scales) > 1:
            found = ranks({name: value(scores, scales, one.key) for name, scores in means.items()})
            scenarios.append(Scenario(one.key, "left out", found))
    every = [base, *(one.ranks for one in scenarios)]
    best = {name: min(held[name] for held in every) for name in base}
    worst = {name: max(held[name] for held in every) for name in base}
    return Sensitivity(base, best, worst, tuple(scenarios), places)
