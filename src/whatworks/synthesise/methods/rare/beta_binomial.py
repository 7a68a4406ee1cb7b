"""Events in every arm as beta-binomial: arms of one group share a mean proportion, and their counts a correlation.

No continuity correction, and studies without any event count. Arms are taken as independent: what makes two arms of one
study alike is not used, which costs power where baselines differ much.
Source: Kuss (2015), Statistics in Medicine 34(7), 1097-1116.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaln

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.rare.climbing import by_differences, climb
from whatworks.synthesise.methods.rare.families import expit, log_choose
from whatworks.synthesise.methods.rare.tables import Tables
from whatworks.synthesise.methods.weighing import Floats

LEAST = 1e-7  # a correlation below it is told as none: the beta functions then cancel to nothing


class BetaBinomial(NamedTuple):
    """estimate, se: log OR, log RR or RD. rho: the correlation of two people in one arm. proportions: of each group."""

    estimate: float
    se: float
    rho: float
    rho_se: float | None
    proportions: tuple[float, float]
    loglik: float
    loglik_binomial: float
    settled: bool


def log_likelihood(t: Tables, p1: float, p2: float, rho: float) -> float:
    """Of proportions p1 and p2 and the correlation rho (0: binomial), with every constant."""
    total = 0.0
    for x, n, p in ((t.x1, t.size1, p1), (t.x2, t.size2, p2)):
        total += float(log_choose(n, x).sum())
        if rho < LEAST:
            total += float((x * np.log(p) + (n - x) * np.log1p(-p)).sum())
        else:
            both = 1 / rho - 1
            a, b = p * both, (1 - p) * both
            total += float((betaln(a + x, b + n - x) - betaln(a, b)).sum())
    return total


def fit_beta_binomial(t: Tables, measure: str) -> BetaBinomial:
    """Maximum likelihood. The measure (OR, RR, RD) is read from the two proportions, its se by the delta method."""
    shares = [(float(x.sum()), float(n.sum())) for x, n in ((t.x1, t.size1), (t.x2, t.size2))]
    for group, (events, people) in zip((said("first"), said("second")), shares, strict=True):
        if events in (0.0, people):
            word = said("events") if events == 0 else said("people without an event")
            raise InputError(
                said(
                    "The %(group)s groups have no %(word)s in any study, so no proportion can be modelled.",
                    group=group,
                    word=word,
                )
            )
    start = [float(np.log(events / (people - events))) for events, people in shares]

    def height(at: Floats) -> float:
        p1, p2, rho = (float(expit(one)) for one in at)
        return log_likelihood(t, p1, p2, rho) if 0 < p1 < 1 and 0 < p2 < 1 and rho < 1 - 1e-12 else -np.inf

    plain = float(log_likelihood(t, float(expit(np.array(start[0]))), float(expit(np.array(start[1]))), 0.0))
    tops = [climb(by_differences(height), [*start, rho]) for rho in (-4.0, -1.5)]
    best = max((one for one in tops if one.settled), key=lambda one: one.height, default=None)
    if best is None or best.height <= plain + 1e-10 or float(expit(best.at[2])) < 10 * LEAST:
        return _binomial(shares, measure, plain)
    p1, p2, rho = (float(expit(one)) for one in best.at)
    estimate, slope = _effect(p1, p2, measure)
    covariance = best.covariance
    if covariance is None:
        return _binomial(shares, measure, plain)._replace(settled=False)
    se = float(np.sqrt(slope @ covariance[:2, :2] @ slope))
    spread = float(np.sqrt(covariance[2, 2])) * rho * (1 - rho)
    return BetaBinomial(estimate, se, rho, spread, (p1, p2), best.height, plain, True)


def _binomial(shares: list[tuple[float, float]], measure: str, plain: float) -> BetaBinomial:
    """No correlation: the arms of a group are one big arm."""
    p1, p2 = (events / people for events, people in shares)
    estimate, slope = _effect(p1, p2, measure)
    variances = np.array([1 / (people * p * (1 - p)) for (_, people), p in zip(shares, (p1, p2), strict=True)])
    return BetaBinomial(estimate, float(np.sqrt(slope**2 @ variances)), 0.0, None, (p1, p2), plain, plain, True)


def _effect(p1: float, p2: float, measure: str) -> tuple[float, Floats]:
    """The effect, and its slope in the two log odds."""
    if measure == "OR":
        return float(np.log(p1 / (1 - p1)) - np.log(p2 / (1 - p2))), np.array([1.0, -1.0])
    if measure == "RR":
        return float(np.log(p1 / p2)), np.array([1 - p1, p2 - 1])
    return p1 - p2, np.array([p1 * (1 - p1), -p2 * (1 - p2)])
