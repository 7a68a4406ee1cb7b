"""The formula for a trial with arms side by side: of people, clusters, clusters in blocks, or pairs; every kind of outcome."""

from __future__ import annotations

import math
from collections.abc import Callable

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.design.parts import (
    BINARY,
    BLOCKED,
    CONTINUOUS,
    COUNT,
    INDIVIDUAL,
    PAIRS,
    SURVIVAL,
    Design,
)
from whatworks.trial.methods.sizing import levels
from whatworks.trial.methods.sizing.assuming import (
    Spread,
    allocated,
    by_k,
    compared,
    control_rate,
    covariates,
    exposure_in,
    hazard_ratio,
    needed,
    other_rate,
    seen_in,
    spread,
    variances,
)
from whatworks.trial.methods.sizing.formulae import Errors, Formula
from whatworks.trial.methods.sizing.making import made
from whatworks.trial.methods.sizing.nested import partly_in_groups
from whatworks.trial.methods.sizing.parallel import TAYLOR, design_effect

DONG = "Dong and Maynard (2013), doi 10.1080/19345747.2012.673143"
HAYES = "Hayes and Bennett (1999), doi 10.1093/ije/28.2.319"
ELDRIDGE = "Eldridge and others (2006), doi 10.1093/ije/dyl129"
BREUKELEN = "van Breukelen and others (2007), doi 10.1002/sim.2733"
ZHU = "Zhu and Lakkis (2014), doi 10.1002/sim.5947"
SCHOENFELD = "Schoenfeld (1983), doi 10.2307/2531021"
FLEISS = "Fleiss and others (2003), Statistical Methods for Rates and Proportions, 3rd edition, chapter 4"
COHEN = "Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd edition, chapter 2"


def side_by_side(design: Design) -> Formula:
    """The formula for this design. Raises InputError for what no closed form here covers."""
    kind, outcome = design.design.kind, design.design.outcome
    if len(design.arms) > 2 and kind in (BLOCKED, PAIRS):
        raise InputError(
            said(
                "No closed form here for three arms within blocks or pairs; size each comparison as a trial of two arms."
            )
        )
    if kind == INDIVIDUAL:
        return _of_people(design)
    if outcome == SURVIVAL:
        if kind != "cluster":
            raise InputError(
                said("Time to event within blocks or pairs has no closed form here; use a cluster design.")
            )
        return _survival(
            design, lambda: design_effect(seen_in(design), needed(design, "icc"), design.size.cv, _unequal(design))
        )
    if by_k(design) and kind != BLOCKED:
        return _hayes_bennett(design)
    return _of_pairs(design) if kind == PAIRS else _of_clusters(design)


def _of_people(design: Design) -> Formula:
    outcome = design.design.outcome
    if design.size.blocks is not None:
        if outcome == SURVIVAL:
            raise InputError(said("Time to event within blocks has no closed form here; leave [size] blocks out."))
        return _people_in_blocks(design)
    if design.size.icc_groups:
        return partly_in_groups(design)
    lost, kept = len(design.arms) + covariates(design), 1 - design.size.attrition
    if outcome == CONTINUOUS:

        def se(units: float, effect: float) -> Errors:
            found = levels.people(units * compared(design), allocated=allocated(design), r2=design.size.r2_1).se
            return found * design.size.sd, found * design.size.sd

        return made(design, said("two means of people, t test"), f"{COHEN}; {DONG}", se, lost=lost, kept=kept)
    if outcome == BINARY:
        return _two_arcsines(design, kept) if design.size.transform else _two_shares(design, kept)
    if outcome == COUNT:
        return _negative_binomial(design, kept)
    return _survival(design, lambda: 1.0)


def _two_shares(design: Design, kept: float) -> Formula:
    def se(units: float, effect: float) -> Errors:
        share, left = allocated(design), (1 - design.size.r2_1) / (units * compared(design))
        one, other = control_rate(design), other_rate(design, effect)
        middle = (1 - share) * one + share * other
        null = middle * (1 - middle) / (share * (1 - share))
        there = one * (1 - one) / (1 - share) + other * (1 - other) / share
        return math.sqrt(null * left), math.sqrt(there * left)

    name = said("two shares of people, z test with the pooled variance where there is no difference")
    return made(design, name, FLEISS, se, lost=2, kept=kept, t=False, both=False)


def _two_arcsines(design: Design, kept: float) -> Formula:
    """Cohen's h, the difference of 2 arcsin(sqrt(share)), each with the variance 1 / n."""

    def se(units: float, effect: float) -> Errors:
        share = allocated(design)
        found = math.sqrt((1 - design.size.r2_1) / (units * compared(design) * share * (1 - share)))
        return found, found

    def scale(effect: float) -> float:
        one, other = control_rate(design), other_rate(design, effect)
        return 2 * (math.asin(math.sqrt(other)) - math.asin(math.sqrt(one)))

    name = said("two shares of people, by the arcsine of their roots, z")
    return made(design, name, COHEN, se, lost=2, kept=kept, t=False, scale=scale)


