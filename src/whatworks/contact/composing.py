"""An edition as letters: what it says, frozen; as text and as HTML; and each letter with the links that are its reader's own."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.contact import blocks, tokens
from whatworks.contact.models import Edition, MailingList, SentLetter
from whatworks.contact.prose import as_html, as_text

LEAVE_MARK, PREFERENCES_MARK = "@@leave@@", "@@preferences@@"
GAPS = re.compile(r"\n{3,}")


def content_of(edition: Edition, until: datetime.datetime) -> dict[str, Any]:
    """All that an edition says now: our own words and what the chosen blocks have that is new."""
    offered = {one.key: one for one in blocks.offered()}
    sections = []
    for key in edition.blocks:
        entries = [one.plain() for one in blocks.entries(key, edition.since, until)]
        if entries and key in offered:
            sections.append({"key": key, "title": str(offered[key].title), "entries": entries})
    return {
        "title": edition.title, "opening": edition.opening, "sections": sections, "closing": edition.closing,
        "since": edition.since.isoformat(), "until": until.isoformat(),
    }  # fmt: skip


def followed(content: dict[str, Any], about: Collection[str]) -> dict[str, Any]:
    """The same for one reader of alerts: only what they follow."""
    sections = [
        {**one, "entries": entries}
        for one in content["sections"]
        if (entries := [each for each in one["entries"] if each["about"] in about])
    ]
    return {**content, "sections": sections}


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter with marks where its reader's own links go."""

    subject: str
    text: str
    html: str


def base() -> str:
    """The address of this centre, before every link in a letter."""
    return str(settings.BASE_URL)


def composed(content: dict[str, Any], mailing_list: MailingList) -> Composed:
    """The content as a letter."""
    told = {
        "content": content, "list": mailing_list, "base": base(), "leave": LEAVE_MARK, "preferences": PREFERENCES_MARK,
        "opening_text": as_text(content["opening"], base()), "opening_html": as_html(content["opening"], base()),
        "closing_text": as_text(content["closing"], base()), "closing_html": as_html(content["closing"], base()),
    }  # fmt: skip
    text = GAPS.sub("\n\n", render_to_string("contact/mail/edition.txt", told)).strip() + "\n"
    return Composed(content["title"], text, render_to_string("contact/mail/edition.html", told))


def leave_link(contact: str, mailing_list: str) -> str:
    """Where one POST takes one person off one list."""
    return base() + reverse("newsletter_leave", args=[tokens.sign(tokens.LEAVE, contact, mailing_list)])


def preferences_link(contact: str) -> str:
    """Where one person says what they want to get."""
    return base() + reverse("newsletter_preferences", args=[tokens.sign(tokens.PREFERENCES, contact)])


def addressed(
    letter: Composed, *, contact: str, to: str, mailing_list: MailingList, message_id: str
) -> EmailMultiAlternatives:
    """The letter to one person, with the headers by which a mail program offers to leave (RFC 8058, RFC 2919)."""
    leave, preferences = leave_link(contact, mailing_list.pk), preferences_link(contact)
    fill = lambda text: text.replace(LEAVE_MARK, leave).replace(PREFERENCES_MARK, preferences)  # noqa: E731  twice below
    host = message_id.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        letter.subject,
        fill(letter.text),
        str(settings.DEFAULT_FROM_EMAIL),
        [to],
        headers={
            "Message-ID": message_id,
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{mailing_list.slug}.{host}>",
        },
    )
    message.attach_alternative(fill(letter.html), "text/html")
    return message


def letter_to(letter: SentLetter, made: Composed, mailing_list: MailingList) -> EmailMultiAlternatives:
    """One row as the message that goes out."""
    return addressed(
        made,
        contact=letter.contact_id,
        to=letter.contact.email,
        mailing_list=mailing_list,
        message_id=letter.message_id,
    )


def confirmation(*, address: str, contact: str, asked: list[str], titles: list[str]) -> EmailMultiAlternatives:
    """The question in the inbox: nothing else goes to this address before it is answered."""
    token = tokens.sign(tokens.CONFIRM, contact, *asked) if asked else ""
    told = {
        "titles": titles,
        "confirm": base() + reverse("newsletter_confirm", args=[token]) if token else "",
        "preferences": preferences_link(contact),
        "base": base(),
        "days": tokens.DAYS,
    }
    subject = _("Please confirm: do you want our e-mails?") if asked else _("You asked for our e-mails")
    text = GAPS.sub("\n\n", render_to_string("contact/mail/confirm.txt", told)).strip() + "\n"
    return EmailMultiAlternatives(subject, text, str(settings.DEFAULT_FROM_EMAIL), [address])
