"""The arms as they are in the data: how many of what, what was lost, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whatworks.stats.results import Result
from whatworks.trial.methods.analysing.table import Prepared
from whatworks.trial.methods.design.parts import BINARY, COUNT


@dataclass(frozen=True, slots=True)
class Group(Result):
    """An arm: its name, clusters and rows with a value, rows left out, whole clusters lost, and its observed mean, share or rate."""

    arm: str
    clusters: int
    rows: int
    left_out: int
    clusters_lost: int
    level: float


def groups(found: Prepared) -> tuple[Group, ...]:
    """Each arm of a comparison."""
    told = []
    for number, name in enumerate(found.arms):
        mine = found.arm == number
        under = {BINARY: found.trials, COUNT: found.time}.get(found.outcome)
        level = float(found.y[mine].sum() / (mine.sum() if under is None else under[mine].sum()))
        clusters = len(np.unique(found.cluster[mine]))
        told.append(Group(name, clusters, int(mine.sum()), found.left_out.get(name, 0), found.lost.get(name, 0), level))
    return tuple(told)
