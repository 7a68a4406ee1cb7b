"""What must hold of a pooled result whatever the studies; and the fast ways against slow obvious ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from whatworks.stats import chi2_from_tail
from whatworks.synthesise import estimate_tau2, pool
from whatworks.synthesise.methods.generalised_q import q_profile, tau2_where_q_is
from whatworks.synthesise.methods.likelihood import highest_peak, log_likelihood
from whatworks.synthesise.methods.weighing import weigh

ESTIMATORS = ("REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE")
Studies = tuple[list[float], list[float]]


@st.composite
def studies(draw: st.DrawFn, least: int = 2) -> Studies:
    k = draw(st.integers(least, 12))
    effects = st.floats(-3, 3).map(lambda x: round(x, 3))
    variances = st.floats(0.001, 2).map(lambda x: round(x, 4))
    return draw(st.lists(effects, min_size=k, max_size=k)), draw(st.lists(variances, min_size=k, max_size=k))


@pytest.mark.parametrize("tau2", ESTIMATORS)
@given(data=studies(), seed=st.integers(0, 99))
def test_the_order_of_studies_does_not_matter(tau2: str, data: Studies, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(data[0]))
    one, other = pool(*data, tau2=tau2), pool(*(np.array(part)[order] for part in data), tau2=tau2)
    # Sums in another order differ in the last digits; near tau2 = 0 the root of a flat likelihood magnifies them.
    assert other.estimate == pytest.approx(one.estimate, rel=1e-7, abs=1e-9)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-9)
    assert other.q == pytest.approx(one.q, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("tau2", ESTIMATORS)
@given(data=studies(), power=st.integers(-12, 12))
def test_the_scale_of_measurement_passes_through(tau2: str, data: Studies, power: int) -> None:
    factor = 2.0**power  # powers of two scale without rounding, so only the stopping of iterations can differ
    one = pool(*data, tau2=tau2)
    other = pool([factor * y for y in data[0]], [factor**2 * v for v in data[1]], tau2=tau2)
    assert other.estimate == pytest.approx(factor * one.estimate, rel=1e-9, abs=factor * 1e-12)
    assert other.ci_low == pytest.approx(factor * one.ci_low, rel=1e-9, abs=factor * 1e-12)
    assert other.tau2 == pytest.approx(factor**2 * one.tau2, rel=1e-9, abs=factor**2 * 1e-12)
    assert other.i2 == pytest.approx(one.i2, rel=1e-7, abs=1e-7)
    assert other.q_p == pytest.approx(one.q_p, rel=1e-9)


@given(data=studies(), shift=st.integers(-8, 8))
def test_moving_every_effect_moves_the_mean_and_nothing_else(data: Studies, shift: int) -> None:
    one, other = pool(*data), pool([y + shift for y in data[0]], data[1])
    assert other.estimate == pytest.approx(one.estimate + shift, abs=1e-7)
    assert other.se == pytest.approx(one.se, rel=1e-6)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-8)


@given(data=studies())
def test_turning_the_sign_of_every_effect_mirrors_the_result(data: Studies) -> None:
    one, other = pool(*data, interval="hksj"), pool([-y for y in data[0]], data[1], interval="hksj")
    assert other.estimate == -one.estimate
    assert other.ci_low == -one.ci_high
    assert other.tau2 == one.tau2


@given(data=studies())
def test_without_heterogeneity_random_effects_are_the_common_effect(data: Studies) -> None:
    random, common = pool(*data), pool(*data, model="common")
    if random.tau2 == 0:
        assert (random.estimate, random.se, random.ci_low) == (common.estimate, common.se, common.ci_low)
    assert random.se >= common.se
    assert min(data[0]) - 1e-12 <= random.estimate <= max(data[0]) + 1e-12


@given(data=studies())
def test_paule_mandel_is_where_q_is_its_expectation(data: Studies) -> None:
    y, v = (np.array(part) for part in data)
    tau2 = estimate_tau2(y, v, "PM")
    q = weigh(y, v, tau2).q
    assert tau2 == estimate_tau2(y, v, "EB")
    if tau2 > 0:
        assert q == pytest.approx(y.size - 1, rel=1e-11)
    else:
        assert q <= y.size - 1


@given(data=studies())
def test_the_two_ends_of_the_q_profile_are_where_q_is_at_its_limits(data: Studies) -> None:
    y, v = (np.array(part) for part in data)
    low, high = q_profile(y, v, 0.95)
    assert 0 <= low <= high
    for end, tail in ((low, 0.025), (high, 0.975)):
        if end > 0:
            assert weigh(y, v, end).q == pytest.approx(chi2_from_tail(tail, y.size - 1), rel=1e-11)


@given(data=studies(), target=st.floats(0.01, 20))
def test_newton_finds_what_bisection_finds(data: Studies, target: float) -> None:
    y, v = (np.array(part) for part in data)
    low, high = 0.0, 1.0
    assume(weigh(y, v, 0.0).q > target)
    while weigh(y, v, high).q > target:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if weigh(y, v, middle).q > target else (low, middle)
    assert tau2_where_q_is(target, y, v) == pytest.approx(low, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("restricted", [True, False])
@given(data=studies(least=3))
def test_no_tau2_on_a_fine_grid_is_likelier_than_the_peak(restricted: bool, data: Studies) -> None:
    y, v = (np.array(part) for part in data)
    peak = highest_peak(y, v, restricted)
    top = log_likelihood(y, v, peak.tau2, restricted)
    for tau2 in (0.0, *np.geomspace(1e-6, 20, 120)):
        assert log_likelihood(y, v, float(tau2), restricted) <= top + 1e-10  # rounding of sums of logarithms


@given(data=studies(), level=st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_a_higher_level_gives_a_wider_interval_around_the_same_estimate(data: Studies, level: float) -> None:
    one, other = pool(*data, level=level), pool(*data, level=0.995)
    assert other.estimate == one.estimate
    assert other.ci_low < one.ci_low < one.estimate < one.ci_high < other.ci_high
    assert other.tau2_ci_low <= one.tau2_ci_low
    assert one.tau2_ci_high <= other.tau2_ci_high


@given(data=studies(least=3))
def test_the_prediction_interval_holds_the_interval_of_the_mean(data: Studies) -> None:
    for interval in ("wald", "t", "hksj-adhoc"):
        answer = pool(*data, interval=interval)
        assert answer.pi_low <= answer.ci_low + 1e-12
        assert answer.ci_high <= answer.pi_high + 1e-12


@given(data=studies())
def test_two_way_shares_add_up(data: Studies) -> None:
    answer = pool(*data)
    assert sum(answer.weights) == pytest.approx(100, rel=1e-12)
    assert answer.i2 == pytest.approx(100 * (1 - 1 / answer.h2), abs=1e-9)
    assert 0 <= answer.i2 < 100
