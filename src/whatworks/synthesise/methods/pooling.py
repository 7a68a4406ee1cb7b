"""One number from many studies: inverse-variance pooling with common or random effects.

Definitions are metafor 3.8-1's rma.uni, checked against its numbers to 1e-9 (tests/oracles/test_pooling.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import chi2_tail, critical, two_sided_p
from whatworks.stats.intervals import interval as interval_of
from whatworks.synthesise.methods.cautions import cautions, refuse_mixtures, suspicions
from whatworks.synthesise.methods.direction import Band, Limits, check_band, defensible, disagreement, state_of
from whatworks.synthesise.methods.generalised_q import q_profile
from whatworks.synthesise.methods.given import check_effects, column, one_each
from whatworks.synthesise.methods.heterogeneity import Estimator, Spread, Stop, fit_tau2
from whatworks.synthesise.methods.likelihood import log_likelihood
from whatworks.synthesise.methods.pooled import SAME, Given, Interval, Method, Model, Pooled, Tau2Interval
from whatworks.synthesise.methods.prediction import FEWEST, Mean, Prediction, predict
from whatworks.synthesise.methods.profile import profile_interval
from whatworks.synthesise.methods.weighing import Floats, Weighed, weigh

__all__ = ["Interval", "Method", "Model", "Pooled", "check_effects", "pool"]


def pool(
    yi: Any,
    vi: ArrayLike | None = None,
    *,
    effect: str = "yi",
    variance: str = "vi",
    names: Sequence[str] | str | None = None,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    prediction: Prediction = "metafor",
    level: float = 0.95,
    stop: Stop = "converged",
    tau2_interval: Tau2Interval = "qp",
    band: Band | None = None,
    metrics: Sequence[str] | str | None = None,
    directions: Sequence[str] | str | None = None,
    safe: bool = True,
) -> Pooled:
    """Pool effects yi with sampling variances vi (k of each, k at least 1; ratios as logarithms), or a table of them.

    A table (a dict of columns, a data frame) is given alone: `effect` and `variance` name its columns, and `names`,
    `metrics` and `directions` may name others. names: the study of each effect. metrics, directions: on which scale, and
    which way is better, for each effect; mixtures are refused.
    interval: normal (`wald`), t with k - 1, or Hartung-Knapp-Sidik-Jonkman: plain (`hksj`), its standard error never
    below Wald's (`hksj-adhoc`, also called truncated: Roever et al. 2015), or the wider of it and Wald's (`hksj-wider`:
    hybrid 2 of Jackson et al. 2017). prediction: see `prediction.predict`; None below three studies. tau2_interval:
    Q-profile (`qp`) or, with REML and ML, profile likelihood (`pl`). stop: REML and ML to the last digits (`converged`),
    or where metafor stops by default, up to 1e-5 short, to reproduce published numbers (`metafor`). band: (low, high,
    source) of effects too small to be worthwhile. safe: look for what may be wrong with the studies, and say it in the
    warnings. InputError names the row at fault.
    """
    method = Method(model, tau2, SAME.get(interval, interval), prediction, level, stop)
    if tau2_interval not in get_args(Tau2Interval):
        raise InputError(
            said("There is no interval of tau2 called %(tau2_interval)r; choose qp or pl.", tau2_interval=tau2_interval)
        )
    if tau2_interval == "pl" and (tau2 not in ("REML", "ML") or stop == "metafor"):
        raise InputError(said("A profile-likelihood interval (pl) needs tau2 by converged REML or ML; else choose qp."))
    table, pair = (None, (yi, vi)) if vi is not None else (yi, (column(yi, effect), column(yi, variance)))
    y, v = check_effects(*pair)
    labels = one_each(names, table, y.size, "names")
    if safe:
        words = ((metrics, "metrics"), (directions, "directions"))
        refuse_mixtures(*(one_each(each, table, y.size, what) for each, what in words))
    alone = weigh(y, v)
    spread, at = _spread(y, v, alone, method, tau2_interval)
    restricted = y.size > 1 and model == "random" and tau2 == "REML"
    given = Given(y, v, labels, _uncertainty(at, y.size, method), safe)
    loglik = log_likelihood(y, v, spread.tau2 or 0.0, restricted)
    return _report(method, given, alone.q, at, spread, loglik, tau2_interval, check_band(band))


def _report(
    method: Method,
    given: Given,
    q: float,
    at: Weighed,
    spread: Spread,
    loglik: float,
    form: Tau2Interval,
    band: Band | None,
) -> Pooled:
    """Everything that is told of the studies weighed at the tau2 chosen."""
    k, mean = given.yi.size, given.mean
    statistic = at.mean / mean.se if mean.se > 0 else None
    p = None if statistic is None else float(two_sided_p(statistic, mean.df))
    ci_low, ci_high = interval_of(at.mean, mean.se, method.level, mean.df)
    pi_low, pi_high = _new_setting(at.mean, mean, spread.tau2, k, method)
    intervals = defensible(at.mean, mean, k, method.level, method.model == "common")
    return Pooled(
        k=k,
        estimate=at.mean,
        se=mean.se,
        statistic=statistic,
        df=mean.df,
        p=p,
        ci_low=ci_low,
        ci_high=ci_high,
        **_heterogeneity(spread, q, k),
        pi_low=pi_low,
        pi_high=pi_high,
        loglik=loglik,
        weights=tuple((at.weights * (100 / at.total)).tolist()),
        method=method,
        warnings=(*cautions(method, k, q, spread, mean.scale), *_doubts(given, spread, method, intervals)),
        tau2_interval=form,
        state=state_of(intervals, band),
        band=band,
        given=given,
    )


def _new_setting(
    estimate: float, mean: Mean, tau2: float | None, k: int, method: Method
) -> tuple[float, float] | tuple[None, None]:
    """The prediction interval; none below three studies, or where one true effect is assumed."""
    if tau2 is None or k < FEWEST or method.model == "common":
        return None, None
    return predict(estimate, mean, tau2, k, method.prediction, method.level)


def _heterogeneity(spread: Spread, q: float, k: int) -> dict[str, Any]:
    """tau2 with its interval, I2, H2, and Q with its degrees of freedom and p; no Q from a single study."""
    found = {
        "tau2": spread.tau2,
        "tau2_ci_low": spread.low,
        "tau2_ci_high": spread.high,
        "i2": spread.i2,
        "h2": spread.h2,
    }
    if k == 1:
        return found | dict.fromkeys(("q", "q_df", "q_p"))
    return found | {"q": q, "q_df": k - 1, "q_p": float(chi2_tail(q, k - 1))}


def _doubts(given: Given, spread: Spread, method: Method, intervals: Mapping[str, Limits]) -> tuple[str, ...]:
    """What the checks of the studies found; nothing where they were not asked for."""
    if not given.safe:
        return ()
    found = tuple(suspicions(given.yi, given.vi, given.names, spread, method.model == "random"))
    apart = disagreement(intervals)
    return (*found, apart) if apart else found


def _spread(y: Floats, v: Floats, alone: Weighed, method: Method, form: Tau2Interval) -> tuple[Spread, Weighed]:
    """tau2 and what is read from it (nothing at all from a single study), and the studies weighed with it."""
    df = y.size - 1
    if df == 0:
        return Spread(), alone
    if method.model == "common":
        i2 = max(0.0, 100 * (alone.q - df) / alone.q) if alone.q else 0.0
        return Spread(0.0, None, None, i2, alone.q / df), alone
    tau2, peaks = fit_tau2(y, v, method.tau2, method.stop)
    typical = df / (alone.total - float(alone.weights @ alone.weights) / alone.total)
    at = weigh(y, v, tau2) if tau2 else alone
    if form == "pl":
        low, high = profile_interval(y, v, tau2, method.tau2 == "REML", method.level)
    else:
        low, high = q_profile(y, v, method.level, tau2, at)
    return Spread(tau2, low, high, 100 * tau2 / (typical + tau2), tau2 / typical + 1, peaks), at


def _uncertainty(at: Weighed, k: int, method: Method) -> Mean:
    """The standard error of the mean and its degrees of freedom, by the interval asked for."""
    plain = at.total**-0.5
    if k == 1:
        return Mean(plain, None, None, plain, plain)
    scale = at.q / (k - 1)
    knapp = plain * scale**0.5
    if method.interval == "wald":
        return Mean(plain, None, None, plain, knapp)
    if method.interval == "t":
        return Mean(plain, k - 1, None, plain, knapp)
    if method.interval == "hksj-adhoc":
        used = max(1.0, scale)
        return Mean(plain * used**0.5, k - 1, used, plain, knapp)
    if method.interval == "hksj-wider" and critical(method.level) * plain > critical(method.level, k - 1) * knapp:
        return Mean(plain, None, None, plain, knapp)
    return Mean(knapp, k - 1, scale, plain, knapp)
