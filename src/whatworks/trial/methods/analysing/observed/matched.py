"""Matching as the design declares: on its covariates, with the balance, and how strong something unseen would have to be."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import plain
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.grouping import groups
from whatworks.trial.methods.analysing.layout import ARM, linear_outcome
from whatworks.trial.methods.analysing.observed.found import Methods, Observed, declared_said, run
from whatworks.trial.methods.analysing.panel_rows import RISKS, Found, Row, found_of
from whatworks.trial.methods.analysing.table import Floats, Prepared, Table, missing_said, prepare
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, INDIVIDUAL
from whatworks.trial.methods.quasi.matching import Balance, Matching, balance, e_value, match

PER_SD = (
    0.91  # a risk ratio near exp(0.91 d) goes with a difference of d standard deviations (VanderWeele and Ding 2017)
)


def matched(design: Design, table: Table, *, blind: bool = False) -> Observed:
    """The matched difference, adjusted and not, beside what would have come without matching. `blind`: balance alone."""
    told = design.analysis
    if not told.covariates:
        raise InputError(said("[analysis] has no covariates; name the columns on which people are matched."))
    if told.trials:
        raise InputError(said("People are matched one by one; give a row for each, without [analysis] trials."))
    found, on = _read(design, table, blind)
    caliper = design.quasi.caliper or None
    pairs = match(found.covariates.values[:, :on], found.arm, ratio=design.quasi.ratio, caliper=caliper)
    shown = balance(found.covariates.values, found.covariates.names, pairs)
    details = _details(design, pairs, shown, on)
    warnings = [*missing_said(found), *pairs.warnings, *_unlike(shown, on)]
    if blind:
        return Observed(found.arms, (), (), (), details, tuple(warnings))
    rows, failed = run(design, _methods(found, pairs, on), partial(panel.line, found, base=_base(found, pairs)))
    details |= {"unseen": _unseen(found, pairs, rows)}
    return Observed(found.arms, rows, failed, groups(found), details, (*declared_said(design, failed), *warnings))


def _read(design: Design, table: Table, blind: bool) -> tuple[Prepared, int]:
    """The rows, and how many of their covariates are matched on. A blind run reads no outcome."""
    told = design.analysis
    if blind:
        table = dict(table) | {told.outcome: [0] * len(next(iter(table.values())))}
    laid = dataclasses.replace(design, design=dataclasses.replace(design.design, kind=INDIVIDUAL))
    every = dataclasses.replace(
        laid, analysis=dataclasses.replace(told, covariates=(*told.covariates, *design.quasi.beside))
    )
    return prepare(every, table), len(prepare(laid, table).covariates.names)


def _methods(found: Prepared, pairs: Matching, on: int) -> Methods:
    y, scale = linear_outcome(found)
    kept, rows = pairs.weights > 0, np.arange(found.n)
    plain_x, more = np.column_stack([np.ones(found.n), found.arm]), found.covariates.values[:, :on]
    full = np.hstack([plain_x, more])
    unlike = said("Nobody was matched: this is the difference as it is, whoever was served.")

    def by(x: Floats, mine: Any, weights: Floats | None, group: Any, model: str, notes: tuple[Said, ...] = ()) -> Found:
        groups_of = clustered(group[mine].tolist())
        held = None if weights is None else weights[mine]
        # Weights say whom a match stands for, not how sure its outcome is, so that CR2 takes an even working covariance.
        even = None if weights is None else np.ones(int(mine.sum()))
        answer = robust(least_squares(x[mine], y[mine], groups_of, weights=held, working=even), groups_of)
        return found_of(answer.estimates[ARM], answer.se[ARM], answer.df[ARM], scale, found.level, model, notes)

    everybody = np.ones(found.n, bool)
    return {
        "matched-cr2": partial(by, plain_x, kept, pairs.weights, pairs.groups, "matched"),
        "matched-adjusted-cr2": partial(by, full, kept, pairs.weights, pairs.groups, "matched, adjusted"),
        "adjusted-cr2": partial(by, full, everybody, None, rows, "everybody, adjusted"),
        "unmatched-cr2": partial(by, plain_x, everybody, None, rows, "everybody", (unlike,)),
    }


def _base(found: Prepared, pairs: Matching) -> float:
    """What was seen in the untreated, each as often as it stands for somebody: a mean, a share, or events over time at risk."""
    weights = np.where(pairs.treated, 0.0, pairs.weights)
    under = np.ones(found.n) if found.time is None else found.time
    return float((weights * found.y).sum() / (weights * under).sum())


def _details(design: Design, pairs: Matching, shown: Sequence[Balance], on: int) -> dict[str, Any]:
    kept = pairs.weights > 0
    return {
        "balance": [
            plain(one) | {"alike": one.alike, "matched_on": place < on} for place, one in enumerate(shown)
        ],
        "treated": int(pairs.treated.sum()), "matched": int((pairs.treated & kept).sum()),
        "others": int((~pairs.treated & kept).sum()), "unmatched": pairs.unmatched, "outside": pairs.outside,
        "ratio": design.quasi.ratio, "caliper": design.quasi.caliper or None,
    }  # fmt: skip


def _unlike(shown: Sequence[Balance], on: int) -> list[Said]:
    names = [one.name for one in shown[:on] if not one.alike]
    beside = [one.name for one in shown[on:] if not one.alike]
    told = []
    if names:
        told.append(
            said(
                "Still unlike after matching (a standardised difference above 0.1): %(names)s.", names=", ".join(names)
            )
        )
    if beside:
        told.append(said("Unlike in what nobody was matched on: %(names)s.", names=", ".join(beside)))
    return told


def _unseen(found: Prepared, pairs: Matching, rows: Sequence[Row]) -> dict[str, float] | None:
    """E-values of the declared line, else of the matched one: of its estimate, and of the end of its interval that is nearer to nought."""
    row = next((one for one in rows if one.declared), None) or next(
        (one for one in rows if one.method == "matched-cr2"), None
    )
    if row is None or row.ci_low is None or row.ci_high is None:
        return None
    near = 0.0 if row.ci_low <= 0 <= row.ci_high else min(row.ci_low, row.ci_high, key=abs)
    ratios = [_ratio(found, pairs, row, one) for one in (row.estimate, near)]
    if any(one is None for one in ratios):
        return None
    first, second = (e_value(one) for one in ratios if one is not None)
    return {"e_value": first, "e_value_of_interval": second}


def _ratio(found: Prepared, pairs: Matching, row: Row, difference: float) -> float | None:
    """The risk ratio that goes with a difference; None where there is none."""
    others = ~pairs.treated & (pairs.weights > 0)
    if found.outcome == CONTINUOUS:
        apart = [found.y[part].var(ddof=1) for part in (pairs.treated & (pairs.weights > 0), others) if part.sum() > 1]
        sd = math.sqrt(float(np.mean(apart))) if apart else 0.0
        return math.exp(PER_SD * difference / sd) if sd > 0 else None
    if found.outcome != BINARY or row.scale != RISKS:
        return None
    base = _base(found, pairs)
    return (base + difference) / base if base > 0 and base + difference > 0 else None
