"""One number from many studies: inverse-variance pooling with common or random effects.

Definitions are metafor 3.8-1's rma.uni, checked against its numbers to 1e-9 (tests/oracles/test_pooling.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.stats.intervals import check_level, chi2_tail, two_sided_p
from whatworks.stats.intervals import interval as interval_of
from whatworks.stats.results import Result
from whatworks.synthesise.methods.cautions import cautions
from whatworks.synthesise.methods.generalised_q import q_profile
from whatworks.synthesise.methods.heterogeneity import Estimator, Spread, Stop, fit_tau2
from whatworks.synthesise.methods.likelihood import log_likelihood
from whatworks.synthesise.methods.r_script import r_script
from whatworks.synthesise.methods.weighing import Floats, Weighed, weigh

Model = Literal["random", "common"]
Interval = Literal["wald", "t", "hksj", "hksj-adhoc"]
Prediction = Literal["metafor", "t-k1", "t-k2"]
WORDS = (("model", Model), ("tau2", Estimator), ("interval", Interval), ("prediction", Prediction), ("stop", Stop))


@dataclass(frozen=True, slots=True)
class Method(Result):
    """How a result was made. model: one true effect (common) or a distribution of them (random); tau2: estimator."""

    model: Model = "random"
    tau2: Estimator = "REML"
    interval: Interval = "wald"
    prediction: Prediction = "metafor"
    level: float = 0.95
    stop: Stop = "converged"

    def __post_init__(self) -> None:
        check_level(self.level)
        for name, words in WORDS:
            if (given := getattr(self, name)) not in get_args(words):
                raise InputError(f"The {name} {given!r} is not known; choose one of {', '.join(get_args(words))}.")


@dataclass(frozen=True, slots=True)
class Pooled(Result):
    """What k studies say together, on the scale of the effects given (logarithm for ratios). None: cannot be known.

    estimate, se, statistic (z, or t with df), p, ci_low, ci_high: the mean of the true effects. tau2 with its Q-profile
    interval: the variance of the true effects; i2: per cent of the variation that is not chance; h2 = 1 / (1 - i2).
    q, q_df, q_p: the test that all true effects are equal. pi_low, pi_high: where the true effect in a new setting like
    these may lie. loglik: the restricted one under REML, else the full one. weights: per cent, in the order given.
    """

    k: int
    estimate: float
    se: float
    statistic: float | None
    df: int | None
    p: float | None
    ci_low: float
    ci_high: float
    tau2: float | None
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float | None
    h2: float | None
    q: float | None
    q_df: int | None
    q_p: float | None
    pi_low: float | None
    pi_high: float | None
    loglik: float
    weights: tuple[float, ...]
    method: Method
    warnings: tuple[str, ...]

    def summary(self) -> str:
        """The result in one sentence of numbers."""
        level = f"{100 * self.method.level:g}% interval"
        studies = "1 study" if self.k == 1 else f"{self.k} studies"
        text = f"{studies}: {self.estimate:.4g} ({level} {self.ci_low:.4g} to {self.ci_high:.4g})"
        if self.tau2 is not None and self.i2 is not None:
            text += f"; tau2 {self.tau2:.4g}, I2 {self.i2:.0f}%"
        if self.pi_low is not None and self.pi_high is not None:
            text += f"; a new setting {self.pi_low:.4g} to {self.pi_high:.4g}"
        return text + "."

    def to_r_script(self, yi: str = "yi", vi: str = "vi", file: str = "effects.csv") -> str:
        """The same analysis for R's metafor, reading the columns yi and vi of a CSV file."""
        return r_script(self.method.to_dict(), yi, vi, file)


HUGE = 1e60  # squares of squares of larger numbers overflow
APART = 1e12  # beyond this ratio of variances the sums lose the smaller weights altogether


class _Mean(NamedTuple):
    """The pooled mean with its uncertainty. scale: the Hartung-Knapp factor, None where it is not used."""

    se: float
    df: int | None
    scale: float | None


def pool(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    prediction: Prediction = "metafor",
    level: float = 0.95,
    stop: Stop = "converged",
) -> Pooled:
    """Pool effects yi with sampling variances vi (k of each, k at least 1; ratios as logarithms).

    interval: normal (`wald`), t with k - 1, or Hartung-Knapp-Sidik-Jonkman, which never falls below the wald width in
    its `-adhoc` form. prediction: the interval's own distribution (`metafor`), or t with k - 1 or k - 2 degrees of
    freedom (Higgins, Thompson and Spiegelhalter 2009); None below three studies. stop: REML and ML to the last digits
    (`converged`), or where metafor stops by default, up to 1e-5 short, to reproduce published numbers (`metafor`).
    InputError names the row at fault.
    """
    method = Method(model, tau2, interval, prediction, level, stop)
    y, v = check_effects(yi, vi)
    alone = weigh(y, v)
    spread, at = _spread(y, v, alone, method)
    restricted = y.size > 1 and model == "random" and tau2 == "REML"
    loglik = log_likelihood(y, v, spread.tau2 or 0.0, restricted)
    return _report(method, y.size, alone.q, at, spread, loglik)


