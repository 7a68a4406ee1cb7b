"""Who is where in one simulated trial: clusters, their sizes, arms, periods and blocks, and the columns of the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import BLOCKED, COUNT, INDIVIDUAL, PAIRS, SURVIVAL, Design
from whatworks.trial.methods.sizing.across_periods import rows_of, sequences, spread_out
from whatworks.trial.methods.sizing.assuming import allocated, compared, covariates, over_periods, seen_in

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
LEAST = 2.0  # people of a cluster, however uneven


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells: a cluster, in each period that it is measured in. `cluster`, `period`, `arm`, `people`, by cell (cells,).

    `x` (cells, p): the model's columns, the second that of the arm; `rows` (clusters, periods): the arms, NaN where not measured;
    `group` (clusters,): the block or pair within which clusters are drawn.
    """

    cluster: Ints
    period: Ints
    arm: Floats
    people: Floats
    x: Floats
    rows: Floats
    group: Ints

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return len(self.rows)

    @property
    def periods(self) -> int:
        """In how many periods they are measured."""
        return int(self.rows.shape[1])


def lay_out(design: Design, clusters: int, rng: np.random.Generator) -> Layout:
    """One trial of `clusters` clusters, as many as are left at the end; unequal sizes and covariates are drawn anew at each call."""
    _refuse(design)
    rows, group = _arms(design, clusters)
    sizes = _sizes(design, len(rows), rng)
    cluster, period = np.nonzero(~np.isnan(rows))
    arm = rows[cluster, period]
    columns = [np.ones(len(arm)), arm]
    columns += [(period == one).astype(float) for one in range(1, rows.shape[1])]
    columns += [(group[cluster] == one).astype(float) for one in range(1, int(group.max()) + 1)]
    told = rng.standard_normal((len(rows), covariates(design)))
    columns += list(told[cluster].T)
    return Layout(cluster, period, arm, sizes[cluster], np.column_stack(columns), rows, group)


def _refuse(design: Design) -> None:
    held = design.size
    if design.design.outcome == SURVIVAL or design.design.kind == INDIVIDUAL:
        raise InputError(
            said("Only trials of clusters are simulated by clusters; people one by one have closed forms.")
        )
    if held.blocks_are == "sampled" and held.blocks:
        raise InputError(
            said('Blocks that are a sample are not simulated; say blocks_are = "fixed", or use the closed form.')
        )
    if held.icc_groups:
        raise InputError(
            said("Groups within clusters are not simulated; use the closed form, or leave icc_groups out.")
        )
    if held.exposure_time:
        raise InputError(said("An effect that changes with exposure is not simulated; use the closed form."))
    if held.per_cluster is None and not (design.design.outcome == COUNT and held.exposure):
        seen_in(design)


def _arms(design: Design, clusters: int) -> tuple[Floats, Ints]:
    """Each cluster's row of arms, and the group in which it is drawn."""
    if over_periods(design):
        counts = spread_out(clusters, sequences(design))
        if clusters < 2:
            raise _too_few()
        return rows_of(design, counts), np.zeros(clusters, np.intp)
    if design.design.kind == PAIRS:
        if clusters < 2:
            raise _too_few()
        return np.tile([[0.0], [1.0]], (clusters // 2, 1)), np.repeat(np.arange(clusters // 2), 2)
    groups = design.size.blocks if design.design.kind == BLOCKED and design.size.blocks else 1
    count = round(clusters * (1.0 if groups > 1 else compared(design)))
    inside = count // groups
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
