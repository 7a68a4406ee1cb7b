"""What one analysis says, what stands in the panel, and what could not be fitted."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.saying import Said
from whatworks.stats.intervals import interval, two_sided_p
from whatworks.stats.results import Result

DIFFERENCE, RISKS, RATES = "difference", "risk difference", "rate difference"
LOG_ODDS, LOG_RATES = "log odds ratio", "log rate ratio"
LOGS = (LOG_ODDS, LOG_RATES)


@dataclass(frozen=True, slots=True)
class Found(Result):
    """An estimate by one method, of the second arm against the first, on `scale`. `df` None: by the normal distribution, or counted.

    `by`: where p comes from: "t", "z", "allocations" or "bootstrap"; `model`: what was fitted, in a few signs; `variances`: of random
    levels, by name.
    """

    estimate: float
    se: float | None
    df: float | None
    p: float | None
    low: float | None
    high: float | None
    scale: str
    by: str
    model: str = ""
    notes: tuple[Said, ...] = ()
    variances: tuple[tuple[str, float], ...] = ()


def found_of(
    estimate: float, se: float, df: float | None, scale: str, level: float, model: str, notes: tuple[Said, ...] = (),
    variances: tuple[tuple[str, float], ...] = (),
) -> Found:  # fmt: skip
    """An estimate with its standard error, tested by t where there are degrees of freedom and by the normal distribution else."""
    low, high = interval(estimate, se, level, df)
    p = two_sided_p(estimate / se, df)
    by = "z" if df is None else "t"
    return Found(estimate, se, df, float(p), float(low), float(high), scale, by, model, notes, variances)


@dataclass(frozen=True, slots=True)
class Row(Result):
    """One line of the panel. Where `scale` is a log ratio, `relative` is its exponential; `absolute` is the difference that goes with
    it where the comparator is as observed: of means, of shares or of rates; all with intervals. `declared`: this one decides.
    """

    method: str
    estimate: float
    se: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    declared: bool
    scale: str
    by: str
    model: str
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    absolute: float | None
    absolute_low: float | None
    absolute_high: float | None
    variances: dict[str, float]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed(Result):
    """A method that says nothing about these data, and why."""

    method: str
    reason: str
    declared: bool
