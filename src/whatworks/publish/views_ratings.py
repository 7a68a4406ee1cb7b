"""The public page that lays every scheme's rating of an intervention side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from whatworks.people.access import PUBLIC, access
from whatworks.publish.ratings import compared
from whatworks.publish.views import newest_of


@access(PUBLIC)
def ratings(request: HttpRequest, slug: str) -> HttpResponse:
    """Every rating that the newest approved revision rests on, and what other bodies say."""
    return render(request, "publish/ratings.html", {"held": compared(*newest_of(slug))})
