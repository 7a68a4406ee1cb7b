"""What changed, as Atom feeds: new revisions, withdrawals and notices that a page is being checked; never a number.

Every date is that of a stored fact, and every identifier follows from the row it is about, so that a feed made twice from the
same rows is the same, wherever the centre runs.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from whatworks.contact.models import MailingList
from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.sections import Section, offer
from whatworks.publish.finding.feeds_guides import LATEST, Item, guide_items
from whatworks.publish.models import Guide, Page, PageStanding, Revision
from whatworks.publish.presenters import NOTICES, OTHERWISE
from whatworks.publish.writing.withdrawing import titled
from whatworks.scope.models import Theme

OURS = uuid.UUID(
    "7d0c2b0e-5b0f-5c53-9a64-6f1f0a5b2c11"
)  # the name space of our identifiers, so that ids are the same anywhere
UNSET = "http://127.0.0.1:8000"  # the address of a centre that nobody told its address
BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # of a feed without entries: nothing has a date there


def addressed() -> bool:
    """Whether this centre was told its address, so that the links of a feed work elsewhere."""
    return str(settings.BASE_URL) != UNSET


def items(pages: QuerySet[Page], guides: QuerySet[Guide] | None = None) -> list[Item]:
    """What happened to these pages and guides, the newest first."""
    found = [*_revisions(pages), *_withdrawals(pages), *_notices(pages)]
    found += [] if guides is None else guide_items(guides)
    return sorted(found, key=lambda one: (one.at, one.identifier), reverse=True)[:LATEST]


def _revisions(pages: QuerySet[Page]) -> list[Item]:
    rows = Revision.objects.filter(page__in=pages).defer("content").select_related("page")
    return [
        Item(
            one.pk,
            (_("%(title)s: new page") if one.number == 1 else _("%(title)s: revision %(number)s"))
            % {"title": one.page.title, "number": one.number},
            one.what_changed,
            one.approved_at,
            reverse("page_revision", args=[one.page.slug, one.number]),
        )
        for one in rows.order_by("-approved_at", "-pk")[:LATEST]
    ]


def _withdrawals(pages: QuerySet[Page]) -> list[Item]:
    rows = PageStanding.objects.filter(page__in=pages).select_related("page").order_by("-at", "-pk")[:LATEST]
    return [
        Item(
            one.pk,
            titled(one),
            one.why,
            one.at,
            reverse("page", args=[one.page.slug]),
        )
        for one in rows
    ]


def _notices(pages: QuerySet[Page]) -> list[Item]:
    stale = Artefact.objects.stale().filter(subject__kind=Revision.kind).order_by("pk")
    events = dict(stale.values_list("pk", "stale_event"))
    rows = Revision.objects.filter(pk__in=events, page__in=pages).defer("content").select_related("page").order_by("pk")
    moved = {one.uid: one for one in Event.objects.filter(uid__in=events.values())}
    return [
        Item(
            f"{one.pk} {event.uid}",
            _("%(title)s: being checked") % {"title": one.page.title},
            f"{NOTICES.get(event.verb, OTHERWISE)} {_('We are checking the page. What it says is from before.')}",
            event.at,
            reverse("page", args=[one.page.slug]),
        )
        for one in rows
        if (event := moved.get(events[one.pk])) is not None
    ]


class Feed(Atom1Feed):
    """An Atom feed dated by its newest entry, never by the clock."""

    def latest_post_date(self) -> datetime.datetime:
        """When its newest entry happened."""
        return max((one["updateddate"] for one in self.items), default=BEGINNING)


def atom(*, key: str, title: str, path: str, at: str, found: Sequence[Item]) -> str:
    """A feed as text: `key` names what it is about, `path` its own address, `at` the page it belongs to."""
    base = str(settings.BASE_URL)
    feed = Feed(
        title=title,
        link=base + at,
        description=_("New revisions, withdrawals and notices."),
        language="en-GB",
        feed_url=base + path,
        feed_guid=_urn(key),
        author_name="whatworks",
    )
    for one in found:
        feed.add_item(
            title=one.title,
            link=base + one.path,
            description=escape(one.words),  # readers take a summary for HTML
            unique_id=_urn(one.identifier),
            updateddate=one.at.astimezone(datetime.UTC),
        )
    return str(feed.writeString("utf-8"))


def _urn(key: str) -> str:
    return uuid.uuid5(OURS, key).urn


def everything() -> str:
    """The feed of all pages and guides."""
    path, found = reverse("feed_all"), items(Page.objects.all(), Guide.objects.shown())
    return atom(key="all", title=_("All evidence: what changed"), path=path, at=reverse("store"), found=found)


def of_theme(theme: Theme) -> str:
    """The feed of a theme's pages and guides."""
    found = items(Page.objects.filter(intervention__theme=theme), Guide.objects.shown().filter(theme=theme))
    title, path = _("%(name)s: what changed") % {"name": theme.name}, reverse("feed_theme", args=[theme.slug])
    return atom(key=theme.pk, title=title, path=path, at=f"{reverse('store')}?theme={theme.slug}", found=found)


def of_page(page: Page) -> str:
    """The feed of one page."""
    path, at = reverse("feed_page", args=[page.slug]), reverse("page", args=[page.slug])
    found = items(Page.objects.filter(pk=page.pk))
    return atom(key=page.pk, title=_("%(name)s: what changed") % {"name": page.title}, path=path, at=at, found=found)


def listed(themes: Collection[str]) -> list[dict[str, str]]:
    """The feeds that the store offers: one of everything, and one of each theme that has a page among these, or a guide."""
    rows = (
        Theme.objects.filter(Q(slug__in=themes) | Q(guides__in=Guide.objects.shown()))
        .distinct()
        .order_by("order", "pk")
    )
    found = [{"title": _("Everything"), "href": reverse("feed_all")}]
    return found + [{"title": one.name, "href": reverse("feed_theme", args=[one.slug])} for one in rows]


def following(intervention: str) -> Section | None:
    """On the page of an intervention: how to follow what changes on it."""
    page = Page.objects.filter(intervention=intervention).first()
    if page is None or not page.revisions.exists():
        return None
    context = {"href": reverse("feed_page", args=[page.slug]), "addressed": addressed(), "page": page.pk}
    context["alerts"] = MailingList.objects.filter(sort=MailingList.ALERTS, open=True).exists()
    return Section(_("Follow this page"), render_to_string("publish/_follow.html", context))


offer("intervention", following, order=900)
