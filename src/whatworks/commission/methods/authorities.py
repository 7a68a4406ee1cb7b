"""How many authorities could have answered a call: the number changes as councils are merged and made, so it has dates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said


@dataclass(frozen=True, slots=True)
class Denominator:
    """The number of English authorities with children's services from a day on. `confirmed`: whether a source was compared."""

    since: datetime.date
    number: int
    confirmed: bool


# Days on which the reorganisations took effect. The numbers are from memory and not yet compared with a source.
ENGLAND = (
    Denominator(datetime.date(2009, 4, 1), 152, False),
    Denominator(datetime.date(2019, 4, 1), 151, False),
    Denominator(datetime.date(2021, 4, 1), 152, False),
    Denominator(datetime.date(2023, 4, 1), 153, False),
)


def denominator(day: datetime.date, known: tuple[Denominator, ...] = ENGLAND) -> Denominator:
    """The number that held on a day.

    >>> [denominator(datetime.date(year, 6, 1)).number for year in (2018, 2019, 2021, 2023)]
    [152, 151, 152, 153]
    """
    held = [one for one in known if one.since <= day]
    if not held:
        raise InputError(said("It is not known how many authorities there were on %(day)s.", day=day.isoformat()))
    return max(held, key=lambda one: one.since)
