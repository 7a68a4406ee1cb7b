"""Shares of the variance with their intervals, and standardised differences: against R, published formulas and whole matrices.

R's numbers: psych 2.2.9 for the analysis of variance; for mixed models lme4 1.1-31's own criterion (`update(m, devFunOnly = TRUE)`),
profiled with `optim` and `uniroot`, and its curvature by numDeriv.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f as fishers_f

from tests.shared import needs_shared
from tests.unit.trial.mixed_tables import crossed, normals, shared
from whatworks.errors import InputError
from whatworks.trial.methods.mixed import (
    RandomTerm,
    contrast_tests,
    fit_mixed,
    hedges_g,
    hedges_g_of,
    icc,
    icc_one_way,
    shares,
)
from whatworks.trial.methods.mixed.searching import value
from whatworks.trial.methods.mixed.solving import solve

# Shrout and Fleiss 1979, doi 10.1037/0033-2909.86.2.420, table 2: six people judged by four judges.
JUDGED = [9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7]


def schools(areas: bool):
    told = shared("crt_cont.csv")
    x = np.column_stack([np.ones(len(told["y"])), told["trt"], told["pre"]])
    terms = [RandomTerm("school", told["cluster"]), RandomTerm("area", told["la"])]
    return fit_mixed(x, told["y"], terms if areas else terms[:1])


def pupils(slopes: bool = False):
    told = crossed()
    x = np.column_stack([np.ones(300), told["arm"], told["pre"]])
    school = RandomTerm("school", told["school"], x[:, [0, 2]] if slopes else None)
    return fit_mixed(x, told["y"], [school, RandomTerm("area", told["area"])])


def test_judges_agree_as_published_and_as_in_r() -> None:
    found = icc_one_way(JUDGED, np.repeat(np.arange(6), 4))
    assert round(found.value, 2) == 0.17  # as published
    assert (found.value, found.low, found.high) == pytest.approx((0.1657417684, -0.1329323249, 0.7225600623), abs=1e-9)


def test_with_clusters_of_one_size_the_interval_is_searle_s() -> None:
    y, cluster = np.array(normals(31, 40)), np.repeat(np.arange(8), 5)
    y += np.array(normals(32, 8))[cluster]
    means = y.reshape(8, 5).mean(axis=1)
    ratio = 5 * means.var(ddof=1) / y.reshape(8, 5).var(axis=1, ddof=1).mean()
    least, most = ratio / fishers_f.ppf(0.95, 7, 32), ratio / fishers_f.ppf(0.05, 7, 32)
    found = icc_one_way(y, cluster, level=0.9)
    assert found.value == pytest.approx((ratio - 1) / (ratio + 4), rel=1e-12)
    assert (found.low, found.high) == pytest.approx(((least - 1) / (least + 4), (most - 1) / (most + 4)), rel=1e-9)


def test_with_clusters_of_unequal_sizes_the_interval_holds_as_often_as_it_says() -> None:
    sizes = np.array([2, 3, 3, 5, 8, 12, 20])
    cluster, chance, held, times = np.repeat(np.arange(7), sizes), np.random.default_rng(5), 0, 600
    for _ in range(times):
        y = chance.normal(size=53) + math.sqrt(0.25) * chance.normal(size=7)[cluster]  # a correlation of 0.2
        found = icc_one_way(y, cluster, level=0.9)
        held += found.low <= 0.2 <= found.high
    assert abs(held / times - 0.9) < 3 * math.sqrt(0.09 / times)  # three Monte Carlo standard errors


@needs_shared
def test_shares_of_schools_come_out_as_in_r() -> None:
    fit = schools(areas=False)
    found = icc(fit, "school")
    assert found.value == pytest.approx(0.0974335, abs=5e-8)
    assert (found.low, found.high) == pytest.approx((0.02785052418, 0.23358656472), abs=2e-7)
    assert found.se == pytest.approx(0.04902810479, abs=2e-7)
    assert shares(fit) == {"school": pytest.approx(found.value), "within": pytest.approx(1 - found.value)}
    area = icc(schools(areas=True), "area")
    assert (area.value, area.low, area.high) == pytest.approx((0.02023807505, 0.0, 0.30520550021), abs=1e-6)
    assert area.se == pytest.approx(0.04408596471, abs=1e-6)


@pytest.mark.parametrize(
    ("term", "value", "low", "high", "se"),
    [
        ("school", 0.29695005602, 0.14803728288, 0.53791140479, 0.09877843641),
        ("area", 0.14827828659, 0.05535251868, 0.38637241212, 0.07410681849),
    ],
)
def test_crossed_shares_come_out_as_in_r(term, value, low, high, se) -> None:
    found = icc(pupils(), term)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=3e-8)
    assert found.se == pytest.approx(se, abs=2e-8)


def test_without_spread_between_groups_there_is_still_an_interval() -> None:
    told = crossed()
    y = told["y"] - np.array([told["y"][told["school"] == one].mean() for one in told["school"]])
    fit = fit_mixed(np.ones((300, 1)), y, [RandomTerm("school", told["school"])])
    found = icc(fit, "school")
    assert (found.value, found.se, found.low) == (0.0, None, 0.0)
    assert 0 < found.high < 0.05


def test_the_interval_of_one_term_gives_the_others_their_best() -> None:
    """Areas do not differ beyond their schools, until schools are held to differ less than they do; that profile has two dips."""
    told = crossed()
    area = told["school"] % 2
    gone = np.array([told["y"][area == one].mean() for one in area])
    fit = fit_mixed(
        np.ones((300, 1)), told["y"] - 0.4 * gone, [RandomTerm("school", told["school"]), RandomTerm("area", area)]
    )
    assert fit.spreads[1].sds[0] == 0.0 and fit.solved.products.terms[0].place == 0
    cut, grid = value(fit.solved, True) + 3.841458820694124, np.linspace(0, 6, 401)

    def least(share: float) -> float:
        odds = share / (1 - share)
        return min(value(solve(fit.solved.products, np.array([math.sqrt(odds * (1 + b * b)), b])), True) for b in grid)

    found = icc(fit, "school")
    assert least(found.low * 0.999) > cut > least(found.low * 1.001)
    assert least(found.high * 1.001) > cut > least(found.high * 0.999)


def test_the_published_formula_for_clusters_of_one_size() -> None:
    n, arms, rho, difference, sd = (
        12,
        (8, 6),
        0.15,
        2.5,
        9.0,
    )  # Hedges 2007, and What Works Clearinghouse, equation E.21
    treated, control = n * arms[0], n * arms[1]
    rows = treated + control
    d = difference / sd * math.sqrt(1 - 2 * (n - 1) * rho / (rows - 2))
    below = (rows - 2) * (1 - rho) ** 2 + n * (rows - 2 * n) * rho**2 + 2 * (rows - 2 * n) * rho * (1 - rho)
    h = ((rows - 2) - 2 * (n - 1) * rho) ** 2 / below
    variance = rows / (treated * control) * (1 + (n - 1) * rho) + d**2 / (2 * h)
    factor = 1 - 3 / (4 * h - 1)
    found = hedges_g(difference, sd, [n] * arms[0], [n] * arms[1], rho)
    assert (found.g, found.se, found.df) == pytest.approx((factor * d, factor * math.sqrt(variance), h), rel=1e-12)


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 6), min_size=4, max_size=9), rho=st.sampled_from([0.0, 0.05, 0.4]))
def test_sizes_that_differ_give_what_whole_matrices_give(sizes, rho) -> None:
    arms = sizes[:2], sizes[2:]
    if min(sum(one) for one in arms) < 2:
        return
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    arm = (cluster >= 2).astype(int)
    v = (1 - rho) * np.eye(len(cluster)) + rho * (cluster[:, None] == cluster)
    m = np.eye(len(cluster)) - (arm[:, None] == arm) / np.bincount(arm)[arm]
    mean, twice = np.trace(m @ v), np.trace(m @ v @ m @ v)
    weights = np.where(arm == 1, 1.0, -1.0) / np.bincount(arm)[arm]
    found = hedges_g(0.7, 1.4, *arms, rho)
    d = 0.5 * math.sqrt(mean / (len(cluster) - 2))
    factor = 1 - 3 / (4 * mean**2 / twice - 1)
    assert found.df == pytest.approx(mean**2 / twice, rel=1e-10)
    assert found.g == pytest.approx(factor * d, rel=1e-10)
    assert found.se == pytest.approx(
        abs(factor) * math.sqrt(weights @ v @ weights + d**2 * twice / (2 * mean**2)), rel=1e-9
    )


def test_g_of_a_model_without_clusters_that_differ_is_the_usual_one() -> None:
    """Then the whole spread is the residual's, on as many degrees of freedom as there are rows less coefficients."""
    told = crossed()
    arm = np.arange(300) % 2.0
    y = told["y"] - np.array([told["y"][told["school"] == one].mean() for one in told["school"]])
    x = np.column_stack([np.ones(300), arm])
    fit = fit_mixed(x, y, [RandomTerm("school", told["school"])])
    assert fit.singular
    sd = math.sqrt(
        ((y[arm == 1] - y[arm == 1].mean()) ** 2).sum() / 298 + ((y[arm == 0] - y[arm == 0].mean()) ** 2).sum() / 298
    )
    d = (y[arm == 1].mean() - y[arm == 0].mean()) / sd
    found = hedges_g_of(fit, [0, 1], "satterthwaite")
    factor = 1 - 3 / (4 * 298 - 1)
    assert found.df == pytest.approx(298, rel=1e-9)
    assert found.g == pytest.approx(factor * d, rel=1e-9)
    assert found.se == pytest.approx(factor * math.sqrt(4 / 300 + d**2 / 596), rel=1e-9)


