"""Trials of clusters over periods: stepped wedge, crossover, before and after, parallel. How precisely is the effect known?

Each cluster has a row of periods, marked by the arm it is in; missing cells are left out. Period effects are free; what clusters
share is a covariance between the means of their periods. The variance of the effect is that of generalised least squares: Hussey
and Hughes (2007, doi 10.1016/j.cct.2006.05.007) where one value per cluster is shared; Hooper and others (2016, doi
10.1002/sim.7028) where periods have one of their own; Kasza and others (2019, doi 10.1177/0962280217734981) where what is shared
fades.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """What the people of one cluster have in common, in the units of the outcome, as standard deviations.

    `residual`: people of one period; `cluster`: all of the cluster at all times; `period`: those of one period of it; `effect`: how the
    effect differs between clusters, correlated by `together` with what they share; `person`: one person over time, where the
    same are seen again. `decay`: what the cluster's share keeps of itself from one period to the next (1: all).
    """

    residual: float
    cluster: float = 0.0
    period: float = 0.0
    effect: float = 0.0
    together: float = 0.0
    person: float = 0.0
    decay: float = 1.0

    def covariance(self, arm: Floats, size: float) -> Floats:
        """Of the period means (periods, periods) of a cluster with `size` people a period and this row of arms."""
        periods = len(arm)
        apart = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
        fading = self.decay**apart if self.decay < 1 else np.ones((periods, periods))
        own = self.residual**2 / size + self.period**2
        shared = self.cluster**2 * fading + self.person**2 / size
        crossed = self.together * self.cluster * self.effect * np.add.outer(arm, arm)
        found: Floats = own * np.eye(periods) + shared + self.effect**2 * np.outer(arm, arm) + crossed
        return found


def shares_of(
    *, icc: float, cac: float = 1.0, iac: float = 0.0, sd: float = 1.0, total: bool = True, decay: bool = False
) -> Shares:
    """Shares from correlations: `icc` within a period, `cac` times that between periods, `iac` of one person's values over time.

    `total`: `sd` is that of all people; otherwise of the residual, with what clusters share on top (as swPwr means it). `decay`: the
    correlation falls by `cac` with every period, rather than once. Raises InputError for a share outside 0 to 1.
    """
    if not (0 <= icc < 1 and 0 <= cac <= 1 and 0 <= iac < 1 and sd > 0):
        raise InputError(
            said("icc %(icc)s, cac %(cac)s and iac %(iac)s must lie between 0 and 1, and the sd %(sd)s above nought.", icc=icc,
                 cac=cac, iac=iac, sd=sd)
        )  # fmt: skip
    people = sd**2 * (1 - icc) if total else sd**2 / (1 - iac)
    between, residual, person = people * icc / (1 - icc), people * (1 - iac), people * iac
    lasting, once = (between, 0.0) if decay else (between * cac, between * (1 - cac))
    return Shares(residual**0.5, lasting**0.5, once**0.5, person=person**0.5, decay=cac if decay else 1.0)


def variance(rows: ArrayLike, shares: Shares, sizes: float | Sequence[float], *, exposure: bool = False) -> float:
    """The variance of the effect. `rows` (clusters, periods): share of the period in the new arm, NaN where nobody is measured;
    `sizes`: people in each cell, one number or one for each cluster.

    `exposure`: the effect may differ with the time since a cluster changed over; what is meant is then its plain mean over times.
    Raises InputError where the design cannot tell the effect from time.
    """
    design = np.atleast_2d(np.asarray(rows, float))
    people = np.broadcast_to(np.asarray(sizes, float), (len(design),))
    if (people <= 0).any():
        raise InputError(said("A cluster has no people in it; leave it out or give its size."))
    kinds = int(np.nanmax(_exposures(design))) if exposure else 1
    periods = design.shape[1]
    information = np.zeros((periods + kinds, periods + kinds))
    alike = np.column_stack([np.nan_to_num(design, nan=-1.0), people])
    for first, count in zip(*np.unique(alike, axis=0, return_index=True, return_counts=True)[1:], strict=True):
        arm, seen = design[first], ~np.isnan(design[first])
        columns = np.hstack([np.eye(periods), _effects(arm, kinds, exposure)])[seen]
        covariance = shares.covariance(np.nan_to_num(arm), people[first])[np.ix_(seen, seen)]
        information += count * (columns.T @ np.linalg.solve(covariance, columns))
    used = np.flatnonzero(np.diag(information) > 0)
    held = information[np.ix_(used, used)]
    if (exposure and len(used) < periods + kinds) or used[-1] < periods or np.linalg.cond(held) > 1e12:
        raise InputError(
            said("This design cannot tell the effect from the course of time; more clusters must change over apart.")
        )
    mean = np.where(used >= periods, 1.0 / kinds, 0.0)
    return float(mean @ np.linalg.solve(held, mean))


def _exposures(design: Floats) -> Floats:
    """How many periods a cluster has been in the new arm, this one among them (clusters, periods)."""
    return np.cumsum(np.nan_to_num(design) > 0, axis=1)


def _effects(arm: Floats, kinds: int, exposure: bool) -> Floats:
    if not exposure:
        return np.nan_to_num(arm)[:, None]
    times = _exposures(arm[None, :])[0]
    found: Floats = (times[:, None] == np.arange(1, kinds + 1)[None, :]) * np.nan_to_num(arm)[:, None]
    return found


def stepped_wedge(clusters: Sequence[int], *, before: int = 1, after: int = 0) -> Floats:
    """Rows of a stepped wedge: `clusters[s]` of them change over at step s, `before` periods ahead of the first, `after` the last."""
    if not clusters or min(clusters) < 1 or before < 0 or after < 0:
        raise InputError(said("Give each step at least one cluster, and no number of periods below nought."))
    steps = len(clusters)
    periods = before + steps + after
    rows = [[float(period >= before + step) for period in range(periods)] for step in range(steps)]
    return np.repeat(np.array(rows), clusters, axis=0)
