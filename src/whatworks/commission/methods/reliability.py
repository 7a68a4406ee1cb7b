"""How far assessors agree: score = application + severity of the assessor + rest, by restricted maximum likelihood on unequal panels.

ICC(A,1), agreement of single scores, is the share of the variance that lies between applications (McGraw and Wong 1996, doi
10.1037/1082-989X.1.1.30); its interval is the profile of the restricted likelihood. Of a mean of k scores by different assessors the
reliability is k ICC / (1 + (k - 1) ICC). Severities are best linear unbiased predictions: positive is generous. Checked against lme4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from whatworks.commission.methods.ratings import Floats, Ratings
from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.mixed import RandomTerm, fit_mixed, icc

APPLICATION, ASSESSOR = "application", "assessor"
FEW = 10  # applications or assessors below which an interval is hardly one


@dataclass(frozen=True, slots=True)
class Severity:
    """How much higher (or lower) an assessor scores than a usual one would, drawn towards nought, with its interval."""

    assessor: str
    scored: int
    value: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """`icc` of one score with its interval; `usual`: how many scores an application has (harmonic mean), and `of_mean`, the reliability
    of the mean of so many; standard deviations between applications, between assessors, and of the rest.
    """

    scores: int
    applications: int
    assessors: int
    mean: float
    between_applications: float
    between_assessors: float
    rest: float
    icc: float
    low: float
    high: float
    usual: float
    of_mean: float
    of_mean_low: float
    of_mean_high: float
    level: float
    severities: tuple[Severity, ...]
    warnings: tuple[str, ...]


def of_mean(icc_one: float, k: float) -> float:
    """The reliability of a mean of k scores (Spearman and Brown).

    >>> [round(of_mean(0.259, k), 2) for k in (3, 5, 7, 12)]
    [0.51, 0.64, 0.71, 0.81]
    """
    return k * icc_one / (1 + (k - 1) * icc_one)


def reliability(ratings: Ratings, *, level: float = 0.95) -> Reliability:
    """How far the assessors of a call agree. `level`: of the intervals.

    Raises InputError with fewer than two applications or assessors, or where no application has two scores.
    """
    _refuse_too_little(ratings)
    names = np.array(ratings.applications)[ratings.application], np.array(ratings.assessors)[ratings.assessor]
    terms = [RandomTerm(APPLICATION, names[0]), RandomTerm(ASSESSOR, names[1])]
    fit = fit_mixed(np.ones((len(ratings.scores), 1)), ratings.scores, terms)
    sds = float(fit.spreads[0].sds[0]), float(fit.spreads[1].sds[0])
    share = icc(fit, APPLICATION, level=level)
    usual = len(ratings.applications) / float((1 / ratings.given).sum())
    shown = tuple(fit.warnings) + _few(ratings)
    return Reliability(
        len(ratings.scores), len(ratings.applications), len(ratings.assessors), float(fit.coefficients[0]), *sds, fit.within,
        share.value, share.low, share.high, usual, of_mean(share.value, usual), of_mean(share.low, usual),
        of_mean(share.high, usual), level, _severities(ratings, sds, fit.within, level), shown,
    )  # fmt: skip


def _refuse_too_little(ratings: Ratings) -> None:
    if len(ratings.applications) < 2 or len(ratings.assessors) < 2:
        raise InputError(said("Agreement needs at least two applications and two assessors."))
    if int(ratings.given.max()) < 2:
        raise InputError(said("No application has two scores yet, so nothing can be told of agreement."))


def _few(ratings: Ratings) -> tuple[str, ...]:
    if min(len(ratings.applications), len(ratings.assessors)) >= FEW:
        return ()
    return (
        said(
            "There are %(applications)s applications and %(assessors)s assessors: read the intervals, not the values.",
            applications=len(ratings.applications),
            assessors=len(ratings.assessors),
        ),
    )


def predicted(ratings: Ratings, sds: tuple[float, float], rest: float) -> tuple[Floats, Floats]:
    """Predictions of Henderson's equations at given standard deviations: the mean, each application's and each assessor's part, and the
    covariance of their errors, the mean's own included. A part whose spread is nought is nought.
    """
    n, m = len(ratings.applications), len(ratings.assessors)
    design = design_of(ratings)
    least = np.finfo(float).tiny
    inverse = np.concatenate([[0.0], *([1 / max(sd**2, least)] * count for sd, count in zip(sds, (n, m), strict=True))])
    kept = np.isfinite(inverse) & (inverse < 1e200)
    information = design.T @ design / rest**2 + np.diag(np.where(kept, inverse, 0.0))
    found, spread = np.zeros(1 + n + m), np.zeros((1 + n + m, 1 + n + m))
    within = np.linalg.inv(information[np.ix_(kept, kept)])
    found[kept] = within @ (design.T @ ratings.scores / rest**2)[kept]
    spread[np.ix_(kept, kept)] = within
    return found, spread


def design_of(ratings: Ratings) -> Floats:
    """A column of ones, one for each application, one for each assessor."""
    rows, n = len(ratings.scores), len(ratings.applications)
    design = np.zeros((rows, 1 + n + len(ratings.assessors)))
    design[:, 0] = 1
    design[np.arange(rows), 1 + ratings.application] = 1
    design[np.arange(rows), 1 + n + ratings.assessor] = 1
    return design


def _severities(ratings: Ratings, sds: tuple[float, float], rest: float, level: float) -> tuple[Severity, ...]:
    found, spread = predicted(ratings, sds, rest)
    first, reach = 1 + len(ratings.applications), float(ndtri(0.5 + level / 2))
    scored = np.bincount(ratings.assessor, minlength=len(ratings.assessors))
    told = []
    for place, name in enumerate(ratings.assessors):
        value, se = float(found[first + place]), math.sqrt(max(float(spread[first + place, first + place]), 0.0))
        told.append(Severity(name, int(scored[place]), value, se, value - reach * se, value + reach * se))
    return tuple(told)
