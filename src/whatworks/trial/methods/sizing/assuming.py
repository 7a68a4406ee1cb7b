"""What a design's `[size]` assumes, in the outcome's own units: the effect, the share or rate it leads to, and what varies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.fields import meaning_of
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, SURVIVAL, WEDGE, Design, Size

MEANINGS = {name: meaning_of(field).says for name, field in Size.__dataclass_fields__.items()}


@dataclass(frozen=True, slots=True)
class Spread:
    """Variances of one person's outcome, in its units squared: what clusters share, and what differs within them."""

    between: float
    within: float

    @property
    def icc(self) -> float:
        """The share of the variance that lies between clusters."""
        return self.between / (self.between + self.within)

    @property
    def sd(self) -> float:
        """The standard deviation among all people."""
        return math.sqrt(self.between + self.within)

    def left(self, size: Size) -> Spread:
        """What covariates leave unexplained."""
        return Spread(self.between * (1 - size.r2_2), self.within * (1 - size.r2_1))


def needed(design: Design, name: str) -> float:
    """A field of `[size]` that this sum cannot do without. Raises InputError that says what it means."""
    value = getattr(design.size, name)
    if value is None:
        raise InputError(
            said("[size] has no %(name)s, and this sum needs it: %(says)s", name=name, says=MEANINGS[name])
        )
    return float(value)


def over_periods(design: Design) -> bool:
    """Whether clusters are measured in several periods."""
    return design.design.kind == WEDGE or bool(design.size.layout)


def control_rate(design: Design) -> float:
    """The share or rate with the comparator. Raises InputError for a share that cannot be."""
    rate = needed(design, "control_rate")
    if design.design.outcome in (BINARY, SURVIVAL) and rate >= 1:
        raise InputError(said("[size] control_rate is %(rate)s; a share must lie below 1.", rate=rate))
    return rate


def effect_of(design: Design) -> float:
    """The difference that is to be found, in the outcome's units, as shares or as rates; from `effect` or from `ratio`."""
    size, outcome = design.size, design.design.outcome
    if size.effect is not None:
        found = size.effect
    elif size.ratio is None:
        raise InputError(
            said(
                "[size] has neither effect nor ratio: say what is to be found, such as effect = 0.25, or ask for mdes."
            )
        )
    elif outcome == CONTINUOUS:
        raise InputError(said("[size] gives a ratio of means; give effect, the difference in the outcome's units."))
    else:
        found = effect_from_ratio(design, size.ratio)
    if found == 0:
        raise InputError(said("[size] expects no effect at all; give the smallest one that would matter."))
    return found


def effect_from_ratio(design: Design, ratio: float) -> float:
    """The difference that a ratio of shares, of rates or of hazards makes."""
    rate = control_rate(design)
    if design.design.outcome == SURVIVAL:
        return rate_after(rate, ratio) - rate
    return rate * (ratio - 1)


def rate_after(rate: float, hazard_ratio: float) -> float:
    """The share with the event by the end when hazards are proportional."""
    return float(1 - (1 - rate) ** hazard_ratio)


def hazard_ratio(design: Design, effect: float) -> float:
    """The ratio of hazards that a difference in shares with the event means."""
    rate = control_rate(design)
    return math.log(1 - other_rate(design, effect)) / math.log(1 - rate)


def other_rate(design: Design, effect: float) -> float:
    """The share or rate with the intervention. Raises InputError where the effect leads out of what can be."""
    rate = control_rate(design)
    other = rate + effect
    if other <= 0 or (design.design.outcome != COUNT and other >= 1):
        raise InputError(
            said(
                "[size] An effect of %(effect)s on %(rate)s gives %(other)s, which cannot be; give a smaller one.",
                effect=f"{effect:g}",
                rate=f"{rate:g}",
                other=f"{other:g}",
            )
        )
    return other


def seen_in(design: Design) -> float:
    """People of a cluster (and period) with an outcome: those that attrition leaves."""
    return needed(design, "per_cluster") * (1 - design.size.attrition)


def exposure_each(design: Design) -> float:
    """Time at risk of one person, in the unit of the rates."""
    size = design.size
    if size.exposure is None:
        return 1.0
    return size.exposure / size.per_cluster if size.per_cluster else size.exposure


def exposure_in(design: Design) -> float:
    """Time at risk of a cluster, in the unit of the rates, that attrition leaves."""
    whole = design.size.exposure if design.size.exposure is not None else needed(design, "per_cluster")
    return whole * (1 - design.size.attrition)


def variances(design: Design, effect: float) -> tuple[float, float]:
    """Variance of one person's outcome in each arm, chance alone (counts: as a rate over the person's time)."""
    outcome = design.design.outcome
    if outcome == CONTINUOUS:
        return design.size.sd**2, design.size.sd**2
    rates = control_rate(design), other_rate(design, effect)
    if outcome == COUNT:
        over, time = design.size.dispersion or 0.0, exposure_each(design)
        one, other = (rate / time + over * rate**2 for rate in rates)
        return one, other
    one, other = (rate * (1 - rate) for rate in rates)
    return one, other


def spread(design: Design, effect: float) -> Spread:
    """What varies between clusters and within them, the arms weighed so that the variance of their difference comes out right.

    From `icc`, a share of the variance, or from `k`, the coefficient of variation of true shares or rates (with chance on top).
    """
    size, share = design.size, allocated(design)
    one, other = variances(design, effect)
    within = share * one + (1 - share) * other
    if by_k(design):
        rates = control_rate(design), other_rate(design, effect)
        return Spread((size.k or 0.0) ** 2 * (share * rates[0] ** 2 + (1 - share) * rates[1] ** 2), within)
    icc = _icc(design)
    if size.sd_of == "residual":
        return Spread(within * icc / (1 - icc), within)
    left = 1 - icc - size.icc_blocks - size.icc_groups
    if left <= 0:
        raise InputError(
            said(
                "[size] icc, icc_blocks and icc_groups leave nothing for people themselves; they must add up to less than 1."
            )
        )
    return Spread(within * icc, within * left)


def by_k(design: Design) -> bool:
    """Whether clusters differ by the coefficient of variation of their true shares or rates."""
    return design.size.k is not None and design.design.outcome in (BINARY, COUNT)


def _icc(design: Design) -> float:
    if design.size.icc is None and design.design.outcome in (BINARY, COUNT):
        raise InputError(
            said("[size] has neither icc nor k: say how clusters differ, such as icc = 0.05; 0 says that they do not.")
        )
    return needed(design, "icc")


def allocated(design: Design) -> float:
    """The share of the units of a comparison in its new arm; with three arms or more, of the smallest against the comparator."""
    if design.size.allocated is not None:
        return design.size.allocated
    parts = [arm.parts for arm in design.arms]
    return min(parts[1:]) / (parts[0] + min(parts[1:]))


def compared(design: Design) -> float:
    """The share of all units that stand in the comparison of the comparator with the smallest other arm."""
    parts = [arm.parts for arm in design.arms]
    return (parts[0] + min(parts[1:])) / sum(parts)


def covariates(design: Design) -> int:
    """Covariates that cost degrees of freedom: as said, or one where they explain something at the level that is drawn."""
    size = design.size
    if size.covariates is not None:
        return size.covariates
    return int((size.r2_1 if design.design.kind == "individual" else size.r2_2) > 0)
