"""Bayesian pooling: brute force beside it, what is refused, what is told, the same in R."""

from __future__ import annotations

import json
import subprocess
from math import isclose
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from whatworks.errors import InputError
from whatworks.synthesise import pool
from whatworks.synthesise.methods.bayes.mixtures import Mixture, shortest
from whatworks.synthesise.methods.bayes.pooling_bayes import pool_bayes
from whatworks.synthesise.methods.bayes.priors import FROM_STUDIES, read_prior

YI = [0.30, -0.05, 0.62, 0.11, 0.47]
VI = [0.020, 0.015, 0.040, 0.008, 0.055]
PRIORS = ("half-normal(0.5)", "half-cauchy(1)", "half-t(4, 0.5)", "exponential(0.5)", "uniform(4)", "dumouchel", "shrinkage",
          "log-normal(-2.5, 1.7)", "log-t(5, -3, 2)")  # fmt: skip


def brute(yi: Any, vi: Any, prior: str, mu: tuple[float, float] | None, at: float) -> dict[str, float]:
    """Plain sums over a fine grid of tau (log-spaced, by Simpson's rule), with nothing clever."""
    y, v = np.array(yi), np.array(vi)
    x = np.linspace(
        -700 if prior.startswith("log-t") else np.log(v.min()) / 2 - 34,
        np.log(4.0) if prior == "uniform(4)" else 14.0,
        20_001,
    )
    tau = np.exp(x)
    simpson = np.ones(x.size)
    simpson[1:-1:2], simpson[2:-1:2] = 4, 2
    w = 1 / (v + tau[:, None] ** 2)
    m0, more = (0.0, 0.0) if mu is None else (mu[0], mu[1] ** -2)
    total = w.sum(axis=1) + more
    mean = (w @ y + more * m0) / total
    height = 0.5 * (
        np.log(w).sum(axis=1) - (w * (y - mean[:, None]) ** 2).sum(axis=1) - np.log(total) - more * (m0 - mean) ** 2
    )
    mass = simpson * np.exp(height - height.max() + read_prior(prior, v).log_density(tau) + x)
    mass /= mass.sum()
    sd = total**-0.5
    return {
        "mean": float(mass @ mean),
        "p_above": float(mass @ ndtr((mean - at) / sd)),
        "p_new": float(mass @ ndtr((mean - at) / np.hypot(sd, tau))),
        "tau": float(mass @ tau),
        "own": float(mass @ ((v[0] * mean + tau**2 * y[0]) / (v[0] + tau**2))),
    }


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=3, max_size=8),
    st.sampled_from(PRIORS),
    st.sampled_from([None, (0.0, 4.0), (0.5, 0.3)]),
)
@settings(max_examples=8, deadline=None)
def test_quadrature_is_brute_force(rows: list[tuple[float, float]], prior: str, mu: tuple[float, float] | None) -> None:
    yi, vi = [round(y, 3) for y, _ in rows], [round(v, 3) for _, v in rows]
    ours, want = pool_bayes(yi, vi, prior=prior, mu_prior=mu, threshold=0.1, safe=False), brute(yi, vi, prior, mu, 0.1)
    assert ours.effect.mean == pytest.approx(want["mean"], abs=1e-8)
    assert ours.p_above == pytest.approx(want["p_above"], abs=1e-8)
    assert ours.p_new_above == pytest.approx(want["p_new"], abs=1e-8)
    assert ours.shrunk[0].mean == pytest.approx(want["own"], abs=1e-8)
    if ours.tau.mean is not None and prior.split("(")[0] not in ("log-t", "half-cauchy", "dumouchel", "shrinkage"):
        assert ours.tau.mean == pytest.approx(want["tau"], rel=1e-8)  # the grid cuts heavy tails


@given(st.sampled_from(PRIORS[:6]), st.sampled_from([0.5, 0.8, 0.95]))
@settings(max_examples=5, deadline=None)
def test_intervals_hold_their_level_and_the_shortest_is_shortest(prior: str, level: float) -> None:
    short = pool_bayes(YI, VI, prior=prior, level=level, safe=False)
    middle = pool_bayes(YI, VI, prior=prior, level=level, interval="central", safe=False)
    for one in (short, middle):
        below = pool_bayes(YI, VI, prior=prior, threshold=one.effect.low, safe=False).p_above
        above = pool_bayes(YI, VI, prior=prior, threshold=one.effect.high, safe=False).p_above
        assert below - above == pytest.approx(level, abs=1e-10)
    assert short.effect.high - short.effect.low <= middle.effect.high - middle.effect.low + 1e-12
    assert short.tau.high - short.tau.low <= middle.tau.high - middle.tau.low + 1e-12


def test_newton_and_bisection_find_the_same_shortest_interval() -> None:
    mixture = Mixture(np.array([0.0, 0.4]), np.array([1.0, 0.3]), np.array([0.7, 0.3]))
    slow = shortest(mixture.quantile, mixture.density, 0.9)
    assert mixture.shortest(0.9) == pytest.approx(slow, abs=1e-9)


def test_one_normal_is_itself() -> None:
    one = Mixture(np.array([0.3]), np.array([0.2]), np.array([1.0]))
    assert one.shortest(0.95) == pytest.approx(
        (0.3 - 0.2 * 1.959963984540054, 0.3 + 0.2 * 1.959963984540054), abs=1e-12
    )
    assert one.quantile(1e-12) == pytest.approx(0.3 - 0.2 * 7.034483825301131, rel=1e-9)  # R: qnorm(1e-12)


