"""Priorities and decisions in words and numbers for a page."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.decide.models import Gate, Meeting, Priority, PrioritySetting, PriorityState, Resolution
from whatworks.decide.prioritising import on_ballot
from whatworks.ledger.addresses import link_to, links_to

IN_TIME = 90  # days within which those who voted should have an answer
STATES = {
    PriorityState.ACCEPTED: gettext_lazy("Taken up"),
    PriorityState.MERGED: gettext_lazy("Merged with another"),
    PriorityState.ANSWERED: gettext_lazy("Answered already"),
    PriorityState.RUNNING: gettext_lazy("Being answered now"),
    PriorityState.DECLINED: gettext_lazy("Not taken up"),
    PriorityState.DONE: gettext_lazy("Done"),
}
SETTINGS = {
    PrioritySetting.DRAFT: gettext_lazy("Being put together"),
    PrioritySetting.VOTING: gettext_lazy("Voting is open"),
    PrioritySetting.PUBLISHED: gettext_lazy("Published"),
}
MET = {"yes": gettext_lazy("met"), "no": gettext_lazy("not met"), "not known": gettext_lazy("not known")}


def place(rank: float) -> str:
    """A place in an order; a tie says so."""
    return f"{rank:g}" if rank == int(rank) else _("%(place)s, tied") % {"place": f"{rank:g}"}


def setting_page(setting: PrioritySetting) -> dict[str, Any]:
    """One setting: its rule, what was put forward, and its order once it is published. Nothing of the votes before that."""
    rows = [_placed(one) for one in setting.priorities.by_place()]
    groups = [group for group in setting.groups if group not in setting.left_out]
    return {
        "setting": setting,
        "state": SETTINGS.get(setting.state, setting.state),
        "groups": [{"name": name, "weight": f"{weight:g}"} for name, weight in setting.groups.items()],
        "equal": len(set(setting.groups.values())) == 1,
        "left_out": [{"group": group, "why": why} for group, why in setting.left_out.items()],
        "on_ballot": on_ballot(setting),
        "aside": [
            {"question": row.question, "found": row.found, "by_what": link_to(row.by_what)}
            for row in setting.put_forward.select_related("question", "by_what")
            if row.found in ("answered", "running")
        ],
        "counted": groups,
        "placed": rows,
        "listed": [row for row in rows if row["listed"]],
        "near": [row for row in rows if not row["listed"] and row["low"] <= setting.shortlist],
        "open": setting.state == PrioritySetting.VOTING and timezone.localdate() <= setting.closes_on,
    }


def _placed(one: Priority) -> dict[str, Any]:
    return {
        "identifier": one.pk,
        "question": one.question.wording,
        "href": reverse("question", args=[one.question_id]),
        "place": place(one.rank),
        "low": one.low,
        "range": _("%(low)s to %(high)s") % {"low": f"{one.low:g}", "high": f"{one.high:g}"},
        "groups": [{"name": group, "place": place(rank)} for group, rank in sorted(one.groups.items())],
        "listed": one.listed,
        "answer": answer_of(one),
    }


def answer_of(one: Priority) -> dict[str, Any]:
    """What became of a priority: what you said, what we did."""
    last = one.standing()
    if last is None:
        waited = (timezone.localdate() - timezone.localdate(one.at)).days
        return {"state": _("No answer yet"), "waited": waited, "late": waited > IN_TIME, "number": 0}
    return {
        "state": STATES[last.state],
        "reason": last.reason,
        "money": "" if last.money is None else f"£{last.money:,}",
        "resolution": last.resolution,
        "output": link_to(last.output) if last.output else None,
        "at": last.at,
        "number": last.number,
    }


def answered_in_time(priorities: Sequence[Priority]) -> dict[str, Any] | None:
    """Of the priorities whose days are over or that have an answer: how many were answered in time, and how long it took."""
    today, took, due = timezone.localdate(), [], 0
    for one in priorities:
        first = one.states.order_by("number").first()
        if first is not None:
            took.append((timezone.localdate(first.at) - timezone.localdate(one.at)).days)
        if first is not None or (today - timezone.localdate(one.at)).days > IN_TIME:
            due += 1
    if not due:
        return None
    quick = sum(days <= IN_TIME for days in took)
    told = ngettext(
        "%(quick)s of %(due)s priority was answered within %(days)s days.",
        "%(quick)s of %(due)s priorities were answered within %(days)s days.",
        due,
    ) % {"quick": quick, "due": due, "days": IN_TIME}
    median = statistics.median(took) if took else None
    return {"told": told, "median": None if median is None else _days(median)}


def _days(days: float) -> str:
    return ngettext("%(days)s day", "%(days)s days", int(days) if days == int(days) else 2) % {"days": f"{days:g}"}


def said_and_done() -> dict[str, Any]:
    """Every priority on a short list, with what was done about it, the newest setting first."""
    settings = list(PrioritySetting.objects.shown())
    listed = list(Priority.objects.filter(listed=True).by_place())
    return {
        "settings": [
            {"setting": one, "state": SETTINGS.get(one.state, one.state),
             "rows": [_placed(row) for row in listed if row.setting_id == one.pk]}
            for one in settings
        ],
        "in_time": answered_in_time(listed),
    }  # fmt: skip


def decision_page(one: Resolution) -> dict[str, Any]:
    """A decision as it is read by those whom it touches."""
    after = one.superseded_by.first()
    return {
        "decision": one,
        "options": [{"text": text, "chosen": number == one.chosen} for number, text in enumerate(one.options)],
        "evidence": links_to(one.evidence),
        "after": after,
        "due": one.review_on is not None and one.review_on < timezone.localdate() and after is None,
        "gates": [gate_row(gate) for gate in one.gates.order_by("at")],
    }


def gate_row(gate: Gate) -> dict[str, Any]:
    """A gate with its criteria in words."""
    return {
        "gate": gate,
        "about": link_to(gate.about),
        "criteria": [{**row, "met": MET.get(row["met"], row["met"])} for row in gate.criteria],
    }


def meeting_row(meeting: Meeting, today: datetime.date) -> dict[str, Any]:
    """A meeting with what was decided and asked in it."""
    actions = [
        {"action": one, "late": one.done_on is None and one.due_on < today}
        for one in meeting.actions.order_by("due_on", "pk")
    ]
    return {"meeting": meeting, "actions": actions, "decisions": list(meeting.resolutions.order_by("title"))}


def csv_rows(setting: PrioritySetting) -> list[list[str]]:
    """The published order as a table: one row for each question, a column for each group."""
    groups = [group for group in sorted(setting.groups) if group not in setting.left_out]
    rows = [["place", "question", "identifier", "mean_rank", "low", "high", "listed", *groups, "state", "reason"]]
    for one in setting.priorities.by_place():
        last = one.standing()
        rows.append([
            f"{one.rank:g}", one.question.wording, one.pk, repr(one.mean_rank), f"{one.low:g}", f"{one.high:g}",
            "yes" if one.listed else "no", *(f"{one.groups[group]:g}" for group in groups),
            last.state if last else "", last.reason if last else "",
        ])  # fmt: skip
    return rows
