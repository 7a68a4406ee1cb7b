"""Where decisions and priorities are found, how they are cited, and what they show on pages of lower rooms."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.decide.models import Gate, Meeting, PolicyResponse, Post, Priority, PrioritySetting, Resolution
from whatworks.decide.presenters import gate_row
from whatworks.ledger.addresses import Told, lead
from whatworks.ledger.sections import Section, offer
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door


@lead("decision")
def _decision(identifier: str) -> Told:
    held = Resolution.objects.filter(pk=identifier).first()
    return (held.title, reverse("decision", args=[identifier])) if held else None


@lead("priority setting")
def _setting(identifier: str) -> Told:
    held = PrioritySetting.objects.shown().filter(pk=identifier).first()
    return (held.title, reverse("priority_setting", args=[held.slug])) if held else None


@lead("priority")
def _priority(identifier: str) -> Told:
    held = Priority.objects.select_related("question", "setting").filter(pk=identifier).first()
    return (
        (held.question.wording, f"{reverse('priority_setting', args=[held.setting.slug])}#{identifier}")
        if held
        else None
    )


@lead("meeting")
def _meeting(identifier: str) -> Told:
    held = Meeting.objects.filter(pk=identifier).first()
    return (held.subject_title(), f"{reverse('decisions')}#{identifier}") if held else None


@lead("policy response")
def _response(identifier: str) -> Told:
    held = PolicyResponse.objects.filter(pk=identifier).first()
    return (held.title, f"{reverse('decisions')}#{identifier}") if held else None


@lead("vacancy")
def _vacancy(identifier: str) -> Told:
    held = Post.objects.filter(pk=identifier).first()
    return (held.title, f"{reverse('decisions')}#posts") if held else None


def gates_of(identifier: str) -> Section | None:
    """The gates that a programme came to; nothing where it came to none."""
    rows = [
        gate_row(one)
        for one in Gate.objects.filter(about=identifier).select_related("about", "resolution").order_by("-number")
    ]
    return (
        Section(_("Where this stands as a programme"), render_to_string("decide/_gates.html", {"gates": rows}))
        if rows
        else None
    )


offer("intervention", gates_of, order=80)
offer("theme", gates_of, order=80)
offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("Priorities and decisions"),
        ((gettext_lazy("You said, we did"), "priorities"), (gettext_lazy("What was decided, and why"), "decisions")),
        gettext_lazy("Which questions people put first, what was done about each, and who decided what."),
        order=60,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Priorities and decisions"),
        ((gettext_lazy("Priorities, decisions, meetings, gates and plans"), "decisions_work"),),
        permission="workspace.enter",
        order=60,
    )
)
