"""The one order of all results: newest year of publication first, then the latest to arrive. A place is a whole number.

The order is part of the key under which a report is indexed, so that both databases give the first twenty without
sorting, and the year of any result can be read off its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from whatworks.collate.methods.query import FIRST_YEAR, LAST_YEAR, Years

ORDER = gettext_lazy("Newest first: by year of publication, then the latest to arrive here.")
SEQUENCE_BITS = 36
_LATEST = (1 << SEQUENCE_BITS) - 1


def year_kept(year: int | None) -> int | None:
    """The year where it can be one of publication; None otherwise, and then the report comes last."""
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


def place_of(year: int | None, number: int) -> int:
    """The place of a report of this year that was the number-th to arrive."""
    return ((LAST_YEAR - (year_kept(year) or 0)) << SEQUENCE_BITS) | (_LATEST - number)


def year_at(place: int) -> int | None:
    """The year of publication that a place says."""
    return year_kept(LAST_YEAR - (place >> SEQUENCE_BITS))


def years_among(rows: Iterable[tuple[int, int]]) -> dict[int | None, int]:
    """How many of these places are of each year."""
    counts = Counter([row[0] >> SEQUENCE_BITS for row in rows])
    return {year_kept(LAST_YEAR - turned): count for turned, count in counts.items()}


def number_at(place: int) -> int:
    """Which in the order of arrival it was."""
    return _LATEST - (place & _LATEST)


def window(span: Years) -> tuple[int, int]:
    """The first and the last place of a span of years."""
    first, last = max(span.first, FIRST_YEAR), min(span.last, LAST_YEAR)
    return (LAST_YEAR - last) << SEQUENCE_BITS, ((LAST_YEAR - first + 1) << SEQUENCE_BITS) - 1
