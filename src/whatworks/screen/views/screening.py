"""Where people screen: one record after the other, each decision kept, and the next record there at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from whatworks.errors import ConflictError, ForbiddenError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.people.naming import names
from whatworks.saying import said
from whatworks.screen.deciding import remark, say, take_back
from whatworks.screen.methods.protocol import FULL_TEXT, Rules
from whatworks.screen.models import Candidate, Opinion, Review, Screener
from whatworks.screen.presenters_screening import WORDS, nothing_left, progress, records, terms_of, undoable
from whatworks.screen.presenters_script import words
from whatworks.screen.queueing import AHEAD, let_go, next_places
from whatworks.screen.reviewing import MANAGE, part_in, rules_of
from whatworks.screen.sitting import Sitting, keep, sitting
from whatworks.spoken import spoken

MOST_AHEAD = 10  # handed out at once to somebody who expects to be without a connection
MOST_PENDING = 200  # decisions that a browser may name as not sent yet
LONGEST = 24 * 3600.0  # seconds on the screen that are believed
AT = {FULL_TEXT: "full-text"}  # the stage's part of the address; otherwise "screen"
# The page may show a file that we serve beside a record; all else is as on every page.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
View = Callable[..., HttpResponse]


def closed_to_others(view: View) -> View:
    """Say to whoever does not take part in the review whom to ask, and in the form that was asked for."""

    @wraps(view)
    def checked(request: HttpRequest, slug: str, **told: Any) -> HttpResponse:
        review = get_object_or_404(Review, slug=slug)
        try:
            part_in(review, request.user.actor)
        except ForbiddenError as error:
            if request.headers.get("Accept", "").startswith("application/json"):
                return JsonResponse({"error": spoken(error)}, status=403)
            leads = Screener.objects.leading().filter(review=review).values_list("user", flat=True)
            shown = {"review": review, "leads": sorted(names(leads).values()), "manages": request.user.may(MANAGE)}
            return render(request, "screen/screening_closed.html", shown, status=403)
        return view(request, review, **told)

    return checked


@access("screen.say")
@closed_to_others
def page(request: HttpRequest, review: Review, stage: str) -> HttpResponse:
    """The page of a stage. Without a script its buttons send this form, and the next record is a page load away."""
    if request.method == "POST":
        return _without_script(request, review, stage)
    rules = rules_of(review)
    held = sitting(request.session, review.pk)
    shown = _state(request, review, stage, rules, first=request.GET.get("first", ""))
    told = {"review": review, "stage": stage, "full": stage == FULL_TEXT, "at": _at(stage), "rules": rules}
    told |= {
        "terms": terms_of(rules, held),
        "sitting": held,
        "says": words(),
        "may_match": request.user.may("collate.match"),
    }
    response = render(request, "screen/screening.html", told | shown)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"  # going back must not show what was decided since
    return response


def _at(stage: str) -> str:
    return AT.get(stage, "screen")


def _without_script(request: HttpRequest, review: Review, stage: str) -> HttpResponse:
    asked = request.POST.get("decision", "")
    first = ""
    try:
        words, first = _do(request, review, stage, asked if asked in WAYS else "say")
    except WhatworksError as error:
        messages.error(request, spoken(error))
        first = request.POST.get("candidate", "")
    else:
        messages.success(request, words)
    return redirect(f"{request.path}?first={first}" if first else request.path)


@access("screen.say")
@require_GET
@closed_to_others
def upcoming(request: HttpRequest, review: Review, stage: str) -> HttpResponse:
    """The next records, held for whoever asks; and a fresh token, since signing in again makes the old one void."""
    shown = _answer(request, review, stage, request.GET, first=request.GET.get("first", ""))
    return JsonResponse(shown | {"token": get_token(request)})


@access("screen.say")
@require_POST
@closed_to_others
def act(request: HttpRequest, review: Review, stage: str, what: str) -> HttpResponse:
    """Do one thing that the script asks for, and answer with the next records; an error is one sentence."""
    who = request.POST.get("who", "")
    if who and who != request.user.actor:  # kept in the browser by one person, and another has signed in since
        sentence = _("Somebody else is signed in here now. Sign in as yourself to send what you decided.")
        return JsonResponse({"error": sentence, "other": True}, status=403)
    try:
        words, first = _do(request, review, stage, what)
        shown = _answer(request, review, stage, request.POST, first=first)
    except WhatworksError as error:
        return JsonResponse({"error": spoken(error)}, status=error.http_status)
    return JsonResponse(shown | {"said": words})


def _do(request: HttpRequest, review: Review, stage: str, what: str) -> tuple[str, str]:
    """What to say of it, and the candidate to be shown next where it is not simply the next one."""
    by = request.user.actor
    key = request.POST.get("which" if what == "undo" else "candidate", "")
    if what == "undo" and not key:
        key = next((one["candidate"] for one in undoable(by=by, review=review, stage=stage)), "")
        if not key:
            raise ConflictError(said("There is nothing of yours to take back."))
    if not Candidate.objects.at(review, stage).filter(pk=key).exists():
        raise InputError(said("This record is not one of this review at this stage; reload the page."))
    held = sitting(request.session, review.pk)
    done = WAYS[what](request, key, held)
    keep(request.session, review.pk, held)
    return done


def _say(request: HttpRequest, candidate: str, held: Sitting) -> tuple[str, str]:
    asked = request.POST
    decision = asked.get("decision", "")
    reason = asked.get("reason", "") if decision == Opinion.EXCLUDE else ""
    told = {"key": asked.get("key", "")[:64], "note": asked.get("note", ""), "seconds": _seconds(asked)}
    say(by=request.user.actor, candidate=candidate, decision=decision, reason=reason, **told)
    held.found_again(candidate)
    return f"{WORDS[decision]}.", ""


def _seconds(asked: Any) -> float | None:
    try:
        seconds = float(asked.get("seconds", ""))
    except ValueError:
        return None
    return round(seconds, 1) if 0 < seconds <= LONGEST else None


def _undo(request: HttpRequest, candidate: str, held: Sitting) -> tuple[str, str]:
    take_back(by=request.user.actor, candidate=candidate, key=request.POST.get("key", "")[:64])
    return _("Taken back."), candidate


def _skip(request: HttpRequest, candidate: str, held: Sitting) -> tuple[str, str]:
    let_go(by=request.user.actor, candidate=candidate)
    held.skip(candidate)
    return _("Skipped; it comes again later."), ""


def _note(request: HttpRequest, candidate: str, held: Sitting) -> tuple[str, str]:
    remark(by=request.user.actor, candidate=candidate, text=request.POST.get("note", ""))
    return _("The note is kept. The others see it when this is talked over."), candidate


WAYS: dict[str, Callable[[HttpRequest, str, Sitting], tuple[str, str]]] = {
    "say": _say,
    "undo": _undo,
    "skip": _skip,
    "note": _note,
}


def _state(
    request: HttpRequest,
    review: Review,
    stage: str,
    rules: Rules,
    *,
    first: str = "",
    count: int = AHEAD,
    without: Collection[str] = (),
) -> dict[str, Any]:
    """The records to show now and next, held for this person; how far they are; what they can take back."""
    by, held = request.user.actor, sitting(request.session, review.pk)
    given = {"by": by, "review": review, "stage": stage}
    places = next_places(**given, count=count, skipped={*held.skipped, *without})
    if not places and held.skipped:  # the rest was skipped: it comes again now
        held.skipped = []
        keep(request.session, review.pk, held)
        places = next_places(**given, count=count, skipped=set(without))
    found = [place.candidate for place in places]
    if first and first not in {one.pk for one in found}:
        found = [*Candidate.objects.at(review, stage).filter(pk=first), *found]
    found.sort(key=lambda one: one.pk != first)
    return {
        "records": [one | {"key": uuid.uuid4().hex} for one in records(found, by=by, terms=terms_of(rules, held))],
        "progress": progress(**given),
        "undoable": undoable(**given),
        "empty": "" if found else nothing_left(**given),
    }


def _answer(request: HttpRequest, review: Review, stage: str, asked: Any, *, first: str = "") -> dict[str, Any]:
    """The same for the script: each record that the browser has not got yet as a piece of the page."""
    ahead = int(asked.get("ahead", "0")) if asked.get("ahead", "").isdecimal() else AHEAD
    rules = rules_of(review)
    without = _listed(asked.get("without", ""))
    count = min(max(ahead, AHEAD), MOST_AHEAD)
    found = _state(request, review, stage, rules, first=first, count=count, without=without)
    told = {"review": review, "full": stage == FULL_TEXT, "at": _at(stage), "rules": rules}
    told |= {"may_match": request.user.may("collate.match")}
    have = set(_listed(asked.get("have", "")))
    return {
        "user": request.user.actor,
        "order": [one["candidate"] for one in found["records"]],
        "records": {
            one["candidate"]: render_to_string("screen/_screening_record.html", told | {"record": one}, request)
            for one in found["records"]
            if one["candidate"] not in have
        },
        "progress": found["progress"],
        "undoable": render_to_string("screen/_screening_undo.html", found, request),
        "empty": found["empty"],
    }


def _listed(text: str) -> list[str]:
    return [one for one in text.split(",") if one][:MOST_PENDING]
