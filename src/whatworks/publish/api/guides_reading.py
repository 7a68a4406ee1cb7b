"""Guides and packages as plain data, for programs and for releases: what readers can see of them, and how each stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from whatworks.ledger.models import Artefact
from whatworks.publish.guides.presenters import packages, withdrawn_under
from whatworks.publish.models import Consultation, Guide, GuideRevision, Package, Page, PageStanding

GUIDANCE, DRAFT = "guidance", "draft"

__all__ = ["guides_out", "guides_whole", "packages", "packages_out", "shown_guides"]


def shown_guides() -> QuerySet[Guide]:
    """Every guide that readers can see, withdrawn ones among them: they stay at their address and say why."""
    return Guide.objects.shown().order_by("pk").select_related("theme")


def guides_out(guides: Iterable[Guide]) -> list[dict[str, Any]]:
    """Each guide: what it asks, how it stands, and since when."""
    return [_out(one, frozen) for one in guides if (frozen := one.newest() or one.consulted())]


def guides_whole(guides: Iterable[Guide]) -> list[dict[str, Any]]:
    """The same with all that each says, and what it rests on."""
    return [_out(one, frozen) | _says(frozen) for one in guides if (frozen := one.newest() or one.consulted())]


def _out(guide: Guide, frozen: GuideRevision | Consultation) -> dict[str, Any]:
    content, final = frozen.content, isinstance(frozen, GuideRevision)
    gone = guide.withdrawn()
    held = (
        guide.in_packages.filter(package__shown=True).order_by("package__slug").values_list("package__slug", flat=True)
    )
    return {
        "id": guide.pk,
        "title": content["title"],
        "page": _address("guide", guide.slug),
        "theme": guide.theme.slug,
        "standing": GUIDANCE if final else DRAFT,
        "illustration": guide.illustration,
        "number": frozen.number,
        "dated": frozen.approved_at if isinstance(frozen, GuideRevision) else frozen.opened_at,
        "what_changed": frozen.what_changed if isinstance(frozen, GuideRevision) else "",
        "comments_until": None if isinstance(frozen, GuideRevision) else frozen.closes_on,
        "review_on": content["review_on"],
        "recommendations": len(content["recommendations"]),
        "ground_moved": Artefact.objects.stale().filter(pk=frozen.pk).exists(),
        "withdrawn": gone.reason if gone else None,
        "withdrawn_under_it": [_base() + href for href in withdrawn_under(content)],
        "packages": [_address("package", slug) for slug in dict.fromkeys(held)],
    }


def _says(frozen: GuideRevision | Consultation) -> dict[str, Any]:
    rests_on = list(frozen.subject.rests_on.order_by("input").values_list("input_id", flat=True))
    return {"content": frozen.content, "rests_on": rests_on}


def packages_out(rows: Iterable[Package]) -> list[dict[str, Any]]:
    """Each package with what it gathers, stage by stage."""
    standing, pages = PageStanding.objects.standing(), _pages()
    return [
        {
            "id": one.pk,
            "title": one.title,
            "page": _address("package", one.slug),
            "theme": one.theme.slug,
            "lead": one.lead,
            "items": [told for item in one.items.all() if (told := _item(item, pages, standing))],
        }
        for one in rows
    ]


def _pages() -> dict[str, Page]:
    return {one.intervention_id: one for one in Page.objects.exclude(revisions=None)}


def _item(item: Any, pages: dict[str, Page], standing: dict[str, PageStanding]) -> dict[str, Any] | None:
    """One entry; nothing where readers cannot see the thing yet."""
    if item.guide:
        seen = item.guide.newest() or item.guide.consulted()
        gone = item.guide.withdrawn()
        told = {"title": item.guide.title, "page": _address("guide", item.guide.slug)}
        held = {"stage": item.stage, "kind": "guide"} | told | {"withdrawn": gone.reason if gone else None}
        return held if seen else None
    page = pages.get(item.intervention_id)
    if page is None:
        return None
    gone_page = standing.get(page.pk)
    return {
        "stage": item.stage,
        "kind": "evidence",
        "title": page.title,
        "page": _address("page", page.slug),
        "withdrawn": gone_page.why if gone_page else None,
    }


def _base() -> str:
    return str(settings.BASE_URL).rstrip("/")


def _address(name: str, slug: str) -> str:
    return _base() + reverse(name, args=[slug])
