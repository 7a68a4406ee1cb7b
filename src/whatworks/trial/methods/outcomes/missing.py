"""Outcomes that are missing: several imputations from a model with clusters, put together by Rubin's rules, and bent until they tip.

The imputation is under "missing at random": what is missing differs from what is there only as arm, covariates and cluster tell.
That cannot be checked, so that `tipping_point` asks by how much the missing ones would have to differ for the answer to change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import interval, two_sided_p
from whatworks.stats.results import Result
from whatworks.trial.methods.checking import refuse_alone, refuse_dependent, refuse_missing

Floats = NDArray[np.float64]
WARM, APART = 200, 25  # rounds before the first imputation, and between two
FEWEST = 5
FAR, BENDS = 20.0, 40


@dataclass(frozen=True, slots=True)
class Combined(Result):
    """Several imputations' answers as one. `fraction`: the share of what could be known that is lost with what is missing; `df`: None where
    it is infinite.
    """

    imputations: int
    estimate: float
    se: float
    df: float | None
    p: float
    ci_low: float
    ci_high: float
    within: float
    between: float
    fraction: float


def combine(
    estimates: Sequence[float], variances: Sequence[float], *, complete_df: float | None = None, level: float = 0.95,
    as_mitools: bool = False,
) -> Combined:  # fmt: skip
    """Rubin's rules (1987, Multiple Imputation for Nonresponse in Surveys, section 3.1).

    `complete_df`: degrees of freedom were nothing missing; with them Barnard and Rubin's (1999, doi 10.1093/biomet/86.4.948), else
    Rubin's own. `as_mitools`: the share observed as R's mitools takes it, without the paper's 1 / imputations. Raises InputError for
    fewer than two imputations, or a variance that is not above 0.
    """
    q, u = np.asarray(estimates, float), np.asarray(variances, float)
    m = len(q)
    if m < 2 or q.shape != u.shape or not (u > 0).all() or not np.isfinite(q).all():
        raise InputError(said("Give two or more imputations, each with an estimate and a variance above 0."))
    within, between = float(u.mean()), float(q.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    df = _freedom(m, share, within / (within + between) if as_mitools else 1 - share, complete_df)
    estimate, se = float(q.mean()), math.sqrt(total)
    low, high = interval(estimate, se, level, df)
    return Combined(
        m, estimate, se, df, float(two_sided_p(estimate / se, df)), float(low), float(high), within, between, share
    )


def _freedom(m: int, share: float, seen: float, complete: float | None) -> float | None:
    old = (m - 1) / share**2 if share > 0 else None
    if complete is None:
        return old
    observed = (complete + 1) / (complete + 3) * complete * seen
    return observed if old is None else 1 / (1 / old + 1 / observed)


def impute(
    x: ArrayLike, y: ArrayLike, cluster: ArrayLike | None, *, imputations: int = 20, seed: int = 20180919
) -> Floats:
    """Outcomes (rows, imputations): y (rows,) where it is there, else drawn from a normal model with a random intercept per cluster.

    x (rows, p), with its column of ones, explains them; without clusters there is no intercept. Coefficients and variances are drawn
    too, by Gibbs sampling with flat priors for coefficients and, for variances, inverse gamma (1/2, 1/2 of the outcome's variance)
    between clusters and 1 / variance within (Schafer and Yucel 2002, doi 10.1198/106186002760180608). Raises InputError where nothing is
    missing, or too little is there.
    """
    design, values = np.asarray(x, float), np.asarray(y, float)
    there = ~np.isnan(values)
    _refuse(design, values, there, cluster)
    labels = (
        np.arange(len(values)) if cluster is None else np.unique(np.asarray(cluster), return_inverse=True)[1].ravel()
    )
    chance = np.random.default_rng(seed)
    sampler = _Sampler(design, values, there, labels, cluster is not None, chance)
    for _ in range(WARM):
        sampler.turn()
    found = np.repeat(values[:, None], imputations, axis=1)
    for number in range(imputations):
        for _ in range(APART):
            sampler.turn()
        found[~there, number] = sampler.missing()
    return found


def _refuse(x: Floats, y: Floats, there: NDArray[np.bool_], cluster: ArrayLike | None) -> None:
    if x.ndim != 2 or len(x) != len(y):
        raise InputError(said("The design and the outcomes must have as many rows."))
    refuse_missing(x, y[there])
    refuse_dependent(x[there])
    if there.all():
        raise InputError(said("No outcome is missing, so that there is nothing to impute."))
    if there.sum() < x.shape[1] + FEWEST:
        raise InputError(said("Only %(n)s outcomes are there, too few to tell the others from.", n=int(there.sum())))
    if cluster is not None:
        refuse_alone(np.asarray(cluster)[there])


class _Sampler:
    """Draws of coefficients, intercepts and variances, each given the others, from the rows that are there."""

    def __init__(self, x: Floats, y: Floats, there: NDArray[np.bool_], labels: NDArray[np.intp], shared: bool,
                 chance: np.random.Generator) -> None:  # fmt: skip
        self.x, self.y, self.labels = x[there], y[there], labels[there]
        self.gone_x, self.gone_labels = x[~there], labels[~there]
        self.shared, self.chance = shared, chance
        self.groups = int(labels.max()) + 1
        self.sizes = np.bincount(self.labels, minlength=self.groups).astype(float)
        self.root = np.linalg.cholesky(np.linalg.inv(self.x.T @ self.x))
        self.pull = np.linalg.pinv(self.x)
        self.b = self.pull @ self.y
        self.within = float((self.y - self.x @ self.b).var()) or 1.0
        self.scale = self.within
        self.between = self.within / 10 if shared else 0.0
        self.u = np.zeros(self.groups)

    def turn(self) -> None:
        """One round of Gibbs sampling."""
        n, p = self.x.shape
        mean = self.pull @ (self.y - self.u[self.labels])
        self.b = mean + math.sqrt(self.within) * self.root @ self.chance.normal(size=p)
        rest = self.y - self.x @ self.b
        if self.shared:
            sums = np.bincount(self.labels, rest, minlength=self.groups)
            spread = 1 / (self.sizes / self.within + 1 / self.between)
            self.u = spread * sums / self.within + np.sqrt(spread) * self.chance.normal(size=self.groups)
            rest = rest - self.u[self.labels]
            self.between = float((self.u @ self.u + self.scale) / self.chance.chisquare(self.groups + 1))
        self.within = float(rest @ rest / self.chance.chisquare(n))

    def missing(self) -> Floats:
        """Outcomes for the rows that have none; a cluster of which no row is there gets an intercept of its own drawing."""
        noise = math.sqrt(self.within) * self.chance.normal(size=len(self.gone_x))
        found: Floats = self.gone_x @ self.b + self.u[self.gone_labels] + noise
        return found


@dataclass(frozen=True, slots=True)
class Tipping(Result):
    """By how much (`delta`, in units of the outcome) missing outcomes of the one arm would have to differ from what was imputed before
    p passes the level; None where even `looked_to` does not do it. `significant`: whether p is below the level without.
    """

    delta: float | None
    significant: bool
    looked_to: float
    p_there: float | None


def tipping_point(p_at: Callable[[float], float], spread: float, alpha: float = 0.05) -> Tipping:
    """The delta nearest to nought at which p crosses alpha. `p_at(delta)`: p when delta is added to imputed outcomes of the arm; `spread`:
    the outcome's standard deviation, twenty of which are looked through on each side. Raises InputError for a spread that is not above 0.
    """
    if not spread > 0:
        raise InputError(said("The outcome has no spread, so that nothing can tip."))
    significant = p_at(0.0) < alpha
    steps = spread * np.concatenate([np.linspace(0.05, 2, 40), np.geomspace(2.2, FAR, 25)])
    before = 0.0
    for step in steps.tolist():
        for side in (-1.0, 1.0):
            if (p_at(side * step) < alpha) != significant:
                delta = _between(p_at, side * before, side * step, alpha, significant)
                return Tipping(delta, significant, float(FAR * spread), p_at(delta))
        before = step
    return Tipping(None, significant, float(FAR * spread), None)


def _between(p_at: Callable[[float], float], near: float, far: float, alpha: float, significant: bool) -> float:
    for _ in range(BENDS):
        middle = (near + far) / 2
        if (p_at(middle) < alpha) == significant:
            near = middle
        else:
            far = middle
    return far
