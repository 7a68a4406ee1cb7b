"""Public pages of places and indicators: authorise, call one thing, respond."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from whatworks.baseline import downloads
from whatworks.baseline.comparing import Comparing
from whatworks.baseline.indicators import Indicator
from whatworks.baseline.indicators import indicator as named
from whatworks.baseline.indicators import indicators as all_of_them
from whatworks.baseline.models import Vintage
from whatworks.baseline.presenters_area import area_page
from whatworks.baseline.presenters_indicator import indicator_page
from whatworks.baseline.presenters_places import places_page, vintage_page
from whatworks.baseline.presenters_practice import practices_of
from whatworks.errors import InputError
from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, access
from whatworks.people.models import Area


@access(PUBLIC)
def places(request: HttpRequest) -> HttpResponse:
    """England as a map, and every place by region."""
    sought = request.GET.get("q", "").strip()[:80]
    page = places_page(sought)
    if sought and len(page["found"]) == 1:
        return redirect("area", page["found"][0].code)
    return render(request, "baseline/places.html", page)


@access(PUBLIC)
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One place."""
    held = get_object_or_404(Area, code=code)
    does = None if held.made_up else practices_of(held)
    page = area_page(held) | {"does": does, "sections": sections.about("area", held.pk)}
    return render(request, "baseline/area.html", page)


@access(PUBLIC)
def area_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Every figure of a place, for a spreadsheet."""
    held = get_object_or_404(Area, code=code)
    return _file(downloads.area_csv(held), f"{code}.csv")


@access(PUBLIC)
def indicators(request: HttpRequest) -> HttpResponse:
    """Everything that is counted."""
    return render(request, "baseline/indicators.html", {"indicators": list(all_of_them().values())})


@access(PUBLIC)
def indicator(request: HttpRequest, key: str, period: str = "") -> HttpResponse:
    """One indicator, in its newest period or the one named."""
    found = Comparing.read(_known(key), period)
    if period and period not in found.periods:
        raise Http404
    return render(request, "baseline/indicator.html", indicator_page(found))


@access(PUBLIC)
def indicator_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Every figure of an indicator, of every vintage, for a spreadsheet."""
    return _file(downloads.indicator_csv(_known(key)), f"{key}.csv")


@access(PUBLIC)
def indicator_r(request: HttpRequest, key: str, period: str) -> HttpResponse:
    """The funnel of a period as a script for R."""
    found = Comparing.read(_known(key), period)
    if period not in found.periods or found.funnel is None:
        raise Http404
    return _file(found.funnel.r_script(), f"{key}-{period}.R", "text/plain; charset=utf-8")


@access(PUBLIC)
def neighbours_csv(request: HttpRequest) -> HttpResponse:
    """Statistical neighbours by model, for a spreadsheet."""
    return _file(downloads.neighbours_csv(), "neighbours.csv")


@access(PUBLIC)
def vintage_csv(request: HttpRequest, identifier: str) -> HttpResponse:
    """Every figure of a vintage, for a spreadsheet."""
    return _file(downloads.vintage_csv(get_object_or_404(Vintage, pk=identifier)), f"{identifier}.csv")


@access(PUBLIC)
def vintage(request: HttpRequest, identifier: str) -> HttpResponse:
    """One vintage: what it is, where it is from, what it revised."""
    return render(request, "baseline/vintage.html", vintage_page(get_object_or_404(Vintage, pk=identifier)))


def _known(key: str) -> Indicator:
    try:
        return named(key)
    except InputError as error:
        raise Http404(str(error)) from error


def _file(text: str, name: str, kind: str = "text/csv; charset=utf-8") -> HttpResponse:
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
