"""Effects that grow or fade with the time since a cluster changed over: a stepped wedge's mean over exposure times.

A model with one constant effect can miss, and even turn round, an effect that changes with exposure (Kenny and others 2022, doi
10.1002/sim.9511; Maleyeff and others 2023, doi 10.1111/biom.13803). Here each exposure time has an effect of its own; their mean is one
coefficient, and the others are deviations from it.
"""

from __future__ import annotations

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.analysing.layout import ARM, linear_outcome, matrix
from whatworks.trial.methods.analysing.linear import rows_of
from whatworks.trial.methods.analysing.panel_rows import Found, found_of
from whatworks.trial.methods.analysing.table import Column, Floats, Prepared
from whatworks.trial.methods.mixed import fit_intercepts, small_sample


def exposure_times(found: Prepared) -> Floats:
    """How many periods each row's cluster has had the intervention, 0 before. Raises InputError where a cluster goes back."""
    assert found.period is not None
    place = np.unique(found.period, return_inverse=True)[1].ravel()
    times = np.zeros(found.n)
    for cluster in np.unique(found.cluster):
        rows = found.cluster == cluster
        under = rows & (found.arm == 1)
        if not under.any():
            continue
        first = place[under].min()
        if (found.arm[rows & (place >= first)] == 0).any():
            raise InputError(
                said("Cluster %(cluster)s goes back to the comparator, so that time since its change does not tell its exposure.",
                     cluster=cluster)
            )  # fmt: skip
        times[under] = place[under] - first + 1
    return times


def by_exposure(found: Prepared) -> dict[str, Found]:
    """The mean over exposure times by a mixed model (Kenward and Roger) and by levels of clusters with CR2.

    Raises InputError where there are fewer than two exposure times, or a level of its own for each cannot be told.
    """
    rows = rows_of(found)
    times = exposure_times(rows)
    seen = np.unique(times[times > 0])
    if len(seen) < 2:
        raise InputError(said("No cluster is seen at two exposure times, so that none can differ."))
    y, scale = linear_outcome(rows)
    last = (times == seen[-1]).astype(float)
    apart = [(times == one).astype(float) - last for one in seen[:-1]]
    names = ("the mean over exposure times", *(f"exposure {one:g}" for one in seen[:-1]))
    columns = Column(names, np.column_stack([rows.arm, *apart]))
    model = said("mean of %(n)s exposure times", n=len(seen))
    tests = small_sample(fit_intercepts(matrix(rows, instead=columns), y, rows.cluster), level=found.level)
    estimate, se, df = (float(one[0, ARM]) for one in (tests.estimate, tests.se, tests.df))
    answers = {"lmm-kr": found_of(estimate, se, df, scale, found.level, model)}
    clusters = clustered(rows.cluster.tolist())
    fixed = robust(least_squares(matrix(rows, clusters=True, instead=columns), y, clusters), clusters, "CR2")
    answers["ols-cr2"] = found_of(fixed.estimates[ARM], fixed.se[ARM], fixed.df[ARM], scale, found.level, model)
    return answers
