"""Outcomes of simulated trials: for each cell its mean and what spreads within it, which is all that the analyses ask of people.

Continuous outcomes are normal; a cell's mean and its sum of squares are independent, and are drawn as such. Shares have a
normal cluster effect on the scale of the log odds, rates one on the scale of the logarithm, with a spread that gives the icc
or k which is assumed; what blocks and groups have in common is added on the same scale, in proportion to its share of the variance.
An event by the end of a time is a share.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.analysing.layout import HALF
from whatworks.trial.methods.design.parts import BLOCKED, CONTINUOUS, COUNT, PAIRS, Design
from whatworks.trial.methods.simulating.layout import Floats, Layout
from whatworks.trial.methods.sizing.across_periods import shares_at
from whatworks.trial.methods.sizing.assuming import control_rate, exposure_in, other_rate, over_periods, seen_in, spread
from whatworks.trial.methods.sizing.periods import Shares

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(81)
CHANCES = WEIGHTS / WEIGHTS.sum()
Rates = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """`means` (cells, sets) of people, or rates; `squares` (cells, sets): sums of squares about them; `totals` (cells, sets): events, where
    they are counted, of `exposure` (cells,): people, or time at risk; `received` (cells, sets): the share who took the offer up;
    `chance` (cells, sets): of an event.
    """

    means: Floats
    squares: Floats
    totals: Floats
    exposure: Floats
    received: Floats | None = None
    chance: Floats | None = None


@dataclass(frozen=True, slots=True)
class Common:
    """What people of a cluster, of a block and of a group have in common, in the units of the outcome: `shares`, and standard deviations;
    `varies`: of the effect between blocks.
    """

    shares: Shares
    block: float = 0.0
    varies: float = 0.0
    inside: float = 0.0

    @property
    def variance(self) -> float:
        """Of what is not people's own, where there is no effect."""
        return self.shares.cluster**2 + self.shares.period**2 + self.block**2 + self.inside**2


def draw(
    design: Design, layout: Layout, effect: float, sets: int, rng: np.random.Generator, *, taken: float | None = None
) -> Drawn:
    """So many sets of outcomes of one layout, where the effect is `effect` (0: none).

    `taken`: the share of those offered it who take it up, and on whom alone it works; the effect is still that of the offer.
    """
    common, received = _common(design, effect), None
    if taken is not None:
        count = rng.binomial(layout.people.astype(int)[:, None], taken, (len(layout.people), sets))
        received = count * (layout.arm[:, None] == 1) / layout.people[:, None]
        effect /= taken
    if design.design.outcome == CONTINUOUS:
        return _normal(layout, common, effect, sets, rng, received)
    if design.design.outcome == COUNT:
        return _counted(design, layout, common, effect, sets, rng, received)
    return _yes_or_no(design, layout, common, effect, sets, rng, received)


def _common(design: Design, effect: float) -> Common:
    """What people have in common; side by side, as one period. Pairs: what is left when they are compared."""
    size = design.size
    if over_periods(design):
        shares = shares_at(design, effect)
        whole = _whole(design, effect) if size.icc_groups else 0.0
        if size.icc_groups:
            left = 1 - size.icc_groups
            shares = dataclasses.replace(shares, residual=shares.residual * math.sqrt(left))
        return Common(shares, inside=math.sqrt(size.icc_groups * whole))
    held = spread(design, effect)
    left_of = held.left(size)
    alike = 1 - size.correlation if design.design.kind == PAIRS else 1.0
    whole = held.sd**2 / (1 - size.icc_blocks - size.icc_groups)
    shares = Shares(math.sqrt(left_of.within), math.sqrt(left_of.between * alike))
    sampled = design.design.kind == BLOCKED and size.blocks_are == "sampled"
    block = math.sqrt(size.icc_blocks * whole) if sampled else 0.0
    return Common(shares, block, block * math.sqrt(size.varies), math.sqrt(size.icc_groups * whole))


def _whole(design: Design, effect: float) -> float:
    """Over periods: the variance of people within a cluster and period, of which groups have a share."""
    shares = shares_at(design, effect)
    return shares.residual**2


def _normal(
    layout: Layout, common: Common, effect: float, sets: int, rng: np.random.Generator, received: Floats | None
) -> Drawn:
    shares = common.shares
    means = np.empty((len(layout.cluster), sets))
    if layout.in_groups:
        means = _of_clusters(layout, shares, sets, rng) + _of_people(layout, shares, sets, rng)
    else:
        for one in range(layout.clusters):
            cells = layout.cluster == one
            means[cells] = _root(shares, layout, one) @ rng.standard_normal((int(cells.sum()), sets))
    means += _beside(layout, common, sets, rng)
    means += effect * (layout.arm[:, None] if received is None else received)
    within = shares.residual**2 + shares.person**2
    free = np.maximum(layout.people - 1, 0)
    squares = within * rng.chisquare(np.maximum(free, 1e-9)[:, None], (len(free), sets)) * (free > 0)[:, None]
    return Drawn(means, squares, np.zeros_like(means), layout.people, received)


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


def _of_clusters(layout: Layout, shares: Shares, sets: int, rng: np.random.Generator) -> Floats:
    """Normal effects of clusters and their periods (cells, sets), the same for all groups of a cluster in a period."""
    only = dataclasses.replace(shares, residual=1e-9, person=0.0)  # without people: nothing of the residual
    found = np.zeros((layout.clusters, layout.periods, sets))
    for one in range(layout.clusters):
        seen = ~np.isnan(layout.rows[one])
        root = _factor(only, tuple(layout.rows[one].tolist()), 1.0)
        found[one, seen] = root @ rng.standard_normal((int(seen.sum()), sets))
    at: Floats = found[layout.cluster, layout.period]
    return at


