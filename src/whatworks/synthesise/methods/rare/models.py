"""Each way of pooling counts as one function from tables to a fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.rare.beta_binomial import fit_beta_binomial
from whatworks.synthesise.methods.rare.climbing import Summit
from whatworks.synthesise.methods.rare.families import Binomial, Family, Poisson, hypergeometric
from whatworks.synthesise.methods.rare.mantel_haenszel import (
    ChiSquared,
    Weighted,
    association,
    chi2_test,
    homogeneity,
    mantel_haenszel,
    peto,
)
from whatworks.synthesise.methods.rare.mixing import NODES, highest, mixed, one_effect
from whatworks.synthesise.methods.rare.tables import Tables
from whatworks.synthesise.methods.rare.testing import conditional_tests, paired_tests
from whatworks.synthesise.methods.rare.unconditional import fit_fixed, fit_random, pair, random_test
from whatworks.synthesise.methods.weighing import Floats

RUNS_AWAY = 25.0  # no real effect is as large on a logarithmic scale


class Fit(NamedTuple):
    """What a model says. tau2, sigma2: variances of effects and of baselines; rho: the correlation within arms."""

    estimate: float
    se: float
    tau2: float | None = None
    sigma2: float | None = None
    rho: float | None = None
    loglik: float | None = None
    tests: dict[str, ChiSquared | None] = {}
    weights: Floats | None = None
    settled: bool = True
    nodes: int | None = None


class Choice(NamedTuple):
    """What was asked: the measure, random or common effects, nodes of quadrature (None: the model's own default)."""

    measure: str
    random: bool
    nodes: int | None


def fit_mh(t: Tables, choice: Choice) -> Fit:
    """Mantel-Haenszel with its tests."""
    rates = choice.measure in ("IRR", "IRD")
    found = _weighed(mantel_haenszel(t, choice.measure), choice.measure)
    tests: dict[str, ChiSquared | None] = {"cochran-mantel-haenszel": association(t, rates=rates)}
    if choice.measure == "OR":
        tests["breslow-day"], tests["tarone"] = homogeneity(t, found.estimate)
    if choice.measure == "IRD":
        tests = {}
    return found._replace(tests=tests)


def fit_peto(t: Tables, choice: Choice) -> Fit:
    """Peto's method, with the test that its odds ratios are one."""
    found, test = peto(t)
    return _weighed(found, "OR")._replace(tests={"q": test})


def _weighed(found: Weighted, measure: str) -> Fit:
    if found.estimate is None or found.se is None or not np.isfinite(found.estimate):
        raise InputError(
            said(
                "No %(measure)s can be pooled: one of the groups has no events (or nothing but events) in every "
                "study; pool risk differences (RD), or collect more.",
                measure=measure,
            )
        )
    return Fit(found.estimate, found.se, weights=found.weights)


def fit_conditional(t: Tables, choice: Choice, family: Family) -> Fit:
    """A one-parameter likelihood for each study, effects normal between them."""
    nodes = choice.nodes or NODES
    common = one_effect(family)
    ratio, squares = conditional_tests(family, common.height)
    top = highest(mixed(family, nodes), common) if choice.random and family.x.size > 1 else common
    tests: dict[str, ChiSquared | None] = {"likelihood ratio": ratio, "wald": squares}
    return _fitted(top, common, family.constant, tests, choice, nodes)


def fit_exact(t: Tables, choice: Choice) -> Fit:
    """CM.EL: hypergeometric for odds ratios, binomial given all events for rate ratios."""
    if choice.measure == "IRR":
        return fit_approximate(t, choice)
    return fit_conditional(t, choice, hypergeometric(t))


def fit_approximate(t: Tables, choice: Choice) -> Fit:
    """CM.AL: events of the first group among all events of the study, with its share of the people as offset."""
    return fit_conditional(t, choice, Binomial(t.x1, t.x1 + t.x2, np.log(t.size1 / t.size2)))


def fit_one_group(t: Tables, choice: Choice) -> Fit:
    """Log odds of one proportion (PLO), or the logarithm of one rate (IRLN)."""
    family = Poisson(t.x1, t.size1) if choice.measure == "IRLN" else Binomial(t.x1, t.size1, np.zeros(t.x1.size))
    return fit_conditional(t, choice, family)


def fit_um_fs(t: Tables, choice: Choice) -> Fit:
    """UM.FS: a fixed baseline for each study."""
    both, nodes = pair(t, choice.measure == "IRR"), choice.nodes or NODES
    common, top = fit_fixed(both, nodes)
    ratio, squares = paired_tests(both, common.height)
    tests: dict[str, ChiSquared | None] = {"likelihood ratio": ratio, "wald": squares}
    alone = not choice.random or t.x1.size == 1
    return _fitted(common if alone else top, common, both.constant, tests, choice, nodes)


def fit_um_rs(t: Tables, choice: Choice) -> Fit:
    """UM.RS: random baselines, by Laplace's approximation unless more nodes are asked for."""
    if t.x1.size < 2:
        raise InputError(said("Random baselines (UM.RS) need at least two studies; use UM.FS or MH."))
    both, nodes = pair(t, choice.measure == "IRR"), choice.nodes or 1
    common, top = fit_random(both, nodes)
    ratio = chi2_test(max(0.0, random_test(both, NODES)), t.x1.size - 1)
    best = top if choice.random else common
    if best.covariance is None and best.at.size == 4 and best.at[3] > 0:
        raise InputError(said("The likelihood of UM.RS has no clear peak for these tables; use UM.FS or CM.EL."))
    tests: dict[str, ChiSquared | None] = {"likelihood ratio": ratio}
    if choice.random:
        tests["tau2 against 0"] = _against_nought(top, common)
    tau2 = float(best.at[3] ** 2) if choice.random else 0.0
    se = _se(best, 2)
    return Fit(
        float(best.at[2]), se, tau2, float(np.exp(2 * best.at[1])), None, best.height + both.constant, tests,
        settled=best.settled, nodes=nodes,
    )  # fmt: skip


def fit_bb(t: Tables, choice: Choice) -> Fit:
    """The beta-binomial model of both groups."""
    found = fit_beta_binomial(t, choice.measure)
    gain = max(0.0, 2 * (found.loglik - found.loglik_binomial))
    test = chi2_test(gain, 1)
    return Fit(
        found.estimate, found.se, rho=found.rho, loglik=found.loglik, settled=found.settled,
        tests={"correlation against 0": ChiSquared(gain, 1, test.p / 2 if gain else 1.0)},
    )  # fmt: skip


def _fitted(
    top: Summit, common: Summit, constant: float, tests: dict[str, ChiSquared | None], choice: Choice, nodes: int
) -> Fit:
    estimate = float(top.at[0])
    if not common.settled or abs(estimate) > RUNS_AWAY or abs(float(common.at[0])) > RUNS_AWAY:
        raise InputError(
            said(
                "The likelihood has no peak: all events are in one group (or nothing but events anywhere), so the "
                "effect would be infinite; use PETO, BB or a risk difference."
            )
        )
    random = top.at.size > 1
    if random:
        tests = tests | {"tau2 against 0": _against_nought(top, common)}
    tau2 = float(top.at[1] ** 2) if random else None if choice.random else 0.0
    return Fit(estimate, _se(top, 0), tau2, None, None, top.height + constant, tests, settled=top.settled, nodes=nodes)


def _against_nought(top: Summit, common: Summit) -> ChiSquared:
    """Twice the gain by tau2; half of chance lies at 0 (Self and Liang 1987, JASA 82(398), 605-610)."""
    gain = max(0.0, 2 * (top.height - common.height))
    return ChiSquared(gain, 1, chi2_test(gain, 1).p / 2 if gain > 0 else 1.0)


def _se(top: Summit, place: int) -> float:
    """The standard error from the whole information; at tau2 = 0, where its last entry is infinite, without it."""
    last = top.information.shape[0] - 1
    if last and np.isinf(top.information[last, last]):
        return float(np.sqrt(np.linalg.inv(top.information[:last, :last])[place, place]))
    return float(np.sqrt(np.linalg.inv(top.information)[place, place]))


FITS: dict[str, Callable[[Tables, Choice], Fit]] = {
    "MH": fit_mh,
    "PETO": fit_peto,
    "CM.EL": fit_exact,
    "CM.AL": fit_approximate,
    "UM.FS": fit_um_fs,
    "UM.RS": fit_um_rs,
    "BB": fit_bb,
    "GLMM": fit_one_group,
}
MEASURED: dict[str, tuple[str, ...]] = {
    "MH": ("OR", "RR", "RD", "IRR", "IRD"),
    "PETO": ("OR",),
    "CM.EL": ("OR", "IRR"),
    "CM.AL": ("OR", "IRR"),
    "UM.FS": ("OR", "IRR"),
    "UM.RS": ("OR", "IRR"),
    "BB": ("OR", "RR", "RD"),
    "GLMM": ("PLO", "IRLN"),
}
