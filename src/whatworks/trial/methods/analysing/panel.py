"""The honest panel: every defensible analysis of one trial side by side, the declared one marked, none silently absent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.analysing import counting, linear, randomising
from whatworks.trial.methods.analysing.panel_rows import LOG_ODDS, LOG_RATES, LOGS, Failed, Found, Row
from whatworks.trial.methods.analysing.table import Prepared
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT

Method = Callable[[Prepared], Found]
FEW_CLUSTERS = 40
METHODS: Mapping[str, Method] = {
    "lmm-kr": partial(linear.mixed, way="kenward-roger"),
    "lmm-satterthwaite": partial(linear.mixed, way="satterthwaite"),
    "ols-cr2": partial(linear.squares, kind="CR2"),
    "ols-cr1s": partial(linear.squares, kind="CR1S"),
    "ols-cr3": partial(linear.squares, kind="CR3"),
    "gee-exchangeable": partial(counting.marginal, kind="none"),
    "gee-md": partial(counting.marginal, kind="md"),
    "gee-kc": partial(counting.marginal, kind="kc"),
    "cluster-means-t": linear.means,
    "wild-bootstrap": linear.wild,
    "ri-exact": randomising.exactly,
    "ri-sampled": randomising.sampled,
    "glmm-binomial": partial(counting.mixed_general, family="binomial"),
    "glmm-binomial-nested": partial(counting.mixed_general, family="binomial", nested=True),
    "glmm-poisson": partial(counting.mixed_general, family="poisson"),
    "glmm-nb": partial(counting.mixed_general, family="negative-binomial"),
    "glm-nb": counting.overdispersed,
    "poisson-naive": counting.naive,
    "cace-2sls-cr2": linear.compliers,
}
ONLY_FOR = {
    "glmm-binomial": BINARY, "glmm-binomial-nested": BINARY, "glmm-poisson": COUNT, "glmm-nb": COUNT, "glm-nb": COUNT,
    "poisson-naive": COUNT,
}  # fmt: skip


def applicable(found: Prepared) -> list[str]:
    """The methods for such an outcome. One that the design asks for, by its declaration or its columns, is always among them."""
    declared = found.design.analysis.declared
    names = []
    for name in METHODS:
        fits = ONLY_FOR.get(name, found.outcome) == found.outcome
        if name == "cace-2sls-cr2":
            fits = bool(found.design.analysis.received)
        if name == "glmm-binomial-nested":
            fits = fits and found.wedge
        if name.startswith("lmm"):
            fits = fits and (found.outcome != COUNT or found.wedge or bool(found.random) or bool(found.varying))
        if fits or name == declared:
            names.append(name)
    return names


def run(found: Prepared) -> tuple[list[Row], list[Failed]]:
    """Every applicable method: its line of the panel, or the sentence that says why there is none."""
    rows, failed = [], []
    for name in applicable(found):
        declared = name == found.design.analysis.declared
        try:
            rows.append(line(found, name, one(found, name), declared))
        except InputError as error:
            reason = error.args[0] if error.args and isinstance(error.args[0], Said) else str(error)
            failed.append(Failed(name, reason, declared))
    return rows, failed


def one(found: Prepared, name: str) -> Found:
    """One method's answer. Raises InputError, with the reason, where it has none."""
    if ONLY_FOR.get(name, found.outcome) != found.outcome:
        raise InputError(
            said("%(name)s is for a %(kind)s outcome, and this one is %(outcome)s.", name=name, kind=ONLY_FOR[name],
                 outcome=found.outcome)
        )  # fmt: skip
    try:
        answer = METHODS[name](found)
    except np.linalg.LinAlgError as error:
        raise InputError(
            said("The sums have no solution; a column may hardly vary, or an arm have no events.")
        ) from error
    if not math.isfinite(answer.estimate) or (answer.p is not None and not math.isfinite(answer.p)):
        raise InputError(said("It gave no finite number; an arm may have no events, or no spread."))
    return answer


def line(found: Prepared, name: str, answer: Found, declared: bool, base: float | None = None) -> Row:
    """A method's answer with what goes beside it: ratios, absolute differences, and what to beware of.

    `base`: the comparator's level, where it is another than what was seen in its rows.
    """
    warnings = [*answer.notes, *_by_normal(found, answer)]
    ends = (answer.estimate, answer.low, answer.high)
    base = level_of_comparator(found) if base is None else base
    relative, absolute = _relative(found, answer.scale, ends, base), _absolute(answer.scale, ends, base)
    return Row(
        name, answer.estimate, answer.se, answer.df, answer.p, answer.low, answer.high, declared, answer.scale, answer.by,
        answer.model, *relative, *absolute, dict(answer.variances), tuple(warnings),
    )  # fmt: skip


def _by_normal(found: Prepared, answer: Found) -> list[Said]:
    if answer.by != "z" or found.clusters >= FEW_CLUSTERS:
        return []
    return [
        said(
            "p is by the normal distribution, which with %(n)s clusters (fewer than %(few)s) is too small: do not report it alone.",
            n=found.clusters,
            few=FEW_CLUSTERS,
        )
    ]


Ends = tuple[float | None, float | None, float | None]
Sources = tuple[float | None, ...]


def level_of_comparator(found: Prepared) -> float:
    """What was seen in the comparator: a mean, a share of people, or events over time at risk."""
    mine = found.arm == 0
    if found.outcome == CONTINUOUS:
        return float(found.y[mine].mean())
    under = found.trials if found.outcome == BINARY else found.time
    return float(found.y[mine].sum() / (mine.sum() if under is None else under[mine].sum()))


def _relative(found: Prepared, scale: str, ends: Sources, base: float) -> Ends:
    """Ratios with their interval: of odds, rates, or of shares where the scale is their difference."""
    if scale in LOGS:
        return _each(math.exp, ends)
    if found.outcome == CONTINUOUS or not base > 0:
        return None, None, None
    return _each(lambda value: max(0.0, (base + value) / base), ends)


def _absolute(scale: str, ends: Sources, base: float) -> Ends:
    """Differences with their interval, the comparator's level held at what was seen."""
    if scale not in LOGS:
        return _each(lambda value: value, ends)
    if not base > 0 or (scale == LOG_ODDS and base >= 1):
        return None, None, None
    if scale == LOG_RATES:
        return _each(lambda value: base * (math.exp(value) - 1), ends)
    odds = base / (1 - base)
    return _each(lambda value: odds * math.exp(value) / (1 + odds * math.exp(value)) - base, ends)


def _each(change: Callable[[float], float], ends: Sources) -> Ends:
    first, second, third = (None if one is None or abs(one) > 600 else change(one) for one in ends)
    return first, second, third
