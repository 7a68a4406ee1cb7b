"""How many, how sure, how small an effect: a design's `[size]` answered by the closed form that fits it.

`power`, `size` and `mdes` take a whole `Design` and give a `Plan`, in which the formula is named and whatever makes the answer
look better than it may come out is said as a warning.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result
from whatworks.trial.methods.design.parts import BINARY, BLOCKED, CONTINUOUS, COUNT, INDIVIDUAL, PAIRS, SURVIVAL, Design
from whatworks.trial.methods.design.unlotted import refuse_size
from whatworks.trial.methods.sizing.across_periods import across_periods, sequences
from whatworks.trial.methods.sizing.assuming import (
    compared,
    control_rate,
    effect_from_ratio,
    effect_of,
    hazard_ratio,
    needed,
    over_periods,
)
from whatworks.trial.methods.sizing.formulae import Formula
from whatworks.trial.methods.sizing.side_by_side import blocks_inside, side_by_side

GRID, REACH = 801, 8.0  # points and standard deviations of a prior, for assurance


@dataclass(frozen=True, slots=True)
class Plan(Result):
    """What a closed form says. `asked`: power, size or mdes. `clusters`: units to allocate in all (people where people are drawn),
    whole; `per_arm`: in each arm, not rounded; `clusters_left`, `people`: what attrition leaves of them, and people with an outcome at
    one time. `effect`, `mdes`: differences in the outcome's units, as shares or as rates; `ratio`, `mdes_ratio`: of shares, rates
    or hazards; `mdes_g`: in standard deviations (shares: from the odds ratio). `se` of the difference, or of the logarithm of the
    ratio, at the effect; `df`: None for z; `alpha`: of each comparison. `beside`: power under assumptions that are less kind.
    """

    asked: str
    power: float | None
    clusters: int
    mdes: float | None
    mdes_g: float | None
    mdes_ratio: float | None
    effect: float | None
    ratio: float | None
    per_arm: tuple[float, ...]
    clusters_left: float
    people: float | None
    se: float
    df: float | None
    alpha: float
    method: str
    source: str
    assurance: float | None
    beside: Mapping[str, float]
    warnings: tuple[Said, ...] = field(default=())


def power(design: Design) -> Plan:
    """The power of a design as it stands. Raises InputError for what is missing in `[size]`, or cannot be."""
    design = counted(design)
    count = design.size.clusters or 0.0
    return _plan("power", design, formula_of(design), count, tuple(count * share for share in shares(design)))


def size(design: Design) -> Plan:
    """How many units a design needs for the power that it wants; whole, and whole in each arm, sequence, block and pair."""
    loose = dataclasses.replace(design, size=dataclasses.replace(design.size, clusters=_held(design)))
    found = formula_of(loose).units(effect_of(design), design.design.power)
    exact = tuple(found * share for share in shares(design))
    whole = with_clusters(design, whole_of(design, found))
    return _plan("size", whole, formula_of(whole), whole.size.clusters or 0.0, exact)


def mdes(design: Design) -> Plan:
    """The smallest effect that a design finds with the power that it wants, in the outcome's units and in standard deviations."""
    design = counted(design)
    count = design.size.clusters or 0.0
    return _plan("mdes", design, formula_of(design), count, tuple(count * share for share in shares(design)))


def formula_of(design: Design) -> Formula:
    """The closed form that fits a design."""
    refuse_size(design.design.kind)
    return across_periods(design) if over_periods(design) else side_by_side(design)


def counted(design: Design) -> Design:
    """The design with its number of units said, also where sequences or blocks say it."""
    refuse_size(design.design.kind)
    held = design.size
    if held.clusters is not None:
        return design
    if over_periods(design) and held.sequences:
        return with_clusters(design, sum(sequences(design)))
    if design.design.kind == INDIVIDUAL and held.blocks and held.per_cluster:
        return with_clusters(design, held.blocks * held.per_cluster)
    needed(design, "clusters")
    return design