def _negative_binomial(design: Design, kept: float) -> Formula:
    def se(units: float, effect: float) -> Errors:
        share, left = allocated(design), (1 - design.size.r2_1) / (units * compared(design))
        rates = control_rate(design), other_rate(design, effect)
        one, other = (v / rate**2 for v, rate in zip(variances(design, effect), rates, strict=True))
        found = math.sqrt((one / (1 - share) + other / share) * left)
        return found, found

    def scale(effect: float) -> float:
        return math.log(other_rate(design, effect) / control_rate(design))

    name = said("two rates of people, log rate ratio of negative binomial counts at their true rates, z")
    return made(design, name, ZHU, se, lost=2, kept=kept, t=False, scale=scale)


def _survival(design: Design, widened: Callable[[], float]) -> Formula:
    """Events in all decide: those of people, or of clusters by their design effect."""
    people = design.design.kind == INDIVIDUAL

    def se(units: float, effect: float) -> Errors:
        share = allocated(design)
        events = (1 - share) * control_rate(design) + share * other_rate(design, effect)
        count = units * compared(design) * (1.0 if people else seen_in(design))
        found = math.sqrt(widened() * (1 - design.size.r2_1) / (share * (1 - share) * events * count))
        return found, found

    name = (
        said("log hazard ratio by the number of events, z")
        if people
        else said("log hazard ratio by the number of events, with the design effect of clusters")
    )
    kept = 1 - (design.size.attrition if people else design.size.dropout)
    lost = len(design.arms) + (0 if people else covariates(design))
    return made(
        design, name, SCHOENFELD, se, lost=lost, kept=kept, t=not people,
        scale=lambda effect: math.log(hazard_ratio(design, effect)),
    )  # fmt: skip


def _people_in_blocks(design: Design) -> Formula:
    """PowerUp's bira2 where blocks are a sample (units: blocks x people of each), bira2f1 where they are all there are."""
    size, inside = design.size, blocks_inside(design)
    icc, kept = size.icc_blocks or size.icc or 0.0, 1 - size.attrition
    if size.blocks_are == "sampled":

        def se(units: float, effect: float) -> Errors:
            found = levels.people_in_blocks(
                inside * kept, units / (inside * kept), icc=icc, varies=size.varies, allocated=allocated(design), r2=size.r2_1
            ).se * _sd(design, effect)  # fmt: skip
            return found, found

        name = said("people drawn within blocks that are a sample (PowerUp bira2), t with blocks less 1")
        fewer = size.covariates or 0
        return made(
            design, name, DONG, se, lost=int(2 * inside), kept=kept, df=lambda units: units / (inside * kept) - 1 - fewer
        )  # fmt: skip

    def within(units: float, effect: float) -> Errors:
        found = levels.people(units, allocated=allocated(design), r2=size.r2_1).se * _sd(design, effect)
        return found * math.sqrt(1 - icc), found * math.sqrt(1 - icc)

    blocks = size.blocks or 1
    name = said("people drawn within blocks that are all there are (PowerUp bira2f1), t")
    return made(design, name, DONG, within, lost=2 * blocks + covariates(design), kept=kept)


def blocks_inside(design: Design) -> float:
    """Units drawn in one block (people of a block, or clusters)."""
    blocks = needed(design, "blocks")
    if design.design.kind == INDIVIDUAL and design.size.per_cluster is not None:
        return design.size.per_cluster
    return needed(design, "clusters") / blocks


def _sd(design: Design, effect: float) -> float:
    share = allocated(design)
    one, other = variances(design, effect)
    return math.sqrt(share * one + (1 - share) * other)


def _unequal(design: Design) -> str:
    return TAYLOR if design.size.cv_formula == TAYLOR else "eldridge"


def _uneven(design: Design, left: Spread) -> float:
    """By how much unequal clusters widen the variance of the mean, beyond clusters of their mean size."""
    people, total = seen_in(design), left.between + left.within
    icc = left.between / total
    return design_effect(people, icc, design.size.cv, _unequal(design)) / design_effect(people, icc)


