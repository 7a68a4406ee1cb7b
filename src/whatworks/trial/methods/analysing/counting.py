"""Analyses of shares and counts on the log scale: models with random levels, plain ones, and estimating equations."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.analysing.layout import ARM, matrix, people
from whatworks.trial.methods.analysing.panel_rows import DIFFERENCE, LOG_ODDS, LOG_RATES, Found, found_of
from whatworks.trial.methods.analysing.plain_counts import negative_binomial, poisson
from whatworks.trial.methods.analysing.table import Floats, Labels, Prepared
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS
from whatworks.trial.methods.general import GeneralFit, fit_general
from whatworks.trial.methods.marginal import corrected, fit_gee

MOST_MEMBERS = 40_000_000  # rows times random levels
SCALES = {"gaussian": DIFFERENCE, "binomial": LOG_ODDS, "poisson": LOG_RATES}
Levels = dict[str, Labels]


def random_levels(found: Prepared, family: str, nested: bool = False) -> tuple[Levels, tuple[str, ...]]:
    """The random levels of a model, and the strata that are random in it and therefore not fixed.

    A column under both `strata` and `random` is random here, and fixed in models without random levels. Where each cluster is
    one row of counts and no `random` is named, the strata are random: a negative binomial's own spread is then the clusters'.
    """
    levels = dict(found.random)
    single = found.alone and not found.wedge
    if single and not levels and family != "binomial":
        levels = dict(found.strata)
    if not (single and family == "negative-binomial") and found.design.analysis.cluster:
        levels["cluster"] = found.cluster
    if nested and found.period is not None:
        levels["cluster:period"] = np.array([f"{a}\x1f{b:g}" for a, b in zip(found.cluster, found.period, strict=True)])
    if not levels:
        raise InputError(said("There is no random level: no cluster is named, nor strata or random columns."))
    return levels, tuple(name for name in found.strata if name in levels)


def mixed_general(found: Prepared, family: str, nested: bool = False) -> Found:
    """A model with random intercepts by Laplace's approximation; p by the normal distribution."""
    if nested and not found.wedge:
        raise InputError(said("Levels for each cluster in each period are for a stepped wedge."))
    _refuse_empty(found)
    levels, without = random_levels(found, family, nested)
    rows, labels, x, y, trials, time = _merged(found, family, levels, without)
    if len(labels) > 1 and rows * sum(int(one.max()) + 1 for one in labels) > MOST_MEMBERS:
        raise InputError(said("There are too many rows and levels for this model here; see another method."))
    offset = None if time is None else np.log(time)
    fit = fit_general(x, y, labels, family, trials=trials, offset=offset)
    if not fit.settled or not np.isfinite(fit.se[ARM]) or not fit.se[ARM] > 0:
        raise InputError(
            said("The search for the highest likelihood did not settle; an arm or a level may have no events.")
        )
    parts = _variances(fit, list(levels))
    model = " + ".join(f"(1|{name})" for name in levels) + f", {rows} rows, Laplace"
    scale = LOG_ODDS if family == "binomial" else LOG_RATES
    notes = _cautions(fit, list(levels), found, nested)
    return found_of(float(fit.coefficients[ARM]), float(fit.se[ARM]), None, scale, found.level, model, notes, parts)


def _variances(fit: GeneralFit, names: list[str]) -> tuple[tuple[str, float], ...]:
    parts = [(name, float(sd) ** 2) for name, sd in zip(names, fit.sds, strict=True)]
    return (*parts, *([("size", fit.size)] if fit.size is not None else []), ("log_likelihood", fit.log_likelihood))


def _cautions(fit: GeneralFit, names: list[str], found: Prepared, nested: bool) -> tuple[Said, ...]:
    notes = [
        said("No variance was found between the levels of %(name)s.", name=name)
        for name, sd in zip(names, fit.sds, strict=True)
        if sd < 1e-3
    ]
    if found.varying:
        named = ", ".join(one.model for one in found.varying)
        notes.append(
            said("It has levels and no slopes that differ: of %(terms)s it takes the levels alone.", terms=named)
        )
    if found.wedge and not nested:
        notes.append(said("It supposes that people of one cluster are as alike in different periods as in one."))
    return tuple(notes)


