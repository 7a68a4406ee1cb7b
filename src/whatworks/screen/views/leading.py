"""Where somebody leads reviews: those they take part in, a new one, and how far one is."""

from __future__ import annotations

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import InputError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.screen.drawings import prisma_svg
from whatworks.screen.forms import MORE, OpeningForm, criteria_of, grouped
from whatworks.screen.handing_out import form_named
from whatworks.screen.methods.protocol import Rules
from whatworks.screen.models import Review
from whatworks.screen.presenters import flow_of
from whatworks.screen.presenters_leading import dashboard, taking_part
from whatworks.screen.reviewing import MANAGE, open_review
from whatworks.screen.views.parts import STAGES, framed, leads
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken

BLANK = Rules(question="")


@access("screen.say")
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that this person takes part in, and what waits for them in each."""
    user = request.user
    shown = {"reviews": taking_part(user.actor), "may_open": user.may("screen.lead"), "manages": user.may(MANAGE)}
    return render(request, "screen/lead_reviews.html", shown)


@access("screen.lead")
def opening(request: HttpRequest) -> HttpResponse:
    """Open a review with its protocol. More rows for criteria come by a button that keeps what was typed."""
    more = MORE in request.POST
    initial = OpeningForm.initial_of(BLANK)
    form, criteria = OpeningForm(request.POST or None, initial=initial), criteria_of(request, BLANK)
    if request.method == "POST" and not more and form.is_valid() & criteria.is_valid():
        try:
            return _opened(request, form, criteria)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
    if more:
        form = OpeningForm(initial={name: request.POST.get(name, "") for name in form.fields})
    return render(request, "screen/lead_open.html", {"form": form, "criteria": criteria, "parts": grouped(form)})


def _opened(request: HttpRequest, form: OpeningForm, criteria: BaseFormSet) -> HttpResponse:
    rules = form.rules(criteria)
    told = {name: form.cleaned_data[name] for name in ("title", "theme", "conducted_by")}
    review = open_review(by=request.user.actor, rules=rules, lead=request.user, **told)
    messages.success(request, _("“%(title)s” is open. Add its team and the first search.") % {"title": review.title})
    return redirect("lead_review", review.slug)


@access("screen.say")
@closed_to_others
def progress(request: HttpRequest, review: Review) -> HttpResponse:
    """How far a review is: for its leads with each person's work, for the others without."""
    shown = dashboard(review, request.user.actor, leads=leads(request, review))
    return render(request, "screen/lead_progress.html", framed(request, review, "progress", **shown))


@access("screen.say")
@closed_to_others
def flow_drawing(request: HttpRequest, review: Review) -> HttpResponse:
    """The flow as a drawing to take away."""
    flow = flow_of(review)
    if flow is None:
        raise InputError(said("This review has no flow of records: it was not searched for systematically."))
    response = HttpResponse(prisma_svg(flow), content_type="image/svg+xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{review.slug}-flow.svg"'
    return response


@access("screen.say")
@closed_to_others
def taken(request: HttpRequest, review: Review, form: str) -> HttpResponseBase:
    """The decisions so far, or the flow, as a file; of one stage where one is named."""
    chosen = form_named(form)
    pieces = chosen.pieces(review, STAGES.get(request.GET.get("stage", ""), ""))
    response = StreamingHttpResponse(pieces, content_type=chosen.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{review.slug}-{form}.{chosen.ending}"'
    return response
