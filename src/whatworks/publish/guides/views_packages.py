"""Pages on which packages are gathered and shown: authorise, call one thing, respond."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.errors import ConflictError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.publish.guides import packaging
from whatworks.publish.guides.forms_packages import OpenPackageForm, PackageForm
from whatworks.publish.guides.packaging import Gathered, Item, gathered, seen_of
from whatworks.publish.guides.presenters import package_page
from whatworks.publish.models import Package
from whatworks.saying import said
from whatworks.spoken import spoken

MAY = "publish.package"


@access(MAY)
def open_package(request: HttpRequest) -> HttpResponse:
    """Begin a package."""
    form = OpenPackageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = packaging.open_package(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Begun. Now gather guides and pages; nobody sees it until you show it."))
            return redirect("gather_package", made.pk)
    return render(request, "publish/guides/open_package.html", {"form": form}, status=400 if form.errors else 200)


@access(MAY)
def gather_package(request: HttpRequest, identifier: str) -> HttpResponse:
    """Gather guides and pages in a package, and show it."""
    package = get_object_or_404(Package.objects.select_related("theme"), pk=identifier)
    if request.method != "POST":
        return _form(request, package, PackageForm(gathered(package), seen_of(package)))
    form = PackageForm(gathered(package), seen_of(package), request.POST)
    action, _colon, key = request.POST.get("do", "save").partition(":")
    try:
        says = moved(form.says(), action, request.POST.get("add", "") if action == "add" else key)
        kept = packaging.gather(by=request.user.actor, package=package, says=says, seen=request.POST.get("seen", ""))
        if action in ("show", "hide"):
            shown = action == "show"
            packaging.show_package(by=request.user.actor, package=kept, seen=seen_of(kept), shown=shown)
    except WhatworksError as error:
        return _refused(request, package, form, error)
    told = {"show": _("Readers see it now."), "hide": _("Readers no longer see it."), "add": _("Added at the end.")}
    messages.success(request, told.get(action, _("Kept.")))
    at = f"#item-{key}" if action in ("up", "down") else "#add" if action == "add" else ""
    return redirect(reverse("gather_package", args=[package.pk]) + at)


def moved(says: Gathered, action: str, key: str) -> Gathered:
    """What an editor typed, after the button they pressed: a thing added, removed, or moved by one."""
    items = list(says.items)
    if action == "add" and not key:
        raise InputError(said("Choose first which guide or page to add."))
    if action == "add":
        return replace(says, items=(*items, Item(key, items[-1].stage if items else "")))
    at = next((number for number, one in enumerate(items) if one.thing == key), None)
    if at is not None and action == "remove":
        items.pop(at)
    elif at is not None and action in ("up", "down"):
        to = min(max(at + (1 if action == "down" else -1), 0), len(items) - 1)
        items.insert(to, items.pop(at))
    return replace(says, items=tuple(items))


def _refused(request: HttpRequest, package: Package, form: PackageForm, error: WhatworksError) -> HttpResponse:
    """What was typed stays; after a conflict the next keeping counts upon what the other has kept, which is shown."""
    package.refresh_from_db()
    clash = isinstance(error, ConflictError)
    if clash or form.says() == gathered(package):  # shown beside the form, or kept before something else was refused
        form.data = form.data.copy()
        form.data["seen"] = seen_of(package)
    form.is_valid()
    form.add_error(None, spoken(error))
    return _form(request, package, form, status=409 if clash else 400, clash=clash)


def _form(
    request: HttpRequest, package: Package, form: PackageForm, *, status: int = 200, clash: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "package": package,
        "form": form,
        "rows": form.rows(),
        "own": [form["title"], form["lead"]],
        "problems": packaging.problems(gathered(package)),
        "shown": package_page(package),
        "clash": clash,
    }
    return render(request, "publish/guides/gather_package.html", context, status=status)
