"""Where panels, events, consultations, key messages, answers and challenges are read. An enquiry itself is read by whoever sent it."""

from __future__ import annotations

from django.urls import reverse

from whatworks.convene.models import (
    Challenge,
    Consultation,
    Disclosure,
    Gathering,
    KeyMessage,
    Panel,
    PanelDraw,
    PanelMeeting,
)
from whatworks.ledger.addresses import Told, lead


@lead(Disclosure.kind)
def _answer(identifier: str) -> Told:
    held = Disclosure.objects.filter(pk=identifier).first()
    return (held.title, reverse("answer_given", args=[held.number])) if held else None


@lead(Challenge.kind)
def _challenge(identifier: str) -> Told:
    """A challenge shows with its answer on one page of all, once a moderator has let it."""
    held = Challenge.objects.filter(pk=identifier).first()
    return (held.subject_title(), f"{reverse('challenges')}#{held.pk}") if held else None


@lead(Panel.kind)
def _panel(identifier: str) -> Told:
    held = Panel.objects.filter(pk=identifier).first()
    return (held.title, reverse("panel", args=[held.slug])) if held else None


@lead(PanelDraw.kind)
def _draw(identifier: str) -> Told:
    held = PanelDraw.objects.select_related("panel").filter(pk=identifier).first()
    return (held.subject_title(), f"{reverse('panel', args=[held.panel.slug])}#draw") if held else None


@lead(PanelMeeting.kind)
def _meeting(identifier: str) -> Told:
    held = PanelMeeting.objects.select_related("panel").filter(pk=identifier).first()
    if held is None:
        return None
    return f"{held.title}, {held.panel.title}", f"{reverse('panel', args=[held.panel.slug])}#{held.pk}"


@lead(Gathering.kind)
def _gathering(identifier: str) -> Told:
    held = Gathering.objects.filter(pk=identifier).first()
    return (held.title, reverse("gathering", args=[held.slug])) if held else None


@lead(Consultation.kind)
def _consultation(identifier: str) -> Told:
    held = Consultation.objects.filter(pk=identifier).first()
    return (held.title, reverse("consultation", args=[held.slug])) if held else None


@lead(KeyMessage.kind)
def _message(identifier: str) -> Told:
    held = KeyMessage.objects.exclude(signed_by="").filter(pk=identifier).first()
    return (held.subject_title(), reverse("message", args=[held.pk])) if held else None
