"""Events: for everybody a list, a page, a place to ask for and to give back; for those who work here who comes and what they need."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Avg
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.convene import event_forms as forms
from whatworks.convene import meeting
from whatworks.convene.guarding import words_of
from whatworks.convene.guarding_forms import refuse_flood
from whatworks.convene.models import Gathering, GatheringPlace
from whatworks.convene.private_addresses import digest_of
from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.saying import said
from whatworks.spoken import spoken

RUN = "convene.run"


def event_of(event: Gathering) -> dict[str, Any]:
    """An event as pages show it: how many places are free, and whether people can ask for one or say what they thought."""
    now = timezone.now()
    begun = event.starts_at is not None and event.starts_at <= now
    taken, waiting = event.asked.taken().count(), event.asked.waiting().count()
    return {
        "held": event,
        "open": bool(event.places) and not begun,
        "begun": begun,
        "free": 0 if waiting else max(0, event.places - taken),
        "taken": taken,
        "waiting": waiting,
        "came": event.asked.filter(state="came").count(),
        "consultations": event.consultations.order_by("title"),
    }


@access(PUBLIC)
def gatherings(request: HttpRequest) -> HttpResponse:
    """Events to come, and those that were."""
    now = timezone.now()
    told = {
        "coming": [event_of(one) for one in Gathering.objects.to_come(now)],
        "past": [event_of(one) for one in Gathering.objects.past(now)],
    }
    return render(request, "convene/events.html", told)


# Nobody is signed in here and no cookie is set, so there is no session that another site could misuse.
@csrf_exempt
@access(PUBLIC)
def gathering(request: HttpRequest, slug: str) -> HttpResponse:
    """One event; there people ask for a place."""
    event = get_object_or_404(Gathering, slug=slug)
    form = forms.PlaceForm(request.POST or None)
    if request.method == "POST":
        refuse_flood(request)
        if form.trapped:
            return redirect("gathering", slug)
        if form.is_valid():
            try:
                _place, token = meeting.ask_place(gathering=event, **form.cleaned_data)
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                return redirect("gathering_mine", token)
    told = {"event": event_of(event), "form": form}
    return render(request, "convene/event.html", told, status=400 if form.errors else 200)


@access(PUBLIC)
def ics_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The event as a calendar file."""
    event = get_object_or_404(Gathering, slug=slug, starts_at__isnull=False, ends_at__isnull=False)
    return HttpResponse(
        meeting.ics(event), content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}.ics"'},
    )  # fmt: skip


@csrf_exempt
@access(PUBLIC)
@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's place, at their private address: there they give it back."""
    place = GatheringPlace.objects.select_related("gathering").filter(token=digest_of(token)).first()
    if place is None:
        raise Http404
    if request.method == "POST":
        meeting.cancel(place=place)
        return redirect("gathering_mine", token)
    return render(request, "convene/event_mine.html", {"place": place, "event": event_of(place.gathering)})


@csrf_exempt
@access(PUBLIC)
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody thought of an event."""
    event = get_object_or_404(Gathering, slug=slug)
    form, thanks = forms.FeedbackForm(request.POST or None), False
    if request.method == "POST":
        refuse_flood(request)
        if form.trapped:
            return redirect("gathering", slug)
        if form.is_valid():
            held = form.cleaned_data
            try:
                meeting.give_feedback(
                    gathering=event, useful=int(held["useful"]), heard=int(held["heard"]), words=held["words"]
                )
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                thanks = True
    told = {"event": event_of(event), "form": form, "thanks": thanks}
    return render(request, "convene/event_feedback.html", told, status=400 if form.errors else 200)


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every event, and a new one."""
    form = forms.OpeningForm(request.POST or None)
    if request.method == "POST" and not request.user.may(RUN):
        raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))
    if request.method == "POST" and form.is_valid():
        try:
            made = meeting.open_gathering(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            return redirect("gathering_run", made.slug)
    events = [event_of(one) for one in Gathering.objects.order_by("-starts_at", "title")]
    told = {"events": events, "form": form, "may": request.user.may(RUN)}
    return render(request, "convene/events_work.html", told, status=400 if form.errors else 200)


@access(RUN)
@never_cache
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Who comes, what they need, who came, what they thought."""
    event = get_object_or_404(Gathering, slug=slug)
    if request.method == "POST":
        try:
            _step(request, event)
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("Done."))
        return redirect("gathering_run", slug)
    told = {
        "event": event_of(event),
        "taken": event.asked.taken(),
        "waiting": event.asked.waiting(),
        "thought": event.feedback.aggregate(useful=Avg("useful"), heard=Avg("heard")),
        "count": event.feedback.count(),
        "said": [
            words for one in event.feedback.select_related("text").order_by("on", "pk") if (words := words_of(one.text))
        ],
        "form": forms.PlacesForm(initial={"places": event.places}),
    }
    return render(request, "convene/event_run.html", told)


def _step(request: HttpRequest, event: Gathering) -> None:
    step, by = request.POST.get("step", ""), request.user.actor
    if step == "came":
        meeting.write_attendance(by=by, gathering=event, came=request.POST.getlist("came"))
    elif step == "places" and (form := forms.PlacesForm(request.POST)).is_valid():
        meeting.change_places(by=by, gathering=event, places=form.cleaned_data["places"])
    elif step == "cancel":
        meeting.cancel(by=by, place=get_object_or_404(event.asked.all(), pk=request.POST.get("which", "")))
    else:
        raise InputError(said("There is no step “%(step)s”, or a number is missing; reload the page.", step=step[:40]))
