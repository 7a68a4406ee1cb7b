"""Worked examples that textbooks print, and what must hold of the ways back to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.extract import compute
from whatworks.extract.methods.changes import correlation_from_spreads
from whatworks.extract.methods.summaries import (
    from_five,
    from_quartiles,
    from_range,
    sd_from_interval,
    sd_from_standard_error,
    skewed,
)

FEW = settings(max_examples=50)


def a(value: float) -> np.ndarray:
    return np.array(float(value))


def test_the_handbook_s_standard_deviation_from_an_interval() -> None:
    # Cochrane Handbook 6.5.2.2: 25 people, 95 per cent interval 30.0 to 34.2: 5 x 4.2 / 4.128 = 5.09
    assert round(float(sd_from_interval(a(30.0), a(34.2), a(25), a(0.95))), 2) == 5.09


def test_the_handbook_s_standard_error_from_a_p_value() -> None:
    # Cochrane Handbook 6.5.2.3: difference 3.8, groups of 25 and 22, p = 0.008: t = 2.78, SE = 1.37
    found = compute("mean-difference-from-p", difference=3.8, p=0.008, n1=25, n2=22)
    assert round(float(found.se), 2) == 1.37
    assert round(float(found.yi / found.se), 2) == 2.78


def test_the_handbook_s_correlation_from_three_standard_deviations() -> None:
    # Cochrane Handbook 6.5.2.8: 6.4 before, 7.1 after, 4.5 of change: 0.78
    assert round(float(correlation_from_spreads(a(7.1), a(6.4), a(4.5))), 2) == 0.78


def test_the_handbook_s_risk_difference_from_an_odds_ratio() -> None:
    # Cochrane Handbook 15.4.4.4: odds ratio 0.66 at a risk of 0.25: about 70 fewer per 1,000
    found = compute("risk-difference-from-odds-ratio", odds_ratio=0.66, low=0.5, high=0.9, baseline_risk=0.25)
    assert round(-1000 * float(found.yi)) == 70


def test_borenstein_s_conversions() -> None:
    # Introduction to Meta-Analysis, chapter 7: log odds ratio 0.9069 (variance 0.0676) is d 0.5000 (0.0205);
    # r 0.50 is d 1.1547; d 0.5 in two equal groups is r 0.2425
    d = compute("d-from-log-odds-ratio", log_odds_ratio=0.9069, variance=0.0676)
    assert (round(float(d.yi), 4), round(float(d.vi), 4)) == (0.5, 0.0205)
    assert round(float(compute("d-from-r", r=0.5, n=98).yi), 4) == 1.1547
    assert round(float(compute("correlation-from-d", d=0.5, variance=0.0205, n1=50, n2=50).yi), 4) == 0.2425


def test_a_p_value_below_a_bound_understates() -> None:
    given_p = {"direction": 1, "n1": 30, "n2": 30}
    true = compute("hedges-g-from-p", p=0.003, **given_p)
    bound = compute("hedges-g-from-p", p=0.05, bound="below", **given_p)
    assert bound.yi < true.yi


def test_a_one_sided_p_above_a_half_went_the_other_way() -> None:
    with pytest.raises(InputError, match="went the other way"):
        compute("hedges-g-from-p", p=0.8, sides="one", direction=1, n1=30, n2=30)


def test_hozo_s_rules_by_size() -> None:
    mean, sd = from_range(a(1), a(4), a(13), a(10), method="hozo")
    assert float(mean) == (1 + 8 + 13) / 4
    assert float(sd) == pytest.approx((((1 - 8 + 13) ** 2 / 4 + 144) / 12) ** 0.5, rel=1e-15)
    assert float(from_range(a(1), a(4), a(13), a(26), method="hozo")[0]) == 4
    assert [float(from_range(a(1), a(4), a(13), a(n), method="hozo")[1]) for n in (16, 70, 71)] == [3, 3, 2]


@FEW
@given(st.floats(-50, 50), st.floats(0.1, 20), st.integers(5, 500), st.sampled_from(["luo", "wan"]))
def test_a_normal_outcome_comes_back(mean: float, sd: float, n: int, method: str) -> None:
    """Quantiles that a normal group is expected to have must give its own mean and spread."""
    from scipy.special import ndtri

    quarter, extreme = ndtri((0.75 * n - 0.125) / (n + 0.25)), ndtri((n - 0.375) / (n + 0.25))
    lower, upper = mean - quarter * sd, mean + quarter * sd
    low, high = mean - extreme * sd, mean + extreme * sd
    for found in (
        from_quartiles(a(lower), a(mean), a(upper), a(n), method=method),
        from_range(a(low), a(mean), a(high), a(n), method=method),
        from_five(a(low), a(lower), a(mean), a(upper), a(high), a(n), method=method),
    ):
        assert float(found[0]) == pytest.approx(mean, rel=1e-9, abs=1e-9 * sd)  # sums of a few doubles
        assert float(found[1]) == pytest.approx(sd, rel=1e-9)


@pytest.mark.parametrize("n", [20, 60, 200])
def test_normal_groups_seldom_look_skewed(n: int) -> None:
    """The bound is meant to be passed by 1 normal group in 20; a tenth would cry wolf."""
    draws = np.random.default_rng(7).normal(size=(4000, n))
    lower, median, upper = np.quantile(draws, [0.25, 0.5, 0.75], axis=1)
    beyond = skewed(lower, median, upper, np.full(4000, n)) > 2.65 / np.sqrt(n) - 6 / n**2
    assert 0.03 < beyond.mean() < 0.08


def test_numbers_out_of_order_are_refused() -> None:
    with pytest.raises(InputError, match="do not rise in this order"):
        from_quartiles(a(5), a(3), a(9), a(20), method="luo")
    with pytest.raises(InputError, match="below 0"):
        sd_from_standard_error(a(-1), a(9))
    with pytest.raises(InputError, match="no correlation gives them"):
        correlation_from_spreads(a(3), a(3), a(9))
    with pytest.raises(InputError, match="unlike signs"):
        compute("mean-difference-from-t", difference=2, t=-1, n1=9, n2=9)


@FEW
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60))
def test_percentages_count_the_people_back(events1: int, events2: int, more1: int, more2: int) -> None:
    n1, n2 = events1 + more1, events2 + more2
    percents = {"percent1": round(100 * events1 / n1, 1), "n1": n1, "percent2": round(100 * events2 / n2, 1), "n2": n2}
    counts = {"events1": events1, "n1": n1, "events2": events2, "n2": n2}
    for stem in ("log-odds-ratio", "risk-difference", "peto-log-odds-ratio"):
        back, raw = compute(f"{stem}-from-percentages", **percents), compute(f"{stem}-from-counts", **counts)
        np.testing.assert_array_equal(back.yi, raw.yi)


def test_the_treatment_arm_rule_adds_in_proportion_to_the_groups() -> None:
    # Sweeting et al. (2004): 0 of 90 against 3 of 30 adds 0.75 to the larger group's cells and 0.25 to the smaller's
    found = compute("log-odds-ratio-from-counts", events1=0, n1=90, events2=3, n2=30, zero="tacc")
    assert found.yi == pytest.approx(np.log(0.75 / 90.75) - np.log(3.25 / 27.25), rel=1e-12)
    even = {"events1": 0, "n1": 40, "events2": 3, "n2": 40}
    half = compute("log-odds-ratio-from-counts", **even)
    assert compute("log-odds-ratio-from-counts", **even, zero="tacc").yi == half.yi
    full = {"events1": 5, "n1": 90, "events2": 3, "n2": 30}
    plain = compute("log-odds-ratio-from-counts", **full)
    assert compute("log-odds-ratio-from-counts", **full, zero="tacc").yi == plain.yi


@FEW
@given(st.floats(0.05, 20), st.floats(1.05, 3), st.floats(0.01, 0.9))
def test_an_odds_ratio_and_a_risk_ratio_tell_the_same_risks(ratio: float, wide: float, baseline: float) -> None:
    given_or = {"odds_ratio": ratio, "low": ratio / wide, "high": ratio * wide, "baseline_risk": baseline}
    rr, rd = (
        compute("log-risk-ratio-from-odds-ratio", **given_or),
        compute("risk-difference-from-odds-ratio", **given_or),
    )
    risk = baseline * np.exp(rr.yi)
    assert 0 < risk < 1
    assert rd.yi == pytest.approx(risk - baseline, rel=1e-9, abs=1e-12)
    assert rr.low is not None
    assert rr.low < rr.yi < rr.high
    low, high = rr.interval()
    assert (low, high) == (rr.low, rr.high)  # the converted limits, not the estimate -/+ 1.96 se
    back = {"risk_ratio": float(np.exp(rr.yi)), "low": float(np.exp(rr.yi)) / 1.01, "high": float(np.exp(rr.yi)) * 1.01}
    again = compute("log-odds-ratio-from-risk-ratio", **back, baseline_risk=baseline)
    assert np.exp(again.yi) == pytest.approx(ratio, rel=1e-6)  # a risk near 1 loses digits in 1 - p


def test_a_risk_above_one_is_refused() -> None:
    with pytest.raises(InputError, match="a risk of 1 or more"):
        compute("risk-difference-from-risk-ratio", risk_ratio=3, low=2, high=4, baseline_risk=0.5)
    with pytest.raises(InputError, match=r"does not lie between 0 and 1; write 0\.2"):
        compute("risk-difference-from-odds-ratio", odds_ratio=3, low=2, high=4, baseline_risk=20)
