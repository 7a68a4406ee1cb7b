"""From a report to a page: for every report that a review took in, when it was found, judged, coded, in a result, and on a page."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.extract.models import Finding
from whatworks.learn.methods.timing import Wait, Waiting, waiting
from whatworks.ledger.models import Event, EventSubject, Lineage
from whatworks.publish.models import Revision
from whatworks.screen.models import Judgement

FOUND, JUDGED, CODED, POOLED, SHOWN = "found", "judged", "coded", "pooled", "shown"
STEPS: Mapping[str, Any] = {
    JUDGED: gettext_lazy("Judged for a review"),
    CODED: gettext_lazy("Its numbers coded"),
    POOLED: gettext_lazy("In a result"),
    SHOWN: gettext_lazy("On a page"),
}
Moments = dict[str, datetime.datetime]


@dataclass(slots=True)
class Told:
    """What is known: how many reports, of how many it is not recorded when they were found, of how many the dates run backwards, and
    the waits until each step."""

    reports: int = 0
    unknown: int = 0
    backwards: int = 0
    steps: list[tuple[Any, Waiting]] = field(default_factory=list)

    @property
    def shown(self) -> Waiting:
        """The waits until a page."""
        return self.steps[-1][1]


def as_of() -> datetime.date:
    """The day up to which something is recorded: what waits is counted to that day, so that a stored page stays true."""
    newest = Event.objects.aggregate(newest=Max("at"))["newest"]
    return timezone.localdate(newest) if newest else timezone.localdate()


def told(today: datetime.date) -> Told:
    """The waits of all reports that reviews took in, or that a page rests on; those that wait are counted to `today`."""
    rows = moments()
    found = Told(reports=len(rows))
    begun = {key: one for key, one in rows.items() if FOUND in one}
    found.unknown = len(rows) - len(begun)
    right = {key: one for key, one in begun.items() if all(_day(at) >= _day(one[FOUND]) for at in one.values())}
    found.backwards = len(begun) - len(right)
    found.steps = [(title, waiting(_wait(one, step, today) for one in right.values())) for step, title in STEPS.items()]
    return found


def _wait(one: Moments, step: str, today: datetime.date) -> Wait:
    began = _day(one[FOUND])
    if step in one:
        return Wait((_day(one[step]) - began).days, True)
    return Wait(max((today - began).days, 0), False)


def _day(at: datetime.datetime) -> datetime.date:
    return timezone.localdate(at)


def moments() -> dict[str, Moments]:
    """By report that speaks, the first moment of each step that is recorded."""
    held: dict[str, Moments] = defaultdict(dict)
    included = Judgement.objects.standing().filter(decision=Judgement.INCLUDE).values_list("report", flat=True)
    findings = dict(Finding.objects.values_list("pk", "contrast__report"))
    shown, results = _shown(findings)
    for report in {*included, *shown}:
        held[report] = {}
    reports = {**Report.objects.in_bulk(list(held))}
    _keep(held, JUDGED, _first(held, "screen."))
    _keep(held, FOUND, _found(reports))
    coded = _first(findings, "")
    for finding, at in coded.items():
        _keep(held, CODED, {findings[finding]: at})
    pooled = _first({key for keys in results.values() for key in keys}, "")
    for finding, keys in results.items():
        if first := [pooled[key] for key in keys if key in pooled]:
            _keep(held, POOLED, {findings[finding]: min(first)})
    _keep(held, SHOWN, shown)
    return dict(held)


def _keep(held: dict[str, Moments], step: str, found: Mapping[str, datetime.datetime]) -> None:
    for report, at in found.items():
        if report in held:
            held[report][step] = min(at, held[report].get(step, at))


def _first(subjects: Iterable[str], verbs: str) -> dict[str, datetime.datetime]:
    """The first event about each subject whose verb begins so."""
    found: dict[str, datetime.datetime] = {}
    keys = sorted(subjects)
    for start in range(0, len(keys), 500):
        rows = EventSubject.objects.filter(subject__in=keys[start : start + 500], event__verb__startswith=verbs)
        for subject, at in rows.values_list("subject", "event__at"):
            found[subject] = min(at, found.get(subject, at))
    return found


def _found(reports: Mapping[str, Report]) -> dict[str, datetime.datetime]:
    """When a report came: the day of the search that brought it, else the first event about it or its import."""
    origins = {one.origin_id for one in reports.values() if one.origin_id}
    came, by_report = _first(origins, "collate."), _first(reports, "collate.")
    days = dict(Report.objects.filter(pk__in=reports).values_list("pk", "origin__run__ran_on"))
    found = {}
    for key, one in reports.items():
        day = days.get(key)
        ran = timezone.make_aware(datetime.datetime.combine(day, datetime.time())) if day else None
        known = [at for at in (ran, came.get(one.origin_id or ""), by_report.get(key)) if at is not None]
        if known:
            found[key] = min(known)
    return found


def _shown(findings: Mapping[str, str]) -> tuple[dict[str, datetime.datetime], dict[str, list[str]]]:
    """When a page first rested on a report; and by finding, the results that rest on it."""
    shown: dict[str, datetime.datetime] = {}
    for pk, at in Revision.objects.order_by("approved_at").values_list("pk", "approved_at"):
        for key in Lineage.ancestors(pk) & findings.keys():
            shown.setdefault(findings[key], at)
    results: dict[str, list[str]] = defaultdict(list)
    rows = Lineage.objects.filter(output__kind="synthesis", input__kind=Finding.kind).values_list("input", "output")
    for finding, result in rows:
        if finding in findings:
            results[finding].append(result)
    return shown, results
