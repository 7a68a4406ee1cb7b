"""What does a Bayesian analysis say, under each weakly informative prior of how much true effects differ?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.synthesise.methods.otherwise_tables import ONE_EACH
from whatworks.synthesise.methods.running import several

# The scales of the named priors are those of Roever et al. (2021), Research Synthesis Methods 12(4), 448-474.
SUITED = frozenset("OR PETO RR HR IRR SMD D SMDH SMD1 SMD1H SMDC SMCC SMCR SMCRH".split())
ELSEWHERE = (
    "These priors are meant for logarithms of ratios and for standardised differences; on this scale they can be far too "
    "wide or too narrow."
)
Inputs = Sequence[Mapping[str, Any]]
Band = Sequence[Any] | None


def under_priors(inputs: Inputs, metric: str, band: Band) -> tuple[list[dict[str, Any]], str]:
    """The mean of true effects under each prior, with the chances that it lies beyond no difference and beyond the band.

    band: effects too small to be worthwhile (low, high, source) on the scale of the analysis; None where none is set.
    """
    from whatworks.synthesise.methods.bayes.pooling_bayes import OTHERS

    if several(inputs):
        return [{"what": prior, "k": len(inputs), "why_not": ONE_EACH} for prior in OTHERS], "This could not be tried."
    rows = [_under(prior, inputs, band) for prior in OTHERS]
    done = [row for row in rows if not row["why_not"]]
    caution = "" if metric in SUITED else f" {ELSEWHERE}"
    return rows, (_said(done, band) + caution) if done else "This could not be tried."


def _under(prior: str, inputs: Inputs, band: Band) -> dict[str, Any]:
    from whatworks.synthesise.methods.bayes.pooling_bayes import pool_bayes

    yi, vi = [row["yi"] for row in inputs], [row["vi"] for row in inputs]
    try:
        found = pool_bayes(yi, vi, prior=prior, safe=False)
        beyond = _beyond(yi, vi, prior, band)
    except InputError as error:
        return {"what": prior, "k": len(inputs), "why_not": str(error)}
    effect = found.effect
    numbers: dict[str, Any] = {"estimate": effect.median if effect.mean is None else effect.mean, "ci_low": effect.low}
    numbers |= {"ci_high": effect.high, "tau2": found.tau.median**2, "i2": None}
    return {"what": prior, "k": found.k, **numbers, "p_above": found.p_above, **beyond, "why_not": ""}


def _beyond(yi: list[float], vi: list[float], prior: str, band: Band) -> dict[str, float]:
    """The chances that the mean lies below and above the band of effects that are too small."""
    if band is None:
        return {}
    from whatworks.synthesise.methods.bayes.pooling_bayes import pool_bayes

    low, high = (pool_bayes(yi, vi, prior=prior, threshold=end, safe=False).p_above for end in (band[0], band[1]))
    return {"p_below_band": 1 - low, "p_above_band": high}


def _said(done: Sequence[Mapping[str, Any]], band: Band) -> str:
    text = f"The chance that the mean effect is above no difference is {_reach(done, 'p_above')}"
    if band is None:
        return f"{text}. No smallest worthwhile effect is set for this outcome on this scale."
    return (
        f"{text}. On the scale of the analysis the smallest worthwhile effects are {band[0]:g} and {band[1]:g} ({band[2]}): "
        f"the chance of more than {band[1]:g} is {_reach(done, 'p_above_band')}, of less than {band[0]:g} "
        f"{_reach(done, 'p_below_band')}."
    )


def _reach(done: Sequence[Mapping[str, Any]], name: str) -> str:
    low, high = (chance(end(row[name] for row in done)) for end in (min, max))
    return f"{low} under every prior" if low == high else f"{low} to {high}, depending on the prior"


def chance(value: float) -> str:
    """A chance as people read it, never certain.

    >>> chance(0.9731), chance(0.99999), chance(0.0001)
    ('97%', 'above 99%', 'below 1%')
    """
    if value > 0.99:
        return "above 99%"
    return "below 1%" if value < 0.01 else f"{100 * value:.0f}%"
