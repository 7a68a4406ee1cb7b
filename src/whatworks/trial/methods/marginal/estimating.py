"""Generalised estimating equations with an exchangeable working correlation (Liang and Zeger 1986, doi 10.1093/biomet/73.1.13).

The scale is the mean of squared Pearson residuals and the correlation the mean of their products within clusters, over all rows
and over all pairs, as geepack estimates them (Højsgaard and others 2006, doi 10.18637/jss.v015.i02). The inverse of a matrix with one
number on its diagonal and another beside it is such a matrix again (Sherman and Morrison), so that no cluster's n x n numbers are ever
written down, and clusters of tens of thousands take no more than their rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.checking import refuse_alone, refuse_dependent, refuse_missing

Floats = NDArray[np.float64]
STEPS, EXACT = 100, 1e-12


@dataclass(frozen=True, slots=True)
class Family:
    """A family with its canonical link: means of linear predictors, and the variance at a mean, which is also its slope."""

    name: str
    mean: Callable[[Floats], Floats]
    variance: Callable[[Floats], Floats]


FAMILIES = {
    "gaussian": Family("gaussian", lambda eta: eta, np.ones_like),
    "binomial": Family("binomial", lambda eta: 1 / (1 + np.exp(-eta)), lambda mean: mean * (1 - mean)),
    "poisson": Family("poisson", np.exp, lambda mean: mean),
}


@dataclass(frozen=True, slots=True)
class Block:
    """What one cluster adds at the fitted values, with slopes d (n, p) of its means, working inverse covariance w (n, n) and residuals
    r (n,): `information` d' w d (p, p), and `score` d' w r (p,).
    """

    information: Floats
    score: Floats


@dataclass(frozen=True, slots=True)
class GeeFit:
    """`coefficients` (p,); `correlation` within clusters and `scale`; `bread` (p, p): the inverse of the sum of d' w d."""

    coefficients: Floats
    correlation: float
    scale: float
    bread: Floats
    blocks: tuple[Block, ...]


def fit_gee(
    x: ArrayLike, y: ArrayLike, cluster: ArrayLike, family: str = "gaussian", *, offset: ArrayLike | None = None,
    correlation: float | None = None,
) -> GeeFit:  # fmt: skip
    """Fit to a design `x` (rows, p; with its column of ones), outcomes `y` (rows,), labels `cluster` (rows,).

    `offset` (rows,) is added to the linear predictor, such as the log of what a count was counted over; a `correlation` that is
    given is kept and not estimated. Raises InputError for a
    family that is not known, values that it cannot have, shapes that differ, or equations without a solution.
    """
    design, outcome, labels = np.asarray(x, float), np.asarray(y, float), np.asarray(cluster)
    shift = np.zeros(len(outcome)) if offset is None else np.asarray(offset, float)
    kind = _checked(design, outcome, labels, shift, family)
    rows = [np.flatnonzero(labels == one) for one in np.unique(labels)]
    try:
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            found = _settled(design, outcome, shift, kind, rows, correlation)
    except np.linalg.LinAlgError:
        found = None
    if found is None:
        raise InputError(
            said("The estimating equations did not settle; an arm may have no events, or no spread of its own.")
        )
    return found


def _settled(
    design: Floats, outcome: Floats, shift: Floats, kind: Family, rows: list[NDArray[np.intp]], given: float | None
) -> GeeFit | None:
    b = _start(design, outcome, shift, kind)
    for _ in range(STEPS):
        estimated, scale = _dependence(design, outcome, shift, kind, b, rows)
        alike = estimated if given is None else given
        blocks = [_block(design[one], outcome[one], shift[one], kind, b, alike, scale) for one in rows]
        bread: Floats = np.linalg.inv(sum(one.information for one in blocks)).astype(float)
        step = bread @ sum(one.score for one in blocks)
        b = b + step
        if np.abs(step).max() <= EXACT * (1 + np.abs(b).max()):
            return GeeFit(b, alike, scale, bread, tuple(blocks))
    return None


def _checked(design: Floats, outcome: Floats, labels: NDArray[np.generic], shift: Floats, family: str) -> Family:
    if family not in FAMILIES:
        raise InputError(said("“%(family)s” is no family here; say %(join)s.", family=family, join=", ".join(FAMILIES)))
    if design.ndim != 2 or not len(design) == len(outcome) == len(labels) == len(shift):
        raise InputError(
            said("The design, the outcomes, the clusters and the offset must have as many rows as each other.")
        )
    refuse_missing(design, outcome, shift)
    low, high = {"gaussian": (-np.inf, np.inf), "binomial": (0, 1), "poisson": (0, np.inf)}[family]
    if outcome.min() < low or outcome.max() > high:
        raise InputError(
            said(
                "An outcome of %(min)s or %(max)s cannot be %(family)s; see what the column holds.",
                min=f"{outcome.min():g}",
                max=f"{outcome.max():g}",
                family=family,
            )
        )
    refuse_dependent(design)
    refuse_alone(labels)
    return FAMILIES[family]


def _start(design: Floats, outcome: Floats, shift: Floats, kind: Family) -> Floats:
    """Coefficients as if all rows stood alone, by reweighted least squares."""
    b: Floats = np.zeros(design.shape[1])
    mean = outcome if kind.name == "gaussian" else (outcome + 0.5) / (2 if kind.name == "binomial" else 1)
    eta = mean if kind.name == "gaussian" else np.log(mean / (1 - mean) if kind.name == "binomial" else mean)
    for _ in range(STEPS):
        weight = kind.variance(mean)
        working = eta - shift + (outcome - mean) / weight
        new: Floats = np.linalg.solve(design.T @ (weight[:, None] * design), design.T @ (weight * working)).astype(
            float
        )
        settled = np.abs(new - b).max() <= EXACT * (1 + np.abs(new).max())
        b, eta = new, design @ new + shift
        mean = kind.mean(eta)
        if settled:
            break
    return b


def _dependence(
    design: Floats, outcome: Floats, shift: Floats, kind: Family, b: Floats, rows: list[NDArray[np.intp]]
) -> tuple[float, float]:
    mean = kind.mean(design @ b + shift)
    pearson = (outcome - mean) / np.sqrt(kind.variance(mean))
    scale = float(np.mean(pearson**2))
    products = sum((pearson[one].sum() ** 2 - (pearson[one] ** 2).sum()) / 2 for one in rows)
    pairs = sum(len(one) * (len(one) - 1) / 2 for one in rows)
    return (float(products) / (scale * pairs) if pairs else 0.0), scale


def _block(x: Floats, y: Floats, shift: Floats, kind: Family, b: Floats, correlation: float, scale: float) -> Block:
    mean = kind.mean(x @ b + shift)
    root = np.sqrt(kind.variance(mean))
    # Slopes over roots of variances are x times these roots; the inverse of (1 - a) I + a J is (I - held J) / (1 - a).
    slopes, residual = root[:, None] * x, (y - mean) / root
    held = correlation / (1 + (len(y) - 1) * correlation)
    added, over = slopes.sum(axis=0), scale * (1 - correlation)
    return Block(
        (slopes.T @ slopes - held * np.outer(added, added)) / over,
        (slopes.T @ residual - held * added * residual.sum()) / over,
    )
