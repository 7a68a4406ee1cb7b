"""How long does it take from a report to the page that shows it? Times of some are known, of others only that they are not over yet.

The median of what arrived alone is too short, since the slow ones are missing from it. So reports that still wait count as waiting: the
share that has arrived by a day is that of Kaplan and Meier (1958, doi 10.1080/01621459.1958.10501452), and the median is the first day by
which half has; where half has not arrived, there is none, and that is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said


@dataclass(frozen=True, slots=True)
class Wait:
    """One report: whole days from being found to the page, or so far; `arrived` says which."""

    days: int
    arrived: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of many waits. `median`: None where fewer than half have arrived, or there are none. `shortest` and `longest` are
    of those that arrived; `longest_waiting` of those that still wait."""

    reports: int
    arrived: int
    median: int | None
    shortest: int | None
    longest: int | None
    longest_waiting: int | None


def waiting(waits: Iterable[Wait]) -> Waiting:
    """Sum up waits. Raises InputError for days below nought."""
    rows = list(waits)
    if any(one.days < 0 for one in rows):
        raise InputError(
            said("A wait has days below nought: a report was on a page before it was found; look at its dates.")
        )
    done = [one.days for one in rows if one.arrived]
    still = [one.days for one in rows if not one.arrived]
    return Waiting(
        reports=len(rows),
        arrived=len(done),
        median=_median(rows),
        shortest=min(done, default=None),
        longest=max(done, default=None),
        longest_waiting=max(still, default=None),
    )


def _median(rows: Sequence[Wait]) -> int | None:
    """The first day by which at least half have arrived. Those that wait since that very day count as still waiting on it."""
    share = 1.0
    for day in sorted({one.days for one in rows if one.arrived}):
        at_risk = sum(one.days >= day for one in rows)
        share *= 1 - sum(one.arrived and one.days == day for one in rows) / at_risk
        if share <= 0.5 + 1e-12:  # a share that is a half but for rounding is a half
            return day
    return None