def with_clusters(design: Design, clusters: float) -> Design:
    """The same design with another number of units to allocate."""
    held = design.size
    kept = held.sequences if sum(held.sequences) == clusters else ()
    if held.sequences and not kept:
        scaled = sum(held.sequences)
        kept = tuple(int(one * clusters // scaled) for one in held.sequences)
        kept = kept if sum(kept) == clusters else ()
    blocks = held.blocks
    if blocks and held.blocks_are == "sampled" and (held.clusters or design.design.kind == INDIVIDUAL):
        blocks = max(1, round(clusters / blocks_inside(design)))
    steps = len(kept) or held.steps or len(held.sequences) or None
    changed = dataclasses.replace(held, clusters=float(clusters), sequences=kept, steps=steps, blocks=blocks)
    return dataclasses.replace(design, size=changed)


def shares(design: Design) -> tuple[float, ...]:
    """The share of all units in each arm; over periods, in each sequence."""
    if over_periods(design):
        counts = sequences(design)
        return tuple(one / sum(counts) for one in counts)
    if design.size.allocated is not None and len(design.arms) == 2:
        return 1 - design.size.allocated, design.size.allocated
    parts = [arm.parts for arm in design.arms]
    return tuple(one / sum(parts) for one in parts)


def whole_of(design: Design, count: float) -> int:
    """The next number of units that is whole in each arm, sequence, pair, and block."""
    if over_periods(design):
        counts = sequences(dataclasses.replace(design, size=dataclasses.replace(design.size, clusters=None)))
        least = sum(counts) // math.gcd(*counts)
        return least * _up(count / least)
    if design.design.kind == PAIRS:
        return 2 * _up(count / 2)
    blocks = design.size.blocks
    if blocks and design.size.blocks_are == "sampled" and (design.size.clusters or design.design.kind == INDIVIDUAL):
        return round(blocks_inside(design) * _up(count / blocks_inside(design)))
    groups = blocks or 1
    return groups * sum(_up(count / groups * share) for share in shares(design))


def _up(value: float) -> int:
    """The next whole number, a rounding of the computer's aside."""
    return math.ceil(value - 1e-9)


def _held(design: Design) -> float | None:
    """The number of clusters a design keeps while it is sized: only where the number in each sampled block hangs on it."""
    return design.size.clusters if design.size.blocks else None


def _plan(asked: str, design: Design, formula: Formula, count: float, per_arm: tuple[float, ...]) -> Plan:
    from whatworks.trial.methods.sizing.cautions import beside, cautions

    has_effect = design.size.effect is not None or design.size.ratio is not None
    if asked == "power":
        effect_of(design)
    effect = effect_of(design) if has_effect else None
    least = _mdes(design, formula, count, asked == "mdes")
    at = effect if effect is not None else (least or 0.0)
    reached = formula.power(count, effect) if effect is not None else None
    if reached == 0.0:
        formula.multiple(count, design.design.power)  # says why, where too few units are left
    kinder = beside(design) if effect is not None else {}
    return Plan(
        asked=asked, power=reached, clusters=_up(count), mdes=None if least is None else abs(least), mdes_g=_g(design, least),
        mdes_ratio=_ratio(design, least), effect=effect, ratio=_ratio(design, effect), per_arm=per_arm,
        clusters_left=count * formula.kept, people=_people(design, count * formula.kept),
        se=formula.se(count * formula.kept, at)[1], df=formula.df(count * formula.kept),
        alpha=formula.level(count * formula.kept), method=formula.name, source=formula.source,
        assurance=assurance(design, formula, count), beside=kinder,
        warnings=tuple(cautions(design, formula, count, kinder)),
    )  # fmt: skip


def _mdes(design: Design, formula: Formula, count: float, asked: bool) -> float | None:
    """Signed: towards the effect that is given, otherwise downwards for shares and rates. None where it was not asked and is not there."""
    try:
        return formula.mdes(count, design.design.power, _most(design))
    except InputError:
        if asked:
            raise
        return None


def _most(design: Design) -> float:
    """The largest effect that can be, with its sign."""
    held, outcome = design.size, design.design.outcome
    if outcome == CONTINUOUS:
        return math.inf
    rate = control_rate(design)
    upwards = (held.effect or 0.0) > 0 or (held.ratio or 0.0) > 1
    if not upwards:
        return -rate
    return 1e3 * rate if outcome == COUNT else 1 - rate


def _ratio(design: Design, effect: float | None) -> float | None:
    if effect is None or design.design.outcome == CONTINUOUS:
        return None
    if design.design.outcome == SURVIVAL:
        return hazard_ratio(design, effect)
    return 1 + effect / control_rate(design)


def _g(design: Design, effect: float | None) -> float | None:
    """In standard deviations of all people; for shares from the odds ratio (Chinn 2000, doi 10.1002/1097-0258(20001130)19:22<3127)."""
    if effect is None or design.design.outcome in (COUNT, SURVIVAL):
        return None
    if design.design.outcome == BINARY:
        one = control_rate(design)
        other = one + effect
        return abs(math.log(other / (1 - other)) - math.log(one / (1 - one))) * math.sqrt(3) / math.pi
    return abs(effect) / total_sd(design)


def total_sd(design: Design) -> float:
    """The standard deviation of a continuous outcome among all people, whichever way the design gives it."""
    from whatworks.trial.methods.sizing.across_periods import of_residual

    held = design.size
    residual = of_residual(design) if over_periods(design) else held.sd_of == "residual"
    people = held.sd**2 / (1 - held.iac) if residual else held.sd**2
    return math.sqrt(people / (1 - (held.icc or 0.0))) if residual else held.sd


def _people(design: Design, left: float) -> float | None:
    """People with an outcome, in all and at one time."""
    if design.design.kind == INDIVIDUAL:
        return left
    if design.size.per_cluster is None:
        return left if design.design.kind == PAIRS else None
    return left * design.size.per_cluster * (1 - design.size.attrition)


def assurance(design: Design, formula: Formula, count: float) -> float | None:
    """The power that may be expected when the effect is not known but believed: its mean over `[size] prior`, on the side of the
    effect that is planned (O'Hagan and others 2005, doi 10.1002/pst.175). None without a prior.
    """
    held = design.size
    if not held.prior:
        return None
    if len(held.prior) != 2 or held.prior[1] <= 0:
        raise InputError(said("[size] prior must be two numbers: a mean, and a standard deviation above nought."))
    mean, sd = held.prior
    values = mean + sd * np.linspace(-REACH, REACH, GRID)
    weights = np.exp(-(((values - mean) / sd) ** 2) / 2)
    side = planned_side(design)
    found = [_towards(design, formula, count, float(value), side) for value in values]
    return float(weights @ np.array(found) / weights.sum())


def planned_side(design: Design) -> float:
    """1 where the effect that is planned raises the outcome, -1 where it lowers it; without one, as the middle of the prior has it."""
    held = design.size
    if held.ratio is not None:
        return math.copysign(1.0, math.log(held.ratio))
    return math.copysign(1.0, held.effect if held.effect is not None else held.prior[0])


def _towards(design: Design, formula: Formula, count: float, value: float, side: float) -> float:
    """The chance of a refusal on the side that is planned, when the effect is this one."""
    if design.size.ratio is not None:
        value = effect_from_ratio(design, math.exp(value))
    if design.design.outcome != CONTINUOUS:  # what leads out of what can be stands at its edge
        rate = control_rate(design)
        high = math.inf if design.design.outcome == COUNT else (1 - rate) * (1 - 1e-9)
        value = min(max(value, -rate * (1 - 1e-9)), high)
    wanted = side if value == 0 else value
    one_sided = dataclasses.replace(formula, both=False)
    right = one_sided.power(count, wanted if value else 1e-12 * side)
    if value * side > 0 or value == 0:
        return right
    return dataclasses.replace(formula, both=True).power(count, value) - right


def compared_units(design: Design, count: float) -> float:
    """Units of the weakest comparison."""
    return count if over_periods(design) or design.design.kind == BLOCKED else count * compared(design)
