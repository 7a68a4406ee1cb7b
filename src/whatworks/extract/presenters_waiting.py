"""What waits for a person among studies: forms to fill in or settle, and what two judge blind, for the first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.extract.models import Coding, Sheet
from whatworks.extract.presenters_judged import waiting_for
from whatworks.screen.models import Screener


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what it is called, where it is done, and what is asked."""

    name: str
    at: str
    asked: str


def coding_for(actor: str) -> list[Task]:
    """The forms that this person has not finished, then codings of reviews they lead that wait to be settled."""
    mine = Sheet.objects.here().filter(user=actor, done_at=None, coding__state=Coding.CODING)
    rows = mine.select_related("coding__study", "coding__frame").order_by("coding__study__name", "pk")
    return [_task(one.coding, "coding", _("Your form")) for one in rows] + [
        _task(one, "reconcile", _("All coders are done; what they said otherwise is to be decided"))
        for one in _led(actor)
    ]


def _led(actor: str) -> QuerySet[Coding]:
    led = Screener.objects.leading().filter(user=actor).values("review")
    rows = Coding.objects.filter(study__review__in=led, state=Coding.RECONCILING)
    return rows.select_related("study", "frame").order_by("study__name", "pk")


def _task(coding: Coding, view: str, asked: str) -> Task:
    return Task(coding.study.name, reverse(view, args=[coding.pk]), f"{asked}, by “{coding.frame.title}”.")


def appraising_for(actor: str) -> list[Task]:
    """What this person is asked to judge blind, or to compare with what the other judged."""
    return [_judging(row) for row in waiting_for(actor) if row["open"] or not row["done"]]


def _judging(row: dict[str, Any]) -> Task:
    two = row["two"]
    at = reverse("compare_appraisals" if row["open"] else "appraising", args=[two.pk])
    asked = (
        _("Both are done; agree on one judgement, by %(title)s.")
        if row["open"]
        else _("Judge it without seeing the other's answers, by %(title)s.")
    )
    name = f"{two.study.name}: {row['thing']}"
    return Task(name, at, asked % {"title": row["title"]})