def _report(method: Method, k: int, q: float, at: Weighed, spread: Spread, loglik: float) -> Pooled:
    """Everything that is told of the studies weighed at the tau2 chosen."""
    mean = _uncertainty(at, k, method)
    statistic = at.mean / mean.se if mean.se > 0 else None
    ci_low, ci_high = interval_of(at.mean, mean.se, method.level, mean.df)
    pi_low, pi_high = _prediction(at.mean, mean, spread.tau2, k, method)
    return Pooled(
        k=k,
        estimate=at.mean,
        se=mean.se,
        statistic=statistic,
        df=mean.df,
        p=None if statistic is None else float(two_sided_p(statistic, mean.df)),
        ci_low=ci_low,
        ci_high=ci_high,
        tau2=spread.tau2,
        tau2_ci_low=spread.low,
        tau2_ci_high=spread.high,
        i2=spread.i2,
        h2=spread.h2,
        q=q if k > 1 else None,
        q_df=k - 1 if k > 1 else None,
        q_p=float(chi2_tail(q, k - 1)) if k > 1 else None,
        pi_low=pi_low,
        pi_high=pi_high,
        loglik=loglik,
        weights=tuple((at.weights * (100 / at.total)).tolist()),
        method=method,
        warnings=cautions(method, k, q, spread, mean.scale),
    )


def check_effects(yi: ArrayLike, vi: ArrayLike) -> tuple[Floats, Floats]:
    """Effects and variances as arrays of k numbers; InputError says which row is missing, infinite or impossible."""
    try:
        y, v = (np.atleast_1d(np.asarray(given, dtype=float)) for given in (yi, vi))
    except (TypeError, ValueError):
        raise InputError("Effects and variances must be numbers; leave out rows where one is missing.") from None
    if y.ndim != 1 or y.shape != v.shape:
        raise InputError(f"There must be one variance for each effect, not {v.size} for {y.size}.")
    if not y.size:
        raise InputError("There are no effects to pool; give at least one.")
    least, most = v.min(), v.max()
    if least > 1 / HUGE and most < min(HUGE, APART * least) and abs(y).max() < HUGE:  # false where one is missing
        return y, v
    _refuse(y, v)
    return y, v


def _refuse(y: Floats, v: Floats) -> None:
    """Say which row cannot be pooled."""
    for row, (one, its) in enumerate(zip(y.tolist(), v.tolist(), strict=True), start=1):
        if not isfinite(one):
            raise InputError(f"The effect in row {row} is missing or infinite; give a number or leave the row out.")
        if not isfinite(its):
            raise InputError(f"The variance in row {row} is missing or infinite; give a number or leave the row out.")
        if its <= 0:
            raise InputError(f"The variance in row {row} is {its:g}; it must be above 0.")
        if max(abs(one), its, 1 / its) >= HUGE:
            raise InputError(f"The numbers in row {row} are beyond what can be computed; check their units.")
    least, most = int(v.argmin()), int(v.argmax())
    if v[most] >= APART * v[least]:
        raise InputError(
            f"The variance in row {least + 1} is a trillionth of that in row {most + 1}, so only one study would count; "
            "check both."
        )


def _spread(y: Floats, v: Floats, alone: Weighed, method: Method) -> tuple[Spread, Weighed]:
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
    low, high = q_profile(y, v, method.level, tau2, at)
    return Spread(tau2, low, high, 100 * tau2 / (typical + tau2), tau2 / typical + 1, peaks), at


def _uncertainty(at: Weighed, k: int, method: Method) -> _Mean:
    """The standard error of the mean and its degrees of freedom, by the interval asked for."""
    plain = at.total**-0.5
    if method.interval == "wald" or k == 1:
        return _Mean(plain, None, None)
    if method.interval == "t":
        return _Mean(plain, k - 1, None)
    scale = at.q / (k - 1)
    used = max(1.0, scale) if method.interval == "hksj-adhoc" else scale
    return _Mean(plain * used**0.5, k - 1, used)


def _prediction(
    at: float, mean: _Mean, tau2: float | None, k: int, method: Method
) -> tuple[float, float] | tuple[None, None]:
    """Where the true effect in a new setting may lie: the interval with the variance of true effects added."""
    if tau2 is None or k < 3 or method.model == "common":
        return None, None
    df = {"metafor": mean.df, "t-k1": k - 1, "t-k2": k - 2}[method.prediction]
    return interval_of(at, sqrt(mean.se**2 + tau2), method.level, df)
