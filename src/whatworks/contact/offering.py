"""What this room shows elsewhere: its news in editions, its addresses, and the ways in."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from whatworks.contact.blocks import Entry, offer
from whatworks.contact.models import Edition, Post
from whatworks.ledger.addresses import lead
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door


def news(since: datetime.datetime, until: datetime.datetime) -> list[Entry]:
    """Posts and press releases that became public in between."""
    rows = Post.objects.shown(until).filter(public_from__gt=since)
    return [Entry(one.title, one.summary, reverse("post", args=[one.slug]), one.public_from, one.pk) for one in rows]


offer("news", gettext_lazy("News"), news, order=10)


@lead(Post.kind)
def find_post(identifier: str) -> tuple[str, str] | None:
    """Where a post is read; nowhere before it is public."""
    found = Post.objects.shown(timezone.now()).filter(pk=identifier).first()
    return (found.title, reverse("post", args=[found.slug])) if found else None


@lead(Edition.kind)
def find_edition(identifier: str) -> tuple[str, str] | None:
    """Where an edition is read; nowhere before it goes out."""
    found = Edition.objects.shown().select_related("mailing_list").filter(pk=identifier).first()
    return (found.title, reverse("edition", args=[found.mailing_list.slug, found.number])) if found else None


offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("News and newsletter"),
        ((gettext_lazy("News"), "news"), (gettext_lazy("Get our e-mails"), "newsletter")),
        gettext_lazy("Read what we do, or have it sent to you. Leaving takes one click."),
        order=20,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Contacts"),
        (
            (gettext_lazy("People and bodies"), "contacts"),
            (gettext_lazy("Bring in a list"), "contact_import"),
            (gettext_lazy("Who may be here twice"), "contact_duplicates"),
        ),
        permission="contact.keep",
        order=200,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Newsletter and news"),
        ((gettext_lazy("Lists and editions"), "editions"), (gettext_lazy("Posts and press releases"), "posts")),
        permission="workspace.enter",
        order=210,
    )
)
