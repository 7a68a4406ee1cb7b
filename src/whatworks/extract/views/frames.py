"""Where frames are kept: taken into use, copied, extended, changed, brought in and taken away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.extract.forms_frames import ChangingForm, CopyingForm, ExtendingForm, ImportingForm
from whatworks.extract.framing import (
    adopt_frame,
    change_frame,
    copy_frame,
    extend_frame,
    import_eppi_frames,
    import_frame,
)
from whatworks.extract.methods.coding.reading import from_toml
from whatworks.extract.methods.coding.writing import COLUMNS, rows, to_plain, to_toml
from whatworks.extract.models import CodingFrame
from whatworks.extract.presenters_frames import frame_page, listed
from whatworks.extract.views.parts import CODE, LEAD
from whatworks.people.access import access
from whatworks.people.roles import holders
from whatworks.saying import said
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell


def _may(request: HttpRequest) -> bool:
    return bool(request.user.may(CODE) or request.user.may(LEAD))


def _refuse(request: HttpRequest) -> None:
    if not _may(request):
        who = _(" or ").join(holders(CODE) + holders(LEAD))
        raise ForbiddenError(said("This needs the role %(who)s; ask an administrator.", who=who))


@access("workspace.enter")
def frames(request: HttpRequest) -> HttpResponse:
    """The frames in use, those that ship, and the way to bring one in."""
    form = ImportingForm()
    if request.method == "POST":
        _refuse(request)
        form = ImportingForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = _brought_in(request, form.cleaned_data["sort"], form.cleaned_data["file"])
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _("Here now: %(value)s.") % {"value": "; ".join(one.title for one in made)})
                return redirect("frame_work", made[0].pk)
    return render(request, "extract/frames.html", {"form": form, "may": _may(request)} | listed())


def _brought_in(request: HttpRequest, sort: str, text: str) -> list[CodingFrame]:
    by = request.user.actor
    return import_eppi_frames(by=by, text=text) if sort == "eppi" else [import_frame(by=by, text=text, form=sort)]


@access("workspace.enter")
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Take a frame that ships into use."""
    _refuse(request)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise InputError(said("Say which version of the frame is taken into use; reload the page."))
    made = adopt_frame(by=request.user.actor, key=request.POST.get("key", ""), version=int(version))
    messages.success(request, _("The frame is in use: studies can be coded by it."))
    return redirect("frame_work", made.pk)


@access("workspace.enter")
def frame(request: HttpRequest, identifier: str) -> HttpResponse:
    """A version of a frame: what it asks, how it came about, and what can be made of it."""
    held = get_object_or_404(CodingFrame, pk=identifier)
    return _page(request, held)


def _page(request: HttpRequest, held: CodingFrame, **bound: Form) -> HttpResponse:
    shown = frame_page(held) | {"may": _may(request), "newest": CodingFrame.objects.named(held.key) == held}
    made: dict[str, Form] = {"copy": CopyingForm(prefix="copy"), "extend": ExtendingForm(prefix="extend")}
    made["change"] = ChangingForm(prefix="change", initial={"text": to_toml(held.frame())})
    return render(request, "extract/frame.html", shown | {"forms": made | bound})


def _copied(by: str, held: CodingFrame, form: CopyingForm) -> CodingFrame:
    return copy_frame(by=by, source=held, key=form.cleaned_data["key"], title=form.cleaned_data["title"])


def _extended(by: str, held: CodingFrame, form: ExtendingForm) -> CodingFrame:
    told = {name: form.cleaned_data[name] for name in ("key", "title")}
    return extend_frame(by=by, parent=held, additions=form.additions(), **told)


def _changed(by: str, held: CodingFrame, form: ChangingForm) -> CodingFrame:
    return change_frame(by=by, held=held, frame=from_toml(form.cleaned_data["text"]), why=form.cleaned_data["why"])


MAKING: dict[str, tuple[type[Form], Callable[..., CodingFrame], str]] = {
    "copy": (CopyingForm, _copied, gettext_lazy("Copied. This frame is yours to change.")),
    "extend": (ExtendingForm, _extended, gettext_lazy("Made. It asks all that the other asks, and more.")),
    "change": (
        ChangingForm,
        _changed,
        gettext_lazy("This is the version in force now; what was coded stays with its own."),
    ),
}


@access("workspace.enter")
@require_POST
def make(request: HttpRequest, identifier: str, what: str) -> HttpResponse:
    """Make a frame of a frame: a copy, an extension, or its next version."""
    held = get_object_or_404(CodingFrame, pk=identifier)
    _refuse(request)
    if what not in MAKING:
        raise Http404
    sort, done, said = MAKING[what]
    form = sort(request.POST, prefix=what)
    if form.is_valid():
        try:
            made = done(request.user.actor, held, form)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, said)
            return redirect("frame_work", made.pk)
    return _page(request, held, **{what: form})


@access("workspace.enter")
def taken(request: HttpRequest, identifier: str, form: str) -> HttpResponse:
    """A version of a frame as a file."""
    held = get_object_or_404(CodingFrame, pk=identifier).frame()
    made: dict[str, tuple[str, Callable[[], str]]] = {
        "toml": ("application/toml", lambda: to_toml(held)),
        "json": ("application/json", lambda: json.dumps(to_plain(held), indent=1, ensure_ascii=False)),
        "csv": ("text/csv", lambda: _table(rows(held))),
    }
    if form not in made:
        raise Http404
    sort, write = made[form]
    response = HttpResponse(write(), content_type=f"{sort}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{held.name}.{form}"'
    return response


def _table(listed: list[dict[str, str | int]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(row.get(name)) for name in COLUMNS] for row in listed)
    return out.getvalue()
