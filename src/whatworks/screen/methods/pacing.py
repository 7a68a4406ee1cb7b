"""Pacing: how quickly people screen, and when they may be done. Times in, plain numbers out; no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt
from statistics import median, stdev

PAUSE = 300.0  # seconds: who says nothing for longer was doing something else
ALONE = 60.0  # seconds given to a decision of which nothing tells how long it took
QUICKEST = 1.0  # opinions that arrive together, from who was offline, took no less each
RECENT = 14  # days that a forecast looks back on
FEWEST_DAYS = 3  # with work in them, and
FEWEST_SAID = 30  # opinions, before anything can be said of the days to come
SURE = 1.2816  # standard errors on each side: four times in five the mean lies between


def hours_worked(times: Sequence[float]) -> float:
    """The hours that one person's opinions took; `times` are seconds and rise.

    From one opinion to the next where that is at most five minutes; else what this person's opinions usually take.

    >>> round(60 * hours_worked([0, 60, 120, 4000]), 2)
    4.0
    """
    gaps = [after - before for before, after in pairwise(times)]
    short = [gap for gap in gaps if gap <= PAUSE]
    usual = median(short) if short else ALONE
    return max(sum(short) + usual * (len(times) - len(short)), QUICKEST * len(times)) / 3600


@dataclass(frozen=True, slots=True)
class Forecast:
    """In how many days from now the rest may be done: at the soonest, and at the latest; None where nobody can say."""

    soonest: int
    latest: int | None
    a_day: float
    days: int


def forecast(daily: Sequence[int], left: int) -> Forecast | None:
    """When `left` opinions more may be given, if the days to come are like those behind.

    `daily` counts opinions on each day up to today, days without any too. The range is the mean of a day with 80 %
    limits (normal), so it speaks of the pace and not of holidays. None where too little is known.
    """
    recent = list(daily)[-RECENT:]
    while recent and not recent[0]:
        recent.pop(0)
    if sum(one > 0 for one in recent) < FEWEST_DAYS or sum(recent) < FEWEST_SAID:
        return None
    mean = sum(recent) / len(recent)
    error = SURE * stdev(recent) / sqrt(len(recent))
    slow = mean - error
    latest = ceil(left / slow) if slow > 0 else None
    return Forecast(ceil(left / (mean + error)), latest, mean, len(recent))
