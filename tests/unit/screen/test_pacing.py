"""How quickly people screen, and when they may be done."""

from __future__ import annotations

import pytest

from whatworks.screen.methods.pacing import forecast, hours_worked


def test_a_pause_counts_as_one_usual_decision() -> None:
    """Lunch is no screening; the record read before lunch is."""
    assert hours_worked([0, 10, 20, 3620, 3630]) == pytest.approx((3 * 10 + 2 * 10) / 3600)


def test_one_opinion_alone_takes_a_minute() -> None:
    assert hours_worked([5.0]) == pytest.approx(60 / 3600)


def test_opinions_that_arrive_together_took_some_time() -> None:
    """A rate per hour must not divide by nought."""
    assert hours_worked([7.0] * 30) == pytest.approx(30 / 3600)


@pytest.mark.parametrize("daily", [[], [400], [20, 0, 20], [9, 9, 9], [0, 0, 0, 500]])
def test_too_little_is_too_little(daily: list[int]) -> None:
    assert forecast(daily, 100) is None


def test_a_steady_pace_has_a_narrow_range() -> None:
    told = forecast([0, 0, 40, 40, 40, 40], 200)
    assert told is not None and (told.soonest, told.latest, told.days) == (5, 5, 4)


def test_a_changing_pace_has_a_wide_one_or_no_end() -> None:
    wide, endless = forecast([80, 10, 60, 30], 200), forecast([300, 1, 1], 200)
    assert wide is not None and wide.latest is not None and wide.soonest < 5 < wide.latest
    assert endless is not None and endless.latest is None


def test_only_the_last_fortnight_counts() -> None:
    told = forecast([900] * 30 + [10] * 14, 100)
    assert told is not None and told.soonest == 10
