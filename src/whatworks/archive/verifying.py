"""One verdict for the whole centre: what differs, and which pages rest on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whatworks.ledger.models import Event, EventSubject, Lineage
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.verification import Report, verify
from whatworks.publish.models import Page, Revision

NAMED = ("events", "findings", "syntheses", "ratings", "releases")


def verify_centre() -> dict[str, Any]:
    """Check everything stored. The keys are those of the command-line contract; `checked` has more."""
    seal_all()
    report = verify()
    return {
        "ok": not report.differences,
        "checked": dict.fromkeys(NAMED, 0) | report.checked,
        "unsealed": report.unsealed,
        "erased": report.erased,
        "differences": _differences(report),
        "notes": report.notes,
    }


def _differences(report: Report) -> list[dict[str, Any]]:
    pages = {one.identifier: pages_resting_on([one.identifier]) for one in report.differences}
    return [
        {
            "identifier": one.identifier,
            "what": one.what,
            "stored": one.stored,
            "recomputed": one.recomputed,
            "pages": pages[one.identifier],
        }
        for one in report.differences
    ]


def pages_resting_on(identifiers: Iterable[str]) -> list[dict[str, str]]:
    """The pages whose newest revision rests on the subjects, at any depth."""
    identifiers = _subjects_of_events(list(identifiers))
    reached = Lineage.descendants(*identifiers) | set(identifiers)
    newest = [
        page.newest() for page in Page.objects.filter(revisions__in=Revision.objects.filter(pk__in=reached)).distinct()
    ]
    rest = [revision for revision in newest if revision and revision.pk in reached]
    return sorted(
        ({"identifier": one.page_id, "title": one.page.title, "slug": one.page.slug} for one in rest),
        key=lambda page: page["slug"],
    )


def _subjects_of_events(identifiers: list[str]) -> list[str]:
    """An event that does not hold touches every subject it is about."""
    events = Event.objects.filter(uid__in=identifiers).values("id")
    return identifiers + list(EventSubject.objects.filter(event__in=events).values_list("subject", flat=True))
