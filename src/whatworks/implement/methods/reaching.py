"""Reaching: RE-AIM's reach, adoption and maintenance as a number over a dated denominator of all who could, not of volunteers.

Glasgow and others (2019, doi 10.3389/fpubh.2019.00064): reach and adoption need the number, the proportion on a valid denominator, how
like the rest those are, and why or why not; maintenance begins six months after the start.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import critical
from whatworks.stats.results import Result

MONTHS = 6  # after which doing it still is maintenance
YEAR = 12


@dataclass(frozen=True, slots=True)
class Share(Result):
    """How many of how many. low, high: Wilson's interval, for a sample of the denominator; None where all of it is known."""

    number: int
    of: int
    percent: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Part(Result):
    """One part of the denominator, such as a region: how many of it are among those who adopted."""

    name: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Adopted(Result):
    """Adoption on a day. whole: adopters of all that could; answered: of those who answered, which is not the same thing; parts: the same
    by part of the country."""

    on: datetime.date
    whole: Share
    answered: Share | None
    not_known: int
    parts: tuple[Part, ...]


def share(number: int, of: int, *, sampled: bool = False) -> Share:
    """A share with its denominator. sampled: whether those counted are a sample, so that an interval means something."""
    if of < 1 or not 0 <= number <= of:
        raise InputError(said("%(number)s of %(of)s is no share; check the denominator.", number=number, of=of))
    low, high = wilson(number, of) if sampled else (None, None)
    return Share(number, of, 100 * number / of, low, high)


def wilson(number: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval (1927) in per cent."""
    z = critical(level)
    p, middle = number / of, number / of + z * z / (2 * of)
    reach = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return 100 * (middle - reach) / (1 + z * z / of), 100 * (middle + reach) / (1 + z * z / of)


def adopted(
    on: datetime.date, could: Mapping[str, str], answered: Collection[str], adopting: Collection[str]
) -> Adopted:
    """Adoption among all that could on a day (place to part). Places outside that denominator are not counted.

    A place that did not answer is not known: it is in the denominator and not in the number, so the share is the least it can be.
    """
    doing = {place for place in adopting if place in could}
    told = {place for place in answered if place in could} | doing
    parts = Counter(could.values())
    here = Counter(could[place] for place in doing)
    return Adopted(
        on=on,
        whole=share(len(doing), len(could)),
        answered=share(len(doing), len(told)) if told else None,
        not_known=len(could) - len(told),
        parts=tuple(Part(name, here[name], parts[name]) for name in sorted(parts)),
    )


def maintained(started: Iterable[tuple[datetime.date, datetime.date | None]], today: datetime.date) -> Share | None:
    """Of those who began six months ago or longer, how many still did it six months after; None where nobody began so long ago.

    started: the day each began and the day it stopped, None where it goes on.
    """
    long = [(begun, stopped) for begun, stopped in started if months_after(begun) <= today]
    still = sum(stopped is None or stopped >= months_after(begun) for begun, stopped in long)
    return share(still, len(long)) if long else None


def months_after(day: datetime.date, months: int = MONTHS) -> datetime.date:
    """The same day so many months on, or the last of that month.

    >>> months_after(datetime.date(2025, 8, 31))
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * YEAR + day.month - 1 + months, YEAR)
    first_after = datetime.date(year + (month == YEAR - 1), (month + 1) % YEAR + 1, 1)
    return datetime.date(year, month + 1, min(day.day, (first_after - datetime.timedelta(days=1)).day))
