"""Multilevel meta-analysis: effects in studies in anything, with sampling errors that go together, and robust tests.

Definitions are metafor 3.8-1's rma.mv and clubSandwich 0.5.8's; checked against their numbers (tests/oracles).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said, said_of
from whatworks.stats.intervals import check_level, chi2_tail
from whatworks.stats.robust.adjusting import Kind, check_kind
from whatworks.stats.robust.clusters import from_codes
from whatworks.stats.robust.fits import LinearFit
from whatworks.stats.robust.sandwich import Robust
from whatworks.stats.robust.sandwich import robust as robust_variance
from whatworks.synthesise.methods.multilevel.arranging import arrange
from whatworks.synthesise.methods.multilevel.cautions import cautions, wavering
from whatworks.synthesise.methods.multilevel.fitting import Peak, highest
from whatworks.synthesise.methods.multilevel.given import Asked, Given, Levels, alike, read
from whatworks.synthesise.methods.multilevel.grouping import Floats, Grouping, Ints
from whatworks.synthesise.methods.multilevel.inferring import (
    AtRho,
    Coefficient,
    Component,
    Omnibus,
    Test,
    by_chance,
    coefficients,
    criteria,
    freedom,
    means,
    new_setting,
    omnibus,
    shares,
    tested,
)
from whatworks.synthesise.methods.multilevel.likelihood import Problem, problem
from whatworks.synthesise.methods.multilevel.profiling import Profile, profiles
from whatworks.synthesise.methods.multilevel.result import Multilevel, Settings, clusters_of

Estimator = Literal["REML", "ML"]


class _Fitted(NamedTuple):
    """A model at the top of its likelihood. free: which components could be estimated at all."""

    problem: Problem
    peak: Peak
    free: tuple[bool, ...]
    fit: LinearFit
    profiles: list[Profile | None]


def multilevel(
    yi: Any = "yi",
    vi: Any = "vi",
    *,
    table: Any = None,
    formula: str | None = None,
    x: Any = None,
    intercept: bool = True,
    nested: Levels = None,
    crossed: Sequence[Levels] = (),
    v: Any = None,
    rho: float | None = None,
    cluster: Any = None,
    subgroup: Any = None,
    method: Estimator = "REML",
    test: Test = "z",
    robust: Kind | None = None,
    sigma2: Sequence[float | None] | None = None,
    rhos: Sequence[float] = (),
    intervals: bool = False,
    level: float = 0.95,
) -> Multilevel:
    """Pool or regress k effects yi with sampling variances vi that are not independent.

    yi, vi: numbers, or columns of `table` (named columns; rows without a value are left out and said). Moderators by
    `formula` over the table, or x (k, q) with `intercept` before it. nested: random intercepts, `study/effect` or
    {"study": labels, "effect": labels}, outer first; crossed: further such factors. Sampling errors: independent;
    correlated by rho inside a `cluster` (default: the outermost level) and there inside a `subgroup`; or covariance v,
    (k, k) or a list of blocks. test: normal, t with k - p, or t with the level's own df (`contain`). robust: CR2, CR0,
    CR1, CR1S, CR3 by cluster, with Satterthwaite's df. sigma2: variances held at a value, None where estimated.
    rhos: other correlations to try. intervals: also profile intervals and tests of the components.
    InputError says what is wrong. Checked against metafor and clubSandwich (tests/oracles/test_multilevel.py).
    """
    arguments = {name: value for name, value in locals().items() if value is not None}
    _check(method, test, robust, level)
    given = read(Asked(yi, vi, table, formula, x, intercept, nested, crossed, v, rho, cluster, subgroup))
    settings = _settings(given, arguments, method, test, level, robust, rho, v)
    fitted = _fit(given, method == "REML", sigma2, level if intervals else None)
    return _told(given, settings, fitted, _over_rho(given, settings, rhos, sigma2), arguments)


def _check(method: str, test: str, robust: str | None, level: float) -> None:
    check_level(level)
    for name, told, words in (("method", method, Estimator), ("test", test, Test)):
        if told not in get_args(words):
            raise InputError(
                said(
                    "The %(name)s %(told)r is not known; choose one of %(words)s.",
                    name=name,
                    told=told,
                    words=", ".join(get_args(words)),
                )
            )
    if robust is not None:
        check_kind(robust)


def _settings(
    given: Given, arguments: dict[str, Any], method: str, test: Test, level: float, robust: Kind | None,
    rho: float | None, v: Any,
) -> Settings:  # fmt: skip
    """The request in words that can be stored."""
    chains = ["/".join(chain) for chain in given.chains]
    inner = any(factor.size == given.y.size for factor in given.factors.values())
    working = "V" if v is not None else "independent"
    if given.sampling.rho:
        working = "CHE" if given.factors and inner else "CE"
    elif v is None and len(given.factors) > 1:
        working = "HE"
    nested = chains[0] if chains else ""
    formula = arguments.get("formula") or "~ " + " + ".join(given.names).replace("intercept", "1")
    return Settings(method, test, level, robust, rho, nested, tuple(chains[1:]), given.cluster_name, working, formula)


def _fit(given: Given, restricted: bool, sigma2: Sequence[float | None] | None, level: float | None) -> _Fitted:
    """Estimate the components, then the coefficients. level: of the profile intervals, None for none."""
    k, p = given.x.shape
    if k <= p:
        raise InputError(
            said(
                "%(effects)s cannot give %(coefficients)s and their heterogeneity; take "
                "more effects or fewer moderators, and report a single effect as it is.",
                effects=said_of(k, "%(k)s effect", "%(k)s effects", k=k),
                coefficients=said_of(p, "%(p)s coefficient", "%(p)s coefficients", p=p),
            )
        )
    factors = tuple(given.factors.values())
    free, held = _held(sigma2, _free(factors, given.x, restricted))
    posed = problem(arrange(given.sampling, factors), given.y, given.x, restricted)
    peak = highest(posed, free, held)
    found = means(posed, peak.sigma2, given.x, given.y)
    block = _block(given, factors, peak.sigma2)
    spread = None if _apart(given) else _spread(given, factors, peak.sigma2)
    fit = LinearFit(given.x, found.wx, found.residuals, found.beta, found.covariance, block, spread=spread)
    return _Fitted(posed, peak, free, fit, profiles(posed, peak, free, level) if level else [None] * len(free))


def _held(given: Sequence[float | None] | None, free: tuple[bool, ...]) -> tuple[tuple[bool, ...], Floats]:
    """Which components are estimated, and the values at which the others are held."""
    if given is None:
        return free, np.zeros(len(free))
    if len(given) != len(free) or any(one is not None and not 0 <= one < np.inf for one in given):
        raise InputError(
            said("sigma2 must have %(count)s entries, each 0 or above, or None to have it estimated.", count=len(free))
        )
    left = tuple(is_free and one is None for one, is_free in zip(given, free, strict=True))
    return left, np.array([0.0 if one is None else float(one) for one in given])


def _free(factors: tuple[Grouping, ...], x: Floats, restricted: bool) -> tuple[bool, ...]:
    """Which components the effects can tell: not one with a single level, nor one that another already is."""
    k, p = x.shape
    free = []
    for place, factor in enumerate(factors):
        twin = any(one.size == factor.size and one.determines(factor) for one in factors[:place])
        spanned = restricted and factor.size <= p and _spanned(factor, x)
        free.append(factor.size > 1 and not twin and not spanned and k > p)
    return tuple(free)


def _spanned(factor: Grouping, x: Floats) -> bool:
    """Whether moderators already give each level a mean of its own."""
    dummies = np.eye(factor.size)[factor.codes]
    left = dummies - x @ np.linalg.lstsq(x, dummies, rcond=None)[0]
    return float(abs(left).max()) < 1e-9


def _block(given: Given, factors: tuple[Grouping, ...], sigma2: Floats) -> Callable[[Ints], Floats]:
    """The working covariance among rows (..., s)."""

    def among(rows: Ints) -> Floats:
        found = given.sampling.block(rows)
        for factor, variance in zip(factors, sigma2.tolist(), strict=True):
            if variance:
                codes = factor.codes[rows]
                found = found + variance * (codes[..., :, None] == codes[..., None, :])
        return found

    return among


def _spread(given: Given, factors: tuple[Grouping, ...], sigma2: Floats) -> Callable[[Floats], Floats]:
    """The working covariance times columns (q, n), for clusters that hang together."""

    def times(columns: Floats) -> Floats:
        found = given.sampling.times(columns)
        for factor, variance in zip(factors, sigma2.tolist(), strict=True):
            found = found + variance * factor.spread(factor.sums(columns))
        return found

    return times


def _apart(given: Given) -> bool:
    """Whether effects of different clusters are independent in the model."""
    within = [given.sampling.within] if given.sampling.within is not None else []
    return given.cluster is None or all(one.determines(given.cluster) for one in (*given.factors.values(), *within))


def _over_rho(
    given: Given, settings: Settings, rhos: Sequence[float], sigma2: Sequence[float | None] | None
) -> tuple[AtRho, ...]:
    """The same model with other correlations of the sampling errors."""
    if rhos and given.sampling.matrix is not None:
        raise InputError(said("Other correlations cannot be tried where the covariance v is given; leave rhos out."))
    rows = []
    for rho in rhos:
        other = replace(given, sampling=alike(given.sampling.v, rho, given.together))
        fitted = _fit(other, settings.method == "REML", sigma2, None)
        found, _ = _tests(other, settings, fitted, _variances(other, settings, fitted))
        rows.append(AtRho(float(rho), tuple(fitted.peak.sigma2.tolist()), found))
    return tuple(rows)


def _variances(given: Given, settings: Settings, fitted: _Fitted) -> Robust | None:
    """The robust variance, where one is asked for."""
    if settings.robust is None:
        return None
    return robust_variance(fitted.fit, from_codes(*clusters_of(given)), settings.robust)


def _told(
    given: Given, settings: Settings, fitted: _Fitted, others: tuple[AtRho, ...], arguments: dict[str, Any]
) -> Multilevel:
    """Everything that is told of the model at the top."""
    peak, fit = fitted.peak, fitted.fit
    variances = _variances(given, settings, fitted)
    rows, joint = _tests(given, settings, fitted, variances)
    chance, groups = by_chance(fitted.problem, given.sampling), _groups(given)
    components, i2 = _components(given, fitted, chance.typical)
    told = criteria(peak.at.value, len(rows) + sum(fitted.free), fitted.problem.free)
    low, high = _new_study(given, rows, peak.sigma2, settings.level, groups)
    return Multilevel(
        k=given.y.size,
        n_clusters=groups,
        coefficients=rows,
        sigma2=tuple(peak.sigma2.tolist()),
        components=components,
        covariance=tuple(map(tuple, fit.bread.tolist())) if variances is None else variances.covariance,
        loglik=peak.at.value,
        aic=told.aic,
        bic=told.bic,
        aicc=told.aicc,
        qe=chance.qe,
        qe_df=chance.df,
        qe_p=float(chi2_tail(chance.qe, chance.df)) if chance.df else None,
        qm=joint.qm,
        qm_df=joint.df,
        qm_df2=joint.df2,
        qm_p=joint.p,
        i2=i2,
        pi_low=low,
        pi_high=high,
        peaks=peak.peaks,
        settings=settings,
        sensitivity=others,
        warnings=cautions(given, settings, fitted.free, peak, components, variances, groups) + wavering(rows, others),
        given=given,
        fit=fit,
        variances=variances,
        arguments=arguments,
    )


def _new_study(
    given: Given, rows: tuple[Coefficient, ...], sigma2: Floats, level: float, groups: int
) -> tuple[float, float] | tuple[None, None]:
    """The prediction interval, where there are random effects and no moderators."""
    if given.names != ("intercept",) or not given.factors:
        return None, None
    return new_setting(rows[0], float(sigma2.sum()), level, groups)


def _groups(given: Given) -> int:
    """How many independent groups there are."""
    if given.cluster is not None:
        return given.cluster.size
    return min((factor.size for factor in given.factors.values()), default=given.y.size)


def _tests(
    given: Given, settings: Settings, fitted: _Fitted, variances: Robust | None
) -> tuple[tuple[Coefficient, ...], Omnibus]:
    """The coefficients and the test of the moderators, from the model's variance or the robust one."""
    fit, about = fitted.fit, tested(given.names)
    if variances is not None:
        rows = coefficients(given.names, fit.estimates, np.array(variances.se), list(variances.df), settings.level)
        joint = variances.test(np.eye(len(given.names))[about])
        return rows, Omnibus(joint.statistic, joint.df1, joint.df2, joint.p)
    df = freedom(settings.test, given.x, tuple(given.factors.values()))
    rows = coefficients(given.names, fit.estimates, np.sqrt(np.diagonal(fit.bread)), df, settings.level)
    return rows, omnibus(fit.estimates, fit.bread, about, df)


def _components(given: Given, fitted: _Fitted, typical: float | None) -> tuple[tuple[Component, ...], float | None]:
    """A row for each variance component, and I2 in all."""
    sigma2 = fitted.peak.sigma2
    i2, icc, total = shares(sigma2, typical)
    found = []
    for place, (name, factor) in enumerate(given.factors.items()):
        seen = fitted.profiles[place]
        low, high, lrt, p = (None, None, None, None) if seen is None else seen
        found.append(Component(name, factor.size, float(sigma2[place]), low, high, lrt, p, i2[place], icc[place]))
    return tuple(found), total
