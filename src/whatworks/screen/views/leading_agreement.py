"""Where a team sees how far its people agree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from whatworks.people.access import access
from whatworks.screen.models import Review
from whatworks.screen.presenters_agreement import agreement_page
from whatworks.screen.views.parts import framed, leads
from whatworks.screen.views.screening import closed_to_others


@access("screen.say")
@closed_to_others
def agreement(request: HttpRequest, review: Review) -> HttpResponse:
    """How far people agree on what was drawn by lot; its leads also see pair by pair."""
    shown = agreement_page(review, leads=leads(request, review))
    return render(request, "screen/lead_agreement.html", framed(request, review, "agreement", **shown))
