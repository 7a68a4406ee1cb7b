"""Analyses of simulated trials one at a time, by the very functions that analyse a trial's data.

Each simulated trial is laid out as rows, as an analyst has them: of people where outcomes are measured, of clusters (in a period) with
how many people or how much time at risk they count where outcomes are yes or no, or counted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.stats.robust import clustered, least_squares, wild_bootstrap
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.table import Column, Prepared
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, SURVIVAL, WEDGE, Design
from whatworks.trial.methods.simulating.batched import Tested, with_clusters
from whatworks.trial.methods.simulating.drawing import Drawn, as_linear, collapsed
from whatworks.trial.methods.simulating.layout import Floats, Layout
from whatworks.trial.methods.sizing.assuming import over_periods

Pair = tuple[float, float]
DRAWS = 999


def singly(design: Design, layout: Layout, drawn: Drawn, method: str) -> Tested:
    """Every set for itself; one that cannot be fitted is a failure (NaN), and does not stop the others."""
    with_levels = further_levels(design)
    if method == "wild-bootstrap" or not with_levels:
        layout, drawn = collapsed(layout, drawn)
    found = np.full((drawn.means.shape[1], 2), np.nan)
    for number in range(len(found)):
        if method == "wild-bootstrap":
            found[number] = tried(partial(_wild, *as_linear(design, layout, drawn), number))
        else:
            found[number] = analysed(rows(design, layout, drawn, number), method)
    return Tested(found[:, 0], found[:, 1])


def analysed(found: Prepared, method: str) -> Pair:
    """Estimate and p of one trial by a method of the panel; NaN where it gives none."""

    def work() -> Pair:
        answer = panel.one(found, method)
        return answer.estimate, float("nan") if answer.p is None else answer.p

    return tried(work)


def tried(work: Callable[[], Pair]) -> Pair:
    """What it gives, or NaN where it cannot."""
    try:
        with np.errstate(all="ignore"):
            return work()
    except (InputError, np.linalg.LinAlgError, FloatingPointError):
        return float("nan"), float("nan")


def further_levels(design: Design) -> bool:
    """Whether the plan has random levels beside clusters for what the trial has of them: blocks that are a sample, or groups."""
    size = design.size
    return bool(design.analysis.random) and bool(size.icc_groups or (size.blocks and size.blocks_are == "sampled"))


def rows(design: Design, layout: Layout, drawn: Drawn, number: int) -> Prepared:
    """One simulated trial as data that were read: `number` of the sets."""
    outcome = BINARY if design.design.outcome == SURVIVAL else design.design.outcome
    cell, y = two_halves(layout, drawn, number) if outcome == CONTINUOUS else _whole(drawn, number)
    cluster, block = layout.cluster[cell], layout.group[layout.cluster[cell]]
    random = further_levels(design)
    names: dict[str, NDArray[np.str_]] = {}
    if int(layout.group.max()):
        names["block"] = block.astype(str)
    levels = {"block": names.pop("block")} if random and names and design.size.blocks_are == "sampled" else {}
    if random and layout.in_groups:
        levels["group"] = layout.inside[cell].astype(str)
    told = layout.x.shape[1] - layout.apart
    first = 2 + layout.periods - 1 + int(layout.group.max())
    used = [*range(first, told), *range(told, layout.x.shape[1])]
    covariates = Column(tuple(f"x{one}" for one in used), layout.x[cell][:, used])
    received = None if drawn.received is None else drawn.received[cell, number]
    return prepared(
        design, outcome, y, layout.arm[cell], cluster.astype(str), covariates=covariates, strata=names, random=levels,
        period=layout.period[cell].astype(float) if layout.periods > 1 else None,
        time=drawn.exposure if outcome == COUNT else None, trials=layout.people if outcome == BINARY else None,
        received=received,
    )  # fmt: skip


def prepared(
    design: Design, outcome: str, y: Floats, arm: Floats, cluster: NDArray[np.str_], *, covariates: Column | None = None,
    strata: dict[str, NDArray[np.str_]] | None = None, random: dict[str, NDArray[np.str_]] | None = None,
    period: Floats | None = None, time: Floats | None = None, trials: Floats | None = None, received: Floats | None = None,
    clustered: bool = True,
) -> Prepared:  # fmt: skip
    """Simulated rows in the form in which a trial's data are analysed."""
    plan = dataclasses.replace(
        design.analysis, cluster="cluster" if clustered else "", draws=DRAWS,
        period="period" if period is not None else "",
    )  # fmt: skip
    about = dataclasses.replace(design.design, kind=WEDGE) if over_periods(design) else design.design
    held = strata or {}
    draw = np.array([""] * len(y)) if not held else next(iter(held.values()))
    return Prepared(
        design=dataclasses.replace(design, analysis=plan, design=about), outcome=outcome,
        arms=(design.arms[0].name, design.arms[1].name), y=y, arm=arm, cluster=cluster, draw=draw, period=period, time=time,
        trials=trials, received=received, covariates=covariates or Column((), np.empty((len(y), 0))), strata=held,
        random=random or {}, given=len(y), left_out={}, lost={},
    )  # fmt: skip


def _whole(drawn: Drawn, number: int) -> tuple[NDArray[np.intp], Floats]:
    return np.arange(len(drawn.totals)), drawn.totals[:, number]


def two_halves(layout: Layout, drawn: Drawn, number: int) -> tuple[NDArray[np.intp], Floats]:
    """People, by cell and outcome, whose means and sums of squares in each cell are those drawn: half above, half below (an odd one in
    the middle).
    """
    count = layout.people.astype(int)
    cell = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    even = count - count % 2
    side = np.where(place >= even[cell], 0.0, np.where(place % 2 == 0, 1.0, -1.0))
    apart = np.sqrt(drawn.squares[:, number] / np.maximum(even, 1))
    return cell, drawn.means[cell, number] + side * apart[cell]


def _wild(layout: Layout, drawn: Drawn, number: int) -> Pair:
    """As the panel's, without its interval: of cells, each weighed by its people, which is the same."""
    root, x = np.sqrt(layout.people), with_clusters(layout)
    clusters = clustered(layout.cluster.tolist())
    fit = least_squares(x * root[:, None], drawn.means[:, number] * root, clusters)
    row = np.zeros(x.shape[1])
    row[1] = 1.0
    few = "webb" if layout.clusters < 10 else "rademacher"
    return float(fit.estimates[1]), wild_bootstrap(fit, clusters, row, multipliers=few, draws=DRAWS, seed=number).p
