"""Where lessons, journal-club kits and records of learning are found, and how a person's record is told and erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.learn.methods.register_year import year_of
from whatworks.learn.models import LearningEntry
from whatworks.learn.recording import erase_for, told_of
from whatworks.learn.recording_presenters import of_year, told
from whatworks.ledger.sections import Section, offer
from whatworks.people.belongings import keep_for_people
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door
from whatworks.publish.models import Page
from whatworks.publish.needs import Item, Need, offer_need


def learn_from_it(intervention: str) -> Section | None:
    """The ways to learn from the page about an intervention; nothing where it has no page yet."""
    page = Page.objects.filter(intervention=intervention, revisions__isnull=False).order_by("slug").first()
    newest = page.newest() if page else None
    if page is None or newest is None:
        return None
    html = render_to_string("learn/record_here.html", {"slug": page.slug, "revision": newest.pk})
    return Section(_("Learn from this page"), html)


def missing_for(actor: str) -> Sequence[str]:
    """What the record of whoever is signed in lacks this year; nothing for somebody who keeps none."""
    held = list(LearningEntry.objects.filter(user=actor))
    today = timezone.localdate()
    return [" ".join(lines)] if held and (lines := told(of_year(held, year_of(today)), today)) else []


def _items(rows: Sequence[str]) -> list[Item]:
    link: dict[str, Any] = {"link": _("Your learning record"), "href": reverse("my_learning")}
    return [([link], [one]) for one in rows]


offer("intervention", learn_from_it, order=95)
offer_need(
    Need("learning", gettext_lazy("Your own learning record"), "workspace.enter", missing_for, _items)
)  # fmt: skip
keep_for_people("learning record", told_of, erase_for)
offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("Learn with the evidence"),
        (
            (gettext_lazy("Understand research"), "understand"),
            (gettext_lazy("A learning record of your own"), "about_records"),
        ),
        gettext_lazy("Short lessons on the numbers, kits for a journal club, and a private record for your register."),
        order=70,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Learning"),
        ((gettext_lazy("Your learning record"), "my_learning"), (gettext_lazy("Understand research"), "understand")),
        order=95,
    )
)
