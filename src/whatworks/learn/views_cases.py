"""What published reviews of many cases say, as everybody can read it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from whatworks.learn import cases_files, cases_presenters
from whatworks.learn.models import CasePublication
from whatworks.people.access import PUBLIC, access


@access(PUBLIC)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Every theme, and what else can be asked."""
    return render(request, "learn/cases.html", cases_presenters.first_page())


@access(PUBLIC)
@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """How publications are coded, and how far two people agreed."""
    return render(request, "learn/case_method.html", cases_presenters.method_page())


@access(PUBLIC)
@require_GET
def theme(request: HttpRequest, theme: str, harm: str = "") -> HttpResponse:
    """One theme, or one theme with one harm."""
    return render(request, "learn/case_theme.html", _found(cases_presenters.theme_page(theme, harm)))


@access(PUBLIC)
@require_GET
def facet(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    """One value of one thing that can be asked: never two."""
    return render(request, "learn/case_facet.html", _found(cases_presenters.facet_page(facet, value)))


@access(PUBLIC)
@require_GET
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """One publication."""
    held = get_object_or_404(CasePublication, slug=slug)
    return render(request, "learn/case_publication.html", cases_presenters.publication_page(held))


@access(PUBLIC)
@require_GET
def publications_file(request: HttpRequest) -> HttpResponse:
    """The publications, for a spreadsheet."""
    return _csv("publications.csv", cases_files.as_csv(cases_files.PUBLICATIONS, cases_files.publication_rows()))


@access(PUBLIC)
@require_GET
def codes_file(request: HttpRequest) -> HttpResponse:
    """What they say, for a spreadsheet."""
    return _csv("codes.csv", cases_files.as_csv(cases_files.CODES, cases_files.code_rows()))


@access(PUBLIC)
@require_GET
def cases_json(request: HttpRequest) -> HttpResponse:
    """All of it, for a program."""
    return JsonResponse(cases_files.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@access(PUBLIC)
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """What was coded last, for a feed reader."""
    return HttpResponse(cases_files.feed(), content_type="application/atom+xml; charset=utf-8")


def _csv(name: str, text: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="cases-{name}"'},
    )


def _found(told: dict[str, Any] | None) -> dict[str, Any]:
    if told is None:
        raise Http404
    return told
