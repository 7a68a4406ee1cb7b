"""Linear analyses: mixed models, least squares with robust errors, the wild bootstrap, means of clusters, compliers.

In a stepped wedge all of them take the means of clusters in periods: mixed models with periods and an intercept for each
cluster, least squares with a level for each period and each cluster.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.robust import LinearFit, clustered, least_squares, robust, wild_bootstrap
from whatworks.stats.robust.adjusting import Kind
from whatworks.stats.robust.clusters import Clusters
from whatworks.trial.methods.analysing.any_mixed import any_mixed
from whatworks.trial.methods.analysing.layout import ARM, collapsed, linear_outcome, matrix, people
from whatworks.trial.methods.analysing.panel_rows import Found, found_of
from whatworks.trial.methods.analysing.table import Column, Floats, Prepared
from whatworks.trial.methods.design.parts import INDIVIDUAL
from whatworks.trial.methods.mixed import fit_intercepts, small_sample

FEW_DF = 4.0
MOST_SIGNS = 30_000_000


def rows_of(found: Prepared) -> Prepared:
    """The rows that linear models take: one for each person, or in a stepped wedge the means of clusters in periods."""
    return collapsed(found) if found.wedge else people(found)


def mixed(found: Prepared, way: str) -> Found:
    """A random intercept for each cluster, by restricted maximum likelihood; `way`: "kenward-roger" or "satterthwaite"."""
    rows = rows_of(found)
    if rows.random or rows.varying:
        return any_mixed(rows, way)
    if found.design.design.kind == INDIVIDUAL and not found.design.analysis.cluster:
        raise InputError(said("People were drawn one by one, and no cluster is named that they share."))
    if len(np.unique(rows.cluster)) == rows.n:
        raise InputError(said("Each cluster has one row, so that what its people share cannot be told from the rest."))
    y, scale = linear_outcome(rows)
    fit = fit_intercepts(matrix(rows), y, rows.cluster)
    tests = small_sample(fit, way, level=found.level)
    parts = (("cluster", float(fit.between[0])), ("residual", float(fit.within[0])), ("reml", float(fit.criterion[0])))
    at = (tests.estimate, tests.se, tests.df, tests.p, tests.low, tests.high)
    estimate, se, df, p, low, high = (float(one[0, ARM]) for one in at)
    notes = (said("No variance was found between clusters; it was set to nought."),) if fit.between[0] == 0 else ()
    if found.wedge and df > 2 * found.clusters:
        more = said(
            "%(df)s degrees of freedom with %(n)s clusters suppose that the model is right about what periods share: see ols-cr2 and "
            "the randomisation tests.",
            df=f"{df:.0f}",
            n=found.clusters,
        )
        notes = (*notes, more)
    return Found(estimate, se, df, p, low, high, scale, "t", "(1|cluster)", notes, parts)


def squares(found: Prepared, kind: Kind) -> Found:
    """Least squares with robust errors: CR2 with Satterthwaite's degrees of freedom, CR1S and CR3 with clusters less one."""
    fit, clusters, scale = fitted(found)
    answer = robust(fit, clusters, kind)
    df = answer.df[ARM] if kind == "CR2" else float(clusters.number - 1)
    if not df > 0:
        raise InputError(said("The clusters are too few to see chance in this coefficient."))
    notes = (few(df),) if df < FEW_DF else ()
    return found_of(answer.estimates[ARM], answer.se[ARM], df, scale, found.level, f"{kind}, cluster", notes)


def few(df: float) -> Said:
    """What a reader must know of a t with hardly any degrees of freedom."""
    return said("Only %(df)s degrees of freedom: below 4 neither p nor interval can be trusted.", df=f"{df:.1f}")


def fitted(found: Prepared, instead: Column | None = None) -> tuple[LinearFit, Clusters, str]:
    """Ordinary least squares, the clusters, and the scale."""
    rows = rows_of(found)
    y, scale = linear_outcome(rows)
    clusters = clustered(rows.cluster.tolist())
    return least_squares(matrix(rows, clusters=found.wedge, instead=instead), y, clusters), clusters, scale


