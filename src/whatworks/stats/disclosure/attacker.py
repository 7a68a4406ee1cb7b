"""The attacker: what anybody with linear programming can work out about withheld counts from all that is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.disclosure.cells import Known
from whatworks.stats.disclosure.equations import Equations, Floats, Whole, equations, farthest
from whatworks.stats.disclosure.policy import Policy, Reason
from whatworks.stats.disclosure.relations import Key, Relation
from whatworks.stats.disclosure.view import rounding_interval, withheld_interval
from whatworks.stats.results import Result


@dataclass(frozen=True, slots=True)
class Range(Result):
    """The least and the greatest count that a cell can have; no greatest (None) where there is no end."""

    low: int
    high: int | None

    @property
    def width(self) -> int | None:
        """How many whole numbers that is; None where there is no end."""
        return None if self.high is None else self.high - self.low + 1


def attack(
    shown: Mapping[Key, str | int],
    relations: Iterable[Relation],
    policy: Policy,
    known: Known | None = None,
    *,
    large: Collection[Key] = (),
    reasons: Mapping[Key, Reason] | None = None,
    rounded: Mapping[Key, int] | None = None,
) -> dict[Key, Range]:
    """Between what each withheld count must lie, for somebody who knows the policy and does every sum.

    shown: what stands in the outputs, numbers or the symbol. known, large, rounded: as for `withhold`. reasons: why cells
    are withheld, for an attacker who was told (`Withheld.reasons`); without them a symbol may hide any count.
    Raises InputError where no whole counts fit what is shown.
    """
    told = dict(known or {})
    system = equations(relations, [*shown, *told])
    low, high = np.zeros(system.cells), np.full(system.cells, np.inf)
    for key, entry in shown.items():
        at = system.index[key]
        low[at], high[at] = _read(entry, (reasons or {}).get(key), policy, key in large, (rounded or {}).get(key, 1))
    for key, found in told.items():
        at, (least, most) = system.index[key], found if isinstance(found, tuple) else (found, found)
        low[at], high[at] = max(low[at], least), min(high[at], most)
    hidden = np.array([system.index[key] for key, entry in shown.items() if entry == policy.symbol], dtype=np.int64)
    return _ranges(system, low, high, hidden)


def _read(entry: str | int, reason: Reason | None, policy: Policy, large: bool, step: int) -> tuple[float, float]:
    """What one entry of an output says of its count."""
    if entry == policy.symbol:
        return withheld_interval(reason or Reason.ANY, policy, step)
    try:
        number = int(str(entry).replace(",", ""))
    except ValueError:
        raise InputError(
            said(
                "An output shows whole numbers or %(symbol)s: read %(entry)r as one of these.",
                symbol=policy.symbol,
                entry=entry,
            )
        ) from None
    if step > 1:
        return max(number - step // 2, 0), number + (step - 1) // 2  # halves go up
    return rounding_interval(number, policy.step(large), policy)


def _ranges(system: Equations, low: Floats, high: Floats, hidden: Whole) -> dict[Key, Range]:
    """The range of each hidden cell: by sets of cells that share relations, what is shown put in as numbers."""
    fixed = low == high
    right = -(system.matrix @ np.where(fixed, low, 0.0))
    wanted = set(hidden.tolist())
    found = {system.keys[at]: Range(int(low[at]), int(low[at])) for at in wanted if fixed[at]}
    for some in system.components(~fixed):
        rows = system.touching(some)
        part = (system.matrix[rows][:, some], right[rows], low[some], high[some])
        for at in range(some.size):
            if int(some[at]) in wanted:
                found[system.keys[int(some[at])]] = _range(at, *part)
    return found


def _range(at: int, matrix: Any, right: Floats, low: Floats, high: Floats) -> Range:
    """The range of one cell."""
    try:
        least, most = (farthest(sign, at, matrix, right, low, high) for sign in (1, -1))
    except ValueError:
        raise InputError(
            said("No whole counts fit what is shown: check the outputs, the sums and what is known.")
        ) from None
    return Range(least or 0, most)
