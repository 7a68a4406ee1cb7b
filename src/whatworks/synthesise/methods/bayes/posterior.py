"""The posterior of tau, and with it of everything else: given tau, mean and effects are normal.

tau is integrated over its logarithm by Gauss-Legendre panels that are halved where they are not yet exact; sums over the
nodes then stand for integrals to about eleven digits.
Source: Roever (2020), Journal of Statistical Software 93(6), 1-51.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isinf, log, pi
from typing import NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.bayes.priors import Prior
from whatworks.synthesise.methods.weighing import Floats

RULE = np.polynomial.legendre.leggauss(16)
EXACT = 1e-13  # of the whole: how much halving a panel may change it
BELOW = 36.0  # logarithms below the typical tau at which the rest is under 1e-15 of the whole


class Given(NamedTuple):
    """Effects, variances, and the normal prior of the mean (sd infinite: flat)."""

    y: Floats
    v: Floats
    mean: float
    sd: float


class AtTau(NamedTuple):
    """For each tau: the logarithm of the likelihood with the mean integrated out, and the mean's own mean and sd."""

    log_likelihood: Floats
    mean: Floats
    sd: Floats


class Posterior(NamedTuple):
    """Nodes of tau with their shares of the posterior. edges, masses: of the panels, in the logarithm of tau.

    log_whole: the logarithm of the integral of prior and likelihood. density: of tau, at any tau.
    """

    tau: Floats
    share: Floats
    at: AtTau
    edges: Floats
    masses: Floats
    log_whole: float
    density: Callable[[Floats], Floats]


def at_tau(given: Given, tau: Floats) -> AtTau:
    """The likelihood at each of several tau (shape (n,)), by n x k operations."""
    weights = 1 / (given.v + tau[:, None] ** 2)
    flat = isinf(given.sd)
    more = 0.0 if flat else given.sd**-2
    total = weights.sum(axis=1) + more
    mean = (weights @ given.y + more * (0.0 if flat else given.mean)) / total
    apart = (weights * (given.y - mean[:, None]) ** 2).sum(axis=1)
    height = 0.5 * (np.log(weights / (2 * pi)).sum(axis=1) - apart + np.log(2 * pi / total))
    if not flat:
        height = height - 0.5 * (log(2 * pi * given.sd**2) + (given.mean - mean) ** 2 * more)
    return AtTau(np.asarray(height), np.asarray(mean), np.asarray(total**-0.5))


def tail_power(given: Given, prior: Prior) -> float:
    """The posterior of tau falls as tau to minus this power."""
    return prior.tail + given.y.size - (1 if isinf(given.sd) else 0)


def posterior(given: Given, prior: Prior) -> Posterior:
    """The posterior of tau. InputError where it is none (it does not integrate)."""
    power = tail_power(given, prior)
    if isinf(prior.upper) and power <= 1:
        raise InputError(
            said(
                "With %(size)s studies the prior %(name)s gives no posterior: too much of it lies at infinity; "
                "use a weakly informative one such as half-normal(0.5).",
                size=given.y.size,
                name=prior.name,
            )
        )

    def log_density(tau: Floats) -> Floats:
        return np.asarray(prior.log_density(tau) + at_tau(given, tau).log_likelihood)

    low, high = _reach(given, prior, power)
    rough = np.linspace(low, high, 400)
    top = float(np.nanmax(log_density(np.exp(rough)) + rough))

    def integrand(x: Floats) -> Floats:
        return np.asarray(np.exp(log_density(np.exp(x)) + x - top))

    edges = _panels(integrand, low, high, rough[int(np.argmax(log_density(np.exp(rough)) + rough))])
    x, weight = _nodes(edges)
    parts = integrand(x) * weight
    masses = parts.reshape(-1, RULE[0].size).sum(axis=1)
    whole = float(masses.sum())
    tau, share = np.exp(x), parts / whole
    counts = share > 1e-18

    def density(at: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.nan_to_num(np.exp(log_density(at) - top) / whole, nan=0.0))

    kept = tau[counts]
    return Posterior(kept, share[counts], at_tau(given, kept), edges, masses / whole, log(whole) + top, density)


def _reach(given: Given, prior: Prior, power: float) -> tuple[float, float]:
    """From where to where the logarithm of tau is integrated: beyond is less than 1e-15 of the whole."""
    spread = float(given.y.max() - given.y.min())
    typical = 0.5 * log(float(given.v.min())) - 2
    largest = max(spread, float(given.v.max()) ** 0.5, prior.scale or 0.0)
    # near 0 the posterior of a density that does not fall there shrinks with tau itself
    low = max(min(typical - BELOW, prior.least), -700.0)
    if not isinf(prior.upper):
        return low, log(prior.upper)
    high = log(largest) + (BELOW / (power - 1) if not isinf(power) else 6.0)
    return low, min(max(high, prior.most), 300.0)


def _panels(integrand: Callable[[Floats], Floats], low: float, high: float, peak: float) -> Floats:
    """Edges of panels on which the rule is exact to EXACT of the whole."""
    edges = np.unique(np.concatenate([np.linspace(low, high, 17), [min(max(peak, low), high)]]))
    for _ in range(30):
        values = _integrals(integrand, edges)
        middle = (edges[:-1] + edges[1:]) / 2
        halves = _integrals(integrand, np.sort(np.concatenate([edges, middle])))
        finer = halves[0::2] + halves[1::2]
        bad = np.abs(finer - values) > EXACT * float(finer.sum())
        if not bad.any():
            break
        edges = np.sort(np.concatenate([edges, middle[bad]]))
    return edges


def _integrals(integrand: Callable[[Floats], Floats], edges: Floats) -> Floats:
    x, weight = _nodes(edges)
    return np.asarray((integrand(x) * weight).reshape(-1, RULE[0].size).sum(axis=1))


def _nodes(edges: Floats) -> tuple[Floats, Floats]:
    """The rule's nodes and weights on each panel, one panel after another."""
    half, middle = np.diff(edges)[:, None] / 2, (edges[:-1] + edges[1:])[:, None] / 2
    return (middle + half * RULE[0]).ravel(), (half * RULE[1]).ravel()


def tau_cdf(one: Posterior, tau: float) -> float:
    """The posterior chance that tau is at most this."""
    if tau <= 0:
        return 0.0
    x = log(tau)
    if x <= one.edges[0]:
        return 0.0
    if x >= one.edges[-1]:
        return 1.0
    panel = int(np.searchsorted(one.edges, x, side="right")) - 1
    nodes, weight = _nodes(np.array([one.edges[panel], x]))
    at = np.exp(nodes)
    return float(one.masses[:panel].sum()) + float((one.density(at) * at) @ weight)


def tau_quantile(one: Posterior, p: float) -> float:
    """The tau below which this share of the posterior lies."""
    below = np.concatenate([[0.0], np.cumsum(one.masses)])
    panel = min(int(np.searchsorted(below, p, side="right")) - 1, one.masses.size - 1)
    low, high = float(one.edges[panel]), float(one.edges[panel + 1])
    x = (low + high) / 2
    for _ in range(200):
        tau = float(np.exp(x))
        gap = tau_cdf(one, tau) - p
        low, high = (low, x) if gap > 0 else (x, high)
        steep = float(one.density(np.array([tau]))[0]) * tau
        new = x - gap / steep if steep > 0 else low - 1
        if not low < new < high:
            new = (low + high) / 2
        moved, x = abs(new - x), new
        if moved < 1e-14 * max(1.0, abs(x)):
            break
    return float(np.exp(x))
