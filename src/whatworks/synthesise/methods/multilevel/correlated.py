"""Robust variance estimation with simple weights: correlated effects (CORR) and hierarchical effects (HIER).

The weights come from variances estimated by moments; the standard errors do not rest on them. Sources: Hedges, Tipton
and Johnson (2010), Research Synthesis Methods 1(1), 39-65 (weights and moments, here by their expectations); Tipton
(2015), Psychological Methods 20(3), 375-393 (small samples). Numbers as robumeta 2.0 (tests/oracles).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart
from whatworks.stats.intervals import check_level
from whatworks.stats.results import Result
from whatworks.stats.robust.clusters import Clusters, from_codes
from whatworks.stats.robust.fits import LinearFit, least_squares
from whatworks.stats.robust.sandwich import Robust, robust
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.multilevel.given import Asked, Given, read
from whatworks.synthesise.methods.multilevel.grouping import Floats
from whatworks.synthesise.methods.multilevel.inferring import Coefficient, coefficients
from whatworks.synthesise.methods.multilevel.rve_spoken import chart, r_script, report, summary

Weights = Literal["CORR", "HIER"]
RHOS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class AtRho(Result):
    """The fit with another assumed correlation: tau2, and each coefficient's estimate and se."""

    rho: float
    tau2: float
    estimates: tuple[float, ...]
    se: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rve(Told):
    """Robust variance estimation over k effects in n_clusters studies.

    tau2: variance between studies; omega2: within studies (HIER), None under CORR; i2: per cent (CORR). sensitivity:
    the same over other correlations (CORR), which should hardly differ.
    """

    k: int
    n_clusters: int
    coefficients: tuple[Coefficient, ...]
    tau2: float
    omega2: float | None
    i2: float | None
    weights: Weights
    rho: float | None
    small: bool
    level: float
    sensitivity: tuple[AtRho, ...]
    warnings: tuple[str, ...]
    given: Given = kept()
    fit: LinearFit = kept()
    variances: Robust = kept()
    arguments: dict[str, Any] = kept()

    def summary(self) -> str:
        """The coefficients with their intervals, and the variances."""
        return summary(self)

    def report(self) -> str:
        """Methods and results as a paragraph, with references."""
        return report(self)

    def chart(self) -> Chart:
        """The coefficients with their intervals."""
        return chart(self)

    def r_script(self) -> str:
        """The same in robumeta."""
        return r_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to run it again."""
        return recipe("rve", self.arguments)


def rve(
    yi: Any = "yi",
    vi: Any = "vi",
    study: Any = "study",
    *,
    table: Any = None,
    formula: str | None = None,
    x: Any = None,
    intercept: bool = True,
    weights: Weights = "CORR",
    rho: float = 0.8,
    small: bool = True,
    level: float = 0.95,
) -> Rve:
    """Pool or regress k effects yi with variances vi from several studies (labels), by simple robust weights.

    weights: CORR, 1 / (n_j (mean v_j + tau2)), where effects share people; HIER, 1 / (v + tau2 + omega2), where studies
    hold samples of their own. rho: the correlation assumed for tau2 under CORR, 0 to 1. small: CR2 with
    Satterthwaite's df, else m / (m - p) times CR0 with m - p. InputError says what is wrong.
    """
    arguments = {name: value for name, value in locals().items() if value is not None}
    check_level(level)
    if weights not in get_args(Weights):
        raise InputError(said("The weights %(weights)r are not known; choose CORR or HIER.", weights=weights))
    if not 0 <= rho <= 1:
        raise InputError(said("The correlation rho is %(rho)s; give one from 0 to 1.", rho=f"{rho:g}"))
    given = read(Asked(yi, vi, table, formula, x, intercept, None, (), None, None, study, None))
    assert given.cluster is not None
    clusters = from_codes(given.cluster.codes, given.cluster.size)
    if clusters.number <= given.x.shape[1]:
        raise InputError(
            said(
                "%(number)s studies cannot give %(shape)s coefficients with robust variances; take fewer moderators.",
                number=clusters.number,
                shape=given.x.shape[1],
            )
        )
    at = _hierarchical(given, clusters) if weights == "HIER" else _correlated(given, clusters, rho)
    fit = least_squares(given.x, given.y, clusters, weights=at.weights)
    found = robust(fit, clusters, "CR2" if small else "CR0")
    return _told(given, clusters, at, fit, found, arguments)


class _At(NamedTuple):
    """Moments: tau2, omega2 and i2 where there are any, and the weights (k,) they give."""

    tau2: float
    omega2: float | None
    i2: float | None
    weights: Floats
    arguments: tuple[Weights, float | None]


def _told(given: Given, clusters: Clusters, at: _At, fit: LinearFit, found: Robust, arguments: dict[str, Any]) -> Rve:
    m, p, small, level = clusters.number, given.x.shape[1], arguments["small"], arguments["level"]
    inflated = 1.0 if small else (m / (m - p)) ** 0.5
    se = inflated * np.array(found.se)
    df: list[float | None] = list(found.df) if small else [float(m - p)] * p
    said = (*([given.left_out] if given.left_out else []), *(found.warnings if small else _large(m)))
    weights, rho = at.arguments
    return Rve(
        k=given.y.size,
        n_clusters=m,
        coefficients=coefficients(given.names, fit.estimates, se, df, level),
        tau2=at.tau2,
        omega2=at.omega2,
        i2=at.i2,
        weights=weights,
        rho=rho,
        small=small,
        level=level,
        sensitivity=_over_rho(given, clusters, small) if weights == "CORR" else (),
        warnings=said,
        given=given,
        fit=fit,
        variances=found,
        arguments=arguments,
    )


def _large(m: int) -> tuple[str, ...]:
    if m >= 40:
        return ()
    return (f"With {m} studies the large-sample variance gives intervals that are too narrow; take small=True.",)


def _over_rho(given: Given, clusters: Clusters, small: bool) -> tuple[AtRho, ...]:
    """The same fit over assumed correlations."""
    rows, scale = [], 1.0 if small else (clusters.number / (clusters.number - given.x.shape[1])) ** 0.5
    for rho in RHOS:
        at = _correlated(given, clusters, rho)
        fit = least_squares(given.x, given.y, clusters, weights=at.weights)
        se = scale * np.array(robust(fit, clusters, "CR2" if small else "CR0").se)
        rows.append(AtRho(rho, at.tau2, tuple(fit.estimates.tolist()), tuple(se.tolist())))
    return tuple(rows)


def _correlated(given: Given, clusters: Clusters, rho: float) -> _At:
    """CORR: the expectation of the weighted squares with errors that correlate by rho in a study, solved for tau2."""
    x, codes = given.x, clusters.codes
    size = np.bincount(codes).astype(float)
    mean = clusters.sums(given.sampling.v) / size
    w = (1 / (size * mean))[codes]
    spread, residuals = _weighed(x, given.y, w)
    q = float(w @ residuals**2)
    sums = clusters.sums(x)
    alone = np.einsum("ij,ik,i->jk", x, x, w / size[codes])
    together = np.einsum("ij,ik,i->jk", sums, sums, 1 / (size**2 * mean))
    squared = np.einsum("ij,ik,i->jk", sums, sums, 1 / (size * mean) ** 2)
    expected = clusters.number - (1 - rho) * float((spread * alone).sum()) - rho * float((spread * together).sum())
    tau2 = max(0.0, (q - expected) / (float((size / (size * mean)).sum()) - float((spread * squared).sum())))
    i2 = max(0.0, 100 * (q - expected) / q) if q > 0 else None
    return _At(tau2, None, i2, (1 / (size * (mean + tau2)))[codes], ("CORR", rho))


def _hierarchical(given: Given, clusters: Clusters) -> _At:
    """HIER: the expectations of the weighted squares and of the squared sums of residuals, solved for tau2 and omega2."""
    x, v = given.x, given.sampling.v
    n, p, w = v.size, x.shape[1], 1 / v
    spread, residuals = _weighed(x, given.y, w)
    size = np.bincount(clusters.codes).astype(float)
    sums, weighed = clusters.sums(x), clusters.sums(x * w[:, None])
    whole, pulls = sums.T @ sums, weighed.T @ weighed
    squared = (x * (w * w)[:, None]).T @ x
    linked = np.einsum("ij,jk,ik->i", sums, spread, weighed)
    q, q1 = float(w @ residuals**2), float((clusters.sums(residuals) ** 2).sum())
    first = (n - p, w.sum() - (spread * squared).sum(), w.sum() - (spread * pulls).sum())
    second = (
        v.sum() - (spread * whole).sum(),
        n - 2 * linked.sum() + np.trace(spread @ squared @ spread @ whole),
        size @ size - 2 * size @ linked + np.trace(spread @ pulls @ spread @ whole),
    )
    apart = first[1] * second[2] - second[1] * first[2]
    if abs(apart) < 1e-12 * abs(first[1] * second[2]):
        raise InputError(
            said("With one effect per study HIER cannot tell the two variances apart; take weights='CORR'.")
        )
    omega2 = max(0.0, float(((q - first[0]) * second[2] - (q1 - second[0]) * first[2]) / apart))
    tau2 = max(0.0, float((q - first[0] - omega2 * first[1]) / first[2]))
    return _At(tau2, omega2, None, 1 / (v + tau2 + omega2), ("HIER", None))


def _weighed(x: Floats, y: Floats, w: Floats) -> tuple[Floats, Floats]:
    """(X'WX)^-1 and the residuals for diagonal weights."""
    spread = np.asarray(np.linalg.inv((x * w[:, None]).T @ x), dtype=np.float64)
    return spread, y - x @ (spread @ (x.T @ (w * y)))
