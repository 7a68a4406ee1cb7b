"""The evidence store for readers, and its feeds: authorise, call one thing, respond."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from whatworks.people.access import PUBLIC, access
from whatworks.publish.finding import feeds
from whatworks.publish.finding import store as finding
from whatworks.publish.models import Page
from whatworks.scope.models import Theme

ATOM = "application/atom+xml; charset=utf-8"


@access(PUBLIC)
def store(request: HttpRequest) -> HttpResponse:
    """The evidence store."""
    shown = finding.store(finding.wanted(dict(request.GET.lists())))
    shown |= {"feeds": feeds.listed(shown["themes"]), "addressed": feeds.addressed()}
    return render(request, "publish/store.html", {"store": shown})


@access(PUBLIC)
def feed_all(request: HttpRequest) -> HttpResponse:
    """What changed on any page."""
    return HttpResponse(feeds.everything(), content_type=ATOM)


@access(PUBLIC)
def feed_theme(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed on the pages of a theme."""
    return HttpResponse(feeds.of_theme(get_object_or_404(Theme, slug=slug)), content_type=ATOM)


@access(PUBLIC)
def feed_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed on one page."""
    rows = Page.objects.exclude(revisions=None)
    return HttpResponse(feeds.of_page(get_object_or_404(rows, slug=slug)), content_type=ATOM)
