"""The workspace of lists that come in, and of people who may be here twice."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.contact import forms
from whatworks.contact.duplicates import suggested
from whatworks.contact.importing import preview, save_import
from whatworks.contact.knowing import merge
from whatworks.contact.methods.deciding import MAY, MAY_NOT, MUST_ASK
from whatworks.contact.models import Contact, ContactImport
from whatworks.errors import WhatworksError
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.spoken import spoken

KEEP = "contact.keep"


@access(KEEP)
@never_cache
def bring(request: HttpRequest) -> HttpResponse:
    """Bring in an old list, to be looked at first."""
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table = form.cleaned_data["table"]
        try:
            made = preview(
                by=request.user.actor,
                mailing_list=form.cleaned_data["mailing_list"],
                filename=table.name,
                content=table.read(),
            )
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return redirect("contact_import_look", made.pk)
    told = {"form": form, "imports": ContactImport.objects.select_related("mailing_list").order_by("-at", "-pk")[:20]}
    return render(request, "contact/import.html", told, status=400 if form.errors else 200)


@access(KEEP)
@never_cache
def look(request: HttpRequest, identifier: str) -> HttpResponse:
    """A list line by line: may write, must ask, may not, each with its reason; saved when a person says so."""
    held = get_object_or_404(ContactImport.objects.select_related("mailing_list"), pk=identifier)
    if request.method == "POST":
        try:
            counted = save_import(by=request.user.actor, origin=held)
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(
                request,
                _(
                    "Saved: %(new)s new, %(known)s here already, %(none)s lines without an address, which are kept as they are."
                )
                % {"new": counted["new"], "known": counted["known"], "none": counted["without an address"]},
            )
        return redirect("contact_import_look", identifier)
    sorted_as = Counter(held.lines.values_list("verdict", flat=True))
    rows, pages = paged(request, held.lines.select_related("contact").order_by("number"))
    told = {
        "origin": held, "lines": rows, "pages": pages,
        "counted": [
            (_("may write"), sorted_as[MAY]), (_("must ask"), sorted_as[MUST_ASK]), (_("may not"), sorted_as[MAY_NOT])
        ],
    }  # fmt: skip
    return render(request, "contact/import_look.html", told)


@access(KEEP)
@never_cache
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one, for a person to decide."""
    if request.method == "POST":
        kept = get_object_or_404(Contact, pk=request.POST.get("kept", ""))
        gone = get_object_or_404(Contact, pk=request.POST.get("gone", ""))
        try:
            merge(by=request.user.actor, kept=kept, gone=gone)
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("Merged. It can be undone on the page of the contact."))
        return redirect("contact_duplicates")
    return render(request, "contact/duplicates.html", {"pairs": suggested()})
