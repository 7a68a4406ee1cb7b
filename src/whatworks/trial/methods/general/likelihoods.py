"""Log likelihoods of a row given its linear predictor, with two derivatives: shares by logit, counts by log.

Each takes the outcome, the predictor, the number of trials (binomial only) and the log of the size (negative binomial only: the
variance is mean + mean^2 / size), and gives log f, its slope, and minus its curvature, which is above nought for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

Floats = NDArray[np.float64]
Three = tuple[Floats, Floats, Floats]
Likelihood = Callable[[Floats, Floats, Floats, float], Three]


def binomial(y: Floats, eta: Floats, trials: Floats, log_size: float) -> Three:
    """Events out of trials; the predictor is the log odds."""
    share = 1 / (1 + np.exp(-eta))
    ways = gammaln(trials + 1) - gammaln(y + 1) - gammaln(trials - y + 1)
    return ways + y * eta - trials * np.logaddexp(0, eta), y - trials * share, trials * share * (1 - share)


def poisson(y: Floats, eta: Floats, trials: Floats, log_size: float) -> Three:
    """Counts with a mean of exp(predictor)."""
    mean = np.exp(eta)
    return y * eta - mean - gammaln(y + 1), y - mean, mean


def negative_binomial(y: Floats, eta: Floats, trials: Floats, log_size: float) -> Three:
    """Counts whose variance is mean + mean^2 / size."""
    size, mean = np.exp(log_size), np.exp(eta)
    both = size + mean
    ways = gammaln(y + size) - gammaln(size) - gammaln(y + 1)
    log = ways + size * (log_size - np.log(both)) + xlogy(y, mean / both)
    return log, (y - mean) * size / both, (y + size) * mean * size / both**2


LIKELIHOODS: dict[str, Likelihood] = {
    "binomial": binomial,
    "poisson": poisson,
    "negative-binomial": negative_binomial,
}
