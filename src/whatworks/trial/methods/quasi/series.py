"""Interrupted time series: did the level or the trend of counts change when something began?

Segmented regression on the log scale with an offset for people at risk, and waves for the seasons (Lopez Bernal and others 2017, doi
10.1093/ije/dyw098). Counts vary more than Poisson's, so standard errors are multiplied by the root of the dispersion; since months
beside each other may be alike, Newey and West's (1987, doi 10.2307/1913610) stand beside them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.checking import refuse_missing
from whatworks.trial.methods.quasi.regressing import POISSON, Floats, Regression, regress

LEVEL, SLOPE = "level", "slope"
FEWEST, FEW = (
    3,
    8,
)  # points on each side: without three there is no trend; with fewer than eight little power (Penfold and Zhang 2013)
ALIKE = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """A change on the log scale (`what`: "level", or "slope" per unit of time), its standard error with the dispersion, Poisson's
    (`se_poisson`) and Newey and West's (`se_lagged`); t test and rate ratio with interval by the first.
    """

    what: str
    estimate: float
    se: float
    se_poisson: float
    se_lagged: float
    df: int
    p: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class InterruptedSeries:
    """The `changes` asked for; `fitted` counts, and those expected `without` the change, (rows,) each; `averted`: the sum of the
    difference after it, which is counts saved if above nought; `dispersion`; `autocorrelation` of neighbours' residuals, and `p_alike`
    by Ljung and Box.
    """

    changes: tuple[Change, ...]
    fitted: Floats
    without: Floats
    averted: float
    dispersion: float
    autocorrelation: float
    p_alike: float
    warnings: tuple[Said, ...]


def interrupted_series(
    counts: ArrayLike, time: ArrayLike, began: float, *, at_risk: ArrayLike | None = None, changes: Sequence[str] = (LEVEL,),
    waves: int = 0, year: float = 12.0, lags: int = 1, level: float = 0.95,
) -> InterruptedSeries:  # fmt: skip
    """Counts (rows,) at equally spaced times (rows,), of which those at `began` and later are after the change.

    `at_risk`: people or person-time behind each count; `changes`: "level", "slope" or both; `waves`: pairs of sines and cosines of a
    `year` of so many units of time; `lags` up to which neighbours may be alike. Agrees with R's glm and sandwich. Raises InputError for
    fewer than three points on either side, times that are not equally spaced, and counts or people that cannot be.
    """
    y, at = np.asarray(counts, float), np.asarray(time, float)
    refuse_series(y, at, began, changes, lags)
    if y.min() < 0:
        raise InputError(said("A count is below nought; see what the column holds."))
    people = np.ones(len(y)) if at_risk is None else np.asarray(at_risk, float)
    if people.shape != y.shape or not (people > 0).all():
        raise InputError(said("Each count needs a number of people at risk above nought."))
    after = at >= began
    x = segments(at, began, changes, waves, year)
    fit = regress(x, y, POISSON, np.log(people))
    lagged = np.sqrt(np.diag(newey_west(fit.covariance, fit.x * (fit.y - fit.mean)[:, None], lags)))
    first = x.shape[1] - len(changes)
    found = tuple(_change(fit, what, place, float(lagged[place]), level) for place, what in enumerate(changes, first))
    without = fit.mean / np.exp(x[:, first:] @ fit.coefficients[first:])
    alike, p = neighbours(fit.pearson, lags)
    return InterruptedSeries(
        found,
        fit.mean,
        without,
        float((without - fit.mean)[after].sum()),
        fit.dispersion,
        alike,
        p,
        series_warnings(after, p),
    )


def _change(fit: Regression, what: str, place: int, lagged: float, level: float) -> Change:
    b, plain = float(fit.coefficients[place]), math.sqrt(fit.covariance[place, place])
    se = plain * math.sqrt(fit.dispersion)
    reach = float(students_t.ppf((1 + level) / 2, fit.freedom)) * se
    p = 2 * float(students_t.sf(abs(b / se), fit.freedom))
    return Change(
        what, b, se, plain, lagged, fit.freedom, p, math.exp(b), math.exp(b - reach), math.exp(b + reach)
    )  # fmt: skip


def segments(at: Floats, began: float, changes: Sequence[str], waves: int, year: float) -> Floats:
    """The columns of segmented regression: ones, the trend, waves of the seasons, and last the changes asked for."""
    after = at >= began
    columns = {LEVEL: after.astype(float), SLOPE: np.where(after, at - began, 0.0)}
    turns = [2 * math.pi * wave * at / year for wave in range(1, waves + 1)]
    seasons = [one(turn) for turn in turns for one in (np.sin, np.cos)]
    found: Floats = np.column_stack([np.ones(len(at)), at - at[0], *seasons, *(columns[one] for one in changes)])
    return found


def newey_west(bread: Floats, scores: Floats, lags: int) -> Floats:
    """Newey and West's covariance with Bartlett's weights, of scores (rows, p) in the order of time."""
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        part = scores[lag:].T @ scores[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (part + part.T)
    found: Floats = bread @ meat @ bread
    return found


def neighbours(residual: Floats, lags: int) -> tuple[float, float]:
    """How alike neighbours' residuals are, and Ljung and Box's p over the lags."""
    n, centred = len(residual), residual - residual.mean()
    alike = np.array([float(centred[lag:] @ centred[:-lag]) for lag in range(1, lags + 1)]) / float(centred @ centred)
    box = n * (n + 2) * float((alike**2 / (n - np.arange(1, lags + 1))).sum())
    return float(alike[0]), float(chi2.sf(box, lags))


def refuse_series(y: Floats, at: Floats, began: float, changes: Sequence[str], lags: int) -> None:
    """InputError for what is no series, has too few points on a side, or asks for what is not known."""
    if y.ndim != 1 or y.shape != at.shape:
        raise InputError(said("There must be a time for each count."))
    refuse_missing(y, at)
    steps = np.diff(at)
    if not (steps > 0).all() or np.ptp(steps) > 1e-6 * np.abs(steps).max():
        raise InputError(said("Times must be in order and equally far apart; put in the months that are missing."))
    if min(int((at < began).sum()), int((at >= began).sum())) < FEWEST:
        raise InputError(said("A series needs three points before the change and three after it; more are better."))
    if not changes or len(set(changes)) < len(changes) or not set(changes) <= {LEVEL, SLOPE}:
        raise InputError(said("Say which change is looked for: “level”, “slope” or both."))
    if not 1 <= lags < len(y):
        raise InputError(said("The number of lags must be 1 or more, and below that of the counts."))


def series_warnings(after: np.ndarray, p_alike: float) -> tuple[Said, ...]:
    """What a reader must know of a series."""
    found = []
    if min(int(after.sum()), int((~after).sum())) < FEW:
        found.append(said("There are fewer than eight points before the change or after it, so trends are guesses."))
    if p_alike < ALIKE:
        found.append(
            said("Neighbouring points are more alike than chance allows; read Newey and West's standard error.")
        )
    return tuple(found)
