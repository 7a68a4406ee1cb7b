"""What goes with larger and smaller effects between studies? Meta-regression, and the tests and predictions from it.

Definitions are metafor 3.8-1's rma.uni with moderators, checked in tests/oracles/test_regress.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart
from whatworks.stats.intervals import chi2_tail, two_sided_p
from whatworks.stats.intervals import interval as interval_of
from whatworks.stats.linear import Test, inflation, orthonormal, wald_test
from whatworks.stats.model_formulas import Table
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop
from whatworks.synthesise.methods.regressing.batches import Batch, batch
from whatworks.synthesise.methods.regressing.fitting import Fits, fit_batch
from whatworks.synthesise.methods.regressing.inputs import Data, read
from whatworks.synthesise.methods.regressing.method import Interval, Method, Model
from whatworks.synthesise.methods.regressing.packed import layout
from whatworks.synthesise.methods.regressing.peaks import log_likelihoods
from whatworks.synthesise.methods.regressing.spread import tau2_interval, tau2_se
from whatworks.synthesise.methods.weighing import Floats


@dataclass(frozen=True, slots=True)
class Coefficient(Result):
    """One coefficient: statistic is z, or t with df. vif: how much the others inflate its variance (1: not at all)."""

    name: str
    estimate: float
    se: float
    statistic: float
    df: int | None
    p: float
    ci_low: float
    ci_high: float
    vif: float | None


@dataclass(frozen=True, slots=True)
class TermTest(Result):
    """The test that all coefficients of a term are 0: chi-squared with (m, None) df, or F. gvif: as vif, for all of them;
    gsif: its 2 m-th root, comparable between terms of different size."""

    term: str
    statistic: float
    df: tuple[int, float | None]
    p: float
    gvif: float | None
    gsif: float | None


@dataclass(frozen=True, slots=True)
class Expected(Result):
    """The effect expected of one new row: the mean with its interval, and where one true effect may lie (pi)."""

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    pi_low: float | None
    pi_high: float | None


@dataclass(frozen=True, slots=True)
class Regressed(Told):
    """A meta-regression of k studies. None: cannot be known.

    tau2 with its standard error and Q-profile interval: the variance of true effects beyond the moderators; i2, h2: the
    same relative to chance; r2: per cent of tau2_alone (without moderators) that they account for; qe: is there any
    beyond chance; qm: is any moderator of use (an F unless the interval is wald; qm_df its two df). loglik: restricted
    under REML. fitted, residuals, standardised, hat, weights (per cent): one per study, rows from 0 in what was given.
    """

    k: int
    coefficients: tuple[Coefficient, ...]
    terms: tuple[TermTest, ...]
    covariance: tuple[tuple[float, ...], ...]
    tau2: float
    tau2_se: float | None
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    tau2_alone: float | None
    r2: float | None
    i2: float
    h2: float
    qe: float
    qe_df: int
    qe_p: float
    qm: float | None
    qm_df: tuple[int, float | None] | None
    qm_p: float | None
    loglik: float
    aic: float
    bic: float
    aicc: float
    rows: tuple[int, ...]
    fitted: tuple[float, ...]
    residuals: tuple[float, ...]
    standardised: tuple[float | None, ...]
    hat: tuple[float, ...]
    weights: tuple[float, ...]
    method: Method
    warnings: tuple[str, ...]
    data: Data = kept()

    @property
    def estimates(self) -> Floats:
        """The coefficients as an array, (p,)."""
        return np.array([one.estimate for one in self.coefficients])

    def test(self, terms: Sequence[str]) -> Test:
        """Are all coefficients of these terms (or of these names) 0? InputError for one that is not in the model."""
        known = {one.name: (place,) for place, one in enumerate(self.coefficients)} | dict(self.data.terms)
        if missing := [term for term in terms if term not in known]:
            raise InputError(
                said(
                    "The model has no term %(missing)r; its terms are %(known)s.",
                    missing=missing[0],
                    known=", ".join(known),
                )
            )
        places = sorted({place for term in terms for place in known[term]})
        if not places:
            raise InputError(said("Name at least one term to test."))
        return _test(self.estimates, np.array(self.covariance), places, self.coefficients[0].df)

    def predict(self, rows: Table | ArrayLike) -> tuple[Expected, ...]:
        """The effect expected of new rows: a table with the formula's columns, or an array as x was (no intercept)."""
        x = _new_rows(self.data, rows)
        return tuple(expected_at(self, row) for row in x)

    def permutation(self, times: int = 1000, seed: int = 1) -> Any:
        """The tests by permutation: see `permuting.permutation_test`."""
        from whatworks.synthesise.methods.regressing.permuting import permutation_test

        return permutation_test(self, times, seed)

    def summary(self) -> str:
        """The regression in two sentences of numbers."""
        from whatworks.synthesise.methods.regressing.words import summary

        return summary(self)

    def report(self) -> str:
        """Methods and results as a paragraph, with references."""
        from whatworks.synthesise.methods.regressing.words import report

        return report(self)

    def chart(self) -> Chart:
        """Effects against the moderator, or against what the model expects where it has several."""
        from whatworks.synthesise.methods.regressing.picture import bubbles

        return bubbles(self)

    def r_script(self) -> str:
        """The same regression in metafor, with the numbers in it."""
        from whatworks.synthesise.methods.regressing.r_scripts import regression_script

        return regression_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to run the regression again."""
        return recipe("regress", {**self.data.given, **self.method.to_dict()})


def regress(
    yi: ArrayLike | None = None,
    vi: ArrayLike | None = None,
    x: ArrayLike | None = None,
    *,
    table: Table | None = None,
    formula: str | None = None,
    variance: str = "vi",
    names: Sequence[str] | None = None,
    intercept: bool = True,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    level: float = 0.95,
    stop: Stop = "converged",
) -> Regressed:
    """Regress effects on moderators of studies: `regress(table=rows, formula="yi ~ year + C(group)")`, or by arrays.

    yi, vi: effects and sampling variances, (k,); with a table they are its columns named by the formula and by
    variance. x: moderators, (k, m), with names; an intercept is put before them unless told otherwise. Rows where a
    value is missing are left out, and the result says so. stop: REML and ML to the last digits (`converged`), or where
    metafor stops by default, up to 1e-5 short, to reproduce published numbers. InputError says what is wrong and where.
    Source: Viechtbauer (2010), Journal of Statistical Software 36(3); Knapp and Hartung (2003), Statistics in Medicine
    22(17), 2693-2710. Checked against metafor to 1e-8 (closed forms) and 1e-6 (iterative).
    """
    method = Method(model, tau2, interval, level, stop)
    data = read(yi, vi, x, table=table, formula=formula, variance=variance, names=names, intercept=intercept)
    return fit(data, method)


def fit(data: Data, method: Method) -> Regressed:
    """The regression of studies that have been read."""
    from whatworks.synthesise.methods.regressing.words import cautions

    q, r = orthonormal(data.x)
    these = batch(data.y, data.v, q)
    fits = fit_batch(these, r, method)
    found = _assembled(data, method, these, fits)
    return _with_warnings(found, cautions(found, int(fits.peaks[0]), float(fits.scale[0])))


def _with_warnings(found: Regressed, warnings: Sequence[str]) -> Regressed:
    object.__setattr__(found, "warnings", tuple(warnings))  # still being made
    return found


def _assembled(data: Data, method: Method, these: Batch, fits: Fits) -> Regressed:
    k, wide = data.x.shape
    estimates, covariance = fits.beta[0], fits.covariance[0]
    df = None if method.interval == "wald" else k - wide
    tau2, qe = float(fits.tau2[0]), float(fits.qe[0])
    tested = list(range(int(data.intercept), wide))
    overall = _test(estimates, covariance, tested, df) if tested else None
    low, high = tau2_interval(these, method, tau2)
    alone = _tau2_alone(data, method)
    return Regressed(
        k=k,
        coefficients=_coefficients(data, estimates, covariance, df, method.level),
        terms=_terms(data, estimates, covariance, df),
        covariance=tuple(map(tuple, covariance.tolist())),
        tau2=tau2,
        tau2_se=None if method.model == "common" else tau2_se(these, method.tau2, tau2),
        tau2_ci_low=low,
        tau2_ci_high=high,
        tau2_alone=alone,
        r2=_r2(data, method, tau2, alone, qe) if tested else None,
        i2=float(fits.i2[0]),
        h2=float(fits.h2[0]),
        qe=qe,
        qe_df=k - wide,
        qe_p=float(chi2_tail(qe, k - wide)),
        qm=overall.statistic if overall else None,
        qm_df=overall.df if overall else None,
        qm_p=overall.p if overall else None,
        **_criteria(these, fits, method),
        rows=data.rows,
        **_by_study(data, these, fits),
        method=method,
        warnings=(),
        data=data,
    )


def _by_study(data: Data, these: Batch, fits: Fits) -> dict[str, Any]:
    """What is told of each study; a residual that is 0 by construction is not standardised."""
    fitted, weights, hat = data.x @ fits.beta[0], fits.at.weights[0], _hat(fits, these)
    residuals = (data.y - fitted).tolist()
    spread = np.sqrt(np.maximum((1 - hat) / weights, 0.0)).tolist()
    return {
        "fitted": tuple(fitted.tolist()),
        "residuals": tuple(residuals),
        "standardised": tuple(one / its if its > 1e-8 else None for one, its in zip(residuals, spread, strict=True)),
        "hat": tuple(hat.tolist()),
        "weights": tuple((100 * weights / weights.sum()).tolist()),
    }


def _hat(fits: Fits, these: Batch) -> Floats:
    """The leverage of each study: the diagonal of X (X'WX)^-1 X'W."""
    q, inverse = these.q[:, 0], fits.at.inverse[:, 0][layout(these.wide).places]
    answer: Floats = np.einsum("pk,pk->k", q, inverse @ q) * fits.at.weights[0]
    return answer


def _criteria(these: Batch, fits: Fits, method: Method) -> dict[str, Any]:
    """The log-likelihood, and AIC, BIC and AICc; under REML with studies less coefficients as the sample size."""
    restricted = method.model == "random" and method.tau2 == "REML"
    loglik = float(log_likelihoods(these, fits.at, restricted)[0])
    size = float(these.free[0] if restricted else these.studies[0])
    many = these.wide + (method.model == "random")
    enough = max(size, many + 2)
    return {
        "loglik": loglik,
        "aic": 2 * many - 2 * loglik,
        "bic": many * float(np.log(size)) - 2 * loglik,
        "aicc": 2 * many * enough / (enough - many - 1) - 2 * loglik,
    }


def _tau2_alone(data: Data, method: Method) -> float | None:
    """tau2 without the moderators; None where the model has no intercept, so that nothing is nested in it."""
    if not data.intercept or method.model == "common":
        return None
    q = np.full((data.y.size, 1), data.y.size**-0.5)
    return float(fit_batch(batch(data.y, data.v, q), np.eye(1), method).tau2[0])


def _r2(data: Data, method: Method, tau2: float, alone: float | None, qe: float) -> float | None:
    """Per cent of heterogeneity accounted for. Source: Raudenbush (2009); for common effects the adjusted R2."""
    if not data.intercept:
        return None
    if method.model == "random":
        return max(0.0, 100 * (alone - tau2) / alone) if alone else 0.0
    k, wide = data.x.shape
    weights = 1 / data.v
    apart = data.y - weights @ data.y / weights.sum()
    total = float(weights @ apart**2)
    return max(0.0, 100 * (1 - (qe / (k - wide)) / (total / (k - 1)))) if total else 0.0


def _test(estimates: Floats, covariance: Floats, places: Sequence[int], df: int | None) -> Test:
    return wald_test(estimates[list(places)], covariance[np.ix_(places, places)], df)


def _coefficients(
    data: Data, estimates: Floats, covariance: Floats, df: int | None, level: float
) -> tuple[Coefficient, ...]:
    first = int(data.intercept)
    vif = inflation(covariance[first:, first:], [[i] for i in range(len(estimates) - first)])
    factors = [None] * first + (vif if len(vif) > 1 else [None] * len(vif))
    found = []
    for place, name in enumerate(data.names):
        estimate, se = float(estimates[place]), sqrt(covariance[place, place])
        statistic = estimate / se if se > 0 else 0.0
        low, high = interval_of(estimate, se, level, df)
        p = float(two_sided_p(statistic, df)) if se > 0 else 1.0
        found.append(Coefficient(name, estimate, se, statistic, df, p, low, high, factors[place]))
    return tuple(found)


def _terms(data: Data, estimates: Floats, covariance: Floats, df: int | None) -> tuple[TermTest, ...]:
    first = int(data.intercept)
    listed = [(label, places) for label, places in data.terms if places]
    groups = [[place - first for place in places] for _, places in listed]
    gvif = inflation(covariance[first:, first:], groups) if len(listed) > 1 else [None] * len(listed)
    found = []
    for (label, places), factor in zip(listed, gvif, strict=True):
        test = _test(estimates, covariance, places, df)
        root = None if factor is None else factor ** (1 / (2 * len(places)))
        found.append(TermTest(label, test.statistic, test.df, test.p, factor, root))
    return tuple(found)


def _new_rows(data: Data, rows: Table | ArrayLike) -> Floats:
    if data.matrix is not None:
        if not hasattr(rows, "keys") and not hasattr(rows, "columns"):
            raise InputError(said("New rows must be a table with the columns of the formula, as the regression was."))
        return data.matrix.rows(rows)  # type: ignore[arg-type]
    x = np.atleast_2d(np.asarray(rows, dtype=float))
    first = int(data.given["intercept"])
    if x.shape[1] != data.x.shape[1] - first or not np.isfinite(x).all():
        raise InputError(
            said(
                "New rows must hold the %(shape)s moderators of the model, none missing.", shape=data.x.shape[1] - first
            )
        )
    return np.column_stack((np.ones(len(x)), x)) if first else x


def expected_at(found: Regressed, row: Floats) -> Expected:
    """The effect expected where the moderators, the intercept among them, are as in row, (p,)."""
    estimate = float(row @ found.estimates)
    se = sqrt(max(0.0, float(row @ np.array(found.covariance) @ row)))
    df, level = found.coefficients[0].df, found.method.level
    low, high = interval_of(estimate, se, level, df)
    pi_low, pi_high = None, None
    if found.method.model == "random" and found.k >= 3:
        pi_low, pi_high = interval_of(estimate, sqrt(se * se + found.tau2), level, df)
    return Expected(estimate, se, low, high, pi_low, pi_high)
