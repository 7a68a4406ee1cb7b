"""The best set of bids under a budget and rules on kinds, regions and sizes: an integer programme, solved exactly.

Maximise the sum of the scores of the bids chosen, under the budget, the least and most bids, and for each rule the least and most of a
group; by HiGHS through scipy (Huangfu and Hall 2018, doi 10.1007/s12532-017-0130-5), with no gap allowed. The price of breadth is the score
of the best set without the rules on groups less that with them: what is given up to widen coverage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from whatworks.commission.methods.ratings import Floats
from whatworks.errors import InputError
from whatworks.saying import Said, said

CLOSE = 1e-7  # sums of scores nearer than this are equal
BUDGET, NUMBER = "budget", "number"


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid: its score, its cost in whole pounds, and to which value it belongs in each group, such as {"region": "North"}."""

    name: str
    score: float
    cost: int
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quota:
    """At least and at most so many of the bids chosen have this value in this group."""

    group: str
    value: str
    least: int = 0
    most: int | None = None

    @property
    def name(self) -> str:
        """The rule in a few words."""
        return f"{self.group}: {self.value}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds a choice: a budget in whole pounds, the least and most bids, and rules on groups."""

    budget: int
    most: int
    least: int = 0
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A best set: names in order, sum of scores, cost, and whether it is the only best one."""

    names: tuple[str, ...]
    score: float
    cost: int
    only: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """What one rule costs: how much higher the sum of scores would be without it, who would come in and who would go out."""

    rule: str
    gain: float
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The best set under all rules, the best without those on groups, the price between them, and what each rule costs by itself.

    Where nothing fulfils all rules `chosen` is None and `conflict` names rules that cannot hold together: without any one they could.
    """

    chosen: Chosen | None
    free: Chosen | None
    price: float | None
    swaps: tuple[Swap, ...]
    conflict: tuple[str, ...]


def portfolio(bids: Sequence[Bid], limits: Limits) -> Portfolio:
    """The best set of bids and what each rule costs. Raises InputError for bids or limits that cannot be."""
    _refuse(bids, limits)
    free = best(bids, _without_quotas(limits))
    found = best(bids, limits)
    if found is None:
        return Portfolio(None, free, None, (), conflict(bids, limits))
    assert free is not None  # fewer rules: what fulfils all of them fulfils these
    swaps = tuple(_swap(bids, limits, quota, found) for quota in limits.quotas)
    return Portfolio(found, free, max(free.score - found.score, 0.0), swaps, ())


def best(bids: Sequence[Bid], limits: Limits, *, unique: bool = True) -> Chosen | None:
    """The best set, or None where no set fulfils the limits. With `unique` also whether another is as good."""
    chosen = _solve(bids, limits)
    if chosen is None:
        return None
    score = float(sum(bid.score for bid, taken in zip(bids, chosen, strict=True) if taken))
    only = True
    if unique:
        other = _solve(bids, limits, (chosen,))
        told = None if other is None else sum(bid.score for bid, taken in zip(bids, other, strict=True) if taken)
        only = told is None or told < score - CLOSE
    names = tuple(sorted(bid.name for bid, taken in zip(bids, chosen, strict=True) if taken))
    return Chosen(names, score, sum(bid.cost for bid, taken in zip(bids, chosen, strict=True) if taken), only)


def conflict(bids: Sequence[Bid], limits: Limits) -> tuple[str, ...]:
    """Rules that cannot all hold: one after the other is taken away, and those stay without which the rest could hold."""
    kept: list[str | Quota] = [BUDGET, *([NUMBER] if limits.least else []), *limits.quotas]
    for rule in list(kept):
        fewer = [one for one in kept if one is not rule]
        if best(bids, _only(limits, bids, fewer), unique=False) is None:
            kept = fewer
    return tuple(one if isinstance(one, str) else one.name for one in kept)