def wild(found: Prepared) -> Found:
    """The wild cluster bootstrap of the t statistic, restricted to no effect; Webb's multipliers for fewer than 10 clusters."""
    fit, clusters, scale = fitted(found)
    told = found.design.analysis
    row = np.eye(fit.x.shape[1])[ARM]
    if clusters.number * told.draws > MOST_SIGNS:
        raise InputError(
            said(
                "%(n)s clusters are so many that a bootstrap says what ols-cr2 says; it is left out.",
                n=f"{clusters.number:,}",
            )
        )
    few_clusters = clusters.number < 10
    answer = wild_bootstrap(
        fit, clusters, row, multipliers="webb" if few_clusters else "rademacher", draws=told.draws, seed=told.seed,
        interval=True, level=found.level,
    )  # fmt: skip
    estimate = float(fit.estimates[ARM])
    se = abs(estimate) / math.sqrt(answer.statistic) if answer.statistic > 0 else None
    how = said("every change of signs") if answer.exact else said("%(n)s draws", n=answer.draws)
    model = f"{answer.multipliers}, {how}"
    return Found(estimate, se, None, answer.p, answer.ci_low, answer.ci_high, scale, "bootstrap", model)


def means(found: Prepared) -> Found:
    """One number for each cluster, compared by least squares with strata and covariates of clusters; t, clusters less coefficients."""
    if found.wedge:
        raise InputError(
            said("In a stepped wedge each cluster is in both arms; clusters' means over time do not compare them.")
        )
    rows = units_of(found)
    y, scale = linear_outcome(rows)
    x = matrix(rows)
    df = len(y) - x.shape[1]
    if df < 1:
        raise InputError(said("%(n)s clusters do not carry %(p)s coefficients.", n=len(y), p=x.shape[1]))
    bread = np.linalg.inv(x.T @ x)
    b = bread @ x.T @ y
    residual = y - x @ b
    se = math.sqrt(float(residual @ residual) / df * bread[ARM, ARM])
    if not se > 0:
        raise InputError(said("The clusters of each arm do not differ, so that chance cannot be seen."))
    return found_of(float(b[ARM]), se, float(df), scale, found.level, "clusters, unweighted")


def units_of(found: Prepared) -> Prepared:
    """One row for each unit that was drawn."""
    return found if found.design.design.kind == INDIVIDUAL else collapsed(found)


def compliers(found: Prepared) -> Found:
    """The effect on those who take the offer up because of it: two-stage least squares with the arm as instrument, CR2.

    With as many instruments as unknowns the fitted columns span what the instruments span, so that CR2 and its degrees of freedom
    are those of the second stage's fitted columns with the residuals of the columns as they are.
    """
    rows = rows_of(_told(found))
    assert rows.received is not None
    y, scale = linear_outcome(rows)
    z = matrix(rows, clusters=found.wedge)
    x = z.copy()
    x[:, ARM] = rows.received
    shares = [float(rows.received[rows.arm == one].mean()) for one in (0, 1)]
    first = np.linalg.lstsq(z, x[:, ARM], rcond=None)[0]
    if abs(first[ARM]) < 1e-8:
        raise InputError(
            said("The offer made no difference to who took it up, so that it tells nothing of its effect.")
        )
    clusters = clustered(rows.cluster.tolist())
    stage: Floats = x.copy()
    stage[:, ARM] = z @ first
    fit = least_squares(stage, y, clusters)
    answer = robust(dataclasses.replace(fit, residuals=y - x @ fit.estimates), clusters, "CR2")
    note = said(
        "Taken up by %(other)s in the arm and %(none)s of the comparator; it is the effect on those whom the offer moved.",
        other=f"{shares[1]:.1%}",
        none=f"{shares[0]:.1%}",
    )
    return found_of(
        answer.estimates[ARM], answer.se[ARM], answer.df[ARM], scale, found.level, "arm as instrument", (note,)
    )


def _told(found: Prepared) -> Prepared:
    if found.received is None:
        raise InputError(said("[analysis] names no column received, so that nobody knows who took the offer up."))
    missing = int(np.isnan(found.received).sum())
    if missing:
        raise InputError(
            said(
                "%(n)s rows do not say whether the offer was taken up; fill that in, or fix beforehand what counts.",
                n=missing,
            )
        )
    if ((found.received < 0) | (found.received > 1)).any():
        raise InputError(said("What was received must lie between 0 and 1."))
    return found
