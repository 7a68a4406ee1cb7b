"""Difference in differences where places begin at different times: an effect for each group at each time, and their means.

Each group is compared only with units not treated (Callaway and Sant'Anna 2021, doi 10.1016/j.jeconom.2020.12.001), here without
covariates; standard errors are from influence functions, as R's did has them without its bootstrap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.checking import refuse_missing
from whatworks.trial.methods.quasi.differences import Effect, Floats

NEVER, NOT_YET = "never", "not yet"
FEW = 5  # units of a group, below which its standard error says little


@dataclass(frozen=True, slots=True)
class GroupTime:
    """The effect on the group that began at `group` at `time`; before `group` it is a change from the time before: a check of trends."""

    group: float
    time: float
    effect: Effect

    @property
    def before(self) -> bool:
        """Whether nothing had begun, so that the effect should be nought."""
        return self.time < self.group


@dataclass(frozen=True, slots=True)
class GroupTimes:
    """`cells`: every group at every time but the first; `overall`: the mean of cells after the beginning, by how many units they hold;
    `by_group`: the mean of each group over its times, and `over_groups` of these; `by_exposure`: by times since the beginning (0 is the
    first; below nought, before), and `over_exposure` of those after it.
    """

    cells: tuple[GroupTime, ...]
    overall: Effect
    by_group: tuple[tuple[float, Effect], ...]
    over_groups: Effect
    by_exposure: tuple[tuple[float, Effect], ...]
    over_exposure: Effect
    warnings: tuple[Said, ...]


class _Panel(NamedTuple):
    y: Floats  # (units, times)
    first: Floats  # (units,): when it began, infinity for never
    times: Floats
    clusters: NDArray[np.intp]  # (units,)
    early: int  # units left out, which began before they were seen


class _Cell(NamedTuple):
    group: float
    time: float
    value: float
    influence: Floats  # (units,)
    share: float


def group_times(
    y: ArrayLike, unit: ArrayLike, time: ArrayLike, began: ArrayLike, *, against: str = NEVER, cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> GroupTimes:  # fmt: skip
    """Effects by group and time, and their means. Every unit needs a row at every time; rows in any order.

    `began` (rows,): the time at which the row's unit began, infinity for never; `against`: units that "never" began, or had "not yet".
    Units that began at the first time or before are left out. Raises InputError for a unit with times missing or twice, with two
    beginnings, and where nobody is there to compare with.
    """
    if against not in (NEVER, NOT_YET):
        raise InputError(
            said(
                "“%(way)s” is no comparison here; say “%(one)s” or “%(other)s”.", way=against, one=NEVER, other=NOT_YET
            )
        )
    panel = _panel(y, unit, time, began, cluster)
    groups = [float(one) for one in np.unique(panel.first) if one < math.inf]
    cells = [cell for group in groups for cell in _cells(panel, group, against)]
    after = [one for one in cells if one.time >= one.group]
    if not after:
        raise InputError(
            said(
                "No unit begins after the first time with others to compare it with, so there are no differences to compare."
            )
        )
    return _gathered(panel, cells, after, level)


def _gathered(panel: _Panel, cells: list[_Cell], after: list[_Cell], level: float) -> GroupTimes:
    def effect(found: tuple[float, Floats]) -> Effect:
        return _effect(panel, *found, level)

    groups = sorted({one.group for one in after})
    grouped = {group: _plain([one for one in after if one.group == group]) for group in groups}
    exposures = sorted({_exposure(panel, one) for one in cells})
    exposed = {since: _mean(panel, [one for one in cells if _exposure(panel, one) == since]) for since in exposures}
    whole = [_Cell(group, group, *grouped[group], float((panel.first == group).mean())) for group in groups]
    later = [_Cell(0, 0, *found, 0) for since, found in exposed.items() if since >= 0]
    return GroupTimes(
        tuple(GroupTime(one.group, one.time, effect((one.value, one.influence))) for one in cells),
        effect(_mean(panel, after)),
        tuple((group, effect(found)) for group, found in grouped.items()),
        effect(_mean(panel, whole)),
        tuple((float(since), effect(found)) for since, found in exposed.items()),
        effect(_plain(later)),
        tuple(_warnings(panel, groups)),
    )


def _panel(y: ArrayLike, unit: ArrayLike, time: ArrayLike, began: ArrayLike, cluster: ArrayLike | None) -> _Panel:
    outcome, start = np.asarray(y, float), np.asarray(began, float)
    units, index = np.unique(np.asarray(unit), return_inverse=True)
    times, at = np.unique(np.asarray(time, float), return_inverse=True)
    labels = index if cluster is None else np.unique(np.asarray(cluster), return_inverse=True)[1]
    if outcome.ndim != 1 or not outcome.shape == start.shape == index.shape == at.shape == labels.shape:
        raise InputError(said("There must be a unit, a time, a beginning and a cluster for each outcome."))
    refuse_missing(outcome, np.where(np.isposinf(start), 0.0, start))
    if len(outcome) != len(units) * len(times) or len(set(zip(index.tolist(), at.tolist(), strict=True))) < len(
        outcome
    ):
        raise InputError(said("Every unit needs one row at every time; leave out units that lack some."))
    table = np.empty((3, len(units), len(times)))
    table[:, index, at] = outcome, start, labels
    if (table[1:] != table[1:, :, :1]).any():
        raise InputError(said("A unit has several beginnings or clusters; each has one."))
    kept = table[1, :, 0] > times[0]
    clusters = np.unique(table[2, kept, 0], return_inverse=True)[1]
    return _Panel(table[0, kept], table[1, kept, 0], times, clusters, int((~kept).sum()))


def _cells(panel: _Panel, group: float, against: str) -> list[_Cell]:
    """Each time but the first: before the beginning against the time before, then against the last time before the beginning."""
    found, last = [], int(np.searchsorted(panel.times, group)) - 1
    mine = panel.first == group
    for place in range(1, len(panel.times)):
        base = place - 1 if place <= last else last
        others = np.isposinf(panel.first)
        if against == NOT_YET:
            others = others | ((panel.first > panel.times[max(place, base)]) & ~mine)
        if not others.any():
            continue
        change = panel.y[:, place] - panel.y[:, base]
        mean, other = float(change[mine].mean()), float(change[others].mean())
        influence = np.where(mine, (change - mean) / mine.mean(), 0.0) - np.where(
            others, (change - other) / others.mean(), 0.0
        )
        found.append(_Cell(float(group), float(panel.times[place]), mean - other, influence, float(mine.mean())))
    return found


def _exposure(panel: _Panel, cell: _Cell) -> int:
    return int(np.searchsorted(panel.times, cell.time)) - int(np.searchsorted(panel.times, cell.group))


def _plain(cells: list[_Cell]) -> tuple[float, Floats]:
    """The plain mean."""
    return float(np.mean([one.value for one in cells])), np.mean([one.influence for one in cells], axis=0)


def _mean(panel: _Panel, cells: list[_Cell]) -> tuple[float, Floats]:
    """The mean by groups' shares of units, which are estimated as well."""
    shares, values = np.array([one.share for one in cells]), np.array([one.value for one in cells])
    total = shares.sum()
    influence = sum((one.share / total) * one.influence for one in cells)
    member = np.array([(panel.first == one.group) - one.share for one in cells])
    moved = (member / total).T @ values - member.sum(axis=0) * float(shares @ values) / total**2
    return float(shares @ values) / float(total), np.asarray(influence + moved, float)


def _effect(panel: _Panel, value: float, influence: Floats, level: float) -> Effect:
    together = np.bincount(panel.clusters, influence)
    se = math.sqrt(float(together @ together)) / len(influence)
    reach = float(norm.ppf((1 + level) / 2)) * se
    p = 2 * float(norm.sf(abs(value / se))) if se > 0 else math.nan
    return Effect(value, se, None, p, value - reach, value + reach)


def _warnings(panel: _Panel, groups: list[float]) -> Iterable[Said]:
    for group in groups:
        count = int((panel.first == group).sum())
        if count < FEW:
            yield said(
                "The group that began at %(time)s has %(count)s units, so its standard errors are too small to trust.",
                time=f"{group:g}", count=count,
            )  # fmt: skip
    if panel.early:
        yield said(
            "%(count)s units began at the first time or before, so nothing is known of them before; they are left out.",
            count=panel.early,
        )
