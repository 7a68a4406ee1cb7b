"""How much do true effects differ between studies? Eight estimators of tau2, defined as in metafor 3.8-1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.generalised_q import tau2_where_q_is
from whatworks.synthesise.methods.likelihood import Peak, fisher_scoring, highest_peak
from whatworks.synthesise.methods.weighing import Floats, weigh

Estimator = Literal["REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE"]
Stop = Literal["converged", "metafor"]


def dersimonian_laird(y: Floats, v: Floats) -> float:
    """DerSimonian and Laird (1986), Controlled Clinical Trials 7(3), 177-188: (Q - df) / (sum w - sum w^2 / sum w)."""
    at = weigh(y, v)
    return max(0.0, (at.q - (y.size - 1)) / (at.total - float(at.weights @ at.weights) / at.total))


def paule_mandel(y: Floats, v: Floats) -> float:
    """Paule and Mandel (1982), Journal of Research of the NBS 87(5), 377-385: the tau2 at which Q equals df.

    The empirical Bayes estimator (Morris 1983) solves the same equation.
    """
    return tau2_where_q_is(y.size - 1, y, v)


def sidik_jonkman(y: Floats, v: Floats) -> float:
    """Sidik and Jonkman (2005), Applied Statistics 54(2), 367-384, from the crude variance sum (y - mean)^2 / k."""
    crude = float(y.var())
    return crude * weigh(y, v, crude).q / (y.size - 1) if crude > 0 else 0.0


def hunter_schmidt(y: Floats, v: Floats) -> float:
    """Hunter and Schmidt (2004), Methods of Meta-Analysis, 2nd ed.: (Q - k) / sum w."""
    at = weigh(y, v)
    return max(0.0, (at.q - y.size) / at.total)


def hedges(y: Floats, v: Floats) -> float:
    """Hedges (1983), Psychological Bulletin 93(2), 388-395: the effects' variance less the mean sampling variance."""
    return max(0.0, float(y.var(ddof=1)) - float(v.mean()))


# Estimators from moments; REML and ML are in `likelihood`.
MOMENTS: dict[str, Callable[[Floats, Floats], float]] = {
    "DL": dersimonian_laird,
    "PM": paule_mandel,
    "EB": paule_mandel,
    "SJ": sidik_jonkman,
    "HS": hunter_schmidt,
    "HE": hedges,
}


class Spread(NamedTuple):
    """Heterogeneity as reported: tau2 with its Q-profile interval, I2 in per cent, H2. All None for a single study.

    peaks: how many the likelihood has, where it was maximised.
    """

    tau2: float | None = None
    low: float | None = None
    high: float | None = None
    i2: float | None = None
    h2: float | None = None
    peaks: int = 1


def fit_tau2(y: Floats, v: Floats, estimator: Estimator, stop: Stop = "converged") -> Peak:
    """tau2 by the estimator named, with the number of peaks of its likelihood (1 where it has none)."""
    if estimator in ("REML", "ML"):
        if stop == "metafor":
            return Peak(fisher_scoring(y, v, restricted=estimator == "REML"), 1)
        return highest_peak(y, v, restricted=estimator == "REML")
    return Peak(MOMENTS[estimator](y, v), 1)


def estimate_tau2(y: Floats, v: Floats, estimator: Estimator = "REML") -> float:
    """The between-study variance of two or more effects y with sampling variances v, by the estimator named."""
    if estimator not in get_args(Estimator):
        raise InputError(
            said(
                "There is no tau2 estimator %(estimator)s; choose one of %(estimator_estimator)s.",
                estimator=estimator,
                estimator_estimator=", ".join(get_args(Estimator)),
            )
        )
    return fit_tau2(y, v, estimator).tau2
