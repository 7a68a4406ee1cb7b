"""Who is where in one simulated trial: clusters, their sizes, arms, periods, blocks and groups, and the columns of the model."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import BLOCKED, COUNT, PAIRS, Design
from whatworks.trial.methods.sizing.across_periods import rows_of, sequences, spread_out
from whatworks.trial.methods.sizing.assuming import allocated, compared, covariates, needed, over_periods, seen_in

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
LEAST = 2.0  # people of a cluster, however uneven


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells: a cluster (or a group of it), in each period that it is measured in. `cluster`, `period`, `arm`, `people`, by cell (cells,).

    `x` (cells, p): the model's columns, the second that of the arm; `rows` (clusters, periods): the arms, NaN where not measured;
    `group` (clusters,): the block or pair within which clusters are drawn; `inside` (cells,): the group within its cluster, the
    same number for all cells of a group; `apart`: how many of the last columns tell exposure times from their mean.
    """

    cluster: Ints
    period: Ints
    arm: Floats
    people: Floats
    x: Floats
    rows: Floats
    group: Ints
    inside: Ints
    apart: int = 0

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return len(self.rows)

    @property
    def periods(self) -> int:
        """In how many periods they are measured."""
        return int(self.rows.shape[1])

    @property
    def in_groups(self) -> bool:
        """Whether a cluster has several cells in one period."""
        return len(self.cluster) > int((~np.isnan(self.rows)).sum())


def lay_out(design: Design, clusters: int, rng: np.random.Generator) -> Layout:
    """One trial of `clusters` clusters, as many as are left at the end; unequal sizes and covariates are drawn anew at each call.

    Raises InputError where too few clusters are left, or a size is missing.
    """
    if design.size.per_cluster is None and not (design.design.outcome == COUNT and design.size.exposure):
        seen_in(design)
    rows, group = _arms(design, clusters)
    sizes = _sizes(design, len(rows), rng)
    cluster, period = np.nonzero(~np.isnan(rows))
    arm = rows[cluster, period]
    columns = [np.ones(len(arm)), arm]
    columns += [(period == one).astype(float) for one in range(1, rows.shape[1])]
    columns += [(group[cluster] == one).astype(float) for one in range(1, int(group.max()) + 1)]
    told = rng.standard_normal((len(rows), covariates(design)))
    columns += list(told[cluster].T)
    exposed = _apart(rows, cluster, period) if design.size.exposure_time else []
    whole = Layout(
        cluster, period, arm, sizes[cluster], np.column_stack([*columns, *exposed]), rows, group,
        np.arange(len(arm)), len(exposed),
    )  # fmt: skip
    return _in_groups(whole, round(needed(design, "groups"))) if design.size.icc_groups else whole


def _apart(rows: Floats, cluster: Ints, period: Ints) -> list[Floats]:
    """Columns that tell each exposure time but the last from the mean of them all; the arm's coefficient is then that mean."""
    told = np.nan_to_num(rows)
    if (np.diff(told, axis=1) < 0).any():
        raise InputError(
            said("A cluster goes back to the comparator, so that time since its change does not tell its exposure.")
        )
    times = np.cumsum(told > 0, axis=1)[cluster, period] * (told[cluster, period] > 0)
    last = int(times.max())
    return [(times == one) * 1.0 - (times == last) for one in range(1, last)]


def _in_groups(whole: Layout, groups: int) -> Layout:
    """Each cell split into groups of its cluster, as equal as can be; the groups stay what they are over periods."""
    if whole.people.min() < groups:
        raise InputError(
            said("[size] groups is %(groups)s, and a cluster has only %(n)s people; give fewer groups.", groups=groups,
                 n=f"{whole.people.min():g}")
        )  # fmt: skip
    cell = np.repeat(np.arange(len(whole.cluster)), groups)
    place = np.tile(np.arange(groups), len(whole.cluster))
    people = whole.people[cell]
    each = np.floor(people / groups) + (place < people % groups)
    return dataclasses.replace(
        whole, cluster=whole.cluster[cell], period=whole.period[cell], arm=whole.arm[cell], people=each, x=whole.x[cell],
        inside=whole.cluster[cell] * groups + place,
    )  # fmt: skip


def _arms(design: Design, clusters: int) -> tuple[Floats, Ints]:
    """Each cluster's row of arms, and the group in which it is drawn."""
    if over_periods(design):
        if len(design.arms) > 2:
            raise InputError(
                said(
                    "Over periods two arms are simulated: a sequence says when a cluster changes from the one to the other."
                )
            )
        counts = spread_out(clusters, sequences(design))
        if clusters < 2:
            raise _too_few()
        return rows_of(design, counts), np.zeros(clusters, np.intp)
    if design.design.kind == PAIRS:
        if len(design.arms) > 2:
            raise InputError(
                said("A pair has two clusters and so two arms; draw the clusters of three arms within blocks.")
            )
        if clusters < 2:
            raise _too_few()
        return np.tile([[0.0], [1.0]], (clusters // 2, 1)), np.repeat(np.arange(clusters // 2), 2)
    groups = design.size.blocks if design.design.kind == BLOCKED and design.size.blocks else 1
    inside = round(clusters * compared(design)) // groups
    if inside < 2:
        raise _too_few()
    treated = min(max(round(inside * allocated(design)), 1), inside - 1)
    one = np.array([[0.0]] * (inside - treated) + [[1.0]] * treated)
    return np.tile(one, (groups, 1)), np.repeat(np.arange(groups), inside)


def _too_few() -> InputError:
    return InputError(said("Too few clusters are left at the end to have both arms; add clusters, or fewer blocks."))


def _sizes(design: Design, clusters: int, rng: np.random.Generator) -> Floats:
    held = design.size
    mean = 1.0 if held.per_cluster is None else seen_in(design)
    if held.per_cluster is None:
        return np.full(clusters, mean)
    if held.cv == 0:
        return np.full(clusters, max(round(mean), 1.0))
    drawn = rng.gamma(held.cv**-2, mean * held.cv**2, clusters)
    found: Floats = np.maximum(np.round(drawn * mean / drawn.mean()), LEAST)
    return found
