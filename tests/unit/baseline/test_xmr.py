"""XmR: limits against the formula written out, each rule where it must and must not speak, seasons, rebasing, refusals."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.baseline import xmr
from whatworks.errors import InputError

CALM = [10, 12, 11, 13, 9, 10, 12, 11, 12, 10, 9, 11]


def rules(values: list[float], **more: Any) -> dict[int, tuple[str, ...]]:
    return {place: told for place, told in enumerate(xmr(values, **more).signals) if told}


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=60))
def test_limits_are_the_mean_and_its_mean_moving_range(values: list[float]) -> None:
    (one,) = xmr(values).stretches
    mean = sum(values) / len(values)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    reach = 2.66 * sum(ranges) / len(ranges)
    assert one.mean == pytest.approx(mean, rel=1e-9, abs=1e-6)
    assert (one.low, one.high) == pytest.approx((mean - reach, mean + reach), rel=1e-9, abs=1e-5)


def test_a_calm_series_says_nothing() -> None:
    assert rules(CALM) == {} and "nothing stands out" in xmr(CALM).summary()


def test_a_point_beyond_the_limits_is_told() -> None:
    assert rules([*CALM, 40, *CALM]) == {12: ("outside",)}


def test_eight_on_one_side_are_a_shift_and_seven_are_none() -> None:
    low, high = [10.0, 11, 9, 10, 11, 9, 10, 11], [13.0, 14, 12.5, 13, 14, 12.5, 13, 14]
    assert all("shift" in xmr(low + high).signals[place] for place in range(8, 16))
    assert not any("shift" in told for told in xmr(low[:7] + high[:7]).signals)


def test_six_rising_are_a_trend_and_five_are_none() -> None:
    assert [place for place, told in rules([9, 1, 2, 3, 4, 5, 6, 2, 8]).items() if "trend" in told] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
    assert not any("trend" in told for told in rules([9, 1, 2, 3, 4, 5, 2, 8]).values())


def test_two_of_three_far_out_are_told() -> None:
    series = [10.0, 11, 9, 10, 11, 9, 10, 11, 9, 10, 14.6, 10, 14.6, 9, 10, 11, 9, 10]
    told = rules(series)
    assert set(told) == {10, 12} and all(one == ("two of three",) for one in told.values())


def test_a_season_is_taken_out_and_an_odd_august_is_still_seen() -> None:
    """Every August is low: that is no signal. One that is as high as other months is."""
    year = [100, 105, 98, 102, 60, 99, 101, 104, 70, 100, 103, 97]
    years = [value + (place * 7) % 5 - 2 for place, value in enumerate(year * 3)]
    assert rules(years, season=12) == {}
    years[28] = 100
    assert "outside" in rules(years, season=12)[28] and "outside" not in rules(years).get(28, ())


def test_limits_begin_anew_with_a_reason() -> None:
    series = [*CALM, *(value + 50 for value in CALM)]
    assert xmr(series).outside > 0 or any(xmr(series).signals)
    found = xmr(series, rebase=[(12, "A new definition.")])
    assert not any(found.signals) and found.stretches[1].why == "A new definition."


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ({"values": [1]}, "two numbers at least"),
        ({"values": [1, None, 3]}, "Value 2 is missing"),
        ({"values": ["a", 2]}, "must be numbers"),
        ({"periods": ["x"]}, "1 periods for 12 numbers"),
        ({"season": 12}, "two whole years"),
        ({"values": [0] * 24, "season": 12}, "adds up to 0"),
        ({"rebase": [(6, " ")]}, "Say why"),
        ({"rebase": [(11, "New.")]}, "fewer than two points"),
        ({"rebase": [(99, "New.")]}, "fewer than two points"),
    ],
)
def test_what_cannot_be_judged_is_said_in_a_sentence(call: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        xmr(**{"values": CALM} | call)


def test_it_tells_itself_and_runs_again() -> None:
    found = xmr([*CALM, 40, *CALM], season=12, rebase=[(5, "A new form.")])
    assert "limits set anew 1 time(s)" in found.report() and len(found.chart().rows) == 25
    assert xmr(**found.recipe.arguments) == found
    assert json.dumps(found.to_dict(), allow_nan=False)
