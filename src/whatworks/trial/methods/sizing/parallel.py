"""Trials with arms side by side: of people, and of clusters, with unequal sizes; outcomes measured, yes or no, or counted."""

from __future__ import annotations

import math

from scipy.stats import norm

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.sizing.power import power_of, smallest

ELDRIDGE, TAYLOR = "eldridge", "taylor"


def design_effect(size: float, icc: float, cv: float = 0.0, formula: str = ELDRIDGE) -> float:
    """By how much clusters of mean `size` widen the variance; `cv` is the coefficient of variation of their sizes.

    "eldridge": 1 + ((cv^2 + 1) size - 1) icc, of means of rows (Eldridge and others 2006, doi 10.1093/ije/dyl129). "taylor": of
    an analysis that weighs clusters best (van Breukelen and others 2007, doi 10.1002/sim.2733). They differ; say which is meant.
    """
    if not (size >= 1 and 0 <= icc < 1 and cv >= 0):
        raise InputError(
            said(
                "Clusters of %(size)s with a correlation of %(icc)s and a cv of %(cv)s cannot be; see their meanings.",
                size=size,
                icc=icc,
                cv=cv,
            )
        )
    if formula == ELDRIDGE:
        return 1 + ((cv**2 + 1) * size - 1) * icc
    if formula != TAYLOR:
        raise InputError(
            said(
                "“%(formula)s” is no formula for unequal clusters here; say “%(eldridge)s” or “%(taylor)s”.",
                formula=formula,
                eldridge=ELDRIDGE,
                taylor=TAYLOR,
            )
        )
    equal = 1 + (size - 1) * icc
    share = size * icc / equal
    return equal / (1 - cv**2 * share * (1 - share))


def means_per_arm(effect: float, sd: float = 1.0, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """People in each arm, not rounded, to compare two means by a t test."""
    return smallest(lambda n: power_of(effect, sd * math.sqrt(2 / n), alpha=alpha, df=2 * n - 2), power, 1.5 + 1e-9)


def shares_per_arm(one: float, other: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """People in each arm, not rounded, to compare two shares by a z test whose variance is pooled under no difference."""
    if not (0 < one < 1 and 0 < other < 1 and one != other):
        raise InputError(
            said(
                "Shares of %(one)s and %(other)s cannot be told apart; give two different ones between 0 and 1.",
                one=one,
                other=other,
            )
        )
    middle = (one + other) / 2
    free, fixed = norm.isf(alpha / 2), norm.ppf(power)
    under = math.sqrt(2 * middle * (1 - middle))
    apart = math.sqrt(one * (1 - one) + other * (1 - other))
    return float(((free * under + fixed * apart) / (one - other)) ** 2)


def cluster_power(
    clusters: float, size: float, effect: float, icc: float, *, variance: float = 1.0, cv: float = 0.0,
    formula: str = TAYLOR, alpha: float = 0.05, t: bool = True,
) -> float:  # fmt: skip
    """Power of a comparison of means with so many clusters in each arm; by t with 2 clusters - 2 degrees of freedom, or by z.

    Refusals on the wrong side are not counted, as in clusterPower.
    """
    se = math.sqrt(2 * variance * design_effect(size, icc, cv, formula) / (clusters * size))
    return power_of(effect, se, alpha=alpha, df=2 * clusters - 2 if t else None, both=False)


def clusters_per_arm(
    size: float, effect: float, icc: float, *, power: float = 0.8, variance: float = 1.0, cv: float = 0.0,
    formula: str = TAYLOR, alpha: float = 0.05, t: bool = True,
) -> float:  # fmt: skip
    """Clusters in each arm, not rounded, for a comparison of means."""

    def enough(n: float) -> float:
        return cluster_power(n, size, effect, icc, variance=variance, cv=cv, formula=formula, alpha=alpha, t=t)

    return smallest(enough, power, 1.5 if t else 1e-6)


def counts_per_arm(
    rate: float, other: float, exposure: float, k: float, *, power: float = 0.8, alpha: float = 0.05
) -> float:
    """Clusters in each arm to compare two rates: each cluster is watched for `exposure`, its true rate varies with coefficient `k`.

    Hayes and Bennett (1999, doi 10.1093/ije/28.2.319), with their one cluster more for z in place of t.
    """
    return _hayes_bennett(rate, other, (rate + other) / exposure, k, power, alpha)


def shares_clusters_per_arm(
    share: float, other: float, size: float, k: float, *, power: float = 0.8, alpha: float = 0.05
) -> float:
    """Clusters of `size` in each arm to compare two shares whose cluster values vary with coefficient `k` (Hayes and Bennett)."""
    return _hayes_bennett(share, other, (share * (1 - share) + other * (1 - other)) / size, k, power, alpha)


def _hayes_bennett(one: float, other: float, chance: float, k: float, power: float, alpha: float) -> float:
    if not (one > 0 and other > 0 and one != other and k >= 0):
        raise InputError(
            said(
                "Rates of %(one)s and %(other)s that vary with k = %(k)s cannot be told apart; see what they mean.",
                one=one,
                other=other,
                k=k,
            )
        )
    reach = float(norm.isf(alpha / 2) + norm.ppf(power))
    return 1 + reach**2 * (chance + k**2 * (one**2 + other**2)) / (one - other) ** 2