def _of_clusters(design: Design) -> Formula:
    """Clusters, as clusterPower (nothing explained) or PowerUp's cra2; within blocks bcra3f2 or bcra3r2."""
    size, kept = design.size, 1 - design.size.dropout
    explained = bool(size.r2_1 or size.r2_2 or covariates(design) or size.icc_groups)
    blocks = size.blocks if design.design.kind == BLOCKED else None
    if design.design.kind == BLOCKED:
        needed(design, "blocks")

    def se(units: float, effect: float) -> Errors:
        found = math.sqrt(_variance(design, units, effect, blocks))
        return found, found

    source = (
        (BREUKELEN if size.cv_formula == TAYLOR else ELDRIDGE)
        if size.cv
        else (DONG if explained or blocks else ELDRIDGE)
    )
    if blocks:
        sampled = size.blocks_are == "sampled"
        within = (
            said("clusters within blocks that are a sample (PowerUp bcra3r2), t")
            if sampled
            else said("clusters within blocks that are all there are (PowerUp bcra3f2), t")
        )
        lost = covariates(design)
        return made(
            design, _unequally(design, within), source, se, kept=kept, lost=2 * blocks - 1 if sampled else 2 * blocks + lost,
            df=(lambda units: blocks - 1 - lost) if sampled else None,
        )  # fmt: skip
    how = "PowerUp cra3" if size.icc_groups else "PowerUp cra2" if explained else said("design effect")
    name = said("clusters side by side, t with clusters less arms and covariates (%(how)s)", how=how)
    return made(
        design, _unequally(design, name), source, se, kept=kept, lost=len(design.arms) + covariates(design), both=explained
    )  # fmt: skip


def _unequally(design: Design, name: Said) -> Said:
    """A formula's name, with the formula for unequal sizes where sizes are."""
    if not design.size.cv:
        return name
    return said("%(name)s, unequal sizes by “%(formula)s”", name=name, formula=_unequal(design))


def _variance(design: Design, units: float, effect: float, blocks: int | None) -> float:
    """The variance of the effect: what clusters leave, over how many carry it; and where blocks are a sample, what they add."""
    size, share, held = design.size, allocated(design), spread(design, effect)
    left = held.left(size)
    mean = (left.between + left.within / seen_in(design)) * _uneven(design, left) + _of_groups(design, held)
    found = mean / (share * (1 - share) * units * compared(design))
    if blocks and size.blocks_are == "sampled":
        whole = held.sd**2 / (1 - size.icc_blocks - size.icc_groups)
        found += size.icc_blocks * whole * size.varies / blocks
    return found


def _of_groups(design: Design, held: Spread) -> float:
    """What groups within clusters, such as classes, add to the variance of a cluster's mean (PowerUp's cra3)."""
    size = design.size
    if not size.icc_groups:
        return 0.0
    whole = held.sd**2 / (1 - size.icc_blocks - size.icc_groups)
    return size.icc_groups * whole / needed(design, "groups")


def _of_pairs(design: Design) -> Formula:
    """Pairs: what a pair's clusters share falls out of the difference; degrees of freedom of the pairs."""
    size, kept = design.size, 1 - design.size.dropout

    def se(units: float, effect: float) -> Errors:
        if size.per_cluster is None:  # pairs of people
            found = _sd(design, effect) * math.sqrt(4 * (1 - size.correlation) * (1 - size.r2_1) / units)
            return found, found
        held = spread(design, effect)
        left = held.left(size)
        alike = Spread(left.between * (1 - size.correlation), left.within)
        mean = (alike.between + alike.within / seen_in(design)) * _uneven(design, alike) + _of_groups(design, held)
        return math.sqrt(4 * mean / units), math.sqrt(4 * mean / units)

    name = said("pairs, t with pairs less 1")
    lost = covariates(design)
    return made(design, name, HAYES, se, kept=kept, lost=3 + lost, df=lambda units: units / 2 - 1 - lost)


def _hayes_bennett(design: Design) -> Formula:
    """Clusters whose true rates or shares vary by k; one more in each arm (two pairs more), for z in place of t."""
    size, pairs = design.size, design.design.kind == PAIRS
    more = 4.0 if pairs else float(len(design.arms))

    def se(units: float, effect: float) -> Errors:
        share, rates = allocated(design), (control_rate(design), other_rate(design, effect))
        k2 = size.k**2 * (1 - size.correlation if pairs else 1.0) * (1 - size.r2_2) if size.k else 0.0
        parts = [
            (_chance(design, rate) * (1 - size.r2_1) + k2 * rate**2) / part
            for rate, part in zip(rates, (1 - share, share), strict=True)
        ]
        found = math.sqrt(sum(parts) / ((units - more) * compared(design)))
        return found, found

    name = (
        said("pairs of clusters that vary by k, z with two pairs more") if pairs
        else said("clusters that vary by k, z with one cluster more in each arm")
    )  # fmt: skip
    return made(design, name, HAYES, se, lost=int(more), kept=1 - size.dropout, t=False, both=True)


def _chance(design: Design, rate: float) -> float:
    """The variance of one cluster's rate or share by chance; unequal clusters carry (1 + cv^2) times as much of it."""
    size = design.size
    uneven = 1 + size.cv**2
    if design.design.outcome == COUNT:
        more = (size.dispersion or 0.0) * rate**2 / seen_in(design) if size.dispersion else 0.0
        return uneven * (rate / exposure_in(design) + more)
    return uneven * rate * (1 - rate) / seen_in(design)
