"""Poisson and negative binomial models without random levels, by reweighted least squares.

The negative binomial's size is found by maximum likelihood in turn with the coefficients, and standard errors are from expected
information at that size (Venables and Ripley 2002, Modern Applied Statistics with S, section 7.4), as MASS's glm.nb has them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma, xlogy

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.analysing.table import Floats

STEPS, EXACT = 200, 1e-10
MOST_SIZE = 1e7


@dataclass(frozen=True, slots=True)
class CountFit:
    """Coefficients `b` and `se` (p,), the log likelihood, Pearson's `dispersion`, and the negative binomial's `size`."""

    b: Floats
    se: Floats
    log_likelihood: float
    dispersion: float
    size: float | None = None


def poisson(x: Floats, y: Floats, offset: Floats) -> CountFit:
    """Counts y (rows,) on a design x (rows, p), with the log of time at risk as offset. Raises InputError where none settles."""
    b, mean = _weighted(x, y, offset, np.inf)
    log = float((xlogy(y, mean) - mean - gammaln(y + 1)).sum())
    return CountFit(b, _errors(x, mean), log, _pearson(y, mean, mean, x))


def negative_binomial(x: Floats, y: Floats, offset: Floats) -> CountFit:
    """Counts whose variance is mean + mean^2 / size. Raises InputError where none settles, or counts show no extra spread."""
    b, mean = _weighted(x, y, offset, np.inf)
    size = _moments(y, mean, x)
    for _ in range(STEPS):
        size, before = _size(y, mean, size), size
        if size > MOST_SIZE:
            raise InputError(
                said("The counts vary no more than Poisson's do, so that there is no further spread to estimate.")
            )
        b, mean = _weighted(x, y, offset, size, b)
        if abs(size - before) <= EXACT * size:
            weight = mean / (1 + mean / size)
            both = size + mean
            ways = gammaln(y + size) - gammaln(size) - gammaln(y + 1)
            log = float((ways + size * np.log(size / both) + xlogy(y, mean / both)).sum())
            return CountFit(b, _errors(x, weight), log, _pearson(y, mean, mean + mean**2 / size, x), float(size))
    raise InputError(said("The negative binomial model did not settle."))


def _weighted(x: Floats, y: Floats, offset: Floats, size: float, b: Floats | None = None) -> tuple[Floats, Floats]:
    eta: Floats = np.log(y + 0.5) if b is None else x @ b + offset
    for _ in range(STEPS):
        mean = np.exp(eta)
        weight = mean / (1 + mean / size)
        try:
            working = eta - offset + (y - mean) / mean
            new: Floats = np.linalg.solve(x.T @ (weight[:, None] * x), x.T @ (weight * working)).astype(float)
        except np.linalg.LinAlgError:
            break
        with np.errstate(over="ignore"):
            eta = np.clip(x @ new + offset, -60, 60)
        settled = b is not None and np.abs(new - b).max() <= EXACT * (1 + np.abs(new).max())
        b = new
        if settled:
            return new, np.exp(eta).astype(float)
    raise InputError(said("The model of counts did not settle; an arm or a stratum may have no events."))


def _moments(y: Floats, mean: Floats, x: Floats) -> float:
    extra = float((((y - mean) ** 2 - y) / mean**2).mean())
    return 1 / extra if extra > 0 else 10.0


def _size(y: Floats, mean: Floats, size: float) -> float:
    """Newton's method in the log of the size."""
    at = float(np.log(size))
    for _ in range(STEPS):
        s = float(np.exp(at))
        both = s + mean
        slope = float((digamma(y + s) - digamma(s) + np.log(s / both) + 1 - (y + s) / both).sum())
        bend = float((polygamma(1, y + s) - polygamma(1, s) + 1 / s - 2 / both + (y + s) / both**2).sum())
        curve = s * s * bend + s * slope
        step = -s * slope / curve if curve < 0 else np.sign(slope)
        step = float(np.clip(step, -2, 2))
        at += step
        if abs(step) <= 1e-12 or at > np.log(MOST_SIZE) + 1:
            break
    return float(np.exp(at))


def _errors(x: Floats, weight: Floats) -> Floats:
    found: Floats = np.sqrt(np.diag(np.linalg.inv(x.T @ (weight[:, None] * x))))
    return found


def _pearson(y: Floats, mean: Floats, variance: Floats, x: Floats) -> float:
    return float(((y - mean) ** 2 / variance).sum() / max(len(y) - x.shape[1], 1))
