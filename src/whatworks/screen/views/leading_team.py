"""Where a lead puts the team of a review together, or an administrator where it has no lead any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from whatworks.errors import InputError, WhatworksError
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.screen.forms_leading import JoiningForm, PartForm, refuse_lead
from whatworks.screen.models import Review
from whatworks.screen.presenters_team import called, team_of
from whatworks.screen.reviewing import join, leave
from whatworks.screen.views.parts import framed, leads, manages, refuse_unless_lead
from whatworks.screen.views.screening import closed_to_others


@access("workspace.enter")
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who takes part, as what. An administrator may open it in every review: one whose lead is gone needs another."""
    if manages(request):
        return _team(request, get_object_or_404(Review, slug=slug), changes=True)
    return closed_to_others(_team)(request, slug=slug)


def _team(request: HttpRequest, review: Review, *, changes: bool = False) -> HttpResponse:
    """Who takes part; for those in charge the ways to change that."""
    form = JoiningForm(review)
    if request.method == "POST":
        if not changes:
            refuse_unless_lead(request, review)
        step = request.POST.get("step", "")
        if step in ("part", "leave"):
            return _changed(request, review, step)
        form = JoiningForm(review, request.POST)
        if form.is_valid():
            try:
                join(by=request.user.actor, review=review, **form.cleaned_data)
            except WhatworksError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"{called(form.cleaned_data['user'])} takes part now.")
                return redirect("lead_team", review.slug)
    changes = changes or leads(request, review)
    shown = framed(request, review, "team", team=team_of(review, request.user.actor), form=form, changes=changes)
    return render(request, "screen/lead_team.html", shown)


def _changed(request: HttpRequest, review: Review, step: str) -> HttpResponse:
    """Another part for somebody, or an end of it."""
    user = get_object_or_404(User, pk=request.POST.get("user", ""))
    told = {"by": request.user.actor, "review": review, "user": user}
    try:
        if step == "leave":
            leave(**told)
            messages.success(request, f"{called(user)} takes part no longer. What they decided is kept and counts.")
        else:
            join(**told, part=_part(request, user))
            messages.success(request, f"{called(user)} has another part now.")
    except WhatworksError as error:
        messages.error(request, str(error))
    return redirect("lead_review" if user == request.user and step == "leave" else "lead_team", review.slug)


def _part(request: HttpRequest, user: User) -> str:
    form = PartForm(request.POST)
    if form.is_valid():
        refuse_lead(form, user, form.cleaned_data["part"])
    if form.errors:
        raise InputError(" ".join(str(error) for rows in form.errors.values() for error in rows))
    return str(form.cleaned_data["part"])
