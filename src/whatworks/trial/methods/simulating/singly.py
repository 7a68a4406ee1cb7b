"""Analyses of simulated trials one at a time: estimating equations, and mixed models of shares and counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.stats.robust import clustered, least_squares, wild_bootstrap
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, Design
from whatworks.trial.methods.general import fit_general
from whatworks.trial.methods.marginal import corrected, fit_gee
from whatworks.trial.methods.simulating.batched import Tested
from whatworks.trial.methods.simulating.drawing import Drawn
from whatworks.trial.methods.simulating.layout import Floats, Layout

Pair = tuple[float, float]
One = Callable[[Design, Layout, Drawn, int], Pair]
DRAWS = 999


def singly(design: Design, layout: Layout, drawn: Drawn, method: str) -> Tested:
    """Every set for itself; one that cannot be fitted is a failure (NaN), and does not stop the others."""
    found = np.full((drawn.means.shape[1], 2), np.nan)
    for number in range(len(found)):
        try:
            with np.errstate(all="ignore"):
                found[number] = SINGLY[method](design, layout, drawn, number)
        except (InputError, np.linalg.LinAlgError, FloatingPointError):
            continue
    return Tested(found[:, 0], found[:, 1])


def _gee(correction: str) -> One:
    def one(design: Design, layout: Layout, drawn: Drawn, number: int) -> Pair:
        x, y, cluster, offset, family = _people(design, layout, drawn, number)
        fit = fit_gee(x, y, cluster, family, offset=offset)
        se = float(np.sqrt(corrected(fit, correction)[1, 1]))
        z = abs(float(fit.coefficients[1])) / se
        df = layout.clusters - (layout.x.shape[1] if layout.periods == 1 else 2)
        p = 2 * norm.sf(z) if correction == "none" else 2 * students_t.sf(z, df)
        return float(fit.coefficients[1]), float(p)

    return one


def _people(design: Design, layout: Layout, drawn: Drawn, number: int) -> tuple[Floats, Floats, Floats, Floats, str]:
    """Rows as an analyst has them: of people where outcomes are yes or no, otherwise of cells."""
    if design.design.outcome == BINARY:
        count = layout.people.astype(int)
        cell = np.repeat(np.arange(len(count)), count)
        place = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
        y = (place < drawn.totals[cell, number]).astype(float)
        return layout.x[cell], y, layout.cluster[cell].astype(float), np.zeros(len(cell)), "binomial"
    if design.design.outcome == COUNT:
        return layout.x, drawn.totals[:, number], layout.cluster.astype(float), np.log(drawn.exposure), "poisson"
    if layout.periods > 1:
        return layout.x, drawn.means[:, number], layout.cluster.astype(float), np.zeros(len(layout.x)), "gaussian"
    x, y, cluster = two_halves(layout, drawn, number)
    return x, y, cluster, np.zeros(len(y)), "gaussian"


def two_halves(layout: Layout, drawn: Drawn, number: int) -> tuple[Floats, Floats, Floats]:
    """People whose means and sums of squares in each cell are those drawn: half above, half below (an odd one in the middle)."""
    count = layout.people.astype(int)
    cell = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    even = count - count % 2
    side = np.where(place >= even[cell], 0.0, np.where(place % 2 == 0, 1.0, -1.0))
    spread = np.sqrt(drawn.squares[:, number] / np.maximum(even, 1))
    y = drawn.means[cell, number] + side * spread[cell]
    return layout.x[cell], y, layout.cluster[cell].astype(float)


def _mixed(family: str) -> One:
    def one(design: Design, layout: Layout, drawn: Drawn, number: int) -> Pair:
        groupings = [layout.cluster]
        if layout.periods > 1 and design.size.cac not in (None, 1.0):
            groupings.append(np.arange(len(layout.cluster)))
        trials = layout.people if family == "binomial" else None
        offset = None if family == "binomial" else np.log(drawn.exposure)
        fit = fit_general(layout.x, drawn.totals[:, number], groupings, family, trials=trials, offset=offset)
        if not fit.settled:
            return float("nan"), float("nan")
        return float(fit.coefficients[1]), float(fit.p[1])

    return one


def _wild(design: Design, layout: Layout, drawn: Drawn, number: int) -> Pair:
    root = np.sqrt(layout.people)
    clusters = clustered(layout.cluster.tolist())
    fit = least_squares(layout.x * root[:, None], drawn.means[:, number] * root, clusters)
    row = np.zeros(layout.x.shape[1])
    row[1] = 1.0
    return float(fit.estimates[1]), wild_bootstrap(fit, clusters, row, draws=DRAWS, seed=number).p


SINGLY: dict[str, One] = {
    "gee-exchangeable": _gee("none"),
    "gee-md": _gee("md"),
    "gee-kc": _gee("kc"),
    "wild-bootstrap": _wild,
    "glmm-binomial": _mixed("binomial"),
    "glmm-poisson": _mixed("poisson"),
    "glmm-nb": _mixed("negative-binomial"),
}
MEANS = (
    "lmm-kr", "lmm-satterthwaite", "ols-cr2", "ols-cr1s", "ols-cr3", "gee-exchangeable", "gee-md", "gee-kc", "cluster-means-t",
    "wild-bootstrap", "ri-exact", "ri-sampled",
)  # fmt: skip
RATES = tuple(one for one in MEANS if not one.startswith("lmm"))
FITTING = {
    CONTINUOUS: MEANS,
    BINARY: (*MEANS, "glmm-binomial"),
    COUNT: (*RATES, "glmm-poisson", "glmm-nb", "poisson-naive"),
}
