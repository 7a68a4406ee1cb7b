"""What changed from one revision of a page to another: words, numbers, evidence, why and by whom."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from whatworks.people.access import PUBLIC, access
from whatworks.publish.methods.revisions import compared
from whatworks.publish.models import Page, Revision
from whatworks.spoken import on_day


@access(PUBLIC)
def changes_of(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What one revision changed of the one before it."""
    page = get_object_or_404(Page, slug=slug)
    return _shown(request, page, number - 1, number)


@access(PUBLIC)
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed between any two revisions, the earlier first whichever way they were asked for."""
    page = get_object_or_404(Page, slug=slug)
    newest = page.newest()
    if newest is None:
        raise Http404
    first, second = (_number(request.GET.get(name, "")) for name in ("from", "to"))
    later = second or newest.number
    earlier = first or later - 1
    if earlier > later:
        earlier, later = later, earlier
    if later - earlier == 1 and earlier >= 1:
        return redirect("revision_changes", slug, later)
    return _shown(request, page, earlier, later)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _shown(request: HttpRequest, page: Page, earlier: int, later: int) -> HttpResponse:
    held = {one.number: one for one in page.revisions.filter(number__in=[earlier, later]).order_by("number")}
    if later not in held or earlier not in held:
        raise Http404
    between = page.revisions.filter(number__gt=earlier, number__lte=later).defer("content").order_by("-number")
    shown: dict[str, Any] = {
        "page": page,
        "old": _of(held[earlier]),
        "new": _of(held[later]),
        "steps": [_of(one) for one in between],
        "found": compared(held[earlier].content, held[later].content),
        "all": [one.number for one in page.revisions.defer("content").order_by("number")],
    }
    return render(request, "publish/compare.html", shown)


def _of(one: Revision) -> dict[str, Any]:
    return {
        "number": one.number,
        "on": on_day(timezone.localtime(one.approved_at)),
        "what": one.what_changed,
        "by": one.approved_by,
    }
