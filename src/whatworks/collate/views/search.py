"""Where reports are found: public, since what has been written is no secret; what people here decided is not shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.collate.search.finding import asked, find
from whatworks.collate.search.presenting import asked_words, entries, results
from whatworks.collate.search.store import FIRST, TooSlow
from whatworks.collate.search.suggesting import more_like
from whatworks.people.access import PUBLIC, access

STOPPED = gettext_lazy(
    "This search was stopped because it took more than two seconds. Add a word, use longer beginnings before a star, or "
    "narrow the years; nothing is wrong with the reports."
)
LAST_PLACE = (1 << 62) - 1


def works_here(request: HttpRequest) -> bool:
    """Whether the reader is somebody who works in this centre."""
    return bool(request.user.is_authenticated and request.user.may("workspace.enter"))


@access(PUBLIC)
def reports(request: HttpRequest) -> HttpResponse:
    """Reports found by words, by what they have in common with one, or simply the newest."""
    inside = works_here(request)
    if like := request.GET.get("like"):
        return _more_like(request, like, inside=inside)
    try:
        page = find(**asked(request.GET, inside=inside), after=_place(request.GET.get("after", "")))
        shown = results(page, request.GET)
    except TooSlow:
        text = request.GET.get("q", "")
        context = {"find": {"text": text, "stopped": STOPPED, "exports": asked_words(request.GET)}}
        return render(request, "collate/search.html", context, status=503)
    return render(request, "collate/search.html", {"find": shown, "exports": _exports(shown)})


def _more_like(request: HttpRequest, identifier: str, *, inside: bool) -> HttpResponse:
    report = get_object_or_404(Report, pk=identifier).speaker()
    try:
        rows = more_like(report)
    except TooSlow:
        rows = []
    shown = {"like": report, "entries": entries(rows, frozenset(), inside=inside), "text": ""}
    return render(request, "collate/search.html", {"find": shown})


def _place(text: str) -> int:
    """The place after which to go on; the beginning where the address says nonsense."""
    return int(text) if text.isascii() and text.isdecimal() and int(text) < LAST_PLACE else FIRST


def _exports(shown: dict[str, Any]) -> str:
    """Where what was found can be taken away, where that is offered."""
    try:
        return f"{reverse('exports')}?{shown['exports']}" if shown["exports"] and shown["entries"] else ""
    except NoReverseMatch:
        return ""
