"""What happened to guides, as entries of feeds: drafts for comment, revisions, withdrawals, and that one is being checked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.ledger.models import Artefact, Event
from whatworks.publish.guides.presenters import plainly
from whatworks.publish.models import Consultation, Guide, GuideRevision, GuideStanding

LATEST = 50  # entries of a feed


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: what it is about, what happened, when, and where to read it."""

    identifier: str
    title: str
    words: str
    at: datetime.datetime
    path: str


def guide_items(guides: QuerySet[Guide]) -> list[Item]:
    """What happened to these guides, in no order."""
    return [*_revisions(guides), *_drafts(guides), *_withdrawals(guides), *_notices(guides)]


def _revisions(guides: QuerySet[Guide]) -> Iterator[Item]:
    rows = GuideRevision.objects.filter(guide__in=guides).defer("content", "text").select_related("guide")
    for one in rows.order_by("-approved_at", "-pk")[:LATEST]:
        first = _("%(title)s: new guide") % {"title": one.guide.title}
        later = _("%(title)s: guide, revision %(number)s") % {"title": one.guide.title, "number": one.number}
        path = reverse("guide_revision", args=[one.guide.slug, one.number])
        yield Item(one.pk, first if one.number == 1 else later, one.what_changed, one.approved_at, path)


def _drafts(guides: QuerySet[Guide]) -> Iterator[Item]:
    rows = Consultation.objects.filter(guide__in=guides).defer("content", "text").select_related("guide")
    for one in rows.order_by("-opened_at", "-pk")[:LATEST]:
        words = _("This is a draft, not guidance. It is open for comment until %(day)s.") % {
            "day": plainly(one.closes_on)
        }
        title = _("%(title)s: draft guide for comment") % {"title": one.guide.title}
        path = reverse("guide_consultation", args=[one.guide.slug, one.number])
        yield Item(one.pk, title, words, one.opened_at, path)


def _withdrawals(guides: QuerySet[Guide]) -> Iterator[Item]:
    rows = GuideStanding.objects.filter(guide__in=guides).select_related("guide").order_by("-at", "-pk")[:LATEST]
    for one in rows:
        words = _("%(title)s: guide withdrawn") if one.withdrawn else _("%(title)s: guide put back")
        path = reverse("guide", args=[one.guide.slug])
        yield Item(one.pk, words % {"title": one.guide.title}, one.reason, one.at, path)


def _notices(guides: QuerySet[Guide]) -> Iterator[Item]:
    stale = Artefact.objects.stale().filter(subject__kind=GuideRevision.kind).order_by("pk")
    events = dict(stale.values_list("pk", "stale_event"))
    rows = GuideRevision.objects.filter(pk__in=events, guide__in=guides).defer("content", "text").order_by("pk")
    moved = {one.uid: one for one in Event.objects.filter(uid__in=events.values())}
    for one in rows.select_related("guide"):
        if event := moved.get(events[one.pk]):
            words = _("Something behind this guide has changed. We are checking it. What it says is from before.")
            title = _("%(title)s: guide being checked") % {"title": one.guide.title}
            path = reverse("guide", args=[one.guide.slug])
            yield Item(f"{one.pk} {event.uid}", title, words, event.at, path)
