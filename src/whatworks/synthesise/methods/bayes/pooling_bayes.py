"""Bayesian random effects without sampling: the normal-normal model, by quadrature over tau.

Definitions are those of bayesmeta (Roever 2020, Journal of Statistical Software 93(6), 1-51). Checked against brute force
(tests/unit/synthesise/test_bayes.py) and R's integrals (tests/oracles/test_bayes.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, inf, isfinite
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import check_level
from whatworks.synthesise.methods.bayes.mixtures import Mixture, central, shortest
from whatworks.synthesise.methods.bayes.pooled_bayes import GivenBayes, Kind, Known, PooledBayes, Sensitive, Shrunk
from whatworks.synthesise.methods.bayes.posterior import (
    Given,
    Posterior,
    at_tau,
    posterior,
    tail_power,
    tau_quantile,
)
from whatworks.synthesise.methods.bayes.priors import Prior, read_prior
from whatworks.synthesise.methods.given import check_effects, column, one_each
from whatworks.synthesise.methods.weighing import Floats

OTHERS = ("half-normal(0.5)", "half-normal(1)", "half-cauchy(0.5)", "half-cauchy(1)", "dumouchel")
FEWEST = 3
FEW = 5
MATTERS = 0.2  # a change of the interval's width by a fifth is more than rounding of a report


class Asked(NamedTuple):
    """Which intervals, and which threshold."""

    level: float
    kind: Kind
    threshold: float


class Fitted(NamedTuple):
    """The posterior with the priors behind it."""

    given: Given
    prior: Prior
    tau: Posterior
    power: float

    @property
    def effect(self) -> Mixture:
        """The mean of true effects."""
        return Mixture(self.tau.at.mean, self.tau.at.sd, self.tau.share)

    @property
    def new(self) -> Mixture:
        """The true effect in a new setting."""
        return Mixture(self.tau.at.mean, np.hypot(self.tau.at.sd, self.tau.tau), self.tau.share)

    def own(self, place: int) -> Mixture:
        """The true effect of one study: at each tau, between its own estimate and the mean."""
        v, squared = self.given.v[place], self.tau.tau**2
        drawn = v / (v + squared)
        mean = drawn * self.tau.at.mean + (1 - drawn) * self.given.y[place]
        return Mixture(mean, np.sqrt(drawn * squared + (drawn * self.tau.at.sd) ** 2), self.tau.share)


def pool_bayes(
    yi: Any,
    vi: ArrayLike | None = None,
    *,
    effect: str = "yi",
    variance: str = "vi",
    names: Sequence[str] | str | None = None,
    prior: str = "half-normal(0.5)",
    mu_prior: tuple[float, float] | None = None,
    threshold: float = 0.0,
    level: float = 0.95,
    interval: Kind = "shortest",
    safe: bool = True,
) -> PooledBayes:
    """Pool effects yi with sampling variances vi (k of each; ratios as logarithms), or a table of them, with a prior.

    prior: of tau, by name: `half-normal(s)`, `half-cauchy(s)`, `half-t(df, s)`, `exponential(mean)`, `uniform(upper)`,
    `uniform`, `dumouchel`, `shrinkage`, `jeffreys`, `log-normal(m, s)` and `log-t(df, m, s)` (of tau2). Half-normal(0.5) is
    meant for log odds ratios and standardised mean differences; on other scales choose another. mu_prior: mean and sd of
    a normal prior of the mean effect; None: flat. threshold: the chance of an effect above it is told. interval: shortest
    or central. safe: see whether twice or half the prior's scale would change the answer, and say so.
    InputError names the row at fault, or says why there is no posterior.
    """
    asked = Asked(check_level(level), interval, float(threshold))
    if interval not in get_args(Kind) or not isfinite(asked.threshold):
        raise InputError(
            said(
                "The interval is shortest or central, not %(interval)r, and the threshold a number.", interval=interval
            )
        )
    table, pair = (None, (yi, vi)) if vi is not None else (yi, (column(yi, effect), column(yi, variance)))
    y, v = check_effects(*pair)
    labels = one_each(names, table, y.size, "names")
    fitted = fit(Given(y, v, *_mu(mu_prior)), read_prior(prior, v))
    return _told(fitted, asked, GivenBayes(y, v, labels), safe)


def _mu(given: tuple[float, float] | None) -> tuple[float, float]:
    """Mean and sd of the prior of the mean; flat is an infinite sd."""
    if given is None:
        return 0.0, inf
    try:
        mean, sd = (float(one) for one in given)
    except (TypeError, ValueError):
        raise InputError(
            said("The prior of the mean effect is two numbers, its mean and its sd, or None for a flat one.")
        ) from None
    if not isfinite(mean) or not 0 < sd < inf:
        raise InputError(
            said(
                "The prior of the mean effect needs a finite mean and an sd above 0, not %(mean)s and %(sd)s.",
                mean=f"{mean:g}",
                sd=f"{sd:g}",
            )
        )
    return mean, sd


def fit(given: Given, prior: Prior) -> Fitted:
    """The posterior of tau, and through it of everything."""
    return Fitted(given, prior, posterior(given, prior), tail_power(given, prior))


def _told(one: Fitted, asked: Asked, kept: GivenBayes, safe: bool) -> PooledBayes:
    k, flat = one.given.y.size, one.given.sd == inf
    effect, heavy = one.effect, one.power <= 3 and one.prior.upper == inf
    proper = one.prior.proper and not flat
    zero = None
    if proper:
        zero = exp(_at_nought_mean(one) - one.tau.log_whole)
    none = float(at_tau(one.given, np.zeros(1)).log_likelihood[0])
    return PooledBayes(
        k=k,
        effect=_known(effect, asked, heavy and flat),
        tau=_known_tau(one, asked),
        new=_known(one.new, asked, heavy) if k >= FEWEST else None,
        threshold=asked.threshold,
        p_above=effect.above(asked.threshold),
        p_new_above=one.new.above(asked.threshold) if k >= FEWEST else None,
        shrunk=tuple(_shrunk(one, place, asked, kept.names) for place in range(k)),
        log_marginal=one.tau.log_whole if proper else None,
        against_zero=zero,
        against_homogeneity=exp(none - one.tau.log_whole) if one.prior.proper else None,
        prior=one.prior.name,
        mu_prior=None if flat else (one.given.mean, one.given.sd),
        level=asked.level,
        interval=asked.kind,
        warnings=tuple(_warnings(one, asked)) if safe else (),
        given=kept,
    )


def _ends(mixture: Mixture, asked: Asked) -> tuple[float, float]:
    if asked.kind == "central":
        return central(mixture.quantile, asked.level)
    return mixture.shortest(asked.level)


def _known(mixture: Mixture, asked: Asked, heavy: bool) -> Known:
    """heavy: the tail of tau is such that the variance is infinite."""
    return Known(mixture.centre(), mixture.quantile(0.5), None if heavy else mixture.spread(), *_ends(mixture, asked))


def _known_tau(one: Fitted, asked: Asked) -> Known:
    post = one.tau

    def quantile(p: float) -> float:
        return tau_quantile(post, p)

    def density(at: float) -> float:
        return float(post.density(np.array([at]))[0])

    mean = float(post.share @ post.tau)
    sd = float(np.sqrt(max(float(post.share @ (post.tau - mean) ** 2), 0.0)))
    bounded = one.prior.upper < inf
    chosen = asked.kind == "central"
    ends = central(quantile, asked.level) if chosen else shortest(quantile, density, asked.level, 0.0)
    return Known(
        mean if bounded or one.power > 2 else None, quantile(0.5), sd if bounded or one.power > 3 else None, *ends
    )


def _shrunk(one: Fitted, place: int, asked: Asked, names: tuple[str, ...] | None) -> Shrunk:
    mixture = one.own(place)
    name = names[place] if names else f"Study {place + 1}"
    return Shrunk(name, float(one.given.y[place]), mixture.centre(), mixture.spread(), *_ends(mixture, asked))


def _at_nought_mean(one: Fitted) -> float:
    """The logarithm of the chance of the data if the mean were 0: the same integral over tau with the mean held there."""
    held = Given(one.given.y, one.given.v, 0.0, 1e-12 * float(one.given.v.min()) ** 0.5)
    return posterior(held, one.prior).log_whole


def _warnings(one: Fitted, asked: Asked) -> Iterator[str]:
    k = one.given.y.size
    if k == 1:
        yield "One study: what is said of heterogeneity, and through it of the mean, is the prior's alone."
    elif k < FEWEST:
        yield "No new setting is predicted: that needs at least three studies."
    if k < FEW and (changed := _changes(one, asked)):
        yield (
            f"Only {k} studies: {changed}, so the prior matters; show the answer under several (see sensitivity) and say why "
            "this one."
        )
    if not one.prior.proper:
        yield f"The prior {one.prior.name} is no distribution; with few studies it gives tau too much room."


def _changes(one: Fitted, asked: Asked) -> str:
    """What half or twice the scale of the prior does to the interval of the mean; empty where little or no scale."""
    if one.prior.scale is None:
        return ""
    low, high = _ends(one.effect, asked)
    found = []
    for words, factor in (("half", 0.5), ("twice", 2.0)):
        other = _ends(fit(one.given, rescaled(one.prior, factor)).effect, asked)
        ratio = (other[1] - other[0]) / (high - low)
        if abs(ratio - 1) > MATTERS:
            found.append(f"{words} the scale of {one.prior.name} makes the interval {ratio:.2g} times as wide")
    return " and ".join(found)


def rescaled(prior: Prior, factor: float) -> Prior:
    """The prior of a tau that is so many times as large."""

    def density(tau: Floats) -> Floats:
        return np.asarray(prior.log_density(tau / factor) - np.log(factor))

    scale = None if prior.scale is None else prior.scale * factor
    return prior._replace(log_density=density, upper=prior.upper * factor, scale=scale)


def sensitive(one: PooledBayes, priors: Sequence[str] | None) -> tuple[Sensitive, ...]:
    """The answer under each prior, the one used first."""
    yi, vi, names = one.given
    found = []
    for prior in dict.fromkeys((one.prior, *(OTHERS if priors is None else priors))):
        other = pool_bayes(
            yi, vi, names=names, prior=prior, mu_prior=one.mu_prior, threshold=one.threshold, level=one.level,
            interval=one.interval, safe=False,
        )  # fmt: skip
        new = other.new or Known(None, 0.0, None, float("nan"), float("nan"))
        centre = other.effect.median if other.effect.mean is None else other.effect.mean
        ends = other.effect.low, other.effect.high
        found.append(Sensitive(prior, centre, *ends, other.tau.median, other.p_above, new.low, new.high))
    return tuple(found)
