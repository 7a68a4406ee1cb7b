"""Pages on which particulars of an intervention are recorded: authorise, call one thing, respond."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.publish.actions import draft
from whatworks.publish.particulars import presenters as told
from whatworks.publish.particulars.forms import ParticularForm, TakeBackForm, source_of
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import name_of, record_particular, sorts, take_back_particular
from whatworks.spoken import spoken

MAY = "extract.study"  # who reads studies records what they say


@access("workspace.enter")
def particulars(request: HttpRequest) -> HttpResponse:
    """Every intervention, with how much is recorded of it besides its effects."""
    return render(request, "publish/particulars/all.html", {"rows": told.listed(), "of": len(sorts())})


def _about(slug: str) -> Intervention:
    return get_object_or_404(Intervention.objects.select_related("theme", "part_of"), slug=slug)


@access("workspace.enter")
def particulars_about(request: HttpRequest, slug: str) -> HttpResponse:
    """What is recorded of one intervention, sort by sort."""
    about = _about(slug)
    shown = {"about": about, "sorts": told.sorts_of(about), "before": told.before(about)}
    return render(request, "publish/particulars/about.html", shown | {"may_record": request.user.may(MAY)})


@access(MAY)
def record_one(request: HttpRequest, slug: str, sort: str) -> HttpResponse:
    """Record one thing, with the report that says so."""
    if sort not in sorts():
        raise Http404
    return _recorded(request, _about(slug), sort, None)


@access(MAY)
def replace_one(request: HttpRequest, slug: str, identifier: str) -> HttpResponse:
    """Put a record in the place of another, or take it back."""
    about = _about(slug)
    old = get_object_or_404(Particular, pk=identifier, intervention=about, taken_back=False)
    if request.method == "POST" and request.POST.get("step") == "take-back":
        return _taken_back(request, about, old)
    return _recorded(request, about, old.sort, old)


def _recorded(request: HttpRequest, about: Intervention, sort: str, old: Particular | None) -> HttpResponse:
    form = ParticularForm(about, sorts()[sort], request.POST or None, initial={"value": old.value} if old else {})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = record_particular(
                by=request.user.actor,
                intervention=about,
                sort=sort,
                value=given["value"],
                words=given["words"],
                replaces=old,
                **source_of(given["report"], given["place"]),
            )
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return _done(request, about, _("“%(name)s” is recorded.") % {"name": name_of(made)})
    return _form(request, about, sort, old, form=form)


def _taken_back(request: HttpRequest, about: Intervention, old: Particular) -> HttpResponse:
    leaving = TakeBackForm(request.POST, auto_id="id_back_%s")
    if leaving.is_valid():
        try:
            take_back_particular(by=request.user.actor, particular=old, reason=leaving.cleaned_data["reason"])
        except WhatworksError as error:
            leaving.add_error(None, spoken(error))
        else:
            return _done(request, about, _("“%(name)s” is taken back.") % {"name": name_of(old)})
    form = ParticularForm(about, sorts()[old.sort], initial={"value": old.value})
    return _form(request, about, old.sort, old, form=form, leaving=leaving)


def _form(request: HttpRequest, about: Intervention, sort: str, old: Particular | None, **forms: Any) -> HttpResponse:
    wrong = any(form.errors for form in forms.values())
    shown = {"about": about, "sort": sorts()[sort], "old": old, "named": name_of(old) if old else ""} | forms
    shown.setdefault("leaving", TakeBackForm(auto_id="id_back_%s"))
    return render(request, "publish/particulars/record.html", shown, status=400 if wrong else 200)


def _done(request: HttpRequest, about: Intervention, said: str) -> HttpResponse:
    """The would-be page holds it at once; readers see it when an editor has approved that."""
    draft(by=request.user.actor, intervention=about.part_of or about)
    messages.success(request, said + " " + _("Its page shows it when an editor has approved that."))
    return redirect("particulars_about", about.slug)