def frequencies(draws: Floats, bids: Sequence[Bid], limits: Limits) -> dict[str, float]:
    """How often each bid is in the best set over draws of scores (draws, bids); all nought where no set fulfils the limits."""
    counts = np.zeros(len(bids))
    for row in draws:
        told = _solve([Bid(b.name, float(s), b.cost, b.groups) for b, s in zip(bids, row, strict=True)], limits)
        if told is None:
            break
        counts += np.array(told, float)
    return {bid.name: float(count) / max(len(draws), 1) for bid, count in zip(bids, counts, strict=True)}


def _swap(bids: Sequence[Bid], limits: Limits, quota: Quota, found: Chosen) -> Swap:
    others = tuple(one for one in limits.quotas if one is not quota)
    told = best(bids, Limits(limits.budget, limits.most, limits.least, others), unique=False)
    assert told is not None
    if told.score <= found.score + CLOSE:
        return Swap(quota.name, 0.0, (), ())
    return Swap(
        quota.name,
        told.score - found.score,
        tuple(name for name in told.names if name not in found.names),
        tuple(name for name in found.names if name not in told.names),
    )


def _without_quotas(limits: Limits) -> Limits:
    return Limits(limits.budget, limits.most, limits.least)


def _only(limits: Limits, bids: Sequence[Bid], kept: Sequence[str | Quota]) -> Limits:
    return Limits(
        limits.budget if BUDGET in kept else sum(bid.cost for bid in bids),
        limits.most,
        limits.least if NUMBER in kept else 0,
        tuple(one for one in kept if isinstance(one, Quota)),
    )


def _refuse(bids: Sequence[Bid], limits: Limits) -> None:
    if not bids:
        raise InputError(said("There are no bids to choose from."))
    if len({bid.name for bid in bids}) < len(bids):
        raise InputError(said("Two bids have one name; each needs its own."))
    for bid in bids:
        if bid.cost < 0 or bid.score < 0 or not np.isfinite(bid.score):
            raise InputError(said("The bid %(name)s has a score or a cost below nought.", name=bid.name))
    wrong = _wrong(limits)
    if wrong:
        raise InputError(wrong)


def _wrong(limits: Limits) -> Said | None:
    if limits.budget < 0 or limits.most < 0 or not 0 <= limits.least <= limits.most:
        return said("The budget or the number of bids cannot be; the least number may not be above the most.")
    for one in limits.quotas:
        if one.least < 0 or (one.most is not None and one.most < one.least):
            return said("The rule on %(name)s asks for at least more than at most.", name=one.name)
    return None


def _solve(bids: Sequence[Bid], limits: Limits, barred: tuple[tuple[bool, ...], ...] = ()) -> tuple[bool, ...] | None:
    """Which bids are taken; none of the `barred` sets. None where there is no such set."""
    rows, lows, highs = _rows(bids, limits)
    for one in barred:
        rows.append([1.0 if taken else -1.0 for taken in one])
        lows.append(-np.inf)
        highs.append(sum(one) - 1.0)
    found = milp(
        -np.array([bid.score for bid in bids]),
        constraints=LinearConstraint(np.array(rows), np.array(lows), np.array(highs)),
        integrality=np.ones(len(bids)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    taken = tuple(bool(one > 0.5) for one in found.x)
    if sum(bid.cost for bid, one in zip(bids, taken, strict=True) if one) > limits.budget:
        return _solve(
            bids, limits, (*barred, taken)
        )  # over by less than the solver sees: costs are whole, so it is over
    return taken


def _rows(bids: Sequence[Bid], limits: Limits) -> tuple[list[list[float]], list[float], list[float]]:
    rows: list[list[float]] = [[float(bid.cost) for bid in bids], [1.0] * len(bids)]
    lows: list[float] = [-np.inf, float(limits.least)]
    highs: list[float] = [limits.budget + 0.25, float(limits.most)]
    for one in limits.quotas:
        rows.append([float(bid.groups.get(one.group) == one.value) for bid in bids])
        lows.append(float(one.least))
        highs.append(np.inf if one.most is None else float(one.most))
    return rows, lows, highs
