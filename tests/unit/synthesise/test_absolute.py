"""People per hundred: the numbers that icon arrays draw."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise import two_by_two_absolute


def test_a_risk_ratio_multiplies_the_risk() -> None:
    answer = two_by_two_absolute(0.20, log(0.5), log(0.25), log(1.5))
    assert answer.without == pytest.approx(20)
    assert (answer.with_, answer.with_low, answer.with_high) == pytest.approx((10, 5, 30))
    assert (answer.difference, answer.difference_low, answer.difference_high) == pytest.approx((-10, -15, 10))
    assert not answer.capped
    assert answer.summary() == "Of 100, about 20 without and 10 with the intervention (between 5 and 30)."


def test_an_odds_ratio_multiplies_the_odds() -> None:
    # 50 per cent is odds of 1; odds of 3 are 75 per cent
    answer = two_by_two_absolute(0.5, log(3), log(1), log(9), metric="OR", per=1000)
    assert (answer.with_, answer.with_low, answer.with_high) == pytest.approx((750, 500, 900))


def test_a_risk_ratio_cannot_make_more_than_everybody_and_says_so() -> None:
    answer = two_by_two_absolute(0.6, log(1.5), log(1.1), log(2.4))
    assert answer.with_high == 100
    assert answer.capped


@pytest.mark.parametrize(
    ("risk", "value", "low", "high", "metric"),
    [
        (0.0, 0.1, 0.0, 0.2, "RR"),
        (20, 0.1, 0.0, 0.2, "RR"),
        (0.2, 0.3, 0.0, 0.2, "RR"),
        (0.2, 0.1, 0.0, float("nan"), "RR"),
        (0.2, 0.1, 0.0, 0.2, "SMD"),
    ],
)
def test_impossible_numbers_are_refused(risk: float, value: float, low: float, high: float, metric: str) -> None:
    with pytest.raises(InputError):
        two_by_two_absolute(risk, value, low, high, metric=metric)  # type: ignore[arg-type]


@given(risk=st.floats(0.001, 0.999), ratio=st.floats(-3, 3), reach=st.floats(0, 2))
def test_no_ratio_changes_nothing_and_limits_stay_in_order(risk: float, ratio: float, reach: float) -> None:
    for metric in ("RR", "OR"):
        same = two_by_two_absolute(risk, 0.0, 0.0, 0.0, metric=metric)
        assert same.with_ == pytest.approx(same.without, rel=1e-12)
        assert same.difference == pytest.approx(0, abs=1e-10)
        answer = two_by_two_absolute(risk, ratio, ratio - reach, ratio + reach, metric=metric)
        assert 0 <= answer.with_low <= answer.with_ <= answer.with_high <= 100
        assert (answer.difference > 0) == (answer.with_ > answer.without)
