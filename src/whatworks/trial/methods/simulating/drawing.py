"""Outcomes of simulated trials: for each cell its mean and what spreads within it, which is all that the analyses ask of people.

Continuous outcomes are normal; a cell's mean and its sum of squares are independent, and are drawn as such. Shares have a
normal cluster effect on the scale of the log odds, rates one on the scale of the logarithm, with a spread that gives the icc
or k which is assumed.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, Design
from whatworks.trial.methods.simulating.layout import Floats, Layout
from whatworks.trial.methods.sizing.across_periods import shares_at
from whatworks.trial.methods.sizing.assuming import control_rate, exposure_in, other_rate, over_periods, seen_in, spread
from whatworks.trial.methods.sizing.periods import Shares

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(81)
CHANCES = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class Drawn:
    """`means` (cells, sets) of people, or rates; `squares` (cells, sets): sums of squares about them; `totals` (cells, sets): events, where
    they are counted, of `exposure` (cells,): people, or time at risk.
    """

    means: Floats
    squares: Floats
    totals: Floats
    exposure: Floats


def draw(design: Design, layout: Layout, effect: float, sets: int, rng: np.random.Generator) -> Drawn:
    """So many sets of outcomes of one layout, where the effect is `effect` (0: none)."""
    shares = _shares(design, effect)
    if design.design.outcome == CONTINUOUS:
        return _normal(layout, shares, effect, sets, rng)
    if design.design.outcome == BINARY:
        return _yes_or_no(design, layout, shares, effect, sets, rng)
    return _counted(design, layout, shares, effect, sets, rng)


def _shares(design: Design, effect: float) -> Shares:
    """What a cluster's people have in common; side by side, as one period. Pairs: what is left when they are compared."""
    if over_periods(design):
        return shares_at(design, effect)
    held = spread(design, effect).left(design.size)
    alike = 1 - design.size.correlation if design.design.kind == "matched-pairs" else 1.0
    return Shares(math.sqrt(held.within), math.sqrt(held.between * alike))


def _normal(layout: Layout, shares: Shares, effect: float, sets: int, rng: np.random.Generator) -> Drawn:
    means = np.empty((len(layout.cluster), sets))
    for one in range(layout.clusters):
        cells = layout.cluster == one
        means[cells] = _root(shares, layout, one) @ rng.standard_normal((int(cells.sum()), sets))
    means += effect * layout.arm[:, None]
    within = shares.residual**2 + shares.person**2
    free = np.maximum(layout.people - 1, 0)
    squares = within * rng.chisquare(np.maximum(free, 1e-9)[:, None], (len(free), sets)) * (free > 0)[:, None]
    return Drawn(means, squares, np.zeros_like(means), layout.people)


def _root(shares: Shares, layout: Layout, one: int) -> Floats:
    arms, people = layout.rows[one], layout.people[layout.cluster == one][0]
    return _factor(shares, tuple(arms.tolist()), float(people))


@lru_cache(maxsize=4096)
def _factor(shares: Shares, arms: tuple[float, ...], people: float) -> Floats:
    row = np.array(arms)
    seen = ~np.isnan(row)
    covariance = shares.covariance(np.nan_to_num(row), people)[np.ix_(seen, seen)]
    values, vectors = np.linalg.eigh(covariance)  # where periods are all alike there is no Cholesky factor
    found: Floats = (vectors * np.sqrt(np.maximum(values, 0.0))).astype(float)
    return found


def _latent(layout: Layout, shares: Shares, sd: float, sets: int, rng: np.random.Generator) -> Floats:
    """Normal effects of clusters and their periods (cells, sets) with this standard deviation, correlated as the design has it."""
    total = shares.cluster**2 + shares.period**2
    if total == 0 or sd == 0:
        return np.zeros((len(layout.cluster), sets))
    # Without people: a size without end, and nothing of the residual.
    only = dataclasses.replace(shares, residual=1e-9, person=0.0, effect=0.0)
    found = np.empty((len(layout.cluster), sets))
    for one in range(layout.clusters):
        cells = layout.cluster == one
        root = _factor(only, tuple(layout.rows[one].tolist()), 1.0)
        found[cells] = root @ rng.standard_normal((int(cells.sum()), sets))
    return found * sd / math.sqrt(total)


def _yes_or_no(
    design: Design, layout: Layout, shares: Shares, effect: float, sets: int, rng: np.random.Generator
) -> Drawn:
    rates = control_rate(design), other_rate(design, effect)
    sd = logit_sd(sum(rates) / 2, shares.cluster**2 + shares.period**2)
    centre = np.where(layout.arm == 1, logit_centre(rates[1], sd), logit_centre(rates[0], sd))
    chance = expit(centre[:, None] + _latent(layout, shares, sd, sets, rng))
    totals = rng.binomial(layout.people.astype(int)[:, None], chance).astype(float)
    means = totals / layout.people[:, None]
    return Drawn(means, totals * (1 - means), totals, layout.people)


def _counted(
    design: Design, layout: Layout, shares: Shares, effect: float, sets: int, rng: np.random.Generator
) -> Drawn:
    rates = control_rate(design), other_rate(design, effect)
    k2 = (shares.cluster**2 + shares.period**2) / float(np.mean(np.square(rates)))
    sd = math.sqrt(math.log1p(k2))
    each = exposure_in(design) / (1.0 if design.size.per_cluster is None else seen_in(design))
    exposure = layout.people * each
    centre = np.log(np.where(layout.arm == 1, rates[1], rates[0])) - sd**2 / 2
    expected = np.exp(centre[:, None] + _latent(layout, shares, sd, sets, rng)) * exposure[:, None]
    if design.size.dispersion:
        shape = layout.people[:, None] / design.size.dispersion
        expected = expected * rng.gamma(shape, 1 / shape, expected.shape)
    totals = rng.poisson(expected).astype(float)
    means = totals / exposure[:, None]
    return Drawn(means, np.zeros_like(means), totals, exposure)


def logit_centre(share: float, sd: float) -> float:
    """The centre of normal log odds with this spread whose mean share is `share`."""
    return float(brentq(lambda at: CHANCES @ expit(at + sd * NODES) - share, -40, 40, xtol=1e-13))


@lru_cache(maxsize=256)
def logit_sd(share: float, variance: float) -> float:
    """The spread of normal log odds at which shares with this mean have this variance."""
    if variance <= 0:
        return 0.0

    def over(sd: float) -> float:
        chances = expit(logit_centre(share, sd) + sd * NODES)
        return float(CHANCES @ (chances - share) ** 2) - variance

    return float(brentq(over, 1e-9, 12.0, xtol=1e-12))
