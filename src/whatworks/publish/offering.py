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
from whatworks.publish.models import Page, PageStanding, Revision
from whatworks.publish.writing.withdrawing import notice_of, titled, withdrawn


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
    """Pages that were approved anew, withdrawn or put back in between, for newsletters and alerts: each once, with the last of it.

    Of a page that stands withdrawn nothing is told but that it is, and why.
    """
    revisions = Revision.objects.filter(approved_at__gt=since, approved_at__lte=until).exclude(page__in=withdrawn())
    standings = PageStanding.objects.filter(at__gt=since, at__lte=until)
    rows = revisions.defer("content").select_related("page")
    happened = [_entry(one.page, one.page.title, one.what_changed, one.approved_at) for one in rows]
    happened += [_entry(one.page, titled(one), one.why, one.at) for one in standings.select_related("page")]
    newest = {one.about: one for one in sorted(happened, key=lambda one: (one.at, one.about))}
    return list(reversed(newest.values()))


def _entry(page: Page, title: str, text: str, at: datetime.datetime) -> blocks.Entry:
    return blocks.Entry(title, text, reverse("page", args=[page.slug]), at, page.pk)


blocks.offer("pages", gettext_lazy("New and changed pages"), changed_pages, order=20)
offer("area", evidence_about, order=40)
offer("practice", evidence_of, order=40)
