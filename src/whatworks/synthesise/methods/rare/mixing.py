"""The likelihood of counts whose effects differ between studies: a normal distribution over effects, integrated.

Adaptive Gauss-Hermite quadrature: for each study the nodes lie around the peak of its own integrand and are as far apart
as that is wide. One node is Laplace's approximation.
Source: Pinheiro and Bates (1995), Journal of Computational and Graphical Statistics 4(1), 12-35.
"""

from __future__ import annotations

from functools import cache
from math import pi
from typing import NamedTuple

import numpy as np

from whatworks.synthesise.methods.rare.climbing import Slope, Summit, climb
from whatworks.synthesise.methods.rare.families import Family, beside
from whatworks.synthesise.methods.weighing import Floats

NODES = 31  # the integrands are smooth hills; 31 nodes and 61 agree to about 1e-12


@cache
def hermite(nodes: int) -> tuple[Floats, Floats]:
    """Nodes of Gauss-Hermite quadrature, and the logarithms of their weights times exp(node^2)."""
    at, weight = np.polynomial.hermite.hermgauss(nodes)
    return at, np.log(weight) + at * at


class Integrated(NamedTuple):
    """Each study's log-likelihood (without its constant), the places of the nodes, and their shares of the integral."""

    logs: Floats
    u: Floats
    effect: Floats
    share: Floats


def peaks(family: Family, theta: Floats, tau: float) -> tuple[Floats, Floats]:
    """Where each study's integrand over u (effect = theta + tau u, u standard normal) peaks, and its bend there."""
    u = np.zeros(family.x.size)
    for _ in range(100):
        _, mean, variance = family.moments(theta + tau * u)
        narrow = 1 + tau * tau * variance
        step = (tau * (family.x - mean) - u) / narrow
        step = np.clip(step, -1.0, 1.0)
        u = u + step
        if float(np.abs(step).max()) < 1e-11:
            break
    return u, 1 + tau * tau * family.moments(theta + tau * u).variance


def integrate(family: Family, theta: Floats, tau: float, nodes: int = NODES) -> Integrated:
    """The integral of every study at once. theta: one mean for each study, shape (k,)."""
    z, log_weight = hermite(nodes)
    u, narrow = peaks(family, theta, tau)
    places = u[:, None] + np.sqrt(2 / narrow)[:, None] * z
    effect = theta[:, None] + tau * places
    logs = beside(family.x, effect) * effect - family.moments(effect).whole - places**2 / 2 + log_weight
    top = logs.max(axis=1)
    share = np.exp(logs - top[:, None])
    all_ = share.sum(axis=1)
    whole = top + np.log(all_) - 0.5 * np.log(pi * narrow)  # sqrt(2 / narrow) / sqrt(2 pi)
    return Integrated(whole, places, effect, share / all_[:, None])


def mixed(family: Family, nodes: int) -> Slope:
    """The log-likelihood in (mean, tau), and its slope: the mean of the slope of each integrand (Fisher's identity)."""

    def slope(at: Floats) -> tuple[float, Floats]:
        theta = np.full(family.x.size, at[0])
        found = integrate(family, theta, float(at[1]), nodes)
        less = beside(family.x, found.effect) - family.moments(found.effect).mean
        pulled = found.share * less
        return float(found.logs.sum()), np.array([pulled.sum(), (pulled * found.u).sum()])

    return slope


def one_effect(family: Family) -> Summit:
    """The common effect: the log-likelihood x * effect - A has one peak; it runs away where all studies say one extreme."""

    def slope(at: Floats) -> tuple[float, Floats]:
        whole, mean, _ = family.moments(np.full(family.x.size, at[0]))
        return float((family.x * at[0] - whole).sum()), np.array([float((family.x - mean).sum())])

    return climb(slope, [0.0])


def rises_from_nought(family: Family, theta: float) -> bool:
    """Whether the likelihood grows as tau2 leaves 0: counts differ more than their own variances explain."""
    _, mean, variance = family.moments(np.full(family.x.size, theta))
    return float(((family.x - mean) ** 2 - variance).sum()) > 0


def highest(slope: Slope, common: Summit, tries: tuple[float, ...] = (0.4, 2.0)) -> Summit:
    """The highest top over the mean and tau from several starts, tau made positive; the common effect has tau = 0."""
    best: Summit | None = None
    for tau in tries:
        found = climb(slope, [float(common.at[0]), tau])
        if found.settled and (best is None or found.height > best.height + 1e-9):
            best = found
    height = slope(np.array([common.at[0], 0.0]))[0]
    if best is None or best.height <= height + 1e-11 or abs(best.at[1]) < 1e-4:
        at = np.array([common.at[0], 0.0])
        information = np.array([[common.information[0, 0], 0.0], [0.0, np.inf]])
        return Summit(at, height, information, best is not None)
    return best._replace(at=np.array([best.at[0], abs(best.at[1])]))
