"""Public pages about the standards: every scheme, one scheme, and a check of a plan against it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from whatworks.errors import InputError
from whatworks.people.access import PUBLIC, access
from whatworks.rate.forms_check import CheckForm
from whatworks.rate.methods.scheme import Scheme
from whatworks.rate.methods.self_check import self_check
from whatworks.rate.presenters_schemes import check_page, listed, scheme_page
from whatworks.rate.schemes import load_scheme
from whatworks.spoken import spoken


@access(PUBLIC)
def standards(request: HttpRequest) -> HttpResponse:
    """Every rating scheme."""
    return render(request, "rate/standards.html", {"schemes": listed()})


def _scheme(key: str, version: int | None = None) -> Scheme:
    try:
        return load_scheme(key, version)
    except InputError as error:
        raise Http404(str(error)) from error


@access(PUBLIC)
def standard(request: HttpRequest, key: str, version: int | None = None) -> HttpResponse:
    """One version of a scheme; the newest where none is named."""
    return render(request, "rate/standard.html", {"scheme": scheme_page(_scheme(key, version))})


@access(PUBLIC)
def check(request: HttpRequest, key: str) -> HttpResponse:
    """What a plan would need for each level of a scheme. Nothing is kept: the answers are in the address."""
    scheme = _scheme(key)
    if not scheme.ladder:
        raise Http404
    form = CheckForm(request.GET, scheme)
    found, wrong = None, ""
    if form.is_valid():
        try:
            found = check_page(self_check(scheme, form.answers()))
        except InputError as error:
            wrong = spoken(error)
    shown = {"scheme": scheme_page(scheme), "form": form, "found": found, "wrong": wrong}
    return render(request, "rate/check.html", shown)
