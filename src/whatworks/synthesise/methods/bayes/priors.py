"""What was held of the heterogeneity before these studies: densities of tau, by name.

Weakly informative ones: Roever et al. (2021), Research Synthesis Methods 12(4), 448-474. Empirical ones are given by
their parameters, from a published table: `log-normal(m, s)` says that log(tau2) is normal (the form of Turner et al. 2015,
Statistics in Medicine 34(6), 984-998), `log-t(df, m, s)` that it is a t (the form of Rhodes et al. 2015, Journal of
Clinical Epidemiology 68(1), 52-60).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import gamma, inf, log, pi, sqrt
from typing import NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said, said_of
from whatworks.synthesise.methods.weighing import Floats

LogDensity = Callable[[Floats], Floats]


class Prior(NamedTuple):
    """A density of tau. tail: it falls as tau to minus this power; upper: beyond it nothing; scale: None where none.

    proper: it integrates to one. least, most: where its own mass reaches in the logarithm of tau, where that is further
    than a density that is flat at 0 and falls like a power.
    """

    name: str
    log_density: LogDensity
    tail: float = inf
    upper: float = inf
    proper: bool = True
    scale: float | None = None
    least: float = inf
    most: float = -inf


def half_normal(scale: float) -> Prior:
    """The absolute value of a normal with this sd."""
    top = 0.5 * log(2 / pi) - log(scale)
    return Prior(f"half-normal({scale:g})", lambda tau: top - (tau / scale) ** 2 / 2, scale=scale)


def half_cauchy(scale: float) -> Prior:
    """The absolute value of a Cauchy: half of it lies below the scale."""
    top = log(2 / (pi * scale))
    return Prior(f"half-cauchy({scale:g})", lambda tau: top - np.log1p((tau / scale) ** 2), tail=2, scale=scale)


def half_t(df: float, scale: float) -> Prior:
    """The absolute value of a scaled t."""
    top = log(2 * gamma((df + 1) / 2) / (gamma(df / 2) * sqrt(df * pi) * scale))
    return Prior(
        f"half-t({df:g}, {scale:g})",
        lambda tau: top - (df + 1) / 2 * np.log1p((tau / scale) ** 2 / df),
        tail=df + 1,
        scale=scale,
    )


def exponential(scale: float) -> Prior:
    """Exponential with this mean."""
    return Prior(f"exponential({scale:g})", lambda tau: -log(scale) - tau / scale, scale=scale)


def uniform(upper: float = inf) -> Prior:
    """Every tau below a bound alike; without a bound it integrates to no one."""
    if upper == inf:
        return Prior("uniform", lambda tau: 0.0 * tau, tail=0, proper=False)
    return Prior(f"uniform({upper:g})", lambda tau: 0.0 * tau - log(upper), upper=upper, scale=upper)


def log_normal(mean: float, sd: float) -> Prior:
    """log(tau2) is normal with this mean and sd."""

    def density(tau: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            logs = np.log(tau)
        return np.asarray(log(2) - log(sd) - 0.5 * log(2 * pi) - logs - ((2 * logs - mean) / sd) ** 2 / 2)

    return Prior(f"log-normal({mean:g}, {sd:g})", density, least=(mean - 9 * sd) / 2, most=(mean + 9 * sd) / 2)


def log_t(df: float, mean: float, scale: float) -> Prior:
    """log(tau2) is a t with df degrees of freedom, moved and scaled. Its tail falls hardly faster than 1 / tau."""
    top = log(2 * gamma((df + 1) / 2) / (gamma(df / 2) * sqrt(df * pi) * scale))

    def density(tau: Floats) -> Floats:
        logs = np.log(tau)
        return np.asarray(top - logs - (df + 1) / 2 * np.log1p(((2 * logs - mean) / scale) ** 2 / df))

    return Prior(f"log-t({df:g}, {mean:g}, {scale:g})", density, tail=1, least=-700.0)


def dumouchel(v: Floats) -> Prior:
    """DuMouchel's: s / (s + tau)^2, with s^2 the harmonic mean of the sampling variances."""
    s = _harmonic(v)
    return Prior("dumouchel", lambda tau: log(s) - 2 * np.log(s + tau), tail=2)


def shrinkage(v: Floats) -> Prior:
    """Uniform in the share by which a typical study is shrunk (Daniels 1999): 2 s^2 tau / (s^2 + tau^2)^2."""
    s = _harmonic(v)

    def density(tau: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(log(2 * s * s) + np.log(tau) - 2 * np.log(s * s + tau**2))

    return Prior("shrinkage", density, tail=3)


def jeffreys(v: Floats) -> Prior:
    """Jeffreys' prior for tau with the mean known: the root of sum (tau / (v + tau^2))^2. It integrates to no one."""

    def density(tau: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(0.5 * np.log(((tau[..., None] / (v + tau[..., None] ** 2)) ** 2).sum(axis=-1)))

    return Prior("jeffreys", density, tail=1, proper=False)


def _harmonic(v: Floats) -> float:
    return sqrt(v.size / float((1 / v).sum()))


WITH_NUMBERS: dict[str, tuple[int, Callable[..., Prior]]] = {
    "half-normal": (1, half_normal),
    "half-cauchy": (1, half_cauchy),
    "half-t": (2, half_t),
    "exponential": (1, exponential),
    "uniform": (1, uniform),
    "log-normal": (2, log_normal),
    "log-t": (3, log_t),
}
FROM_STUDIES: dict[str, Callable[[Floats], Prior]] = {
    "dumouchel": dumouchel,
    "shrinkage": shrinkage,
    "jeffreys": jeffreys,
    "uniform": lambda v: uniform(),
}
MAY_BE_NEGATIVE = {"log-normal": (0,), "log-t": (1,)}  # the places of means
FORM = re.compile(r"\s*([a-z-]+)\s*(?:\(([^)]*)\))?\s*")


def read_prior(text: str, v: Floats) -> Prior:
    """The prior of this name, such as `half-normal(0.5)`, `uniform` or `log-t(5, -3, 2)`; v: the sampling variances."""
    found = FORM.fullmatch(str(text).casefold())
    name, inner = (found[1], found[2]) if found else ("", None)
    if inner is None and name in FROM_STUDIES:
        return FROM_STUDIES[name](v)
    if name not in WITH_NUMBERS:
        known = sorted({*WITH_NUMBERS, *FROM_STUDIES})
        raise InputError(
            said(
                "There is no prior %(text)r; choose one of %(known)s, such as half-normal(0.5).",
                text=text,
                known=", ".join(known),
            )
        )
    wanted, make = WITH_NUMBERS[name]
    try:
        numbers = [float(part) for part in (inner or "").split(",")]
    except ValueError:
        numbers = []
    free = MAY_BE_NEGATIVE.get(name, ())
    right = len(numbers) == wanted and all(np.isfinite(numbers))
    if not right or any(one <= 0 for place, one in enumerate(numbers) if place not in free):
        raise InputError(
            said_of(
                wanted,
                "The prior %(text)r needs %(wanted)s number, scales and freedom above 0.",
                "The prior %(text)r needs %(wanted)s numbers, scales and freedom above 0.",
                text=text,
                wanted=wanted,
            )
        )
    return make(*numbers)
