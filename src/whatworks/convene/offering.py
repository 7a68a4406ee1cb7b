"""What this room shows on lower pages, what it says needs somebody, and where people find it."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from whatworks.convene import needing  # noqa: F401  what waits for people of this room
from whatworks.convene.challenging_presenters import said_about, section_title
from whatworks.ledger.sections import Section, offer
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door
from whatworks.publish.models import Page


def said_of_intervention(intervention: str) -> Section | None:
    """What people said of the evidence page about an intervention, with our answers."""
    return _section(*Page.objects.filter(intervention=intervention).order_by("pk").values_list("pk", flat=True))


def said_of_area(area: str) -> Section | None:
    """What people said of the page about a place, with our answers."""
    return _section(area)


def _section(*identifiers: str) -> Section | None:
    told = said_about(*identifiers) if identifiers else None
    return Section(section_title(), render_to_string("convene/challenges_here.html", told)) if told else None


def _doors() -> Sequence[Door]:
    return (
        Door(
            TAKING_PART,
            _("Ask, or say where we are wrong"),
            (
                (_("Ask us"), "ask"),
                (_("Answers we gave"), "answers"),
                (_("What people challenged, and what we answered"), "challenges"),
                (_("How to complain about a service"), "complain"),
                (_("How we read what people send"), "moderation"),
            ),
            says=_(
                "Ask what we know or hold. A link at the foot of every page lets you comment on it, or challenge it."
            ),
            order=10,
        ),
        Door(
            WORKSPACE,
            _("Enquiries and challenges"),
            (
                (_("Enquiries"), "enquiries_work"),
                (_("Questions that came of them"), "questions_work"),
                (_("Challenges"), "challenges_work"),
            ),
            permission="convene.answer",
            order=10,
        ),
        Door(
            WORKSPACE, _("Moderation"), ((_("Texts that wait"), "texts_work"),), permission="convene.moderate", order=11
        ),
        Door(
            WORKSPACE,
            _("Quarantine"),
            ((_("Texts apart"), "quarantine_work"),),
            permission="convene.quarantine",
            order=12,
        ),
    )


offer("intervention", said_of_intervention, order=90)
offer("area", said_of_area, order=90)
for door in _doors():
    offer_door(door)
