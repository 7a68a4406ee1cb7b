"""What one study says of its effect on the logarithmic scale: x * effect - A(effect) + a constant, for four kinds of count.

A and its first two derivatives (the mean and the variance of x) are all that an exponential family needs.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import gammaln

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.rare.tables import Tables
from whatworks.synthesise.methods.weighing import Floats

WIDEST = 3_000_000  # cells of all studies' ranges together: beyond it the exact likelihood takes minutes


class Moments(NamedTuple):
    """A, its slope (the mean of x) and its bend (the variance of x), for every study and place asked."""

    whole: Floats
    mean: Floats
    variance: Floats


class Family(Protocol):
    """Counts x of k studies. constant: what the log-likelihood adds whatever the effect, summed over studies."""

    @property
    def x(self) -> Floats: ...
    @property
    def constant(self) -> float: ...
    def moments(self, effect: Floats) -> Moments:
        """At effects of shape (k,) or (k, places)."""
        ...


def beside(given: Floats, effect: Floats) -> Floats:
    """One number per study, laid out beside effects at several places."""
    return given if effect.ndim == 1 else given[:, None]


def log_choose(n: Floats, x: Floats) -> Floats:
    """The logarithm of the number of ways to choose x of n."""
    return np.asarray(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))


def log1p_exp(value: Floats) -> Floats:
    """log(1 + exp(value)) without overflow."""
    return np.asarray(np.logaddexp(0.0, value))


def expit(value: Floats) -> Floats:
    """The proportion of these log odds."""
    return np.asarray(0.5 * (1 + np.tanh(value / 2)))


class Binomial(NamedTuple):
    """x of n, with log odds effect + offset."""

    x: Floats
    n: Floats
    offset: Floats

    @property
    def constant(self) -> float:
        return float((log_choose(self.n, self.x) + self.x * self.offset).sum())

    def moments(self, effect: Floats) -> Moments:
        odds, n = effect + beside(self.offset, effect), beside(self.n, effect)
        p = expit(odds)
        return Moments(n * log1p_exp(odds), n * p, n * p * (1 - p))


class Poisson(NamedTuple):
    """x events in a time, at the logarithmic rate effect."""

    x: Floats
    time: Floats

    @property
    def constant(self) -> float:
        return float((self.x * np.log(self.time) - gammaln(self.x + 1)).sum())

    def moments(self, effect: Floats) -> Moments:
        mean = beside(self.time, effect) * np.exp(np.minimum(effect, 600.0))
        return Moments(mean, mean, mean)


class Hypergeometric(NamedTuple):
    """x events in the first group, given both margins, at the log odds ratio effect (Fisher's non-central form).

    support: the values x can take, from the least; ways: the logarithm of the number of ways to each, -inf beyond.
    """

    x: Floats
    support: Floats
    ways: Floats

    @property
    def constant(self) -> float:
        return float(self.ways[np.arange(self.x.size), (self.x - self.support[:, 0]).astype(int)].sum())

    def moments(self, effect: Floats) -> Moments:
        shape = (..., None)
        support, ways = (one if effect.ndim == 1 else one[:, None, :] for one in (self.support, self.ways))
        terms = ways + support * effect[shape]
        top = terms.max(axis=-1)
        share = np.exp(terms - top[shape])
        all_ = share.sum(axis=-1)
        mean = (share * support).sum(axis=-1) / all_
        variance = (share * (support - mean[shape]) ** 2).sum(axis=-1) / all_
        return Moments(top + np.log(all_), mean, variance)


def hypergeometric(t: Tables) -> Hypergeometric:
    """The exact conditional likelihood of tables. InputError where their ranges are too wide for it."""
    events = t.x1 + t.x2
    least, most = np.maximum(0.0, events - t.size2), np.minimum(t.size1, events)
    width = int((most - least).max()) + 1
    if width * t.x1.size > WIDEST // 31:
        raise InputError(
            said("These tables have too many events for the exact conditional model; use CM.AL, UM.FS or MH.")
        )
    support = least[:, None] + np.arange(width)
    inside = support <= most[:, None]
    at = np.where(inside, support, least[:, None])
    ways = log_choose(t.size1[:, None], at) + log_choose(t.size2[:, None], events[:, None] - at)
    ways -= log_choose(t.size1 + t.size2, events)[:, None]  # so that a table's probability is one at no difference
    return Hypergeometric(t.x1, np.asarray(support), np.where(inside, ways, -np.inf))
