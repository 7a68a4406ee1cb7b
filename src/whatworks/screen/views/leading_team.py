"""Where a lead puts the team of a review together, or an administrator where it has no lead any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import InputError, WhatworksError
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.saying import joined
from whatworks.screen.forms_leading import JoiningForm, PartForm, refuse_lead
from whatworks.screen.models import Review
from whatworks.screen.presenters_team import all_teams, called, team_of
from whatworks.screen.reviewing import MANAGE, join, leave
from whatworks.screen.views.parts import framed, leads, refuse_unless_lead
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken


@access("screen.say")
@closed_to_others
def team(request: HttpRequest, review: Review) -> HttpResponse:
    """Who takes part, as what; for its leads the ways to change that."""
    return _team(request, review, "lead_team", changes=leads(request, review) or request.user.may(MANAGE))


@access(MANAGE)
def teams(request: HttpRequest) -> HttpResponse:
    """Every review that is screened here and who leads it: an administrator gives those without a lead another."""
    return render(request, "screen/lead_teams.html", {"teams": all_teams()})


@access(MANAGE)
def any_team(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page for an administrator, who need not take part and is shown nothing else of the review."""
    review = get_object_or_404(Review.objects.filter(protocols__number=1), slug=slug)
    return _team(request, review, "any_team", changes=True)


def _team(request: HttpRequest, review: Review, here: str, *, changes: bool) -> HttpResponse:
    form = JoiningForm(review)
    if request.method == "POST":
        if not changes:
            refuse_unless_lead(request, review)
        step = request.POST.get("step", "")
        if step in ("part", "leave"):
            return _changed(request, review, step, here)
        form = JoiningForm(review, request.POST)
        if form.is_valid():
            try:
                join(by=request.user.actor, review=review, **form.cleaned_data)
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _("%(user)s takes part now.") % {"user": called(form.cleaned_data["user"])})
                return redirect(here, review.slug)
    shown = framed(request, review, "team", team=team_of(review), form=form, changes=changes)
    shown["outside"] = here == "any_team"
    return render(request, "screen/lead_team.html", shown)


def _changed(request: HttpRequest, review: Review, step: str, here: str) -> HttpResponse:
    """Another part for somebody, or an end of it."""
    user = get_object_or_404(User, pk=request.POST.get("user", ""))
    told = {"by": request.user.actor, "review": review, "user": user}
    try:
        if step == "leave":
            leave(**told)
            messages.success(
                request,
                _("%(user)s takes part no longer. What they decided is kept and counts.") % {"user": called(user)},
            )
        else:
            join(**told, part=_part(request, user))
            messages.success(request, _("%(user)s has another part now.") % {"user": called(user)})
    except WhatworksError as error:
        messages.error(request, spoken(error))
    away = here == "lead_team" and user == request.user and step == "leave"
    return redirect("lead_review" if away else here, review.slug)


def _part(request: HttpRequest, user: User) -> str:
    form = PartForm(request.POST)
    if form.is_valid():
        refuse_lead(form, user, form.cleaned_data["part"])
    if form.errors:
        raise InputError(joined(" ", (str(error) for rows in form.errors.values() for error in rows)))
    return str(form.cleaned_data["part"])
