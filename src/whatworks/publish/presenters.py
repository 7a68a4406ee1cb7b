"""From a stored revision to what its page shows today: downloads, history, the stale notice."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.sharing import shared
from whatworks.publish.formats.downloads import downloads_of
from whatworks.publish.methods.summary import summary
from whatworks.publish.models import Page, Revision
from whatworks.spoken import on_day

NOTICES = {
    "extract.correct": gettext_lazy("A number behind this page was corrected."),
    "collate.retract": gettext_lazy("A report behind this page was retracted."),
    "collate.concern": gettext_lazy("A publisher has expressed concern about a report behind this page."),
    "collate.correction": gettext_lazy("A report behind this page was corrected by its publisher."),
    "collate.reinstate": gettext_lazy("A retracted report behind this page was reinstated."),
    "screen.judge": gettext_lazy("A new report arrived."),
    "trial.deposit": gettext_lazy("A trial of this has a result."),
}
OTHERWISE = gettext_lazy("Something behind this page has changed.")


def document(page: Page, revision: Revision) -> dict[str, Any]:
    """The stored document with the addresses that belong to this site."""
    embed = {"text": _("Show it on your website"), "href": f"/evidence/{page.slug}/embed/"}
    downloads = [*downloads_of(page.slug, revision.number), embed]
    shown = {"history": revisions_of(page), "downloads": downloads, "summary": summary(revision.content)}
    return revision.content | shown


@shared
def revisions_of(page: Page) -> list[dict[str, Any]]:
    """Every revision, newest first."""
    revisions = page.revisions.defer("content").order_by("-number")
    return [
        {
            "revision": one.number,
            "on": on_day(timezone.localtime(one.approved_at)),
            "what": one.what_changed,
            "href": f"/evidence/{page.slug}/revisions/{one.number}/",
            "current": number == 0,
            "by": one.approved_by,
        }
        for number, one in enumerate(revisions)
    ]


@shared
def stale_notice(revision: Revision) -> dict[str, str] | None:
    """That the ground of the published page has moved, and since when; never the numbers that may come of it."""
    uid = Artefact.objects.stale().filter(pk=revision.pk).values_list("stale_event", flat=True).first()
    event = Event.objects.filter(uid=uid).first() if uid else None
    if event is None:
        return None
    return {"since": on_day(timezone.localtime(event.at)), "text": str(NOTICES.get(event.verb, OTHERWISE))}
