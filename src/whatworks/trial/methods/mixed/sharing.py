"""How much of the spread lies between groups, and how large an effect is beside the whole spread.

The intra-cluster correlation is the share of the variance that lies between the groups of a term. From one grouping without
anything else its interval is exact (Wald 1940, Annals of Mathematical Statistics 11, 96-100; with groups of one size it is
Searle's); from a mixed model it is the profile of the criterion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize
from scipy.stats import chi2
from scipy.stats import f as fishers_f

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.checking import refuse_alone, refuse_missing
from whatworks.trial.methods.mixed.contrasts import uncertain_spreads
from whatworks.trial.methods.mixed.curving import curve
from whatworks.trial.methods.mixed.fitted import MixedFit
from whatworks.trial.methods.mixed.searching import value
from whatworks.trial.methods.mixed.solving import Solved, solve
from whatworks.trial.methods.mixed.sums import Floats

ANOVA, PROFILE = "analysis of variance, exact interval", "mixed model, profile interval"
MOST = 1 - 1e-9  # the largest share looked at
STARTS = (0.05, 0.3, 1.0)  # least spreads, in units of that within, from which a profile's search starts


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the variance, its interval, and by which `method`. `se` (None at the edge) is by the curvature of the criterion."""

    value: float
    se: float | None
    low: float
    high: float
    method: str


def icc_one_way(y: ArrayLike, cluster: ArrayLike, *, level: float = 0.95) -> Share:
    """The intra-cluster correlation of outcomes `y` (rows,) in clusters (rows,), by analysis of variance, which may be below nought.

    Checked against psych's ICC1. Raises InputError where a value is missing, all rows are of one cluster, or no cluster has two rows
    that differ.
    """
    outcome, labels = np.asarray(y, float), np.asarray(cluster)
    if outcome.ndim != 1 or outcome.shape != labels.shape:
        raise InputError(said("There must be a cluster for each outcome."))
    refuse_missing(outcome)
    refuse_alone(labels)
    _, index = np.unique(labels, return_inverse=True)
    sizes = np.bincount(index).astype(float)
    means = np.bincount(index, outcome) / sizes
    groups, rows = len(sizes), len(outcome)
    inside = float(((outcome - means[index]) ** 2).sum())
    if rows == groups or inside <= 1e-14 * float((outcome**2).sum()):
        raise InputError(said("No cluster has two rows that differ, so there is no spread within clusters."))
    within, usual = inside / (rows - groups), (rows - float(sizes @ sizes) / rows) / (groups - 1)
    ratio = _ratio(0.0, sizes, means) / within
    tail = (1 - level) / 2
    ends = fishers_f.ppf([1 - tail, tail], groups - 1, rows - groups) * within
    low, high = (_ratio_at(float(end), sizes, means) for end in ends)
    value = (ratio - 1) / (ratio - 1 + usual)
    return Share(value, None, low / (1 + low), high / (1 + high), ANOVA)


def _ratio(between: float, sizes: Floats, means: Floats) -> float:
    """The mean square of cluster means weighted as if their spread were `between`, in units of the variance within."""
    weights = sizes / (1 + between * sizes)
    middle = float(weights @ means) / float(weights.sum())
    return float(weights @ (means - middle) ** 2) / (len(sizes) - 1)


def _ratio_at(wanted: float, sizes: Floats, means: Floats) -> float:
    """The spread between clusters at which that mean square is `wanted`; it falls as the spread grows. Below nought if need be."""
    least = -1 / float(sizes.max())
    low, high = least * (1 - 1e-12), 1.0
    if _ratio(low, sizes, means) <= wanted:
        return low
    while _ratio(high, sizes, means) > wanted:
        high *= 4
    return float(brentq(lambda at: _ratio(at, sizes, means) - wanted, low, high, xtol=1e-14, rtol=1e-13))


def shares(fit: MixedFit) -> dict[str, float]:
    """Each term's share of the variance by its name, and that within groups as "within". Terms must be intercepts."""
    total = total_variance(fit)
    found = {one.name: float(one.sds[0]) ** 2 / total for one in fit.spreads}
    return {**found, "within": fit.within**2 / total}


def icc(fit: MixedFit, term: str, *, level: float = 0.95) -> Share:
    """The share of the variance that lies between the groups of one term of a fit, given all that is in the model.

    The interval holds the shares at which the criterion, at its best in all else, is not worse than at its least by more than the
    chi-squared value of the level with one degree of freedom. Raises InputError for an unknown term, or one with slopes.
    """
    total_variance(fit)
    places = {fit.spreads[one.place].name: number for number, one in enumerate(fit.solved.products.terms)}
    if term not in places:
        raise InputError(said("“%(name)s” is no random term of this model.", name=term))
    place, theta = places[term], fit.solved.theta
    whole = 1 + float(theta @ theta)
    found = float(theta[place] ** 2) / whole
    slope = -2 * found * theta / whole
    slope[place] += 2 * theta[place] / whole
    variance = float(slope @ uncertain_spreads(fit)[:-1, :-1] @ slope)
    cut = value(fit.solved, fit.reml) + float(chi2.ppf(level, 1))
    low = _end(fit, place, cut, found, 0.0)
    return Share(found, math.sqrt(variance) if variance > 0 else None, low, _end(fit, place, cut, found, MOST), PROFILE)


def _end(fit: MixedFit, place: int, cut: float, inside: float, outside: float) -> float:
    """Where between two shares the profile reaches the cut; the outer one where it does not."""
    if _profile(fit, place, outside) <= cut:
        return outside
    return float(brentq(lambda at: _profile(fit, place, at) - cut, inside, outside, xtol=1e-10))


def _profile(fit: MixedFit, place: int, share: float) -> float:
    """The criterion at one term's share, least in the other terms."""
    made, reml = fit.solved.products, fit.reml
    rest = np.delete(fit.solved.theta, place)
    odds = share / (1 - share)

    def at(others: Floats) -> Solved:
        return solve(made, np.insert(others, place, math.sqrt(odds * (1 + float(others @ others)))))

    def both(others: Floats) -> tuple[float, Floats]:
        solved = at(others)
        told = curve(solved, reml)
        slope = told.log + fit.freedom * told.rss / solved.rss
        own = odds * others / solved.theta[place] if odds > 0 else np.zeros_like(others)
        return value(solved, reml), np.delete(slope, place) + slope[place] * own

    if not len(rest):
        return value(at(rest), reml)
    # A spread of nought is a saddle or a floor, and there may be two dips: the search starts beside nought and farther off.
    tries = [minimize(both, np.maximum(rest, one), jac=True, method="BFGS", options={"gtol": 1e-7}) for one in STARTS]
    return min(value(at(np.zeros_like(rest)), reml), *(float(one.fun) for one in tries))


def total_variance(fit: MixedFit) -> float:
    """The variance of a row, between groups and within. Raises InputError for slopes that differ."""
    if any(one.shape.width > 1 for one in fit.solved.products.terms) or any(
        np.ptp(one.columns) > 0 for one in fit.solved.products.terms
    ):
        raise InputError(
            said(
                "With slopes that differ the share between groups depends on the row; fit a model of intercepts for it."
            )
        )
    return float(sum(one.sds[0] ** 2 for one in fit.spreads)) + fit.within**2
