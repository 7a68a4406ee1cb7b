"""Is the funnel of odds or risk ratios askew? Tests from 2x2 tables whose predictor does not contain the effect itself.

The standard error of a log ratio depends on the ratio, so that Egger's test errs on such effects. All of these are weighted
least squares with t on k - 2 degrees of freedom. Checked against R's lm (tests/oracles/test_bias.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.extract.methods.effects import measure as effects_of
from whatworks.saying import said
from whatworks.stats.results import Result
from whatworks.synthesise.methods.bias.lines import least_squares
from whatworks.synthesise.methods.bias.regression import told
from whatworks.synthesise.methods.weighing import Floats

Ratio = Literal["OR", "RR"]
CELLS = ("ai", "bi", "ci", "di")
HARBORD = "Harbord, Egger and Sterne (2006), Statistics in Medicine 25(20), 3443-3457"
PETERS = "Peters, Sutton, Jones, Abrams and Rushton (2006), JAMA 295(6), 676-680"
MACASKILL = "Macaskill, Walter and Irwig (2001), Statistics in Medicine 20(4), 641-654"
DEBRAY = "Debray, Moons and Riley (2018), Research Synthesis Methods 9(1), 41-50"


@dataclass(frozen=True, slots=True)
class TableTest(Result):
    """One test. slope: of the effect on the predictor, 0 in a symmetric funnel; t with df = k - 2; None: not defined.

    k: the studies that it could use.
    """

    name: str
    title: str
    slope: float | None
    se: float | None
    t: float | None
    df: int | None
    p: float | None
    k: int
    source: str


class Regression(NamedTuple):
    """What a test regresses: effects on a predictor with weights, on the rows that have all three."""

    name: str
    title: str
    y: Floats
    x: Floats
    weights: Floats
    source: str


def table_tests(cells: Mapping[str, ArrayLike], ratio: Ratio = "OR", level: float = 0.95) -> tuple[TableTest, ...]:
    """Harbord's, Peters', Macaskill's and Debray's tests of k tables: ai, ci with the outcome, bi, di without it.

    The first group is ai, bi. Log ratios have 1/2 added to all four cells where one is empty; Harbord's scores need no
    such rule and leave out studies in which everybody or nobody has the outcome. InputError: wrong cells.
    """
    a, b, c, d = counts(cells)
    yi, vi = (np.asarray(part, dtype=float) for part in _effects(ratio, a, b, c, d))
    n, events = a + b + c + d, a + c
    pooled = events * (n - events) / n
    fav = a * c / np.where(events > 0, events, 1)
    regressions = [
        Regression("harbord", "score on its error", *scores(a, b, c, d, ratio), HARBORD),
        Regression("peters", "effect on 1 / n, weights of the pooled proportion", yi, 1 / n, pooled, PETERS),
        Regression("macaskill-fiv", "effect on n, inverse-variance weights", yi, n, 1 / vi, MACASKILL),
        Regression("macaskill-fpv", "effect on n, weights of the pooled proportion", yi, n, pooled, MACASKILL),
        Regression(
            "debray-fiv", "effect on 1 / events, inverse-variance weights", yi, _inverse(events), 1 / vi, DEBRAY
        ),
        Regression("debray-fav", "effect on 1 / events, weights of the events", yi, _inverse(events), fav, DEBRAY),
        Regression("total-n-fiv", "effect on 1 / n, inverse-variance weights", yi, 1 / n, 1 / vi, DEBRAY),
    ]
    return tuple(_test(regression, level) for regression in regressions)


def counts(cells: Mapping[str, ArrayLike]) -> Iterator[Floats]:
    """The four cells as columns of equal length; InputError says which is absent or impossible."""
    if absent := [name for name in CELLS if cells.get(name) is None]:
        raise InputError(
            said(
                "Tests from 2x2 tables need %(cells)s; %(absent)s is not given.",
                cells=" ".join(CELLS),
                absent=absent[0],
            )
        )
    columns = [np.asarray(cells[name], dtype=float) for name in CELLS]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
        raise InputError(said("The columns ai, bi, ci and di must be equally long; give all four for every study."))
    for name, column in zip(CELLS, columns, strict=True):
        if bad := np.flatnonzero(~(np.isfinite(column) & (column >= 0))).tolist():
            raise InputError(
                said(
                    "Row %(bad)s of %(name)s must be a count of 0 or more; correct it or leave the row out.",
                    bad=bad[0] + 1,
                    name=name,
                )
            )
    a, b, c, d = columns
    if bad := np.flatnonzero((a + b == 0) | (c + d == 0)).tolist():
        raise InputError(said("In row %(bad)s a group has no people in it; leave the row out.", bad=bad[0] + 1))
    return iter(columns)


def scores(a: Floats, b: Floats, c: Floats, d: Floats, ratio: Ratio) -> tuple[Floats, Floats, Floats]:
    """Harbord's regression: score / information on 1 / sqrt(information), with the information as weights.

    OR: conditional on both margins (Peto's score). RR: the efficient score of two binomials at no difference, Z =
    (a n - n1 e) / (n - e), V = n1 n0 e / (n (n - e)), with e the events in all n (Harbord, Harris and Sterne 2009, Stata
    Journal 9(2), 197-210).
    """
    n1, n0, events = a + b, c + d, a + c
    n = n1 + n0
    with np.errstate(divide="ignore", invalid="ignore"):
        if ratio == "OR":
            score, information = a - events * n1 / n, n1 * n0 * events * (n - events) / (n * n * (n - 1))
        else:
            score, information = (a * n - n1 * events) / (n - events), n1 * n0 * events / (n * (n - events))
        return score / information, information**-0.5, information


def _effects(ratio: Ratio, *columns: Floats) -> tuple[Floats, Floats]:
    if ratio not in ("OR", "RR"):
        raise InputError(
            said("Tests from 2x2 tables are for OR or RR, not %(ratio)r; choose one of them.", ratio=ratio)
        )
    found = effects_of(ratio, dict(zip(CELLS, columns, strict=True)))
    return found.yi, found.vi


def _inverse(events: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return 1 / events


def _test(regression: Regression, level: float) -> TableTest:
    name, title, y, x, weights, source = regression
    usable = np.isfinite(y) & np.isfinite(x) & np.isfinite(weights) & (weights > 0)
    line = least_squares(y[usable], x[usable], weights[usable])
    k = int(usable.sum())
    if line is None:
        return TableTest(name, title, None, None, None, None, None, k, source)
    slope = told(line.slope, line.slope_se, line.df, level)
    return TableTest(name, title, slope.estimate, slope.se, slope.statistic, slope.df, slope.p, k, source)
