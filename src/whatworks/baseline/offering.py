"""What this room can show on the pages of lower rooms' subjects, and where its own are read."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.baseline.models import Practice, Round, Vintage
from whatworks.baseline.presenters_practice import who_does
from whatworks.ledger.addresses import Told, lead
from whatworks.ledger.sections import Section, offer
from whatworks.people.models import Area


def who_does_this(intervention: str) -> Section | None:
    """Which places are known to do what an intervention is; nothing where it is on no practice map."""
    held = Practice.objects.filter(intervention=intervention).order_by("name")
    if not (practices := [who_does(one) for one in held]):
        return None
    return Section(_("Who does this"), render_to_string("baseline/_who_does_this.html", {"practices": practices}))


offer("intervention", who_does_this, order=60)


@lead("area")
def _area(identifier: str) -> Told:
    held = Area.objects.filter(pk=identifier).first()
    return (held.name, reverse("area", args=[held.code])) if held else None


@lead("vintage")
def _vintage(identifier: str) -> Told:
    held = Vintage.objects.filter(pk=identifier).first()
    return (held.subject_title(), reverse("vintage", args=[identifier])) if held else None


@lead("round")
def _round(identifier: str) -> Told:
    held = Round.objects.filter(pk=identifier).first()
    return (held.name, reverse("practice_round", args=[identifier])) if held else None


@lead("practice")
def _practice(identifier: str) -> Told:
    held = Practice.objects.filter(pk=identifier).first()
    return (held.name, reverse("practice", args=[held.slug])) if held else None
