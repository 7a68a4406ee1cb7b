"""Where each of two people rates, blind to the other: interests first, then one question after another, then the level."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.errors import InputError, WhatworksError
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.rate.asking import call_off, candidates, replace_rater
from whatworks.rate.conflicts import conflict, reach_of
from whatworks.rate.forms_judging import LEVEL, answer_typed, question
from whatworks.rate.judging import keep_rating, say_no_interest, step_back
from whatworks.rate.models import Assessment, Rater
from whatworks.rate.presenters_judging import afterwards, last_of, levels_of, people_of, steps_of
from whatworks.rate.presenters_waiting import STATES
from whatworks.rate.rated_things import Thing, studies_of, thing_rated
from whatworks.saying import said
from whatworks.spoken import spoken


@access("workspace.enter")
@never_cache
def assessment(request: HttpRequest, identifier: str) -> HttpResponse:
    """The form of one of the two; for a lead, who rates and who is done."""
    held = get_object_or_404(Assessment.objects.select_related("about", "intervention"), pk=identifier)
    if held.unblinded_at is not None:
        return redirect("compare_ratings", held.pk)
    thing, error = thing_rated(held), ""
    if request.method == "POST":
        try:
            return redirect(_stepped(request, held, thing))
        except WhatworksError as refused:
            error = spoken(refused)
    return _page(request, held, thing, error)


def _stepped(request: HttpRequest, held: Assessment, thing: Thing) -> str:
    """Do what the button says. Gives the address that comes next."""
    by, step, post = request.user.actor, request.POST.get("step", ""), request.POST
    here = reverse("assessment", args=[held.pk])
    if step in ("replace", "call-off"):
        return _led(request, held, thing, step)
    if step == "no-interest":
        say_no_interest(by=by, assessment=held)
        return here
    if step == "interest":
        step_back(by=by, assessment=held, what=post.get("what", ""))
        messages.success(request, _("Declared. You are not asked about this any more; a lead will ask somebody else."))
        return reverse("ratings_work")
    return here + _kept(request, held, thing, done=step == "done")


def _kept(request: HttpRequest, held: Assessment, thing: Thing, *, done: bool) -> str:
    """Keep what a step says. Gives which step comes next."""
    by, place, steps = request.user.actor, _place(request, thing), len(thing.questions)
    if place <= steps:
        asked = thing.questions[place - 1]
        keep_rating(by=by, assessment=held, answers={asked.name: answer_typed(request.POST, asked)})
        return f"?at={place + 1}"
    level, reason = request.POST.get(LEVEL, ""), request.POST.get("reason", "")
    keep_rating(by=by, assessment=held, level=level, reason=reason, done=done)
    if not done:
        messages.success(request, _("Kept. Nobody else sees it."))
        return f"?at={place}"
    messages.success(request, _("You are done. Now you may see what the rules say."))
    return ""


def _led(request: HttpRequest, held: Assessment, thing: Thing, step: str) -> str:
    if not request.user.may("rate.ask"):
        raise InputError(said("Only a lead asks somebody else or calls it off; ask one."))
    by, post = request.user.actor, request.POST
    if step == "call-off":
        call_off(by=by, assessment=held, why=post.get("why", ""))
        messages.success(request, _("Called off; nothing of it counts."))
        return reverse("ratings_work")
    leaving = User.objects.filter(pk=post.get("user", "")).first()
    to = User.objects.filter(pk=post.get("to", "")).first()
    if to is None:
        raise InputError(said("Choose who is asked instead."))
    replace_rater(by=by, assessment=held, thing=thing, user=leaving, to=to)
    messages.success(request, _("The other person is asked instead."))
    return reverse("assessment", args=[held.pk])


def _place(request: HttpRequest, thing: Thing) -> int:
    """Which question is asked, from 1; one more than there are questions is the level."""
    told = request.POST.get("at") or request.GET.get("at", "")
    return min(int(told), len(thing.questions) + 1) if told.isdecimal() and told != "0" else 1


def _page(request: HttpRequest, held: Assessment, thing: Thing, error: str) -> HttpResponse:
    user = request.user
    mine = Rater.objects.here().filter(assessment=held, user=user.actor).first()
    shown: dict[str, Any] = {"held": held, "thing": thing, "people": people_of(held), "mine": mine, "error": error}
    shown |= {"state": STATES[held.state], "typed": request.POST, "leads": user.may("rate.ask") and held.open}
    if shown["leads"]:
        taken = set(held.raters.values_list("user", flat=True))
        shown["others"] = [one for one in candidates(thing) if one.user.pk not in taken]
    if mine is not None and held.open:
        shown |= _turn(request, mine, thing)
    return render(request, "rate/assessment.html", shown, status=400 if error else 200)


def _turn(request: HttpRequest, mine: Rater, thing: Thing) -> dict[str, Any]:
    """What one of the two sees: the question of interests, one question of the scheme, or what the rules say."""
    if not thing.current:
        return {"turn": "newer"}
    if mine.no_interest_at is None or (barred := conflict(request.user, reach_of(thing))):
        why = conflict(request.user, reach_of(thing)) if mine.no_interest_at is None else barred
        return {"turn": "interest", "barred": why}
    last = last_of(mine)
    if last is not None and last.done:
        return {"turn": "done", "after": afterwards(thing, last)}
    place, steps = _place(request, thing), steps_of(thing, last)
    shown: dict[str, Any] = {"turn": "asking", "steps": steps, "place": place, "of": len(steps), "before": place - 1}
    shown["studies"] = studies_of(thing)
    post = request.POST if request.method == "POST" else None
    if place <= len(thing.questions):
        return shown | {"question": question(thing.questions[place - 1], last.answers if last else {}, post)}
    level = post.get(LEVEL, "") if post else (last.level if last else "")
    reason = post.get("reason", "") if post else (last.reason if last else "")
    return shown | {"levels": levels_of(thing, level), "reason": reason}
