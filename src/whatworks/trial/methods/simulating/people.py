"""Simulated trials of people drawn one by one, alone, within blocks, or with groups in the second arm only."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, SURVIVAL, Design
from whatworks.trial.methods.simulating.batched import Tested
from whatworks.trial.methods.simulating.drawing import logit_centre, logit_sd, share_taking
from whatworks.trial.methods.simulating.layout import Floats, Ints
from whatworks.trial.methods.simulating.singly import analysed, prepared
from whatworks.trial.methods.simulating.surviving import by_cox
from whatworks.trial.methods.sizing.assuming import (
    allocated,
    compared,
    control_rate,
    covariates,
    exposure_each,
    needed,
    other_rate,
)

OWN = {"t-test", "z-test", "cox", "blocks-t", "block-differences-t", "groups-t"}


def people_tested(
    design: Design, people: int, effect: float, sets: int, rng: np.random.Generator, method: str
) -> Tested:
    """So many sets of outcomes of `people` in all, each tested."""
    usual, treated = _arms(design, people)
    if method == "z-test":
        rates = control_rate(design), other_rate(design, effect) if effect else control_rate(design)
        return _shares(rng.binomial(usual, rates[0], sets), rng.binomial(treated, rates[1], sets), usual, treated)
    if method == "t-test":
        return _means(design, usual, treated, effect, sets, rng)
    found = np.empty((sets, 2))
    arm, block, group = _places(design, usual, treated)
    for number in range(sets):
        y, received = _outcomes(design, arm, block, group, effect, rng, method)
        found[number] = _tested(design, method, y, arm, block, group, received, rng)
    return Tested(found[:, 0], found[:, 1])


def _arms(design: Design, people: int) -> tuple[int, int]:
    blocks = design.size.blocks or 1
    inside = round(people * compared(design)) // blocks
    treated = round(inside * allocated(design))
    if treated < 1 or treated >= inside:
        raise InputError(said("Too few people are left at the end to have both arms; add people, or fewer blocks."))
    return (inside - treated) * blocks, treated * blocks


def _means(design: Design, usual: int, treated: int, effect: float, sets: int, rng: np.random.Generator) -> Tested:
    variance = design.size.sd**2 * (1 - design.size.r2_1)
    estimate = effect + rng.standard_normal(sets) * np.sqrt(variance * (1 / usual + 1 / treated))
    df = usual + treated - 2 - covariates(design)
    spread = variance * rng.chisquare(df, sets) / df
    t = estimate / np.sqrt(spread * (1 / usual + 1 / treated))
    return Tested(estimate, 2 * students_t.sf(np.abs(t), df))


def _shares(one: np.ndarray, other: np.ndarray, usual: int, treated: int) -> Tested:
    middle = (one + other) / (usual + treated)
    apart = other / treated - one / usual
    with np.errstate(divide="ignore", invalid="ignore"):
        z = apart / np.sqrt(middle * (1 - middle) * (1 / usual + 1 / treated))
    return Tested(apart, np.where((middle > 0) & (middle < 1), 2 * norm.sf(np.abs(z)), np.nan))


def _places(design: Design, usual: int, treated: int) -> tuple[Floats, Ints, Ints]:
    """Each person's arm and block, and the group: in the second arm of several, in the comparator a group of its own."""
    blocks = design.size.blocks or 1
    one = np.repeat([0.0, 1.0], [usual // blocks, treated // blocks])
    arm, block = np.tile(one, blocks), np.repeat(np.arange(blocks), len(one))
    group = np.arange(len(arm))
    if design.size.icc_groups:
        count = round(needed(design, "groups"))
        if not 2 <= count <= treated:
            raise InputError(
                said("[size] groups is %(n)s; the %(people)s people of the second arm need 2 groups or more, and someone in each.",
                     n=count, people=treated)
            )  # fmt: skip
        group[arm == 1] = usual + treated + np.arange(treated) % count
    return arm, block, group


def _outcomes(
    design: Design, arm: Floats, block: Ints, group: Ints, effect: float, rng: np.random.Generator, method: str
) -> tuple[Floats, Floats | None]:
    """One set: outcomes (of a time to event: the time, and infinite without one), and who took the offer up."""
    offered, received = arm, None
    if method.startswith("cace"):
        share = share_taking(design)
        received = offered = arm * (rng.random(len(arm)) < share)
        effect /= share
    size, outcome = design.size, design.design.outcome
    between, inside, varies = _common(design, effect)
    shared = math.sqrt(between) * rng.standard_normal(int(block.max()) + 1)[block]
    shared = shared + math.sqrt(between * varies) * rng.standard_normal(int(block.max()) + 1)[block] * arm
    shared = shared + math.sqrt(inside) * rng.standard_normal(int(group.max()) + 1)[group] * arm
    if outcome == CONTINUOUS:
        own = (size.sd**2 - between - inside * arm) * (1 - size.r2_1)
        return shared + effect * offered + np.sqrt(own) * rng.standard_normal(len(arm)), received
    rates = control_rate(design), other_rate(design, effect)
    latent = [_level(design, rates, between + inside * one) for one in (0, 1)]
    sd, scale = (np.where(arm == 1, latent[1][n], latent[0][n]) for n in (0, 1))
    if outcome == COUNT:
        mean = np.where(offered == 1, rates[1], rates[0]) * exposure_each(design) * np.exp(scale * shared - sd**2 / 2)
        return rng.poisson(mean * (_apart(size.dispersion, len(arm), rng) if size.dispersion else 1.0)).astype(
            float
        ), received
    centres = [[logit_centre(rate, held[0]) for rate in rates] for held in latent]
    usual, other = (np.where(arm == 1, centres[1][n], centres[0][n]) for n in (0, 1))
    chance = expit(np.where(offered == 1, other, usual) + scale * shared)
    if outcome == BINARY or method != "cox":
        return np.asarray(rng.random(len(arm)) < chance, float), received
    return _times(rng, chance), received


def _apart(dispersion: float, people: int, rng: np.random.Generator) -> Floats:
    found: Floats = rng.gamma(1 / dispersion, dispersion, people)
    return found


def _level(design: Design, rates: tuple[float, float], variance: float) -> tuple[float, float]:
    """The spread on the log (odds) scale at which shares or rates have this variance, and by what their own units are stretched to it."""
    if not variance:
        return 0.0, 0.0
    if design.design.outcome == COUNT:
        sd = math.sqrt(math.log1p(variance / ((rates[0] ** 2 + rates[1] ** 2) / 2)))
    else:
        sd = logit_sd(sum(rates) / 2, variance)
    return sd, sd / math.sqrt(variance)


def _common(design: Design, effect: float) -> tuple[float, float, float]:
    """Variances between blocks and between groups, and of the effect between blocks over that of their means."""
    size = design.size
    icc = (size.icc_blocks or size.icc or 0.0) if size.blocks else 0.0
    if not icc and not size.icc_groups:
        return 0.0, 0.0, 0.0
    if design.design.outcome == CONTINUOUS:
        whole = size.sd**2
    else:
        rate = (control_rate(design) + other_rate(design, effect)) / 2
        each = rate / exposure_each(design) + (size.dispersion or 0.0) * rate**2
        whole = each if design.design.outcome == COUNT else rate * (1 - rate)
    sampled = size.blocks_are == "sampled"
    return icc * whole, size.icc_groups * whole, size.varies if sampled else 0.0


def _times(rng: np.random.Generator, chance: Floats) -> Floats:
    """Times of the event under a constant hazard that gives these chances by time 1; infinite for none by then."""
    times = rng.exponential(size=len(chance)) / -np.log1p(-chance)
    return np.where(times <= 1, times, np.inf)


def _tested(
    design: Design, method: str, y: Floats, arm: Floats, block: Ints, group: Ints, received: Floats | None,
    rng: np.random.Generator,
) -> tuple[float, float]:  # fmt: skip
    if method == "cox":
        return by_cox(y, arm, block)
    if method in ("blocks-t", "block-differences-t"):
        return _by_blocks(y, arm, block, pooled=method == "blocks-t")
    if method == "groups-t":
        return _by_groups(y, arm, group)
    outcome = BINARY if design.design.outcome == SURVIVAL else design.design.outcome
    blocks, groups = bool(design.size.blocks), bool(design.size.icc_groups)
    sites = blocks and not groups and bool(design.analysis.cluster)  # the plan names what people share
    cluster = group if groups else block if sites else np.arange(len(y))
    told = prepared(
        design, outcome, y, arm, cluster.astype(str), strata={"block": block.astype(str)} if blocks and not sites else {},
        received=received, clustered=groups or sites, time=np.full(len(y), exposure_each(design)) if outcome == COUNT else None,
    )  # fmt: skip
    return analysed(told, method)


def _by_blocks(y: Floats, arm: Floats, block: Ints, *, pooled: bool) -> tuple[float, float]:
    """The mean of the blocks' differences, by t: against what people differ within blocks' arms, or against each other."""
    place = block * 2 + arm.astype(int)
    count = np.bincount(place).reshape(-1, 2)
    means = np.bincount(place, y).reshape(-1, 2) / count
    apart, blocks = means[:, 1] - means[:, 0], len(means)
    if pooled:
        df = len(y) - 2 * blocks
        variance = float(((y - means[block, arm.astype(int)]) ** 2).sum()) / df * float((1 / count).sum()) / blocks**2
    else:
        df, variance = blocks - 1, float(apart.var(ddof=1)) / blocks
    return _by_t(float(apart.mean()), variance, df)


def _by_groups(y: Floats, arm: Floats, group: Ints) -> tuple[float, float]:
    """Means of the second arm's groups against the comparator's people, with a variance of each side's own (Satterthwaite)."""
    usual = y[arm == 0]
    _, place = np.unique(group[arm == 1], return_inverse=True)
    means = np.bincount(place.ravel(), y[arm == 1]) / np.bincount(place.ravel())
    parts = [float(one.var(ddof=1)) / len(one) for one in (usual, means)]
    if sum(parts) == 0:
        return float("nan"), float("nan")
    df = sum(parts) ** 2 / sum(part**2 / (len(one) - 1) for part, one in zip(parts, (usual, means), strict=True))
    return _by_t(float(means.mean() - usual.mean()), sum(parts), df)


def _by_t(estimate: float, variance: float, df: float) -> tuple[float, float]:
    if not variance > 0 or not df > 0:
        return float("nan"), float("nan")
    return estimate, float(2 * students_t.sf(abs(estimate) / math.sqrt(variance), df))
