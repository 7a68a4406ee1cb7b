"""Months of a place judged by themselves: from the last gap on, with limits that begin anew where a council did."""

from __future__ import annotations

import datetime

from whatworks.baseline.holding import Point, Said
from whatworks.baseline.indicators import indicator
from whatworks.baseline.presenters_months import breaks_of, judged_words, unbroken
from whatworks.people.models import Area

MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022, 2023) for month in range(1, 13)]


def _points(values: list[float | None]) -> dict[str, Point]:
    return {
        period: Point(value, value, None, "" if value is not None else "x", (Said("vin-1", "2024", value, ""),))
        for period, value in zip(MONTHS, values, strict=True)
    }


def _steady(high: int = -1) -> list[float | None]:
    values: list[float | None] = [100.0 + (7 * at) % 5 for at in range(36)]
    if high >= 0:
        values[high] = 400.0
    return values


OLD, NEW = Area(name="Oldshire"), Area(name="Newshire", valid_from=datetime.date(2022, 4, 1))
REFERRALS = indicator("referrals")


def test_a_month_far_from_the_others_is_named() -> None:
    assert "No month stands out" in judged_words(OLD, REFERRALS, _points(_steady()), MONTHS)
    assert "Beyond the limits: June 2022." in judged_words(OLD, REFERRALS, _points(_steady(17)), MONTHS)


def test_months_before_a_gap_are_not_judged_and_that_is_said() -> None:
    values = _steady()
    values[5] = None
    points = _points(values)
    assert unbroken(points, MONTHS) == MONTHS[6:]
    said = judged_words(OLD, REFERRALS, points, MONTHS)
    assert "Judged from July 2021 on" in said
    values[20] = None
    assert judged_words(OLD, REFERRALS, _points(values), MONTHS) == ""  # fewer than two years are left


def test_limits_begin_anew_with_a_new_council() -> None:
    values = [value + 300 if at >= 15 and value is not None else value for at, value in enumerate(_steady())]
    assert breaks_of(NEW, REFERRALS, MONTHS) == [(15, "Newshire began as a new council.")]
    assert "begin anew in April 2022: Newshire began as a new council." in judged_words(
        NEW, REFERRALS, _points(values), MONTHS
    )
    whole = judged_words(OLD, REFERRALS, _points(values), MONTHS)
    assert "Beyond the limits: January 2021 to December 2023." in whole


def test_a_month_that_is_usually_none_is_not_judged() -> None:
    values: list[float | None] = [0.0 if at % 12 == 7 else 20.0 for at in range(36)]
    assert judged_words(OLD, REFERRALS, _points(values), MONTHS) == ""