def _of_people(layout: Layout, shares: Shares, sets: int, rng: np.random.Generator) -> Floats:
    """What the mean of a cell's own people adds (cells, sets); of a group's people, where the same are seen again."""
    own = shares.residual * rng.standard_normal((len(layout.people), sets))
    again = shares.person * rng.standard_normal((int(layout.inside.max()) + 1, sets))[layout.inside]
    found: Floats = (own + again) / np.sqrt(layout.people)[:, None]
    return found


def _beside(layout: Layout, common: Common, sets: int, rng: np.random.Generator) -> Floats:
    """What blocks and groups have in common (cells, sets), the effect's own difference between blocks among it."""
    found = np.zeros((len(layout.cluster), sets))
    if common.block:
        block = layout.group[layout.cluster]
        count = int(layout.group.max()) + 1
        found += common.block * rng.standard_normal((count, sets))[block]
        found += common.varies * rng.standard_normal((count, sets))[block] * layout.arm[:, None]
    if common.inside:
        found += common.inside * rng.standard_normal((int(layout.inside.max()) + 1, sets))[layout.inside]
    return found


def _latent(layout: Layout, common: Common, sd: float, sets: int, rng: np.random.Generator) -> Floats:
    """Normal effects (cells, sets) that have this standard deviation without an effect, correlated as the design has it."""
    if common.variance == 0 or sd == 0:
        return np.zeros((len(layout.cluster), sets))
    found = _of_clusters(layout, common.shares, sets, rng) + _beside(layout, common, sets, rng)
    return found * sd / math.sqrt(common.variance)


def _yes_or_no(
    design: Design, layout: Layout, common: Common, effect: float, sets: int, rng: np.random.Generator,
    received: Floats | None,
) -> Drawn:  # fmt: skip
    rates = control_rate(design), other_rate(design, effect)
    sd = logit_sd(sum(rates) / 2, common.variance)
    latent = _latent(layout, common, sd, sets, rng)
    usual, other = (expit(logit_centre(rate, sd) + latent) for rate in rates)
    people = layout.people.astype(int)[:, None]
    chance = np.where(layout.arm[:, None] == 1, other, usual)
    if received is None:
        totals = rng.binomial(people, chance).astype(float)
    else:
        moved = np.round(received * people).astype(int)
        totals = (rng.binomial(moved, other) + rng.binomial(people - moved, usual)).astype(float)
    means = totals / layout.people[:, None]
    return Drawn(means, totals * (1 - means), totals, layout.people, received, chance)


def _counted(
    design: Design, layout: Layout, common: Common, effect: float, sets: int, rng: np.random.Generator,
    received: Floats | None,
) -> Drawn:  # fmt: skip
    rates = control_rate(design), other_rate(design, effect)
    k2 = common.variance / float(np.mean(np.square(rates)))
    sd = math.sqrt(math.log1p(k2))
    each = exposure_in(design) / (1.0 if design.size.per_cluster is None else seen_in(design))
    exposure = layout.people * each
    share = layout.arm[:, None] if received is None else received
    level = np.exp(_latent(layout, common, sd, sets, rng) - sd**2 / 2)
    expected = ((1 - share) * rates[0] + share * rates[1]) * level * exposure[:, None]
    if design.size.dispersion:
        shape = layout.people[:, None] / design.size.dispersion
        expected = expected * rng.gamma(shape, 1 / shape, expected.shape)
    totals = rng.poisson(expected).astype(float)
    means = totals / exposure[:, None]
    return Drawn(means, np.zeros_like(means), totals, exposure, received)


def collapsed(layout: Layout, drawn: Drawn) -> tuple[Layout, Drawn]:
    """The groups of a cluster put together again, for analyses that know nothing of them."""
    if not layout.in_groups:
        return layout, drawn
    _, first, index = np.unique(layout.cluster * layout.periods + layout.period, return_index=True, return_inverse=True)
    index, cells = index.ravel(), len(first)

    def total(values: Floats) -> Floats:
        found = np.zeros((cells, *values.shape[1:]))
        np.add.at(found, index, values)
        return found

    people, exposure = total(layout.people), total(drawn.exposure)
    means = total(drawn.means * drawn.exposure[:, None]) / exposure[:, None]
    apart = layout.people[:, None] * (drawn.means - means[index]) ** 2
    received = None if drawn.received is None else total(drawn.received * layout.people[:, None]) / people[:, None]
    whole = dataclasses.replace(
        layout, cluster=layout.cluster[first], period=layout.period[first], arm=layout.arm[first], people=people,
        x=layout.x[first], inside=np.arange(cells),
    )  # fmt: skip
    return whole, Drawn(means, total(drawn.squares + apart), total(drawn.totals), exposure, received)


def as_linear(design: Design, layout: Layout, drawn: Drawn) -> tuple[Layout, Drawn]:
    """What linear analyses take: counts as log rates of clusters, and over periods each cell for one row, whatever its people."""
    if design.design.outcome == COUNT:
        drawn = dataclasses.replace(drawn, means=np.log((drawn.totals + HALF) / drawn.exposure[:, None]))
    if design.design.outcome != COUNT and layout.periods == 1:
        return layout, drawn
    return dataclasses.replace(layout, people=np.ones(len(layout.people))), drawn


def share_taking(design: Design) -> float:
    """The share of those offered it who take it up. Raises InputError where `[compliance] expected` does not say it."""
    share = design.compliance.expected
    if share is None:
        raise InputError(
            said(
                "[compliance] has no expected: say what share of those offered it will take it up, such as 0.7, so that the effect on "
                "them can be simulated."
            )
        )
    return share


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
