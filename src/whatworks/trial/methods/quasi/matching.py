"""Matching: each treated unit with those untreated ones that were as likely to be treated, and how alike the groups then are.

Nearest neighbours on the logit of the propensity score without replacement, within a caliper of 0.2 of its standard deviation (Austin
2011, doi 10.1002/pst.433), the most likely treated first; balance as MatchIt's summary gives it. Only what was measured is made alike:
`e_value` says how strong something unmeasured would have to be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.checking import refuse_missing
from whatworks.trial.methods.quasi.regressing import BINOMIAL, Floats, regress

ALIKE = 0.1  # a standardised difference above it is imbalance (Austin 2009, doi 10.1002/sim.3697)
CALIPER = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """`score` (rows,): logit of the propensity; `groups` (rows,): the number of a treated unit's group, -1 for a row left out; `weights`
    (rows,): 1 for treated units, shares for their matches, 0 for rows left out; `unmatched` treated units; `outside`: treated units whose
    score is beyond that of every untreated one.
    """

    treated: NDArray[np.bool_]
    score: Floats
    groups: NDArray[np.intp]
    weights: Floats
    unmatched: int
    outside: int
    warnings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """One covariate, before matching and after: differences of means in standard deviations of the treated before it, and ratios of
    variances (treated over untreated), None for a covariate of two values.
    """

    name: str
    difference_before: float
    difference_after: float
    ratio_before: float | None
    ratio_after: float | None

    @property
    def alike(self) -> bool:
        """Whether the groups are alike enough after matching."""
        return abs(self.difference_after) <= ALIKE


@dataclass(frozen=True, slots=True)
class MatchedEffect:
    """The mean difference among the treated that were matched, with CR2 by matched group."""

    estimate: float
    se: float
    df: float
    treated: int
    untreated: int


def match(covariates: ArrayLike, treated: ArrayLike, *, ratio: int = 1, caliper: float | None = CALIPER) -> Matching:
    """Match on `covariates` (rows, k; without a column of ones) for `treated` (rows,) of noughts and ones.

    `ratio`: untreated units for each treated one; `caliper` in standard deviations of the score, None for none. Raises InputError as
    `regress` does, where a group is empty, and where nobody finds a match.
    """
    x, arm = np.asarray(covariates, float), np.asarray(treated, float)
    if x.ndim != 2 or arm.shape != (len(x),):
        raise InputError(
            said("Covariates must be a table with a row for each unit, and so must be what says who was treated.")
        )
    if not set(np.unique(arm)) == {0.0, 1.0}:
        raise InputError(said("Who was treated must be said by ones and noughts, and there must be both."))
    if ratio < 1 or (caliper is not None and not caliper > 0):
        raise InputError(said("The ratio must be 1 or more, and the caliper above nought."))
    fit = regress(np.column_stack([np.ones(len(x)), x]), arm, BINOMIAL)
    score = np.log(fit.mean / (1 - fit.mean))
    chosen = arm == 1
    groups = _nearest(score, chosen, ratio, math.inf if caliper is None else caliper * float(score.std(ddof=1)))
    weights = _weights(groups, chosen)
    unmatched = int((groups[chosen] < 0).sum())
    low, high = score[~chosen].min(), score[~chosen].max()
    outside = int(((score[chosen] < low) | (score[chosen] > high)).sum())
    if not weights.any():
        raise InputError(said("No treated unit finds a match; take a wider caliper, or compare other groups."))
    return Matching(
        chosen, score, groups, weights, unmatched, outside, _warnings(unmatched, outside, int(chosen.sum()))
    )


def _nearest(score: Floats, treated: NDArray[np.bool_], ratio: int, reach: float) -> NDArray[np.intp]:
    groups = np.full(len(score), -1, dtype=np.intp)
    order = np.flatnonzero(treated)[np.argsort(-score[treated], kind="stable")]
    free = np.flatnonzero(~treated)
    for _ in range(ratio):
        for one in order:
            if not len(free):
                return groups
            apart = np.abs(score[free] - score[one])
            nearest = int(apart.argmin())
            if apart[nearest] > reach:
                continue
            groups[one] = groups[free[nearest]] = one
            free = np.delete(free, nearest)
    return groups


def _weights(groups: NDArray[np.intp], treated: NDArray[np.bool_]) -> Floats:
    """For the effect among the treated; those of untreated units add up to their number, as MatchIt has them."""
    weights = np.where(treated & (groups >= 0), 1.0, 0.0)
    others = np.flatnonzero(~treated & (groups >= 0))
    if len(others):
        shares = 1 / np.bincount(groups[others], minlength=len(groups))[groups[others]]
        weights[others] = shares * len(others) / shares.sum()
    return weights


def balance(covariates: ArrayLike, names: Sequence[str], matching: Matching) -> tuple[Balance, ...]:
    """How alike the groups are in each covariate, before and after; also for covariates that were not matched on."""
    x = np.asarray(covariates, float)
    if x.shape != (len(matching.weights), len(names)):
        raise InputError(said("Covariates must be a table with a row for each unit and a name for each column."))
    refuse_missing(x)
    return tuple(_balance(name, column, matching) for name, column in zip(names, x.T, strict=True))


def _balance(name: str, x: Floats, matching: Matching) -> Balance:
    treated = matching.treated
    two = len(np.unique(x)) < 3
    sd = float(x[treated].std(ddof=0 if two else 1))
    apart, ratios = [], []
    for weights in (np.ones(len(x)), matching.weights):
        (one, var_one), (other, var_other) = (_moments(x[part], weights[part]) for part in (treated, ~treated))
        apart.append((one - other) / sd if sd > 0 else math.copysign(math.inf, one - other) if one != other else 0.0)
        ratios.append(None if two or not var_other > 0 else var_one / var_other)
    return Balance(name, apart[0], apart[1], ratios[0], ratios[1])


def _moments(x: Floats, weights: Floats) -> tuple[float, float]:
    whole = float(weights.sum())
    mean = float(weights @ x) / whole
    below = whole**2 - float(weights @ weights)
    return mean, whole / below * float(weights @ (x - mean) ** 2) if below > 0 else 0.0


def matched_effect(y: ArrayLike, matching: Matching) -> MatchedEffect:
    """The effect on an outcome (rows,) among the treated that found a match. Rows left out may lack a value."""
    outcome, kept = np.asarray(y, float), matching.weights > 0
    if outcome.shape != matching.weights.shape:
        raise InputError(said("There must be an outcome for each unit."))
    refuse_missing(outcome[kept])
    arm = matching.treated[kept]
    groups = clustered(matching.groups[kept].tolist())
    x = np.column_stack([np.ones(len(arm)), arm])
    # CR2 by an even working covariance: weights say whom a match stands for, not how sure its outcome is.
    fit = least_squares(x, outcome[kept], groups, weights=matching.weights[kept], working=np.ones(len(arm)))
    found = robust(fit, groups)
    return MatchedEffect(found.estimates[1], found.se[1], found.df[1], int(arm.sum()), int((~arm).sum()))


def e_value(ratio: float) -> float:
    """How strongly something unmeasured must go with both treatment and outcome, as risk ratios, to explain a risk ratio away.

    VanderWeele and Ding 2017, doi 10.7326/M16-2607: their 3.9 has 7.26. Raises InputError for a ratio not above nought.
    """
    if not ratio > 0:
        raise InputError(said("A risk ratio is above nought."))
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def _warnings(unmatched: int, outside: int, treated: int) -> tuple[Said, ...]:
    found = []
    if unmatched:
        found.append(
            said("%(count)s of %(all)s treated units found no match, so the effect is of the others only.",
                 count=unmatched, all=treated)
        )  # fmt: skip
    if outside:
        found.append(
            said("%(count)s of %(all)s treated units are less or more likely to be treated than every untreated one.",
                 count=outside, all=treated)
        )  # fmt: skip
    return tuple(found)