def _merged(
    found: Prepared, family: str, levels: Levels, without: tuple[str, ...]
) -> tuple[int, list[NDArray[np.intp]], Floats, Floats, Floats | None, Floats | None]:
    """Rows that are alike in all but the outcome counted together, where the likelihood is the same but for a constant."""
    x = matrix(found, without=without)
    codes = [np.unique(one, return_inverse=True)[1].ravel() for one in levels.values()]
    time = None if found.time is None else found.time
    trials = None
    if found.outcome == BINARY:
        trials = np.ones(found.n) if found.trials is None else found.trials
    if family == "negative-binomial" or found.n < 500:
        return found.n, codes, x, found.y, trials, time
    keys = np.column_stack([x, *codes])
    same, index = np.unique(keys, axis=0, return_inverse=True)
    index = index.ravel()
    _, first = np.unique(index, return_index=True)

    def total(values: Floats) -> Floats:
        return np.bincount(index, values, minlength=len(same)).astype(float)

    summed = total(np.ones(found.n) if time is None else time) if family == "poisson" else None
    return (
        len(same), [one[first] for one in codes], x[first], total(found.y), None if trials is None else total(trials), summed,
    )  # fmt: skip


def naive(found: Prepared) -> Found:
    """A Poisson model as if counts in one cluster had nothing to do with one another: what not to trust."""
    _refuse_empty(found)
    time = np.ones(found.n) if found.time is None else found.time
    fit = poisson(matrix(found), found.y, np.log(time))
    note = said(
        "It takes every event as standing alone, yet counts are spread %(times)s times as much as that; its p and interval are "
        "not to be believed.",
        times=f"{fit.dispersion:.2g}",
    )
    warned = (note,) if fit.dispersion > 1.2 or not found.alone else ()
    parts = (("dispersion", fit.dispersion), ("log_likelihood", fit.log_likelihood))
    return found_of(float(fit.b[ARM]), float(fit.se[ARM]), None, LOG_RATES, found.level, "no levels", warned, parts)


def overdispersed(found: Prepared) -> Found:
    """A negative binomial model with fixed strata; rows stand alone, so it is for one row for each cluster."""
    if not found.alone:
        raise InputError(said("Clusters have several rows, which this model takes as standing alone; see glmm-nb."))
    _refuse_empty(found)
    time = np.ones(found.n) if found.time is None else found.time
    fit = negative_binomial(matrix(found), found.y, np.log(time))
    assert fit.size is not None
    parts = (("size", fit.size), ("log_likelihood", fit.log_likelihood))
    return found_of(
        float(fit.b[ARM]), float(fit.se[ARM]), None, LOG_RATES, found.level, "size by likelihood", (), parts
    )


def marginal(found: Prepared, kind: str) -> Found:
    """Estimating equations, exchangeable within clusters. `kind`: "none" is tested by z, "md" and "kc" by t.

    The degrees of freedom are the clusters less the coefficients of what is the same throughout each cluster, the constant and the
    arm among them (Leyrat and others 2018, doi 10.1093/ije/dyx169); in a stepped wedge clusters less two.
    """
    _refuse_empty(found)
    rows = people(found) if found.outcome == BINARY else found
    family = {CONTINUOUS: "gaussian", BINARY: "binomial"}.get(found.outcome, "poisson")
    x = matrix(rows)
    offset = None if rows.time is None else np.log(rows.time)
    alone = len(np.unique(rows.cluster)) == rows.n
    fit = fit_gee(x, rows.y, rows.cluster, family, offset=offset, correlation=0.0 if alone else None)
    se = math.sqrt(float(corrected(fit, kind)[ARM, ARM]))
    df = None
    if kind != "none":
        df = float(found.clusters - (2 if found.wedge else _of_clusters(x, rows.cluster)))
        if df < 1:
            raise InputError(said("There are as many coefficients of clusters as clusters."))
    parts = (("correlation", float(fit.correlation)), ("scale", float(fit.scale)))
    model = {"none": "robust", "md": "Mancl-DeRouen", "kc": "Kauermann-Carroll"}[kind]
    return found_of(float(fit.coefficients[ARM]), se, df, SCALES[family], found.level, model, (), parts)


def _refuse_empty(found: Prepared) -> None:
    """InputError where an arm has no events, or nothing but events: the logarithm of its ratio has no end."""
    if found.outcome == CONTINUOUS:
        return
    for number, name in enumerate(found.arms):
        mine = found.arm == number
        if not found.y[mine].sum() > 0:
            raise InputError(
                said("The arm “%(name)s” has no events, so that the logarithm of its ratio has no end.", name=name)
            )
        whole = mine.sum() if found.trials is None else found.trials[mine].sum()
        if found.outcome == BINARY and found.y[mine].sum() >= whole:
            raise InputError(
                said("In the arm “%(name)s” everybody has the event, so that its odds have no end.", name=name)
            )


def _of_clusters(x: Floats, cluster: Labels) -> int:
    """How many columns are the same in all rows of each cluster."""
    _, first, index = np.unique(cluster, return_index=True, return_inverse=True)
    return int((x == x[first][index.ravel()]).all(axis=0).sum())
