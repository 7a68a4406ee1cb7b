"""An interrupted series as its design declares: counts or numbers, one for each time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.analysing.grouping import Group
from whatworks.trial.methods.analysing.observed.found import Methods, Observed, alone, declared_said, run
from whatworks.trial.methods.analysing.panel_rows import DIFFERENCE, LOG_RATES, found_of
from whatworks.trial.methods.analysing.table import Floats, Table, numbers_of
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import COUNT
from whatworks.trial.methods.quasi.series import InterruptedSeries, interrupted_series
from whatworks.trial.methods.quasi.series_of_means import SeriesOfMeans, series_of_means

HALF = 0.5
BEFORE, AFTER = "before", "after"


def series(design: Design, table: Table) -> Observed:
    """The first change that the design names, by every method for its outcome; all changes and all points in the details."""
    time, y, people = _points(design, table)
    counted = design.design.outcome == COUNT
    shared: dict[str, Any] = {
        "changes": design.quasi.changes, "waves": design.quasi.waves, "year": design.quasi.year, "lags": design.quasi.lags,
    }  # fmt: skip
    began = _began(design)
    means = np.log((y + HALF) / people) if counted else y
    line = series_of_means(means, time, began, **shared)
    counts = interrupted_series(y, time, began, at_risk=people, **shared) if counted else None
    methods, told = _methods(design, line, counts)
    rows, failed = run(design, methods[0], alone)
    sides = tuple(
        Group(name, 1, int(mine.sum()), 0, 0, float(y[mine].sum() / people[mine].sum() if counted else y[mine].mean()))
        for name, mine in ((BEFORE, time < began), (AFTER, time >= began))
    )
    warnings = [*declared_said(design, failed), *(counts or line).warnings]
    details = told | _details(time, y, counts, line) | {"changes": _every(design, methods)}
    return Observed((BEFORE, AFTER), rows, failed, sides, details, tuple(warnings))


def _began(design: Design) -> float:
    assert design.quasi.began is not None  # the reader of designs sees to that
    return design.quasi.began


def _points(design: Design, table: Table) -> tuple[Floats, Floats, Floats]:
    """Times in order, values, and people at risk (ones where none are named)."""
    told = design.analysis
    time, y = numbers_of(table, told.period), numbers_of(table, told.outcome)
    people = numbers_of(table, told.offset) if told.offset else np.ones(len(y))
    if np.isnan(time).any() or np.isnan(y).any() or np.isnan(people).any():
        raise InputError(
            said("A point of the series lacks its time, its value or its people; fill it in, for none may be left out.")
        )
    if design.design.outcome == COUNT and ((y < 0).any() or (y != np.round(y)).any()):
        raise InputError(
            said("%(column)s holds what is no count; a count is a whole number of 0 or more.", column=told.outcome)
        )
    order = np.argsort(time, kind="stable")
    return time[order], y[order], people[order]


def _methods(
    design: Design, line: SeriesOfMeans, counts: InterruptedSeries | None
) -> tuple[list[Methods], dict[str, Any]]:
    """For each change that is asked for its methods; and what is told of the errors."""
    level, count = 1 - design.design.alpha, len(design.quasi.changes)
    lags = design.quasi.lags
    if counts is None:
        return [_of_means(line, place, level, lags) for place in range(count)], {"carried_over": line.carried}
    told = {"carried_over": line.carried, "dispersion": counts.dispersion, "averted": counts.averted}
    return [_of_counts(counts, line, place, level, lags) for place in range(count)], told


def _of_means(line: SeriesOfMeans, place: int, level: float, lags: int) -> Methods:
    one, df = line.changes[place], float(line.changes[place].df)
    alike = _alike(line.p_alike)
    return {
        "its-ols": partial(found_of, one.estimate, one.se, df, DIFFERENCE, level, "errors that stand alone", alike),
        "its-newey-west": partial(found_of, one.estimate, one.se_lagged, df, DIFFERENCE, level, f"Newey-West, {lags} lags"),
        "its-ar1": partial(found_of, one.estimate_carried, one.se_carried, df, DIFFERENCE, level, f"AR(1), {line.carried:.3f}"),
    }  # fmt: skip


def _of_counts(counts: InterruptedSeries, line: SeriesOfMeans, place: int, level: float, lags: int) -> Methods:
    one, other = counts.changes[place], line.changes[place]
    df = float(one.df)
    naive = said("It takes every event as standing alone, yet counts are spread %(times)s times as much as that; its p and interval are "
                 "not to be believed.", times=f"{counts.dispersion:.2g}")  # fmt: skip
    parts = (("dispersion", counts.dispersion),)
    return {
        "its-quasi-poisson": partial(
            found_of, one.estimate, one.se, df, LOG_RATES, level, "dispersion", _alike(counts.p_alike), parts
        ),
        "its-newey-west": partial(found_of, one.estimate, one.se_lagged, df, LOG_RATES, level, f"Newey-West, {lags} lags"),
        "its-ar1": partial(
            found_of, other.estimate_carried, other.se_carried, df, LOG_RATES, level, f"log rates, AR(1), {line.carried:.3f}"
        ),
        "its-poisson-naive": partial(
            found_of, one.estimate, one.se_poisson, None, LOG_RATES, level, "no dispersion", (naive,) if counts.dispersion > 1 else ()
        ),
    }  # fmt: skip


def _alike(p: float) -> tuple[Said, ...]:
    """What is wrong with errors that are taken as standing alone where they do not."""
    return (said("Neighbouring points are alike, which this error leaves out."),) if p < 0.05 else ()


def _every(design: Design, methods: Sequence[Methods]) -> list[dict[str, Any]]:
    """Each change by each method, in plain numbers."""
    found = []
    for what, those in zip(design.quasi.changes, methods, strict=True):
        for name, work in those.items():
            one = work()
            numbers = {
                "estimate": one.estimate,
                "se": one.se,
                "df": one.df,
                "p": one.p,
                "ci_low": one.low,
                "ci_high": one.high,
            }
            found.append({"change": what, "method": name} | numbers)
    return found


def _details(time: Floats, y: Floats, counts: InterruptedSeries | None, line: SeriesOfMeans) -> dict[str, Any]:
    fit = counts or line
    points = [
        {"time": float(at), "observed": float(seen), "fitted": float(fitted), "without": float(without)}
        for at, seen, fitted, without in zip(time, y, fit.fitted, fit.without, strict=True)
    ]
    alike = None if math.isnan(fit.autocorrelation) else fit.autocorrelation
    return {"points": points, "autocorrelation": alike, "p_alike": fit.p_alike}
