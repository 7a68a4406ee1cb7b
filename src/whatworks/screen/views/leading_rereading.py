"""Where somebody else reads again what was excluded and ranked highest: the last step of SAFE."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import ConflictError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.screen.deciding import say
from whatworks.screen.models import Candidate, Opinion, Review
from whatworks.screen.presenters_rereading import reread_page
from whatworks.screen.rereading import row_of
from whatworks.screen.stopping import pool
from whatworks.screen.views.parts import framed
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken


@access("screen.say")
@closed_to_others
def rereading(request: HttpRequest, review: Review) -> HttpResponse:
    """The next excluded report that this person has said nothing about, and what they say now."""
    if request.method == "POST":
        try:
            messages.success(request, _say(request, review))
        except WhatworksError as error:
            messages.error(request, spoken(error))
        return redirect("lead_reread", review.slug)
    shown = reread_page(review, request.user.actor)
    return render(request, "screen/lead_reread.html", framed(request, review, "stop", deeper=True, **shown))


def _say(request: HttpRequest, review: Review) -> str:
    by, candidate, decision = request.user.actor, request.POST.get("candidate", ""), request.POST.get("decision", "")
    if decision not in (Opinion.INCLUDE, Opinion.EXCLUDE):
        raise InputError(said("Say whether it belongs in or not."))
    read = Opinion.objects.filter(key=request.POST.get("key", "")[:64], by=by, candidate=candidate).exists()
    if not read and candidate not in row_of(pool(review)).waiting_for(by):
        raise ConflictError(said("This one need not be read again by you any more. Here is the next."))
    if not read:
        say(by=by, candidate=candidate, decision=decision, key=request.POST.get("key", "")[:64])
    if Candidate.objects.get(pk=candidate).state == Candidate.CONFLICT:
        return _("Kept. People differ on it now, so it is among the conflicts.")
    return _("Kept.")
