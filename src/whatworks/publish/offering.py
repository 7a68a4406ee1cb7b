"""What this room can show on the pages of places and practices: what the evidence says about what is done there."""

from __future__ import annotations

import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.baseline.models import Practice
from whatworks.baseline.presenters_practice import practices_of
from whatworks.contact import blocks
from whatworks.ledger.sections import Section, offer
from whatworks.people.models import Area
from whatworks.publish.models import Page, Revision
from whatworks.publish.writing.withdrawing import notice_of


def evidence_about(area: str) -> Section | None:
    """The first sentence of each evidence page about something the place is known to do or have done."""
    place = Area.objects.filter(pk=area).first()
    known = practices_of(place)["known"] if place else []
    if not known:
        return None
    pages = {
        one.intervention_id: one
        for one in Page.objects.filter(intervention__in=[each["intervention"] for each in known])
    }
    return _section(
        _("What the evidence says about that"), [each | _said(pages.get(each["intervention"])) for each in known]
    )


def evidence_of(practice: str) -> Section | None:
    """The same about one practice; nothing where there is no page that readers can see."""
    held = Practice.objects.filter(pk=practice).first()
    page = Page.objects.filter(intervention=held.intervention_id).first() if held and held.intervention_id else None
    said = _said(page)
    if held is None or said["page"] is None:
        return None
    return _section(_("What the evidence says"), [{"practice": held.name} | said])


def _section(title: str, entries: list[dict[str, Any]]) -> Section:
    return Section(title, render_to_string("publish/_evidence_here.html", {"entries": entries}))


def _said(page: Page | None) -> dict[str, Any]:
    """The answer of a page's newest revision, or why the page is withdrawn; nothing where there is none."""
    revision = page.newest() if page else None
    if page is None or revision is None:
        return {"page": None}
    if gone := notice_of(page):
        return {"page": page, "withdrawn": gone}
    answer = revision.content["answer"]
    return {"page": page, "strong": answer["strong"], "rest": answer["rest"]}


def changed_pages(since: datetime.datetime, until: datetime.datetime) -> list[blocks.Entry]:
    """Pages with a revision approved in between, for newsletters and alerts: each once, with what its newest one changed."""
    rows = (
        Revision.objects.filter(approved_at__gt=since, approved_at__lte=until).defer("content").select_related("page")
    )
    newest = {one.page_id: one for one in rows.order_by("approved_at", "number")}
    return [
        blocks.Entry(
            one.page.title, one.what_changed, reverse("page", args=[one.page.slug]), one.approved_at, one.page_id
        )
        for one in reversed(newest.values())
        if not notice_of(one.page)
    ]


blocks.offer("pages", gettext_lazy("New and changed pages"), changed_pages, order=20)
offer("area", evidence_about, order=40)
offer("practice", evidence_of, order=40)
