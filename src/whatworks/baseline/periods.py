"""What a period of a release means in days: the year that ends in it, where it names one."""

from __future__ import annotations

import datetime
import re

YEAR = re.compile(r"^(?:\d{4}[-/])?(\d{2}|\d{4})$")


def last_day(period: str, ends: tuple[int, int] = (3, 31)) -> datetime.date | None:
    """The last day of a period such as 2025, 2024-25 or 2024/25, which ends on month and day `ends`; None where unclear.

    >>> last_day("2024-25"), last_day("2025"), last_day("spring")
    (datetime.date(2025, 3, 31), datetime.date(2025, 3, 31), None)
    """
    found = YEAR.match(period)
    if found is None or period in ("0", "00"):
        return None
    year = int(found[1]) if len(found[1]) == 4 else 2000 + int(found[1])
    return datetime.date(year, *ends) if 1900 < year < 2200 and (len(period) > 2) else None
