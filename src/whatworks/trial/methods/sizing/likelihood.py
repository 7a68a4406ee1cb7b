"""Stepped wedge, yes or no: the information of the likelihood itself, cluster effects added to shares (Zhou and others 2020).

A cluster's people have the event with probability x'b + u in each period, where u is normal with variance icc x p (1 - p) at the
comparator's share p, cut off so that every probability lies between 0 and 1. The information is the mean of the squared score over
every outcome that a cluster could have (doi 10.1093/biostatistics/kxy031). The test is by z.

clusterPower 0.7.0's cpa.sw.binary is this without periods. It prints .7992842 for its example, where this gives .7991909: its score for the
variance of clusters is divided by the constant of the cut-off normal law in place of the likelihood.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from whatworks.errors import InputError
from whatworks.saying import said

Floats = NDArray[np.float64]
NODES, MOST, AT_ONCE = 60, 3_000_000, 20_000


@lru_cache(maxsize=64)
def variance(
    rows: tuple[tuple[float, ...], ...], people: int, icc: float, rates: tuple[float, float], *, periods: bool
) -> float:
    """The variance of the difference of shares. `rows`: arms by period, a row for each cluster; `people` in each period.

    `periods`: each has a level of its own in the model (none differs in truth); without it, people of one arm count together. Raises
    InputError for too many outcomes to count, shares that cannot be, or an icc of 0.
    """
    if not 0 < icc < 1:
        raise InputError(said("[size] icc must lie above 0 where the likelihood itself is used."))
    usual, other = rates
    spread = icc * usual * (1 - usual)
    kinds, counts = np.unique(np.array(rows), axis=0, return_counts=True)
    designs = [_cells(kind, people, periods) for kind in kinds]
    if (many := sum(math.prod(int(n) + 1 for n in sizes) for _, sizes in designs)) > MOST:
        raise InputError(
            said(
                'A cluster could come out in %(n)s ways, too many to count each: give likelihood = "no-periods", or leave it out.',
                n=f"{many:,}",
            )
        )
    b = np.zeros(designs[0][0].shape[1])
    b[:2] = usual, other - usual
    edges = _edges([x for x, _ in designs], b)
    information = sum(
        count * _information(x, sizes, b, spread, edges) for (x, sizes), count in zip(designs, counts, strict=True)
    )
    if not np.linalg.cond(information) < 1e14:
        raise InputError(
            said("This design cannot tell the effect from the course of time; more clusters must change over apart.")
        )
    return float(np.linalg.inv(information)[1, 1])


def _cells(row: Floats, people: int, periods: bool) -> tuple[Floats, Floats]:
    """The columns of a cluster's cells (level, arm, periods), and the people in each."""
    seen = np.flatnonzero(~np.isnan(row))
    if periods:
        x = np.column_stack([np.ones(len(seen)), row[seen], np.eye(len(row))[seen][:, 1:]])
        return x, np.full(len(seen), float(people))
    arms, times = np.unique(row[seen], return_counts=True)
    sizes = times.astype(np.float64) * people
    return np.column_stack([np.ones(len(arms)), arms]), sizes


def _edges(designs: list[Floats], b: Floats) -> tuple[Floats, Floats]:
    """The columns at which the share is lowest and highest: there the normal law is cut off, and they move with b."""
    x = np.vstack(designs)
    shares = x @ b
    return x[int(shares.argmin())], x[int(shares.argmax())]


def _information(x: Floats, sizes: Floats, b: Floats, spread: float, edges: tuple[Floats, Floats]) -> Floats:
    low, high = -float(edges[0] @ b), 1 - float(edges[1] @ b)
    node, weight = np.polynomial.legendre.leggauss(NODES)
    u, weight = (high - low) / 2 * node + (high + low) / 2, (high - low) / 2 * weight
    law = weight * np.exp(-(u**2) / (2 * spread))
    every = np.stack(np.meshgrid(*(np.arange(n + 1) for n in sizes), indexing="ij"), axis=-1).reshape(-1, len(sizes))
    found = np.zeros((len(b) + 1, len(b) + 1))
    for part in range(0, len(every), AT_ONCE):
        scores, chance = _scores(every[part : part + AT_ONCE], x, sizes, b, spread, edges, (u, law))
        found += (scores * chance[:, None]).T @ scores
    return found


def _scores(
    events: Floats, x: Floats, sizes: Floats, b: Floats, spread: float, edges: tuple[Floats, Floats],
    law: tuple[Floats, Floats],
) -> tuple[Floats, Floats]:  # fmt: skip
    """The score of b and of the variance for each outcome (outcomes, parameters), and the chance of it."""
    u, weight = law
    shares = (x @ b)[:, None] + u  # (cells, nodes)
    ways = (gammaln(sizes + 1) - gammaln(events + 1) - gammaln(sizes - events + 1)).sum(axis=1)
    likely = np.exp(ways[:, None] + events @ np.log(shares) + (sizes - events) @ np.log1p(-shares)) * weight
    whole, mass = likely.sum(axis=1), weight.sum()
    # The derivative of each cell's log chance by its share, summed over the nodes.
    slopes = events * (likely @ (1 / shares).T) - (sizes - events) * (likely @ (1 / (1 - shares)).T)
    scores = slopes @ x / whole[:, None]
    ends = (-float(edges[0] @ b), 1 - float(edges[1] @ b))
    for place, column, sign in zip(ends, edges, (1.0, -1.0), strict=True):
        at = np.clip((x @ b) + place, 0.0, 1.0)
        height = math.exp(-(place**2) / (2 * spread))
        there = np.exp(ways + xlogy(events, at).sum(axis=1) + xlogy(sizes - events, 1 - at).sum(axis=1)) * height
        scores += sign * (there / whole - height / mass)[:, None] * column
    squares = (likely @ u**2) / whole - float(weight @ u**2) / mass
    return np.column_stack([scores, squares / (2 * spread**2)]), whole / mass
