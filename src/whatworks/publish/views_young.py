"""The version of a page for young people: authorise, call one thing, respond."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from whatworks.people.access import PUBLIC, access
from whatworks.publish.methods.young import for_young_people
from whatworks.publish.presenters import stale_notice
from whatworks.publish.views import newest_of


@access(PUBLIC)
def young(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest approved revision of a page, told to young people."""
    page, revision = newest_of(slug)
    context = {"page": page, "young": for_young_people(revision.content), "stale": stale_notice(revision)}
    return render(request, "publish/young.html", context)
