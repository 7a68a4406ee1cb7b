"""Contacts and letters in the words of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from whatworks.contact.consenting import known_of
from whatworks.contact.methods.deciding import MAY, Answer, may_write
from whatworks.contact.models import Bounce, ConsentRow, Contact, ContactTie, Edition, Interaction, MailingList
from whatworks.contact.prose import as_html


@dataclass(frozen=True, slots=True)
class Place:
    """One list, and whether somebody gets it."""

    mailing_list: MailingList
    answer: Answer

    @property
    def identifier(self) -> str:
        """Of the list."""
        return self.mailing_list.identifier

    @property
    def gets(self) -> bool:
        """Whether letters go."""
        return self.answer.verdict == MAY


def places_of(contact: Contact) -> list[Place]:
    """Every open list, with the answer about one person."""
    known, now = known_of([contact])[contact.pk], timezone.now()
    rows = MailingList.objects.filter(open=True).order_by("order", "title")
    return [Place(one, may_write(known, one.pk, now)) for one in rows]


def masked(address: str) -> str:
    """An address on a page that a forwarded letter may open: enough for its owner to know it.

    >>> masked("jo.smith@example.org")
    'j…@example.org'
    """
    local, _, host = address.partition("@")
    return f"{local[:1]}…@{host}" if host else ""


def alike_in_mail(edition: Edition) -> dict[str, Any]:
    """What an edition says, for its page in the archive."""
    content = edition.content
    opening: SafeString = as_html(content.get("opening", ""))
    return {"opening": opening, "sections": content.get("sections", []), "closing": as_html(content.get("closing", ""))}


def page_of(contact: Contact) -> dict[str, Any]:
    """All that colleagues see of somebody, whatever was merged into them."""
    everyone = contact.everyone()
    return {
        "places": places_of(contact),
        "ties": ContactTie.objects.filter(contact__in=everyone).select_related("body", "area").order_by("-began", "pk"),
        "tied": ContactTie.objects.filter(body__in=everyone).select_related("contact").order_by("role", "pk"),
        "interactions": Interaction.objects.filter(contact__in=everyone).order_by("-on", "-pk"),
        "consents": ConsentRow.objects.filter(contact__in=everyone)
        .select_related("mailing_list")
        .order_by("-at", "-pk"),
        "bounces": Bounce.objects.filter(contact__in=everyone).order_by("-at", "-pk"),
        "merges": contact.merges.filter(undone_at=None).select_related("gone").order_by("pk"),
    }
