"""What earlier trials make one believe of the effect of the next: a normal prior from a prediction interval, on the design's scale.

The prior has the 95 per cent range of the prediction interval: its mean is the middle of it, its standard deviation its width over
3.92. With few studies that interval is by t and wide, and so is the prior (Higgins, Thompson and Spiegelhalter 2009,
doi 10.1111/j.1467-985X.2008.00552.x).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.stats import norm

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, SURVIVAL, Design, Size
from whatworks.trial.methods.sizing.assuming import control_rate, effect_of, hazard_ratio
from whatworks.trial.methods.sizing.planning import counted, formula_of, total_sd

DIFFERENCES = {(CONTINUOUS, "MD"), (CONTINUOUS, "SMD"), (CONTINUOUS, "D"), (BINARY, "RD"), (COUNT, "IRD")}
RATIOS = {(BINARY, "RR"), (COUNT, "IRR"), (SURVIVAL, "HR")}
STANDARDISED = ("SMD", "D")
FEWEST = 3  # studies, below which there is no prediction interval


@dataclass(frozen=True, slots=True)
class Belief(Result):
    """What is believed of the effect of a new trial, on the scale of `metric` (ratios: logarithms), from so many studies."""

    mean: float
    sd: float
    metric: str
    studies: int


def believed(result: Mapping[str, Any], metric: str) -> Belief:
    """The prior that a pooled result gives. `result` has k, pi_low and pi_high. Raises InputError where it has no prediction interval."""
    low, high, studies = result.get("pi_low"), result.get("pi_high"), int(result.get("k") or 0)
    if low is None or high is None:
        raise InputError(
            said(
                "The pooled result has no prediction interval: that takes three studies or more, and it has %(n)s.",
                n=studies,
            )
            if studies < FEWEST
            else said("The pooled result has no prediction interval; run its analysis with a model of random effects.")
        )
    if not high > low:
        raise InputError(said("The prediction interval has no width, so nothing can be believed from it."))
    return Belief((low + high) / 2, float((high - low) / (2 * norm.isf(0.025))), metric, studies)


def on_scale(design: Design, metric: str) -> Design:
    """The same design, its effect said on the scale of the evidence: as a ratio where that has ratios, as a difference where it has those.

    Raises InputError where the two scales have nothing in common, such as a difference in means and a risk ratio.
    """
    outcome = design.design.outcome
    if (outcome, metric) in DIFFERENCES:
        changed: dict[str, Any] = {} if design.size.ratio is None else {"effect": effect_of(design), "ratio": None}
    elif (outcome, metric) in RATIOS:
        changed = {} if design.size.ratio is not None or design.size.effect is None else _as_ratio(design)
    else:
        raise InputError(
            said(
                "The evidence is on a scale (%(metric)s) on which this design does not say its effect (its outcome is %(outcome)s), so "
                "one cannot be set against the other.",
                metric=metric,
                outcome=outcome,
            )
        )
    return dataclasses.replace(design, size=dataclasses.replace(design.size, **changed))


def with_prior(design: Design, belief: Belief) -> Design:
    """The design on the scale of the evidence, with that belief as its prior."""
    said_so, unit = on_scale(design, belief.metric), unit_of(design, belief.metric)
    size: Size = dataclasses.replace(said_so.size, prior=(belief.mean * unit, belief.sd * unit))
    return dataclasses.replace(said_so, size=size)


def unit_of(design: Design, metric: str) -> float:
    """How many of the design's units one unit of the evidence is: the standard deviation where that is standardised, otherwise 1."""
    return total_sd(design) if metric in STANDARDISED else 1.0


def error_on(design: Design, metric: str) -> float:
    """The standard error of the planned trial's estimate on the scale of the evidence, such that the test of no effect stays the same.

    Where the formula works on another scale than the evidence, its error is stretched as the planned effect itself is.
    Raises InputError as `on_scale`, and for what `[size]` lacks.
    """
    told = counted(on_scale(design, metric))
    formula, effect = formula_of(told), effect_of(told)
    error = formula.se((told.size.clusters or 0.0) * formula.kept, effect)[1]
    wanted = math.log(told.size.ratio) if told.size.ratio is not None else effect / unit_of(design, metric)
    return float(error * abs(wanted / formula.scale(effect)))


def remarks(design: Design, belief: Belief) -> tuple[Said, ...]:
    """What to mind before such a prior is written into a design."""
    found = []
    if belief.metric == "MD":
        found.append(
            said("Means can be set against each other only where the outcome is measured on the same instrument.")
        )
    if belief.metric in STANDARDISED:
        found.append(
            said(
                "The evidence is in standard deviations; here one is taken to be %(sd)s, as the design says.",
                sd=f"{total_sd(design):.4g}",
            )
        )
    return tuple(found)


def _as_ratio(design: Design) -> dict[str, Any]:
    effect, rate = effect_of(design), control_rate(design)
    ratio = hazard_ratio(design, effect) if design.design.outcome == SURVIVAL else 1 + effect / rate
    if ratio <= 0:
        raise InputError(said("[size] effect leads below nought; give a smaller one."))
    return {"effect": None, "ratio": ratio}
