"""Home, about, glossary, health: composition only."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.archive.models import Document
from whatworks.extract.models import Study
from whatworks.learn.explaining import lessons_by_word
from whatworks.people.access import PUBLIC, access
from whatworks.people.doors import TAKING_PART, doors
from whatworks.publish.finding.front import front
from whatworks.publish.listing import review_entry
from whatworks.publish.models import Revision
from whatworks.scope.models import Theme
from whatworks.screen.models import Review
from whatworks.spoken import on_day
from whatworks.web.glossary import terms

NEWEST = 4  # answers of a theme on the front page
CHANGES = 5


@access(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """One sentence, search, themes, three numbers, what changed."""
    themes = list(Theme.objects.order_by("order"))
    told = front([theme.slug for theme in themes], NEWEST)
    context = {
        "sentence": _("What helps children and families, and how sure are we?"),
        "example": _("What helps care leavers keep a home?"),
        "shown": _shown(told.shown) if told.shown else None,
        "themes": [_theme(theme, told.first[theme.slug]) for theme in themes],
        "numbers": [
            {"value": f"{told.answered:,}", "label": _("questions answered"), "href": "/evidence/"},
            {"value": f"{Study.objects.standing().count():,}", "label": _("studies"), "href": "/reviews/"},
            {"value": f"{Revision.objects.count():,}", "label": _("page revisions kept"), "href": "/releases/"},
        ],
        "changed": [
            _changed(one) for one in Revision.objects.select_related("page").order_by("-approved_at", "-pk")[:CHANGES]
        ],
    }
    return render(request, "web/home.html", {"home": context})


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    outcome = content["outcomes"][0]
    return {
        "name": content["title"],
        "href": f"/evidence/{content['slug']}/",
        "hundred": outcome["hundred"],
        "sentence": outcome["sentence"],
        "certainty": outcome["certainty"],
    }


def _theme(theme: Theme, answers: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": theme.name, "line": theme.line, "href": f"/evidence/?theme={theme.slug}", "answers": answers}


def _changed(one: Revision) -> dict[str, Any]:
    link = {"link": one.page.title, "href": f"/evidence/{one.page.slug}/"}
    return {"on": on_day(timezone.localtime(one.approved_at)), "parts": [link, f": {one.what_changed}"]}


@access(PUBLIC)
def about(request: HttpRequest) -> HttpResponse:
    """What this is, how to read it, whose evidence it is."""
    attribution = Document.objects.filter(path="ATTRIBUTION.md").values_list("body", flat=True).first() or ""
    return render(
        request,
        "web/about.html",
        {"attribution": attribution, "reviews": [review_entry(one) for one in Review.objects.listed()]},
    )


@access(PUBLIC)
def taking_part(request: HttpRequest) -> HttpResponse:
    """What anybody can do here besides reading, room by room."""
    return render(request, "web/taking_part.html", {"doors": doors(TAKING_PART)})


@access(PUBLIC)
def glossary(request: HttpRequest) -> HttpResponse:
    """The words used here, in plain English."""
    more = lessons_by_word()
    return render(request, "web/glossary.html", {"terms": [one | {"lesson": more.get(one["term"])} for one in terms()]})


@access(PUBLIC)
def health(request: HttpRequest) -> JsonResponse:
    """Whether the centre can read its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
