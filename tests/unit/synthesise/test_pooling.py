"""Pooling: what is refused, what is honestly absent, what the reader is told. The numbers are in tests/oracles."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.synthesise import Pooled, estimate_tau2, pool
from whatworks.synthesise.methods.likelihood import bound, highest_peak, log_likelihood, slope, slopes
from whatworks.synthesise.methods.r_script import r_script

YI = [0.30, -0.05, 0.62, 0.11, 0.47]
VI = [0.020, 0.015, 0.040, 0.008, 0.055]
CONTRACT = (
    "k estimate se statistic df p ci_low ci_high tau2 tau2_ci_low tau2_ci_high i2 h2 q q_df q_p pi_low pi_high loglik "
    "method warnings"
).split()


def test_the_keys_of_the_contract_are_there_and_it_is_json() -> None:
    for k in (1, 2, 5):
        for model in ("random", "common"):
            answer = pool(YI[:k], VI[:k], model=model).to_dict()
            assert set(CONTRACT) <= set(answer)
            assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@pytest.mark.parametrize(
    ("yi", "vi", "complaint"),
    [
        ([0.1, 0.2], [0.1], "one variance for each effect"),
        ([], [], "no effects"),
        ([0.1, math.nan], [0.1, 0.1], "effect in row 2"),
        ([0.1, None], [0.1, 0.1], "effect in row 2"),
        ([0.1, 0.2, 0.3], [0.1, math.inf, 0.1], "variance in row 2"),
        ([0.1, 0.2, 0.3], [0.1, 0.2, -0.1], "variance in row 3 is -0.1"),
        ([0.1, 0.2], [0.0, 0.1], "variance in row 1 is 0"),
        ([0.1, 0.2], [1e-14, 0.1], "variance in row 1 is a trillionth of that in row 2"),
        ([0.1, 1e70], [0.1, 0.1], "row 2 are beyond what can be computed"),
        ([0.1, 0.2], [1e-70, 1e-70], "row 1 are beyond what can be computed"),
        (["low", "high"], [0.1, 0.1], "must be numbers"),
        ([[0.1, 0.2]], [[0.1, 0.2]], "one variance for each"),
    ],
)
def test_bad_input_is_refused_with_its_row(yi: Any, vi: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        pool(yi, vi)


@pytest.mark.parametrize(
    "choice",
    [{"model": "fixed"}, {"tau2": "EM"}, {"interval": "z"}, {"prediction": "t"}, {"level": 95}, {"stop": "early"}],
)
def test_unknown_choices_are_refused(choice: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        pool(YI, VI, **choice)
    with pytest.raises(InputError, match="no tau2 estimator"):
        estimate_tau2(np.array(YI), np.array(VI), "EM")


def test_one_study_is_itself_and_nothing_is_claimed_of_heterogeneity() -> None:
    alone = pool([0.3], [0.04], interval="hksj")
    assert (alone.estimate, alone.se, alone.df) == (0.3, 0.2, None)
    assert alone.ci_low == pytest.approx(0.3 - 0.2 * 1.959963984540054, rel=1e-14)
    for name in "tau2 tau2_ci_low tau2_ci_high i2 h2 q q_df q_p pi_low pi_high".split():
        assert getattr(alone, name) is None, name
    assert "One study" in alone.warnings[0]
    assert "normal (wald)" in alone.warnings[1]


def test_no_prediction_interval_below_three_studies_or_with_a_common_effect() -> None:
    two = pool(YI[:2], VI[:2])
    assert two.pi_low is None
    assert any("at least three" in sentence for sentence in two.warnings)
    assert pool(YI, VI, model="common").pi_high is None
    assert pool(YI[:3], VI[:3], prediction="t-k2").pi_low is not None


def test_prediction_intervals_by_their_definitions() -> None:
    base = pool(YI, VI)
    spread = math.sqrt(base.se**2 + base.tau2)
    for prediction, reach in (
        ("metafor", 1.959963984540054),
        ("t-k1", 2.7764451051977987),
        ("t-k2", 3.182446305284263),
    ):
        answer = pool(YI, VI, prediction=prediction)  # R: qnorm(.975), qt(.975, 4), qt(.975, 3)
        assert answer.pi_high - answer.estimate == pytest.approx(reach * spread, rel=1e-12)
        assert answer.ci_high == base.ci_high


def test_studies_that_all_say_the_same_have_no_hartung_knapp_interval() -> None:
    same = pool([0.3, 0.3, 0.3], [0.04, 0.02, 0.03], interval="hksj")
    assert same.se < 1e-8
    assert any("shrinks to a point" in sentence or "smaller than the usual" in sentence for sentence in same.warnings)
    exact = pool([0.5, 0.5], [0.25, 0.25], interval="hksj")
    assert (exact.se, exact.statistic, exact.p) == (0.0, None, None)
    assert json.dumps(exact.to_dict(), allow_nan=False)


def test_a_hartung_knapp_interval_below_the_usual_is_told_and_adhoc_does_not_allow_it() -> None:
    yi, vi = [0.20, 0.21, 0.19, 0.22], [0.05, 0.04, 0.06, 0.05]
    narrow, kept = pool(yi, vi, interval="hksj"), pool(yi, vi, interval="hksj-adhoc")
    usual = pool(yi, vi)
    assert narrow.se < usual.se == kept.se
    assert any("smaller than the usual" in sentence for sentence in narrow.warnings)
    assert not any("smaller than the usual" in sentence for sentence in kept.warnings)


def test_studies_that_agree_too_well_have_an_empty_interval_of_tau2() -> None:
    close = pool([0.300, 0.301, 0.302], [0.04, 0.01, 0.1])
    assert (close.tau2_ci_low, close.tau2_ci_high) == (0.0, 0.0)  # metafor prints "<0" for both
    assert any("empty" in sentence for sentence in close.warnings)


def test_a_common_effect_over_unlike_studies_is_told() -> None:
    assert any("differ more than chance" in sentence for sentence in pool(YI, VI, model="common").warnings)
    assert any("not meant" in sentence for sentence in pool(YI, VI, model="common", interval="hksj").warnings)


def test_the_higher_of_two_peaks_is_taken_and_told() -> None:
    # A full likelihood with a peak at 0 and a higher one at 6.5, found by a search over extreme variances.
    yi, vi = np.array([-4.815, 0.798, 2.021]), np.array([2.82189, 2.15273, 0.00205])
    peak = highest_peak(yi, vi, restricted=False)
    assert peak.peaks == 2
    assert peak.tau2 > 1
    grid = np.geomspace(1e-6, 100, 4000)
    best = max(log_likelihood(yi, vi, float(tau2), False) for tau2 in [0.0, *grid])
    assert log_likelihood(yi, vi, peak.tau2, False) >= best
    assert any("2 peaks" in sentence for sentence in pool(yi, vi, tau2="ML").warnings)


@pytest.mark.parametrize("restricted", [True, False])
def test_the_slope_is_the_slope_of_the_likelihood_and_zero_at_the_peak(restricted: bool) -> None:
    y, v = np.array(YI), np.array(VI)
    at, step = 0.03, 1e-6
    rise = log_likelihood(y, v, at + step, restricted) - log_likelihood(y, v, at - step, restricted)
    assert slope(y, v, at, restricted)[0] == pytest.approx(
        rise / step, rel=1e-6
    )  # central difference: step^2 and 1e-16/step
    change = slope(y, v, at + step, restricted)[0] - slope(y, v, at - step, restricted)[0]
    assert slope(y, v, at, restricted)[1] == pytest.approx(change / (2 * step), rel=1e-6)
    assert slopes(y, v, np.array([0.0, at]), restricted)[1] == pytest.approx(slope(y, v, at, restricted)[0], rel=1e-12)
    peak = highest_peak(y, v, restricted).tau2
    value, bend = slope(y, v, peak, restricted)
    assert abs(value / bend) < 1e-13 * peak * 10  # a Newton step from here would move tau2 by its last digits only
    assert slope(y, v, bound(y, v), restricted)[0] < 0


def test_weights_are_per_cents_in_the_order_given() -> None:
    answer = pool([0.1, 0.2], [1.0, 3.0], model="common")
    assert answer.weights == pytest.approx((75.0, 25.0), rel=1e-14)


def test_a_result_cannot_be_changed_afterwards() -> None:
    answer = pool(YI, VI)
    with pytest.raises(AttributeError):
        answer.estimate = 0.0  # type: ignore[misc]
    assert isinstance(answer, Pooled)
    assert answer == pool(YI, VI)


def test_the_summary_says_the_numbers_in_one_sentence() -> None:
    assert pool(YI, VI).summary() == (
        "5 studies: 0.2444 (95% interval 0.01793 to 0.4709); tau2 0.04308, I2 69%; a new setting -0.2212 to 0.7101."
    )
    assert pool(YI[:1], VI[:1]).summary() == "1 study: 0.3 (95% interval 0.02282 to 0.5772)."


def test_the_script_for_r_reads_a_file_by_the_same_method() -> None:
    method = pool(YI, VI, tau2="PM", interval="hksj", prediction="t-k2", level=0.9).method.to_dict()
    script = r_script(method, "es", "var", 'a"b.csv')
    assert 'read.csv("a\\"b.csv", check.names = FALSE)' in script
    assert 'yi = data[["es"]], vi = data[["var"]]' in script
    assert 'method = "PM", test = "knha", level = 100 * level' in script
    assert "level <- 0.9" in script
    assert "result$k - 2" in script
    common = r_script(pool(YI, VI, model="common").method.to_dict(), "yi", "vi", "effects.csv")
    assert 'method = "EE"' in common
    assert "confint" not in common
