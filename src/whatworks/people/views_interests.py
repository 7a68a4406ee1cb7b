"""Where people declare and withdraw their interests, and where leads see those of everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.people.forms_interests import InterestForm
from whatworks.people.interests import declare_interest, withdraw_interest
from whatworks.people.models import Interest
from whatworks.spoken import spoken


@access("workspace.enter")
@never_cache
def interests(request: HttpRequest) -> HttpResponse:
    """My interests, and the form to declare one."""
    about = (request.POST if request.method == "POST" else request.GET).get("about", "")[:24]
    form = InterestForm(request.POST or None, about=about)
    if request.method == "POST" and form.is_valid():
        try:
            made = declare_interest(by=request.user.actor, user=request.user, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(
                request, _("Declared: you will not be asked to judge “%(title)s”.") % {"title": made.about.title}
            )
            return redirect("interests")
    mine = Interest.objects.filter(user=request.user).select_related("about").order_by("-declared_on", "pk")
    shown = {"form": form, "interests": mine, "everybody": request.user.may("people.interests")}
    return render(request, "people/interests.html", shown, status=400 if form.errors else 200)


@access("workspace.enter")
@never_cache
def withdraw(request: HttpRequest, identifier: str) -> HttpResponse:
    """Say that one of my interests is over."""
    held = get_object_or_404(Interest.objects.select_related("about"), pk=identifier, user=request.user)
    error, why = "", request.POST.get("why", "")
    if request.method == "POST":
        try:
            withdraw_interest(by=request.user.actor, interest=held, why=why)
        except WhatworksError as refused:
            error = spoken(refused)
        else:
            messages.success(
                request, _("Withdrawn: your interest in “%(title)s”. It stays on record.") % {"title": held.about.title}
            )
            return redirect("interests")
    shown = {"interest": held, "error": error, "why": why}
    return render(request, "people/withdraw_interest.html", shown, status=400 if error else 200)


@access("people.interests")
@never_cache
def everybodys_interests(request: HttpRequest) -> HttpResponse:
    """The interests of everybody, those that stand first."""
    rows = Interest.objects.select_related("about", "user").order_by("user__name", "user__email", "-declared_on", "pk")
    return render(request, "people/everybodys_interests.html", {"interests": rows})
