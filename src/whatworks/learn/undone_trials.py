"""Trials that did not show a benefit, or found more contact or harm; pilots and trials that stopped. By the trial's own result.

Whether a trial belongs here follows from its interval, by one rule for all: it holds no difference (not shown), or lies as a whole on one
side. Nothing is read out of a p-value, and nothing out of words.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from whatworks.spoken import on_day
from whatworks.stats.intervals import critical
from whatworks.trial.models import ProgressionDecision, PublishedResult, Trial, TrialProtocol
from whatworks.trial.presenters_result import result_of

NOT_SHOWN, HARM, MORE, PILOT = "not-shown", "harm", "more", "stopped"
RATIOS = ("RR", "OR", "HR", "IRR")
COUNTED = ("families", "children", "pupils", "people", "participants")


@dataclass(frozen=True, slots=True)
class Undone:
    """One row. `key`: what it is; `at`: when it was said here, for the feed; `when`: the same for people, or the year of its report."""

    kind: str
    key: str
    title: str
    tried: str
    where: str
    found: str
    href: str
    at: datetime.datetime | None
    when: str
    demonstration: bool = False


def of_trials() -> Iterator[Undone]:
    """A row for each trial of which one of these is so; what stopped in small before what its result says."""
    for trial in Trial.objects.select_related("intervention", "outcome").order_by("title", "pk"):
        newest = trial.newest()
        if newest is not None and (row := _stopped(trial, newest) or _ours(trial, newest) or _printed(trial, newest)):
            yield row


def _row(trial: Trial, newest: TrialProtocol, kind: str, found: str, at: datetime.datetime, when: str) -> Undone:
    told = newest.particulars
    tried = told.get("summary") or (trial.intervention.name if trial.intervention else trial.title)
    where = told.get("setting") or told.get("population") or ""
    return Undone(
        kind,
        trial.pk,
        trial.title,
        tried,
        where,
        found,
        reverse("trial", args=[trial.slug]),
        at,
        when,
        trial.demonstration,
    )


def _stopped(trial: Trial, newest: TrialProtocol) -> Undone | None:
    last = ProgressionDecision.objects.filter(trial=trial).order_by("-number").first()
    if last is None or last.decision != ProgressionDecision.STOP:
        return None
    return _row(trial, newest, PILOT, last.why, last.at, on_day(last.on))


def _ours(trial: Trial, newest: TrialProtocol) -> Undone | None:
    """By the declared line of an analysis of ours on the arms as drawn."""
    analysis = trial.analyses.filter(blind=False).select_related("protocol").order_by("-number").first()
    line = next((one for one in analysis.panel["panel"] if one["declared"]), None) if analysis else None
    if analysis is None or line is None or line["ci_low"] is None or line["ci_high"] is None:
        return None
    kind = _kind(trial, line["ci_low"], line["ci_high"])
    found = " ".join(result_of(analysis)["card"])
    return _row(trial, newest, kind, found, analysis.at, on_day(timezone.localtime(analysis.at))) if kind else None


def _printed(trial: Trial, newest: TrialProtocol) -> Undone | None:
    """By the primary result that its publication printed."""
    one = trial.published.filter(primary=True).select_related("report").order_by("order", "pk").first()
    ends = interval_of(one.numbers) if one else None
    if one is None or ends is None:
        return None
    kind = _kind(trial, *ends)
    return _row(trial, newest, kind, f"{one.measured}: {one.said}.", newest.at, _year(one)) if kind else None


def _year(one: PublishedResult) -> str:
    return str(one.report.year) if one.report and one.report.year else ""


def interval_of(numbers: Mapping[str, Any]) -> tuple[float, float] | None:
    """The interval of what was printed, with no difference at nought; from the counts of both arms where it was not printed.

    From counts it is that of the difference of two shares by their standard error (Wald), to say on which side it lies and no more.

    >>> interval_of({"measure": "RR", "low": 1.0, "high": math.e})
    (0.0, 1.0)
    >>> interval_of({"arms": [36.2, 44.8]}) is None
    True
    """
    low, high = numbers.get("low"), numbers.get("high")
    if low is not None and high is not None:
        return (math.log(low), math.log(high)) if numbers.get("measure") in RATIOS else (low, high)
    of = next((numbers[name] for name in COUNTED if isinstance(numbers.get(name), list)), None)
    events = numbers.get("events")
    if not (of and events and len(of) == len(events) == 2 and min(of) > 0):
        return None
    one, two = (count / number for count, number in zip(events, of, strict=True))
    reach = critical() * math.sqrt(one * (1 - one) / of[0] + two * (1 - two) / of[1])
    return one - two - reach, one - two + reach


def _kind(trial: Trial, low: float, high: float) -> str:
    """Which kind an interval of the outcome of a trial is; empty where it shows what readers would call a benefit, or cannot be told."""
    if low <= 0 <= high:
        return NOT_SHOWN
    reading = trial.outcome.reading if trial.outcome else ""
    if reading == "contact" and trial.outcome and trial.outcome.contact:
        return MORE if low > 0 else ""
    worse = {"good-high": high < 0, "good-low": low > 0}
    return HARM if worse.get(reading) else ""
