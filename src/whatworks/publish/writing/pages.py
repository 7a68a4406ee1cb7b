"""What the pages of the editor show: the parts of a page, one part with its history, the would-be page as a reader has it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.people.naming import who_and_when
from whatworks.publish.methods.easy import outline
from whatworks.publish.methods.summary import summary
from whatworks.publish.models import Page, Passage
from whatworks.publish.page.building import build
from whatworks.publish.writing.passages import PLACES, Place, sources_typed
from whatworks.publish.writing.withdrawing import history_of, standing_of
from whatworks.scope.models import Intervention

WAYS = {
    "page": gettext_lazy("On a wide screen"),
    "phone": gettext_lazy("On a phone"),
    "print": gettext_lazy("On paper"),
    "easy": gettext_lazy("As an Easy Read outline"),
}


def texts() -> list[dict[str, Any]]:
    """Every page with how many of its parts somebody has written."""
    counts: dict[str, set[str]] = {}
    for one in Passage.objects.filter(ready=True).order_by("intervention", "part", "number"):
        parts = counts.setdefault(one.intervention_id, set())
        parts.add(one.part) if one.text else parts.discard(one.part)
    held = Intervention.objects.filter(part_of=None).select_related("theme").in_order()
    return [
        {"slug": one.slug, "name": one.name, "theme": one.theme.name, "written": len(counts.get(one.pk, ()))}
        for one in held
    ]


def parts_of(intervention: Intervention) -> list[dict[str, Any]]:
    """The parts of a page in their order: written, in hand, or nothing yet."""
    newest, ready = Passage.objects.newest_of(intervention), Passage.objects.ready_of(intervention)
    return [_part(place, newest.get(place.key), ready.get(place.key)) for place in PLACES.values()]


def _part(place: Place, newest: Passage | None, ready: Passage | None) -> dict[str, Any]:
    shown = ready if ready and ready.text else None
    in_hand = bool(newest and not newest.ready)
    beginning = (newest.text if newest else "")[:160]
    return {
        "place": place,
        "shown": shown,
        "in_hand": in_hand,
        "beginning": beginning + (" …" if newest and len(newest.text) > 160 else ""),
        "who": who_and_when(newest.by, newest.at) if newest else "",
    }


def versions(intervention: Intervention, part: str) -> list[dict[str, Any]]:
    """Every text that was kept for a part, newest first."""
    held = Passage.objects.filter(intervention=intervention, part=part).order_by("-number")
    return [_version(one) for one in held]


def _version(one: Passage) -> dict[str, Any]:
    did = _("Taken back") if not one.text else _("Written") if one.ready else _("Kept as work in hand")
    return {"number": one.number, "did": did, "who": who_and_when(one.by, one.at), "text": one.text, "why": one.why}


def theirs(one: Passage) -> dict[str, Any]:
    """What somebody else wrote in between, to stand beside one's own text."""
    return {
        "who": who_and_when(one.by, one.at),
        "text": one.text,
        "sources": sources_typed(one.sources),
        "why": one.why,
    }


def would_be(intervention: Intervention) -> dict[str, Any]:
    """The page as it would be published now, built afresh."""
    content = build(intervention).content
    page = Page.objects.filter(intervention=intervention).first()
    newest = page.newest() if page else None
    marks = {
        "revision": newest.number + 1 if newest else 1,
        "identifier": page.pk if page else intervention.pk,
        "approved": {"on": _("not approved yet"), "by": _("a preview for the people who write it")},
    }
    return content | marks | {"summary": summary(content)}


def easy(intervention: Intervention) -> tuple[Any, ...]:
    """The would-be page as an outline for an Easy Read version."""
    return outline(would_be(intervention))


def in_use(page: Page) -> dict[str, Any]:
    """Whether a page is in use, and every time that changed."""
    rows = [
        {"did": _("Withdrawn") if one.withdrawn else _("Put back"), "why": one.why, "who": who_and_when(one.by, one.at)}
        for one in history_of(page)
    ]
    return {"withdrawn": standing_of(page) is not None, "rows": rows}
