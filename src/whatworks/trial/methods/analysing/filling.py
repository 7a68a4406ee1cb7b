"""The primary comparison with missing outcomes imputed, and how far these would have to differ for it to tip."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.analysing.layout import ARM, matrix
from whatworks.trial.methods.analysing.panel_rows import DIFFERENCE, RISKS
from whatworks.trial.methods.analysing.table import Floats, Prepared
from whatworks.trial.methods.design.parts import COUNT
from whatworks.trial.methods.mixed import fit_intercepts, small_sample
from whatworks.trial.methods.outcomes.missing import Combined, Tipping, combine, impute, tipping_point

IMPUTATIONS = 20


@dataclass(frozen=True, slots=True)
class Filled(Result):
    """Missing outcomes imputed with arm, covariates, strata and a level for each cluster, each set analysed by `method`.

    `tipping`: how much more or less the missing outcomes of the second arm would have to be, on average.
    """

    method: str
    scale: str
    missing: dict[str, int]
    combined: Combined
    tipping: Tipping


def filled(found: Prepared) -> Filled:
    """Impute and analyse: the mixed model with Kenward and Roger's test, or least squares with CR2 where nothing is shared.

    Raises InputError for counts, rows that count several people, a stepped wedge, and where nothing or too much is missing.
    """
    if found.outcome == COUNT or found.trials is not None or found.wedge:
        raise InputError(said("Imputation is for values and yes-or-no outcomes of people in parallel arms."))
    gone = np.isnan(found.y)
    if not gone.any():
        raise InputError(said("What is missing is not the outcome, and only that is imputed."))
    shared = len(np.unique(found.cluster)) < found.n
    x = matrix(replace(found, y=np.where(gone, 0.0, found.y)))
    seed = found.design.analysis.seed
    sets = impute(x, found.y, found.cluster if shared else None, imputations=IMPUTATIONS, seed=seed)
    arm = gone & (found.arm == 1)

    def at(delta: float) -> Combined:
        return _analysed(found, x, sets + delta * arm[:, None], shared)

    spread = float(found.y[~gone].std(ddof=1))
    tipping = tipping_point(lambda delta: at(delta).p, spread, found.design.design.alpha) if arm.any() else Tipping(
        None, at(0.0).p < found.design.design.alpha, 0.0, None
    )  # fmt: skip
    missing = {name: int((gone & (found.arm == number)).sum()) for number, name in enumerate(found.arms)}
    scale = DIFFERENCE if found.outcome == "continuous" else RISKS
    return Filled("lmm-kr" if shared else "ols-cr2", scale, missing, at(0.0), tipping)


def _analysed(found: Prepared, x: Floats, sets: Floats, shared: bool) -> Combined:
    if shared:
        tests = small_sample(fit_intercepts(x, sets, found.cluster), level=found.level)
        estimates, errors, df = tests.estimate[:, ARM], tests.se[:, ARM], float(tests.df[:, ARM].mean())
    else:
        clusters = clustered(found.cluster.tolist())
        fits = [robust(least_squares(x, one, clusters), clusters, "CR2") for one in sets.T]
        estimates = np.array([one.estimates[ARM] for one in fits])
        errors, df = np.array([one.se[ARM] for one in fits]), fits[0].df[ARM]
    return combine(estimates.tolist(), (errors**2).tolist(), complete_df=df, level=found.level)
