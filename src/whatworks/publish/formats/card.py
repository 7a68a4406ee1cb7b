"""A page in one card, to stand on other people's websites: its first outcome's state, how sure, which date, what is being checked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import format_html

from whatworks.publish.formats.downloads import base, handout_of
from whatworks.publish.methods.handout import DEMONSTRATION
from whatworks.publish.methods.handout_parts import said, shortened
from whatworks.publish.models import Page, Revision
from whatworks.publish.presenters import stale_notice
from whatworks.publish.writing.withdrawing import notice_of, standing_of

WIDTH, HEIGHT = 480, 480  # what the frame is given; the card scrolls within less and does not fill more
ANSWER = 260  # characters


def card_of(page: Page, revision: Revision) -> dict[str, Any]:
    """What the card shows, all from the approved revision but the two notices."""
    held = handout_of(revision)
    first = held.outcomes[0] if held.outcomes else None
    safety = next((one for one in held.outcomes if one.safety), None)
    return {
        "label": held.label,
        "title": held.title,
        "answer": said(shortened(held.strong, ANSWER)),
        "first": first,
        "certainty": revision.content["outcomes"][0]["certainty"] if first else None,
        "safety": safety if first and first.contact and safety is not first else None,
        "more": max(len(held.outcomes) - 1, 0),
        "dated": held.dated,
        "closing": held.closing,
        "standing": DEMONSTRATION,
        "slug": page.slug,
        "stale": stale_notice(revision),
        "withdrawn": notice_of(page),
    }


def frame(page: Page) -> str:
    """What somebody pastes into their own page."""
    return format_html(
        '<iframe src="{}/embed/{}/" title="What is known about {}" width="{}" height="{}" loading="lazy" frameborder="0">'
        "</iframe>",
        settings.BASE_URL.rstrip("/"),
        page.slug,
        page.title,
        WIDTH,
        HEIGHT,
    )


def known() -> bool:
    """Whether others can reach this centre at the address that it goes by."""
    return bool(base())


def oembed(page: Page) -> dict[str, Any]:
    """What a program asks that makes a card of a link by itself (oEmbed 1.0, https://oembed.com, type rich)."""
    home = settings.BASE_URL.rstrip("/")
    return {
        "version": "1.0",
        "type": "rich",
        "title": f"Withdrawn: {page.title}" if standing_of(page) else page.title,
        "provider_name": f"whatworks at {urlsplit(home).netloc}",
        "provider_url": f"{home}/",
        "cache_age": 3600,
        "width": WIDTH,
        "height": HEIGHT,
        "html": frame(page),
    }
