"""Drawing without putting back: the chance of few or many relevant records in a draw, exactly and for whole arrays.

A set of `size` records holds `relevant` relevant ones; `drawn` records are drawn at random. Every function takes integers
or integer arrays that broadcast. Checked against scipy.stats.hypergeom (tests/unit/screen/test_stopping.py), whose
import alone takes longer than most answers here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_NEAR = 0.05  # closer than this the logarithm loses digits that the series keeps
_NEGLIGIBLE = 1e-18  # of the sum so far: beyond the last digit of a double


def _stirling_error(n: Floats) -> Floats:
    """log(n!) less Stirling's formula, 0 at n = 0 by convention. The series errs by less than 1e-16 from 16 on."""
    small = np.minimum(n, 16).astype(np.intp)
    large = np.maximum(n, 16)
    square = large * large
    series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / large
    return np.where(n < 16, _SMALL[small], series)


def _small_errors() -> Floats:
    """The first sixteen, from exact factorials: 16! is far below 2**53, so every logarithm here is good to its last bit."""
    n = np.arange(1.0, 17.0)
    factorials = np.cumprod(n)
    exact = np.log(factorials) - (0.5 * np.log(2 * np.pi * n) + n * np.log(n) - n)
    return np.concatenate([[0.0], exact])


_SMALL = _small_errors()


def _deviance(x: Floats, mean: Floats) -> Floats:
    """x log(x / mean) + mean - x, without losing digits where x lies close to its mean (Loader 2000)."""
    share = (x - mean) / np.maximum(x + mean, 1e-300)  # 0 of 0 deviates by 0
    near = abs(share) < _NEAR
    square = np.where(near, share * share, 0.0)
    series = np.full(square.shape, 1 / 15)
    for odd in (13, 11, 9, 7, 5, 3):  # the next term is below 1e-18 of the first
        series = series * square + 1 / odd
    total = (x - mean + 2 * x * series * square) * share
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(x > 0, x * np.log(x / mean), 0.0) + mean - x
    return np.where(near, total, far)


def _log_binomial(x: Floats, n: Floats, p: Floats) -> Floats:
    """The logarithm of the chance of x successes in n trials, 0 <= x <= n, 0 < p < 1."""
    inside = (x > 0) & (x < n)
    middle = np.where(inside, x, 0.5)
    size = np.where(inside, n, 1.0)
    spread = 0.5 * np.log(2 * np.pi * middle * (size - middle) / size)
    error = _stirling_error(n) - _stirling_error(x) - _stirling_error(n - x)
    return np.asarray(
        np.where(inside, error - spread, 0.0) - _deviance(x, n * p) - _deviance(n - x, n * (1 - p)), dtype=np.float64
    )


def log_chance(found: ArrayLike, size: ArrayLike, relevant: ArrayLike, drawn: ArrayLike) -> Floats:
    """The logarithm of the chance of exactly `found` relevant ones among the drawn; -inf where that cannot be.

    Source: Loader (2000), Fast and accurate computation of binomial probabilities, as in R's dhyper; sums of
    log-gammas would lose four digits on sets of tens of thousands. 0 < drawn < size.
    """
    x, n, k, d = (np.asarray(given, dtype=float) for given in np.broadcast_arrays(found, size, relevant, drawn))
    possible = (x >= 0) & (x <= k) & (d - x >= 0) & (d - x <= n - k)
    x = np.where(possible, x, np.maximum(0, d + k - n))
    p = d / n
    value = _log_binomial(x, k, p) + _log_binomial(d - x, n - k, p) - _log_binomial(d, n, p)
    return np.asarray(np.where(possible, value, -np.inf), dtype=np.float64)


def chance_of_at_most(found: ArrayLike, size: ArrayLike, relevant: ArrayLike, drawn: ArrayLike) -> Floats:
    """The chance of `found` relevant ones or fewer among the drawn.

    Sums from the nearer side, so that no small answer is the difference of two large ones. `relevant` <= `size`.
    """
    x, n, k, d = (np.asarray(a, dtype=float).ravel() for a in np.broadcast_arrays(found, size, relevant, drawn))
    answer = np.ones(x.shape)
    answer[x < np.maximum(0, d + k - n)] = 0.0
    open_ = (answer > 0) & (x < np.minimum(k, d))  # from there on the answer is one
    below = open_ & (x <= d * k / n)
    above = open_ & ~below
    answer[below] = _downwards(x[below], n[below], k[below], d[below])
    answer[above] = 1 - _upwards(x[above] + 1, n[above], k[above], d[above])
    return answer.reshape(np.broadcast_shapes(*map(np.shape, (found, size, relevant, drawn))))


def _downwards(x: Floats, n: Floats, k: Floats, d: Floats) -> Floats:
    """The sum of the chances of x and of everything below it."""
    return _summed(x, n, k, d, -1.0, lambda at: at * (n - k - d + at) / ((k - at + 1) * (d - at + 1)))


def _upwards(x: Floats, n: Floats, k: Floats, d: Floats) -> Floats:
    """The sum of the chances of x and of everything above it."""
    return _summed(x, n, k, d, 1.0, lambda at: (k - at) * (d - at) / ((at + 1) * (n - k - d + at + 1)))


def _summed(x: Floats, n: Floats, k: Floats, d: Floats, step: float, ratio: Callable[[Floats], Floats]) -> Floats:
    """Terms from x on, each made from the one before by `ratio`, until every one is negligible or nought."""
    term = np.exp(log_chance(x, n, k, d)) if x.size else np.zeros(0)
    total, at = term.copy(), x
    while np.any(term > _NEGLIGIBLE * total):
        term = term * np.maximum(ratio(at), 0.0)
        total += term
        at = at + step
    return total
