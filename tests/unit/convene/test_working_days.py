"""Working days of the United Kingdom: the dated fixtures, the rules by which holidays come, and a slow twin over ten years."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.convene.enquiring_calendar import bank_holidays
from whatworks.convene.methods.working_days import Calendar, calendar_of, months_after
from whatworks.errors import InputError

Day = datetime.date
UK, ENGLAND = bank_holidays(), bank_holidays("england-and-wales")
TEN_YEARS = st.dates(Day(2018, 1, 1), Day(2027, 12, 31))


@pytest.mark.parametrize(
    ("received", "due", "england_alone"),
    [
        (Day(2018, 3, 1), Day(2018, 4, 3), Day(2018, 3, 29)),
        (Day(2018, 3, 3), Day(2018, 4, 4), Day(2018, 4, 3)),  # a Saturday
        (Day(2018, 7, 2), Day(2018, 7, 31), Day(2018, 7, 30)),
        (Day(2018, 11, 12), Day(2018, 12, 11), Day(2018, 12, 10)),
        (Day(2018, 12, 10), Day(2019, 1, 11), Day(2019, 1, 10)),
    ],
)
def test_the_twentieth_working_day_as_dated(received: Day, due: Day, england_alone: Day) -> None:
    """England's holidays alone give another day, which is wrong by a day or more."""
    assert (UK.after(received, 20), ENGLAND.after(received, 20)) == (due, england_alone)


@pytest.mark.parametrize(
    "day",
    [
        Day(2020, 5, 8), Day(2022, 6, 2), Day(2022, 6, 3), Day(2022, 9, 19), Day(2023, 5, 8), Day(2026, 6, 15),
        Day(2018, 1, 2), Day(2018, 3, 19), Day(2018, 7, 12), Day(2018, 8, 6), Day(2018, 11, 30), Day(2017, 1, 3),
        Day(2021, 12, 28), Day(2022, 1, 4), Day(2016, 12, 27),
    ],
)  # fmt: skip
def test_proclaimed_days_days_of_one_part_and_substitutes_are_holidays(day: Day) -> None:
    """A day that only Scotland or Northern Ireland has is no working day anywhere."""
    assert not UK.working(day)


@pytest.mark.parametrize("day", [Day(2020, 5, 4), Day(2022, 5, 30), Day(2018, 3, 16), Day(2019, 12, 24)])
def test_days_that_were_moved_away_are_working_days(day: Day) -> None:
    """The first Monday of May 2020 and the last of May 2022 were ordinary days."""
    assert UK.working(day)


def easter(year: int) -> Day:
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * i) // 451
    return Day(year, (h + i - 7 * m + 114) // 31, (h + i - 7 * m + 114) % 31 + 1)


@pytest.mark.parametrize("year", range(2015, 2031))
def test_every_year_has_its_fixed_days(year: int) -> None:
    """By rule, not by list: no year may lack Easter, Christmas, the days of each part, or their substitutes."""
    held = sorted(day for day in UK.holidays if day.year == year)
    one = datetime.timedelta(days=1)
    assert {easter(year) - 2 * one, easter(year) + one} <= set(held)
    proclaimed = {2022: 2, 2023: 1, 2026: 1}.get(year, 0)
    # New Year, 2 January, St Patrick, Easter (2), May (2), 12 July, August (2), St Andrew, Christmas (2)
    assert len(held) == 13 + proclaimed
    assert all(day.weekday() < 5 for day in held)
    for month, day in ((3, 17), (7, 12), (11, 30)):
        fixed = Day(year, month, day)
        assert fixed + one * {5: 2, 6: 1}.get(fixed.weekday(), 0) in held


def slow(day: Day, number: int, calendar: Calendar) -> Day:
    """The obvious twin: list days one after the other, strike out those without work, take the one of that number."""
    days = [day + datetime.timedelta(days=n) for n in range(1, 100)]
    return [one for one in days if one.isoweekday() <= 5 and one not in calendar.holidays][number - 1]


@given(received=TEN_YEARS, number=st.integers(1, 40))
def test_ten_years_of_receipts(received: Day, number: int) -> None:
    """The day is a working day, it is that many after the receipt, and no later receipt is due earlier."""
    due = UK.after(received, number)
    assert due == slow(received, number, UK)
    assert UK.working(due)
    assert UK.between(received, due) == number
    assert due >= ENGLAND.after(received, number)
    assert UK.after(received + datetime.timedelta(days=1), number) >= due


def test_every_day_of_ten_years_has_a_due_day() -> None:
    """Not a sample: each receipt of 3,652 days, against the twin."""
    day, last = Day(2018, 1, 1), Day(2027, 12, 31)
    while day <= last:
        assert UK.after(day, 20) == slow(day, 20, UK)
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize("day", [Day(2014, 12, 31), Day(2031, 1, 2)])
def test_a_year_that_nobody_entered_is_refused(day: Day) -> None:
    """Counting on without holidays would give a day too early, and nobody would see it."""
    with pytest.raises(InputError, match="2015 to 2030"):
        UK.working(day)


def test_a_receipt_at_the_end_of_the_calendar_is_refused_too() -> None:
    """Its twentieth day lies in a year without holidays."""
    with pytest.raises(InputError):
        UK.after(Day(2030, 12, 20), 20)


def test_a_calendar_with_a_gap_is_refused() -> None:
    """A year left out would count its holidays as working days."""
    with pytest.raises(InputError, match="gap"):
        calendar_of([], [2018, 2020])


@pytest.mark.parametrize(
    ("day", "number", "then"),
    [
        (Day(2026, 9, 3), 1, Day(2026, 10, 3)),
        (Day(2026, 1, 31), 1, Day(2026, 2, 28)),
        (Day(2024, 1, 31), 1, Day(2024, 2, 29)),
        (Day(2026, 11, 30), 3, Day(2027, 2, 28)),
    ],
)
def test_a_month_later(day: Day, number: int, then: Day) -> None:
    """A month without such a date ends on its last day."""
    assert months_after(day, number) == then
