"""Where a lead gives a review records to screen: at the start, and at any later time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.screen.forms_leading import AddingForm
from whatworks.screen.models import Review, Wave
from whatworks.screen.presenters_leading import waves
from whatworks.screen.presenters_searches import adding, adds_up
from whatworks.screen.taking_up import WAYS
from whatworks.screen.taking_up_tasks import ask_to_take_up, last_taken_up, others_in, under_way
from whatworks.screen.views.parts import framed, refuse_unless_lead
from whatworks.screen.views.screening import closed_to_others
from whatworks.screen.waves import add_search
from whatworks.spoken import spoken

RENEW = 3  # seconds after which the page renews itself while a long list is being added


@access("screen.say")
@closed_to_others
def searches(request: HttpRequest, review: Review) -> HttpResponse:
    """What was added, how far a long list is, and the form with which a lead adds more."""
    form = AddingForm(review)
    if request.method == "POST":
        refuse_unless_lead(request, review)
        form = AddingForm(review, request.POST)
        if form.is_valid():
            try:
                made = add_search(by=request.user.actor, review=review, **form.given())
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _said(made))
                return redirect("lead_searches", review.slug)
    live, still = adding(review), "still" in request.GET
    shown = {"form": form, "waves": waves(review), "sums": adds_up(review), "live": live, "still": still}
    shown |= {"others": others_in(review), "ways": WAYS, "taking": under_way(review), "taken": last_taken_up(review)}
    told = framed(request, review, "searches", may_import=request.user.may("collate.match"), **shown)
    response = render(request, "screen/lead_searches.html", told)
    if live and not still and request.method == "GET":
        response.headers["Refresh"] = str(RENEW)
    return response


@access("screen.lead")
@require_POST
@closed_to_others
def taking_up(request: HttpRequest, review: Review) -> HttpResponse:
    """Have what was decided in other tools taken up."""
    try:
        ask_to_take_up(by=request.user.actor, review=review, as_=request.POST.get("as", ""))
    except WhatworksError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("They are being taken up. You may leave this page; it says what came of it."))
    return redirect("lead_searches", review.slug)


def _said(made: Wave) -> str:
    if not made.complete:
        return _("%(records)s records of “%(name)s” are being added. Nobody is handed any before all are here.") % {
            "records": f"{made.records:,}",
            "name": made.name,
        }
    return _("Added “%(name)s”: %(records)s records, %(added)s of them new to this review.") % {
        "name": made.name,
        "records": f"{made.records:,}",
        "added": f"{made.added:,}",
    }
