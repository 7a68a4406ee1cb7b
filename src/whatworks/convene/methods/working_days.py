"""Working days of the United Kingdom: no Saturday, no Sunday, no bank holiday of any part of it. Pure: the holidays come in."""

from __future__ import annotations

import calendar as months
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import dated, said

SATURDAY = 5
ONE = datetime.timedelta(days=1)
Day = datetime.date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bank holidays of whole years: of the years `first` to `last` all are in it, of others nothing is known."""

    holidays: frozenset[Day]
    first: int
    last: int

    def working(self, day: Day) -> bool:
        """Whether it is a working day. Raises InputError for a year that the calendar does not have."""
        if not self.first <= day.year <= self.last:
            raise InputError(
                said(
                    "Bank holidays are known from %(first)s to %(last)s, not for %(day)s; add the year to the calendar.",
                    first=self.first,
                    last=self.last,
                    day=dated(day),
                )
            )
        return day.weekday() < SATURDAY and day not in self.holidays

    def after(self, day: Day, number: int) -> Day:
        """The working day of this number following a day, which itself is never counted: a receipt can be on a Sunday.

        Source: FOIA 2000 s10(1) and (6). Checked by a slow twin and by the dated fixtures in the tests.
        """
        if number < 1:
            raise InputError(said("Working days are counted from 1; %(number)s is none.", number=number))
        while number:
            day += ONE
            number -= self.working(day)
        return day

    def between(self, start: Day, end: Day) -> int:
        """How many working days come after `start`, up to and with `end`; 0 where the end is not later."""
        return sum(self.working(start + ONE * n) for n in range(1, (end - start).days + 1))

    def on_or_after(self, day: Day) -> Day:
        """The day itself where it is a working day, else the next."""
        while not self.working(day):
            day += ONE
        return day


def calendar_of(holidays: Iterable[Day], years: Iterable[int]) -> Calendar:
    """A calendar of these holidays. Raises InputError where the years have a gap or there are none."""
    known = sorted(set(years))
    if not known or known != list(range(known[0], known[-1] + 1)):
        raise InputError(
            said("The calendar of bank holidays has a gap between its years; add the year that is missing.")
        )
    return Calendar(frozenset(holidays), known[0], known[-1])


def months_after(day: Day, number: int) -> Day:
    """The same date so many months later, or the last day of that month where it has no such date.

    >>> months_after(Day(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return Day(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
