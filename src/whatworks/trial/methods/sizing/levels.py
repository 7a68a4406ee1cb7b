"""The standard error of an effect in standard deviations, for trials of people, of clusters, and of either within blocks.

As Dong and Maynard give them (2013, doi 10.1080/19345747.2012.673143) and PowerUpR computes them: each level of the trial adds the
variance that lies there and that covariates leave, over how many units carry it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said


@dataclass(frozen=True, slots=True)
class Precision:
    """A standard error in standard deviations of the outcome, with the degrees of freedom of its t test."""

    se: float
    df: float


def people(n: float, *, allocated: float = 0.5, r2: float = 0.0, covariates: int = 0) -> Precision:
    """People drawn one by one: `n` in all, a share `allocated` of them treated; `r2` explained by covariates."""
    return _sum([(1 - r2) / _two_arms(allocated) / n], n - covariates - 2)


def people_in_blocks(
    n: float, blocks: float, *, icc: float, varies: float, allocated: float = 0.5, r2: float = 0.0, r2_effect: float = 0.0,
    covariates: int = 0,
) -> Precision:  # fmt: skip
    """`n` people in each of `blocks` sites, drawn within sites that are a sample themselves. `varies`: the variance of the effect
    between sites over that of their means; `r2_effect`: the share of it that covariates of sites explain.
    """
    within = (1 - icc) * (1 - r2) / (_two_arms(allocated) * blocks * n)
    return _sum([icc * varies * (1 - r2_effect) / blocks, within], blocks - covariates - 1)


def clusters(
    n: float, clusters: float, *, icc: float, allocated: float = 0.5, r2_1: float = 0.0, r2_2: float = 0.0,
    covariates: int = 0,
) -> Precision:  # fmt: skip
    """Clusters drawn, `n` people in each: `r2_1` of what differs within and `r2_2` of what differs between is explained."""
    return _sum(_parts(n, clusters, icc, 1 - icc, allocated, r2_1, r2_2), clusters - covariates - 2)


def clusters_in_blocks(
    n: float, clusters: float, blocks: float, *, icc: float, allocated: float = 0.5, r2_1: float = 0.0, r2_2: float = 0.0,
    covariates: int = 0,
) -> Precision:  # fmt: skip
    """`clusters` drawn in each of `blocks` that are all there are (fixed): the trial says nothing of other blocks."""
    parts = _parts(n, clusters * blocks, icc, 1 - icc, allocated, r2_1, r2_2)
    return _sum(parts, blocks * (clusters - 2) - covariates)


def clusters_in_sampled_blocks(
    n: float, clusters: float, blocks: float, *, icc: float, icc_blocks: float, varies: float, allocated: float = 0.5,
    r2_1: float = 0.0, r2_2: float = 0.0, r2_effect: float = 0.0, covariates: int = 0,
) -> Precision:  # fmt: skip
    """`clusters` drawn in each of `blocks` that are a sample; `icc_blocks` of the variance lies between blocks, and the effect
    varies between them by `varies` times as much.
    """
    parts = _parts(n, clusters * blocks, icc, 1 - icc - icc_blocks, allocated, r2_1, r2_2)
    return _sum([icc_blocks * varies * (1 - r2_effect) / blocks, *parts], blocks - covariates - 1)


def _parts(n: float, count: float, icc: float, rest: float, allocated: float, r2_1: float, r2_2: float) -> list[float]:
    arms = _two_arms(allocated) * count
    return [icc * (1 - r2_2) / arms, rest * (1 - r2_1) / (arms * n)]


def _two_arms(allocated: float) -> float:
    if not 0 < allocated < 1:
        raise InputError(
            said(
                "A share of %(allocated)s treated leaves an arm empty; give one between 0 and 1.",
                allocated=allocated,
            )
        )
    return allocated * (1 - allocated)


def _sum(parts: list[float], df: float) -> Precision:
    if min(parts) < 0 or sum(parts) <= 0:
        raise InputError(
            said("Shares of variance, explained or between clusters, must lie between 0 and 1 and leave some over.")
        )
    if df <= 0:
        raise InputError(
            said("No degrees of freedom are left: there are too few clusters for the arms, blocks and covariates.")
        )
    return Precision(math.sqrt(sum(parts)), df)
