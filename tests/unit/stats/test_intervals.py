"""Intervals and tails: a wrong digit here would be in every published interval."""

from __future__ import annotations

import math

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.stats import chi2_from_tail, chi2_tail, critical, interval, two_sided_p, value_from_two_sided_p

DIGITS = 1e-13  # both sides are doubles from well-conditioned functions; R prints 15 digits


@pytest.mark.parametrize(
    ("level", "df", "reach"),
    [
        (0.95, None, 1.959963984540054),  # R: qnorm(0.975)
        (0.80, None, 1.2815515655446004),  # R: qnorm(0.9)
        (0.95, 1, 12.706204736174698),  # R: qt(0.975, 1)
        (0.95, 12, 2.178812829667229),  # R: qt(0.975, 12)
        (0.999, 3, 12.923978636687485),  # R: qt(0.9995, 3)
    ],
)
def test_the_reach_of_an_interval_is_that_of_r(level: float, df: float | None, reach: float) -> None:
    assert critical(level, df) == pytest.approx(reach, rel=DIGITS)


def test_an_interval_is_estimate_plus_and_minus_reach_for_columns_too() -> None:
    low, high = interval(np.array([0.0, 1.0]), np.array([1.0, 2.0]))
    assert low == pytest.approx([-1.959963984540054, 1 - 3.919927969080108], rel=DIGITS)
    assert high == pytest.approx([1.959963984540054, 1 + 3.919927969080108], rel=DIGITS)


def test_small_p_values_keep_their_digits() -> None:
    # 1 - cdf would be 0 here: R: 2 * pnorm(-10.6246525010465), from the BCG trials
    assert two_sided_p(10.6246525010465) == pytest.approx(2.28862930697324e-26, rel=1e-12)  # 15 digits of z are given
    assert chi2_tail(152.233008082373, 12) == pytest.approx(1.99676459084597e-26, rel=1e-11)  # 15 digits of Q


def test_a_p_value_and_its_statistic_go_there_and_back() -> None:
    for df in (None, 5, 1112):
        assert value_from_two_sided_p(two_sided_p(2.5, df), df) == pytest.approx(
            2.5, rel=1e-12
        )  # two inverse functions
    assert chi2_tail(chi2_from_tail(0.025, 9), 9) == pytest.approx(0.025, rel=1e-12)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.nan])
def test_a_level_that_is_no_proportion_is_refused(level: float) -> None:
    with pytest.raises(InputError, match=r"write 0\.95"):
        critical(level)
