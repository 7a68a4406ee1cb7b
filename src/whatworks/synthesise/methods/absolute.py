"""From a ratio to people: of 100 like these, how many with and without the intervention?

The interval carries the uncertainty of the pooled ratio only; the risk without the intervention is taken as known, so
say where it is from.
Source: Schuenemann et al., Cochrane Handbook for Systematic Reviews of Interventions, 15.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite
from typing import Literal

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result

Ratio = Literal["RR", "OR"]


@dataclass(frozen=True, slots=True)
class AbsoluteRisk(Result):
    """People with the outcome out of `per`. without: as things are; with_low to with_high: the interval.

    difference: `with` less `without`, with its interval. capped: a limit or the value passed `per` and was cut there.
    """

    per: float
    without: float
    with_: float
    with_low: float
    with_high: float
    difference: float
    difference_low: float
    difference_high: float
    capped: bool

    def summary(self) -> str:
        """The two numbers in one sentence, whole people."""
        return (
            f"Of {self.per:g}, about {self.without:.0f} without and {self.with_:.0f} with the intervention "
            f"(between {self.with_low:.0f} and {self.with_high:.0f})."
        )


def two_by_two_absolute(
    baseline_risk: float, log_ratio: float, low: float, high: float, *, metric: Ratio = "RR", per: float = 100
) -> AbsoluteRisk:
    """People with the outcome out of `per`, without and with the intervention.

    baseline_risk: the risk without it, above 0 and below 1, taken as known. log_ratio, low, high: the pooled log risk
    ratio or log odds ratio with its limits. InputError when the risk is no proportion or the limits are not in order.
    """
    if metric not in ("RR", "OR"):
        raise InputError(
            said("Risks come from a risk ratio (RR) or an odds ratio (OR), not from %(metric)s.", metric=metric)
        )
    if not 0 < baseline_risk < 1:
        raise InputError(
            said(
                "The risk without the intervention, %(baseline_risk)s, must lie between 0 and 1.",
                baseline_risk=f"{baseline_risk:g}",
            )
        )
    if not all(map(isfinite, (log_ratio, low, high))) or not low <= log_ratio <= high:
        raise InputError(
            said(
                "The limits %(low)s and %(high)s must enclose the log ratio %(log_ratio)s.",
                low=f"{low:g}",
                high=f"{high:g}",
                log_ratio=f"{log_ratio:g}",
            )
        )
    risks = [risk_with(baseline_risk, value, metric) for value in (log_ratio, low, high)]
    kept = [min(risk, 1.0) for risk in risks]
    value, least, most = kept
    return AbsoluteRisk(
        per=per,
        without=per * baseline_risk,
        with_=per * value,
        with_low=per * least,
        with_high=per * most,
        difference=per * (value - baseline_risk),
        difference_low=per * (least - baseline_risk),
        difference_high=per * (most - baseline_risk),
        capped=kept != risks,
    )


def risk_with(baseline: float, log_ratio: float, metric: Ratio) -> float:
    """The risk with the intervention: risk times the ratio, or odds times the ratio turned back into a risk."""
    if metric == "RR":
        return baseline * exp(log_ratio)
    odds = baseline / (1 - baseline) * exp(log_ratio)
    return odds / (1 + odds)