def test_g_of_a_model_is_beside_the_spread_between_and_within() -> None:
    fit = pupils()
    total = sum(float(one.sds[0]) ** 2 for one in fit.spreads) + fit.within**2
    found, arm = hedges_g_of(fit, [0, 1, 0]), contrast_tests(fit, [0, 1, 0])
    factor = 1 - 3 / (4 * found.df - 1)
    assert found.g == pytest.approx(factor * arm.estimate[0] / math.sqrt(total), rel=1e-12)
    # 14 schools and 9 areas say far less about the whole spread than 300 pupils alone would.
    assert 10 < found.df < 100
    assert found.se > factor * arm.se[0] / math.sqrt(total)


def test_bad_questions_are_refused_in_a_sentence() -> None:
    for ask, told in [
        (lambda: icc(pupils(slopes=True), "area"), "fit a model of intercepts"),
        (lambda: hedges_g_of(pupils(slopes=True), [0, 1, 0]), "fit a model of intercepts"),
        (lambda: icc(pupils(), "class"), "no random term"),
        (lambda: icc_one_way([1.0, 2.0], [1, 2, 3]), "a cluster for each outcome"),
        (lambda: icc_one_way([1.0, 2.0, 3.0], [1, 2, 3]), "no spread within clusters"),
        (lambda: icc_one_way([1.0, 1.0, 3.0, 3.0], [1, 1, 2, 2]), "no spread within clusters"),
        (lambda: icc_one_way([1.0, 2.0], [1, 1]), "two or more"),
        (lambda: hedges_g(1.0, 0.0, [4], [4], 0.1), "above nought"),
        (lambda: hedges_g(1.0, 1.0, [4], [4], 1.0), "below one|below 1"),
        (lambda: hedges_g(1.0, 1.0, [1], [4], 0.1), "two rows in each arm"),
    ]:
        with pytest.raises(InputError, match=told):
            ask()
