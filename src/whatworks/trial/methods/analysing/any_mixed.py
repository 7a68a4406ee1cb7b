"""The mixed model of a design that names random terms: further levels, nested or crossed, and slopes that differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from whatworks.saying import Said, said
from whatworks.trial.methods.analysing.admitted import alike
from whatworks.trial.methods.analysing.layout import ARM, linear_outcome, matrix
from whatworks.trial.methods.analysing.panel_rows import Found
from whatworks.trial.methods.analysing.table import Prepared
from whatworks.trial.methods.mixed import RandomTerm, Spread, contrast_tests, fit_mixed

NOUGHT = 1e-8


def any_mixed(rows: Prepared, way: str) -> Found:
    """Restricted maximum likelihood with every random term that the design names, and the clusters' levels where none of them has these.

    `way`: "kenward-roger" or "satterthwaite". Raises InputError as `fit_mixed` does.
    """
    single = (
        len(np.unique(rows.cluster)) == rows.n
    )  # what a row alone in its cluster shares cannot be told from the rest
    held = {one.name for one in rows.varying if one.intercept}
    own = rows.design.analysis.cluster
    same = own in held or any(alike(labels, rows.cluster) for labels in rows.random.values())
    plain = ({} if single or same else {"cluster": rows.cluster}) | {
        name: labels for name, labels in rows.random.items() if name not in held
    }
    terms = [RandomTerm(name, labels) for name, labels in plain.items()]
    names = ["cluster" if one.group == (own,) else one.name for one in rows.varying]
    terms += [
        RandomTerm(name, one.labels, one.columns, one.related) for name, one in zip(names, rows.varying, strict=True)
    ]
    y, scale = linear_outcome(rows)
    x = matrix(rows, without=tuple({*plain, *names}))
    fit = fit_mixed(x, y, terms)
    tests = contrast_tests(fit, np.eye(x.shape[1])[[ARM]], way, level=rows.level)
    at = (tests.estimate, tests.se, tests.df, tests.p, tests.low, tests.high)
    estimate, se, df, p, low, high = (float(one[0]) for one in at)
    parts = [
        part
        for spread, names in zip(fit.spreads, _columns(rows, len(plain)), strict=True)
        for part in _parts(spread, names)
    ]
    notes: tuple[Said | str, ...] = fit.warnings if rows.varying else tuple(_none(fit.spreads))
    model = " + ".join([*(f"(1|{name})" for name in plain), *(one.model for one in rows.varying)])
    ends = (*parts, ("residual", fit.within**2), ("reml", fit.criterion))
    return Found(estimate, se, df, p, low, high, scale, "t", model, tuple(notes), ends)  # type: ignore[arg-type]


def _columns(rows: Prepared, plain: int) -> list[tuple[str, ...]]:
    """What varies in each term, the intercept without a name."""
    return [("",)] * plain + [(*(("",) if one.intercept else ()), *one.slopes.names) for one in rows.varying]


def _parts(spread: Spread, names: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Variances under the group's name and the slope's, and correlations under both."""
    for name, sd in zip(names, spread.sds, strict=True):
        yield (f"{spread.name}:{name}" if name else spread.name), float(sd) ** 2
    for first in range(len(names)):
        for second in range(first):
            pair = f"{names[second] or 'level'}, {names[first] or 'level'}"
            yield f"{spread.name}: correlation of {pair}", float(spread.correlations[first, second])


def _none(spreads: tuple[Spread, ...]) -> Iterator[Said]:
    for one in spreads:
        if float(one.sds[0]) ** 2 < NOUGHT:
            yield said("No variance was found between the levels of %(name)s.", name=one.name)
