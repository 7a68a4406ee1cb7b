"""Pages of maps: our own and those that others made, their cells, and what can be taken away. For editors: taking a map in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.people.access import PUBLIC, access
from whatworks.publish.maps import exports as mapping_exports
from whatworks.publish.maps.actions import Whose, show_map, take_map
from whatworks.publish.maps.forms import LicenceForm, TakeForm
from whatworks.publish.maps.pages import Shown, cell_page, map_page, ours, theirs
from whatworks.publish.maps.sources import LARGEST
from whatworks.publish.models import EvidenceMap
from whatworks.spoken import spoken

MAY = "publish.map"
KINDS = {
    "csv": (mapping_exports.as_csv, "text/csv; charset=utf-8"),
    "json": (mapping_exports.as_json, "application/json"),
    "html": (mapping_exports.as_html, "text/html; charset=utf-8"),
}


@access(PUBLIC)
def own(request: HttpRequest) -> HttpResponse:
    """The centre's own map."""
    return _page(request, ours())


@access(PUBLIC)
def own_cell(request: HttpRequest, row: str, column: str) -> HttpResponse:
    """What one cell of the centre's own map holds."""
    return _cell(request, ours(), row, column)


@access(PUBLIC)
def own_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The centre's own map, to take away."""
    return _file(ours(), "evidence-map", kind)


@access(PUBLIC)
def other(request: HttpRequest, slug: str) -> HttpResponse:
    """A map that others made."""
    return _page(request, _held(request, slug))


@access(PUBLIC)
def other_cell(request: HttpRequest, slug: str, row: str, column: str) -> HttpResponse:
    """What one cell of a map that others made holds."""
    return _cell(request, _held(request, slug), row, column)


@access(PUBLIC)
def other_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """A map that others made, to take away."""
    return _file(_held(request, slug), slug, kind)


def _may(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.may(MAY)


def _held(request: HttpRequest, slug: str) -> Shown:
    """A map that this reader may see: shown to all, or in the hands of somebody who keeps maps."""
    rows = EvidenceMap.objects.all() if _may(request) else EvidenceMap.objects.for_readers()
    version = get_object_or_404(rows, slug=slug).versions.select_related("map").order_by("-number").first()
    if version is None:
        raise Http404
    return theirs(version)


def _page(request: HttpRequest, shown: Shown) -> HttpResponse:
    others = EvidenceMap.objects.for_readers() if shown.theirs is None else ()
    told = {"map": map_page(shown, request.GET), "others": others}
    return _apart(shown, render(request, "publish/maps/map.html", told))


def _apart(shown: Shown, response: HttpResponse) -> HttpResponse:
    """The answer, kept by nobody on the way where the public does not see the map."""
    if shown.theirs and not shown.theirs.shown:
        response.headers["Cache-Control"] = "private"
    return response


def _cell(request: HttpRequest, shown: Shown, row: str, column: str) -> HttpResponse:
    found = cell_page(shown, (row, column), request.GET)
    if found is None:
        raise Http404(_("The map has no such square."))
    return _apart(shown, render(request, "publish/maps/cell.html", {"cell": found}))


def _file(shown: Shown, name: str, kind: str) -> HttpResponse:
    write, content_type = KINDS[kind]
    told = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return _apart(shown, HttpResponse(write(shown), content_type=content_type, headers=told))


@access(MAY)
def work(request: HttpRequest) -> HttpResponse:
    """The maps that others made, and taking one in."""
    form = TakeForm(request.POST or None, request.FILES or None, initial={"slug": request.GET.get("map", "")})
    if request.method == "POST" and form.is_valid() and (taken := _taken(request, form)):
        return redirect("map_work_one", taken)
    told = {"form": form, "maps": EvidenceMap.objects.order_by("title", "slug").prefetch_related("versions")}
    return render(request, "publish/maps/work.html", told, status=400 if form.errors else 200)


def _taken(request: HttpRequest, form: TakeForm) -> str:
    """Take in the file that was sent. Returns the map's slug, or nothing where it was refused, with the reason in the form."""
    said: dict[str, Any] = dict(form.cleaned_data)
    file, slug = said.pop("file"), said.pop("slug")
    try:
        taken = take_map(
            by=request.user.actor,
            body=file.read(LARGEST + 1),
            filename=file.name,
            whose=Whose(**said),
            slug=slug,
        )
    except InputError as error:
        form.add_error(None, spoken(error))
        return ""
    held = taken.version.map
    new = (
        _("“%(title)s” is taken in: %(count)s items.") % {"title": held.title, "count": f"{taken.version.items:,}"}
        if taken.new
        else _("“%(title)s” is held already.") % {"title": held.title}
    )
    messages.success(request, " ".join([new, *taken.read.remarks]))
    return str(held.slug)


@access(MAY)
def work_one(request: HttpRequest, slug: str) -> HttpResponse:
    """One map: its versions, and whether the public sees it."""
    held = get_object_or_404(EvidenceMap, slug=slug)
    form = LicenceForm(request.POST or None, initial={"licence": held.licence})
    if request.method == "POST" and form.is_valid():
        try:
            shown = request.POST.get("step") == "show"
            show_map(by=request.user.actor, held=held, shown=shown, licence=form.cleaned_data["licence"])
        except InputError as error:
            form.add_error("licence", spoken(error))
        else:
            messages.success(request, _("Readers see this map now.") if shown else _("Readers do not see this map."))
            return redirect("map_work_one", slug)
    told = {"held": held, "form": form, "versions": held.versions.order_by("-number")}
    return render(request, "publish/maps/work_one.html", told, status=400 if form.errors else 200)
