"""What would the studies say if results had been seen whatever their p value? Step-function models of selection.

`selection` fits the model of Hedges (1992) and Vevea and Hedges (1995): each interval of p values has a relative chance of
being seen, 1 for the first. One step is the three-parameter selection model. Checked against metafor's selmodel
(tests/oracles/test_bias_selection.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, isfinite, log, sqrt
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level, chi2_tail, critical
from whatworks.synthesise.methods.bias.regression import Limit, told
from whatworks.synthesise.methods.bias.selected import Interval, Selected, Without, cautions
from whatworks.synthesise.methods.bias.stepclimb import highest, plain
from whatworks.synthesise.methods.bias.stepfit import Fit, Point, Problem, Surface, surface
from whatworks.synthesise.methods.bias.steps import Side, Steps, p_values, placed, steps_of
from whatworks.synthesise.methods.pooling import Model, check_effects
from whatworks.synthesise.methods.weighing import Floats

MOST = 100.0  # metafor's bound of a relative frequency: where an interval is empty there is no other


def selection(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    steps: float | Sequence[float] = 0.025,
    side: Side = "greater",
    model: Model = "random",
    delta: Sequence[float | None] | None = None,
    level: float = 0.95,
) -> Selected:
    """Fit a step-function selection model to k effects yi with sampling variances vi by maximum likelihood.

    steps: the p values where the chance of being seen may change; one-sided p for large (`greater`) or low (`less`)
    effects, or two-sided p. delta: relative frequencies known beforehand, one for each interval (1 first), None where it
    is to be estimated (Vevea and Woods 2005, Psychological Methods 10(4), 428-443). model: random or common. Estimated
    frequencies lie between 0 and 100, as in metafor. InputError: wrong input. No peak: None, and a warning that says so.
    """
    y, v = check_effects(yi, vi)
    check_level(level)
    for name, word, words in (("side", side, Side), ("model", model, Model)):
        check_word(name, word, get_args(words))
    where = steps_of([steps] if isinstance(steps, int | float) else steps, side == "two-sided")
    fixed = _fixed(delta, where)
    problem = _problem(y if side != "less" else -y, v, where, fixed, model == "random", side == "two-sided")
    base, value = plain(problem)
    fit, held = _fit(problem, fixed, base)
    found = _Found(problem, fit, held, base, value)
    return _tell(found, side, level, fixed, model, (y, v))


class _Found(NamedTuple):
    """What was fitted, the peak, which frequencies are held at the bound, and the fit without selection."""

    problem: Problem
    fit: Fit
    held: tuple[int, ...]
    base: Point
    value: float


def _fixed(delta: Sequence[float | None] | None, steps: Steps) -> tuple[float | None, ...]:
    """The frequencies as given, the first always 1; InputError where they do not fit."""
    if delta is None:
        return (1.0, *([None] * (steps.intervals - 1)))
    given = tuple(delta)
    if len(given) != steps.intervals or given[0] not in (1, None):
        raise InputError(
            said(
                "delta must have %(intervals)s numbers, one for each interval of p, the first of them 1.",
                intervals=steps.intervals,
            )
        )
    for value in given[1:]:
        if value is not None and not (isfinite(value) and value > 0):
            raise InputError(said("A relative frequency in delta must be a number above 0, or None to estimate it."))
    return (1.0, *given[1:])


def _problem(
    y: Floats, v: Floats, steps: Steps, fixed: tuple[float | None, ...], heterogeneous: bool, two_sided: bool
) -> Problem:
    se = np.sqrt(v)
    group = placed(p_values(y, se, two_sided), steps)
    counts = np.bincount(group, minlength=steps.intervals).astype(float)
    open_ = np.asarray([value is None for value in fixed])
    return Problem(
        y, v, group, counts, se[:, None] * steps.cuts, steps, np.flatnonzero(open_ & (counts > 0)), heterogeneous
    )


def _fit(problem: Problem, fixed: tuple[float | None, ...], base: Point) -> tuple[Fit, tuple[int, ...]]:
    """The highest peak with no frequency above the bound; and which of them are held at it.

    An interval without studies gets frequency 0. Where the first is such, the likelihood rises with all others, which are
    then known only relative to one another: the highest of them is held at the bound.
    """
    delta = np.asarray(
        [
            (0.0 if count == 0 else 1.0) if value is None else value
            for value, count in zip(fixed, problem.counts, strict=True)
        ]
    )
    free = problem.free
    held: tuple[int, ...] = ()
    if problem.counts[0] == 0 and free.size and not any(value is not None for value in fixed[1:]):
        held = (_most_frequent(problem, delta, base),)
    while True:
        trial = _with(problem, np.setdiff1d(free, held))
        delta[list(held)] = MOST
        fit = highest(trial, delta, base)
        over = trial.free[fit.point.delta[trial.free] > MOST]
        if not fit.settled or not over.size:
            return fit, tuple(held)
        held = (*held, int(over[np.argmax(fit.point.delta[over])]))


def _most_frequent(problem: Problem, delta: Floats, base: Point) -> int:
    """Which interval is the most frequent when the empty first one is never seen."""
    if problem.free.size == 1:
        return int(problem.free[0])
    without = delta.copy()
    without[0] = 0.0
    fit = highest(_with(problem, problem.free[1:]), without, base)
    return int(problem.free[np.argmax(fit.point.delta[problem.free])])


def _with(problem: Problem, free: np.ndarray) -> Problem:
    return Problem(
        problem.y, problem.v, problem.group, problem.counts, problem.cuts, problem.steps, free, problem.heterogeneous
    )


def _tell(
    found: _Found,
    side: Side,
    level: float,
    fixed: tuple[float | None, ...],
    model: Model,
    data: tuple[Floats, Floats],
) -> Selected:
    """The numbers of the fit, with their errors from the observed information, beside those without selection."""
    problem, fit, held, base, value = found
    sign = -1.0 if side == "less" else 1.0
    errors = _errors(problem, fit, held) if fit.settled else {}
    point = fit.point if "mean" in errors else None
    mean = told(sign * point.mean, errors["mean"], None, level) if point else Limit()
    lrt, df = _tested(fit, value, fixed) if point else (None, None)
    return Selected(
        k=problem.y.size,
        side=side,
        estimate=mean.estimate,
        se=mean.se,
        statistic=mean.statistic,
        p=mean.p,
        ci_low=mean.ci_low,
        ci_high=mean.ci_high,
        tau2=point.tau2 if point else None,
        tau2_se=errors.get("tau2"),
        intervals=_intervals(problem, point, errors, level),
        loglik=fit.surface.loglik if point else None,
        lrt=lrt,
        lrt_df=df,
        lrt_p=None if lrt is None or df is None else float(chi2_tail(lrt, df)),
        without=Without(sign * base.mean, _plain_se(problem, base), base.tau2, value),
        model=model,
        level=level,
        settled=point is not None,
        warnings=cautions(problem, side, point is not None, bool(held), sign * base.mean),
        yi=tuple(data[0].tolist()),
        vi=tuple(data[1].tolist()),
        delta=fixed,
    )


def _tested(fit: Fit, without: float, fixed: tuple[float | None, ...]) -> tuple[float, int] | tuple[None, None]:
    """The likelihood ratio against no selection and its degrees of freedom; only where every frequency was estimated."""
    if any(value is not None for value in fixed[1:]):
        return None, None
    return max(0.0, 2 * (fit.surface.loglik - without)), len(fixed) - 1


def _plain_se(problem: Problem, base: Point) -> float:
    return 1 / sqrt(float((1 / (problem.v + base.tau2)).sum()))


def _errors(problem: Problem, fit: Fit, held: tuple[int, ...]) -> dict[str, float]:
    """Standard errors by name from the inverse of the observed information; nothing where it is not a peak.

    tau2 at 0 and frequencies at their bounds count as known there.
    """
    trial = _with(problem, np.setdiff1d(problem.free, held))
    at: Surface = surface(trial, fit.point) if held else fit.surface
    names = ["mean", "tau2", *(str(interval) for interval in trial.free)]
    used = np.ones(len(names), dtype=bool)
    used[1] = problem.heterogeneous and fit.point.tau2 > 0
    information = -at.bend[np.ix_(used, used)]
    scale = np.sqrt(np.abs(np.diag(information)))
    if not (np.isfinite(scale).all() and (scale > 0).all()):
        return {}
    roots, axes = np.linalg.eigh(information / np.outer(scale, scale))
    if roots[0] <= 1e-10:
        return {}
    variances = (axes * axes / roots).sum(axis=1) / (scale * scale)
    return {name: sqrt(value) for name, value in zip(np.asarray(names)[used].tolist(), variances.tolist(), strict=True)}


def _intervals(problem: Problem, point: Point | None, errors: dict[str, float], level: float) -> tuple[Interval, ...]:
    """The intervals of p with their frequencies; their limits are those of the logarithm."""
    reach, rows, low = critical(level), [], 0.0
    for index, (end, count) in enumerate(zip(problem.steps.ends, problem.counts.tolist(), strict=True)):
        delta = None if point is None else float(point.delta[index]) if index else 1.0
        error = errors.get(str(index))
        limits = (
            (None, None)
            if error is None or not delta
            else (exp(log(delta) - reach * error), exp(log(delta) + reach * error))
        )
        rows.append(
            Interval(low, end, int(count), delta, None if error is None or delta is None else delta * error, *limits)
        )
        low = end
    return tuple(rows)
