"""What was done about a question where it came among priorities, on its own page and on the page of what was begun for it."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.decide.models import Priority, PriorityState, PutForward
from whatworks.decide.presenters import STATES, place
from whatworks.ledger.addresses import link_to
from whatworks.ledger.sections import Section, offer
from whatworks.scope.models import Question

KINDS = {
    "review": gettext_lazy("The review:"),
    "call": gettext_lazy("The call for partners:"),
    "trial": gettext_lazy("The trial:"),
    "page": gettext_lazy("The page:"),
    "guide": gettext_lazy("The guide:"),
    "site": gettext_lazy("The site:"),
}
BEGUN = ("review", "call", "trial", "guide")  # what is begun for a priority and has a page of its own


def history_of(one: Priority) -> list[dict[str, Any]]:
    """Every state of a priority with what it led to, the first before the others."""
    return [
        {
            "state": STATES[row.state],
            "reason": row.reason,
            "at": row.at,
            "money": "" if row.money is None else f"£{row.money:,}",
            "resolution": row.resolution_id,
            "output": link_to(row.output) if row.output else None,
            "what": KINDS.get(row.output.kind, "") if row.output else "",
        }
        for row in one.states.select_related("output").order_by("number")
    ]


def placed(question: str) -> Section | None:
    """On a question's page: in which settings it was put forward, where it came, and what was done since."""
    ranked = [
        {"priority": one, "place": place(one.rank), "states": history_of(one)}
        for one in Priority.objects.filter(question=question).by_place()
    ]
    settings = [row["priority"].setting_id for row in ranked]
    others = PutForward.objects.filter(question=question).exclude(setting__in=settings)
    waiting = [one for one in others.select_related("setting").order_by("at") if one.setting.state != "draft"]
    if not ranked and not waiting:
        return None
    told = {"ranked": ranked, "waiting": waiting}
    return Section(_("You said, we did"), render_to_string("decide/_placed_here.html", told))


def serves(identifier: str) -> Section | None:
    """On the page of a review, a call and so on: the questions for which it was begun, by the priorities they were."""
    rows = PriorityState.objects.filter(output=identifier).values_list("priority__question", flat=True)
    found = PutForward.objects.filter(by_what=identifier).exclude(setting__state="draft")
    wanted = {*rows, *found.values_list("question", flat=True)}
    questions = list(Question.objects.filter(pk__in=wanted).order_by("asked_on", "pk"))
    if not questions:
        return None
    told = {"questions": questions, "priorities": reverse("priorities")}
    return Section(_("What it is for"), render_to_string("decide/_serves.html", told))


offer(Question.kind, placed, order=30)
for kind in BEGUN:
    offer(kind, serves, order=10)