def test_a_prior_that_allows_no_heterogeneity_gives_the_common_effect() -> None:
    common, ours = pool(YI, VI, model="common"), pool_bayes(YI, VI, prior="half-normal(0.000001)")
    assert ours.effect.mean == pytest.approx(common.estimate, abs=1e-8)
    assert ours.effect.low == pytest.approx(common.ci_low, abs=1e-8)


@pytest.mark.parametrize("name", ["half-normal(0.7)", "half-cauchy(0.7)", "half-t(3, 0.7)", "exponential(0.7)", "uniform(3)",
                                  "log-normal(-2, 1.5)", "log-t(5, -3, 2)", "dumouchel", "shrinkage"])  # fmt: skip
def test_proper_priors_integrate_to_one(name: str) -> None:
    x = np.linspace(-60, 60, 200_001) if name != "uniform(3)" else np.linspace(-60, np.log(3), 200_001)
    tau = np.exp(x)
    whole = float(np.trapezoid(np.exp(read_prior(name, np.array(VI)).log_density(tau) + x), x))
    assert isclose(
        whole, 1, abs_tol=2e-4 if name.startswith("log-t") else 1e-6
    )  # its tail beyond exp(60) is not nothing


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        ({"prior": "gamma(1)"}, "There is no prior 'gamma"),
        ({"prior": "half-normal"}, "needs 1 number"),
        ({"prior": "half-t(4)"}, "needs 2 numbers"),
        ({"prior": "half-normal(-1)"}, "above 0"),
        ({"prior": "half-normal(wide)"}, "needs 1 number"),
        ({"mu_prior": (0, 0)}, "sd above 0"),
        ({"mu_prior": 3}, "two numbers"),
        ({"interval": "hpd"}, "shortest or central"),
        ({"threshold": float("nan")}, "threshold a number"),
        ({"level": 95}, "confidence level"),
    ],
)
def test_unknown_choices_are_refused_in_a_sentence(choice: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        pool_bayes(YI, VI, **choice)


@pytest.mark.parametrize(("k", "prior"), [(1, "uniform"), (2, "uniform"), (1, "jeffreys")])
def test_a_prior_that_gives_no_posterior_is_refused(k: int, prior: str) -> None:
    with pytest.raises(InputError, match="gives no posterior"):
        pool_bayes(YI[:k], VI[:k], prior=prior)


def test_what_does_not_exist_is_none() -> None:
    three = pool_bayes(YI[:3], VI[:3], prior="uniform")  # tau falls as 1 / tau^2: no mean of tau, no sd of anything
    assert three.tau.mean is None and three.effect.sd is None and three.effect.mean is not None
    assert json.dumps(three.to_dict(), allow_nan=False)
    assert pool_bayes(YI[:2], VI[:2]).new is None
    assert set(FROM_STUDIES) == {"dumouchel", "shrinkage", "jeffreys", "uniform"}


def test_with_few_studies_it_is_said_that_the_prior_matters() -> None:
    assert any("the prior matters" in sentence for sentence in pool_bayes(YI[:2], VI[:2]).warnings)
    assert not any("the prior matters" in one for one in pool_bayes(YI, VI).warnings)
    assert any("no distribution" in sentence for sentence in pool_bayes(YI, VI, prior="uniform").warnings)
    assert any("prior's alone" in sentence for sentence in pool_bayes(YI[:1], VI[:1]).warnings)
    assert pool_bayes(YI[:2], VI[:2], safe=False).warnings == ()


def test_bayes_factors_only_where_the_priors_define_them() -> None:
    flat, proper, no = (pool_bayes(YI, VI, **choice) for choice in ({}, {"mu_prior": (0, 1)}, {"prior": "uniform"}))
    assert flat.log_marginal is None and flat.against_zero is None and flat.against_homogeneity is not None
    assert proper.log_marginal is not None and proper.against_zero is not None
    assert no.against_homogeneity is None
    held = pool_bayes(YI, VI, mu_prior=(0, 1e-9))  # a mean of 0, for certain
    assert proper.against_zero == pytest.approx(np.exp(held.log_marginal - proper.log_marginal), rel=1e-8)


def test_every_way_of_telling() -> None:
    one = pool_bayes({"yi": YI, "vi": VI, "study": list("abcde")}, names="study", threshold=0.1)
    assert one.recipe.arguments["prior"] == "half-normal(0.5)"
    assert pool_bayes(**one.recipe.arguments) == one
    assert "Roever" in one.report() and "nan" not in one.report()
    assert [row[0] for row in one.chart().rows][:2] == ["a", "  after the others"]
    table = one.sensitivity()
    assert table[0].prior == one.prior and table[0].low == one.effect.low and len(table) == 5
    assert min(YI) < min(own.mean for own in one.shrunk)  # drawn towards the mean


@pytest.mark.r
def test_the_script_for_r_gives_the_same_numbers() -> None:
    for choice in (
        {},
        {"prior": "log-normal(-2.5, 1.7)", "mu_prior": (0.1, 2.0)},
        {"prior": "uniform(4)", "threshold": 0.2},
    ):
        one = pool_bayes(YI, VI, **choice)
        done = subprocess.run(["Rscript", "-"], input=one.r_script(), capture_output=True, text=True, check=True)
        told = dict(line.split() for line in done.stdout.splitlines())
        assert float(told["mean"]) == pytest.approx(one.effect.mean, rel=1e-8)
        assert float(told["p_above"]) == pytest.approx(one.p_above, rel=1e-8)
        assert float(told["tau_median"]) == pytest.approx(one.tau.median, rel=1e-7)
