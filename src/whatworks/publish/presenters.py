"""From a stored revision to what its page shows today: downloads, history, the stale notice, the local sum."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from whatworks.ledger.models import Artefact, Event
from whatworks.publish.methods.numbers import Three, more
from whatworks.publish.methods.summary import summary
from whatworks.publish.models import Page, Revision

NOTICES = {
    "extract.correct": "A number behind this page was corrected.",
    "collate.retract": "A report behind this page was retracted.",
    "collate.concern": "A publisher has expressed concern about a report behind this page.",
    "collate.correction": "A report behind this page was corrected by its publisher.",
    "collate.reinstate": "A retracted report behind this page was reinstated.",
    "screen.judge": "A new report arrived.",
}
OTHERWISE = "Something behind this page has changed."
MOST = 1_000_000  # families a year: more than England has


def document(page: Page, revision: Revision) -> dict[str, Any]:
    """The stored document with the addresses that belong to this site."""
    downloads = [
        {"text": "Data (CSV)", "href": f"/evidence/{page.slug}/data.csv"},
        {"text": "R script", "href": f"/evidence/{page.slug}/analysis.R"},
    ]
    shown = {"history": revisions_of(page), "downloads": downloads, "summary": summary(revision.content)}
    return revision.content | shown


def revisions_of(page: Page) -> list[dict[str, Any]]:
    """Every revision, newest first."""
    revisions = page.revisions.defer("content").order_by("-number")
    return [
        {
            "revision": one.number,
            "on": f"{timezone.localtime(one.approved_at):%-d %B %Y}",
            "what": one.what_changed,
            "href": f"/evidence/{page.slug}/revisions/{one.number}/",
            "current": number == 0,
            "by": one.approved_by,
        }
        for number, one in enumerate(revisions)
    ]


def stale_notice(revision: Revision) -> dict[str, str] | None:
    """That the ground of the published page has moved, and since when; never the numbers that may come of it."""
    uid = Artefact.objects.stale().filter(pk=revision.pk).values_list("stale_event", flat=True).first()
    event = Event.objects.filter(uid=uid).first() if uid else None
    if event is None:
        return None
    return {"since": f"{timezone.localtime(event.at):%-d %B %Y}", "text": NOTICES.get(event.verb, OTHERWISE)}


def local_answer(local: dict[str, Any] | None, given: str) -> tuple[int | None, list[Any] | None]:
    """What the range could mean for a number of families a reader gives; nothing for what is no such number."""
    text = given.strip().replace(",", "")
    if local is None or not text.isdecimal() or not 0 < int(text) <= MOST:
        return None, None
    number = int(text)
    three = Three(0.0, local["low"] * number / 100, local["high"] * number / 100)
    said = f"between {more(three.low or 0)} and {more(three.high or 0)}"
    unit = local["unit"]
    return number, [
        f"If {number:,} {unit} like those in the studies were offered it here, and results carried over, ",
        {"number": said, "trace": local["trace"]},
        f" of them {local['verb']}." if three else "",
    ]
