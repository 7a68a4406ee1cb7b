"""Pieces that every thread shares: how it was found, where it is published, what replaced it, what happened to it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.ledger.models import Artefact, Event
from whatworks.publish.models import Page
from whatworks.publish.writing.withdrawing import standing_of
from whatworks.spoken import on_day

Step = dict[str, Any]
SAME = gettext_lazy("Recomputed as you opened this page: same as stored.")
DIFFERS = gettext_lazy("Recomputed as you opened this page: NOT the same as stored.")


def search_step(review: Any, report: str = "") -> Step:
    """How the evidence came here: by which search or sourcing, and where to see all of it."""
    how = (
        _("By a systematic search, last run on %(last_search)s.") % {"last_search": on_day(review.last_search)}
        if review.last_search
        else _("By sourcing trials, not by a systematic search.")
    )
    items = [
        [
            {
                "link": _("%(title)s: search, screening, what was left out") % {"title": review.title},
                "href": f"/reviews/{review.slug}/",
            }
        ]
    ]
    if report:
        items.append([{"link": _("The record as it was imported"), "href": f"/reports/{report}/"}])
    return {
        "heading": _("How it was found"),
        "who": review.conducted_by,
        "card": False,
        "blocks": [{"type": "text", "parts": [how]}, {"type": "links", "items": items}],
    }


def superseded(identifier: str) -> list[dict[str, Any]]:
    """That a newer one stands in its place, with the way there; nothing where it is the current one."""
    later = (
        Artefact.objects.filter(pk=identifier).exclude(superseded_by="").values_list("superseded_by", flat=True).first()
    )
    return (
        [
            {
                "type": "text",
                "parts": [_("A newer one stands in its place: "), {"number": _("see it"), "trace": later}, "."],
            }
        ]
        if later
        else []
    )


def pages_of(*interventions: str | None) -> list[list[Any]]:
    """The published pages about the interventions."""
    pages = Page.objects.filter(intervention__in=[one for one in interventions if one]).exclude(revisions=None)
    return [
        [{"link": _("Published on: %(title)s") % {"title": page.title}, "href": f"/evidence/{page.slug}/"}]
        + ([_(", which was withdrawn")] if standing_of(page) else [])
        for page in pages
    ]


def history(identifier: str) -> Step:
    """Who did what to this subject, oldest first."""
    events = Event.objects.about(identifier)[:50]
    rows = [[f"{on_day(event.at)}, {event.at:%H:%M}", event.verb, event.actor] for event in events]
    return {
        "heading": _("History"),
        "who": _("From the ledger, which is only ever added to"),
        "card": False,
        "blocks": [
            {
                "type": "table",
                "caption": _("Events about it."),
                "head": [_("When"), _("What"), _("Who")],
                "rows": rows,
                "numeric": [],
            }
        ],
    }
