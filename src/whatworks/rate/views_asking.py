"""Where one sees what is rated, and asks two people to rate a thing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.models import Subject
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.rate.asking import ask_two, candidates
from whatworks.rate.presenters_work import agreement_page, of_intervention, scheme_choices, work_for
from whatworks.rate.rated_things import Thing, gone, thing_of
from whatworks.saying import said
from whatworks.scope.models import Intervention
from whatworks.spoken import spoken

NOBODY = said("Choose two different people of the list.")


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """What waits for me, what others rate, and what was settled."""
    return render(request, "rate/work.html", work_for(request.user))


@access("rate.ask")
@never_cache
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of an intervention that two people can be asked to rate."""
    held = get_object_or_404(Intervention, slug=slug)
    return render(request, "rate/about.html", {"intervention": held, "groups": of_intervention(held)})


@access("workspace.enter")
@never_cache
def agreement(request: HttpRequest) -> HttpResponse:
    """How far two raters agreed before they saw each other's ratings."""
    return render(request, "rate/agreement.html", {"schemes": agreement_page()})


@access("rate.ask")
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask two people: by which scheme, and whom; those with an interest are listed apart, with it."""
    told = request.POST if request.method == "POST" else request.GET
    subject = Subject.objects.filter(pk=told.get("about", "")[:24]).first()
    if subject is None:
        raise InputError(gone(told.get("about", "")[:24] or said("nothing")))
    choices = scheme_choices(subject.kind)
    error, thing = _thing(subject, told, choices, posted=request.method == "POST")
    if request.method == "POST" and thing is not None:
        try:
            made = ask_two(by=request.user.actor, thing=thing, users=_people(told), key=told.get("key", "")[:64])
        except WhatworksError as refused:
            error = spoken(refused)
        else:
            messages.success(request, _("Both are asked. Neither sees what the other says until both are done."))
            return redirect("assessment", made.pk)
    shown: dict[str, Any] = {"subject": subject, "thing": thing, "choices": choices, "typed": told, "error": error}
    people = candidates(thing or _any(subject, choices))
    shown |= {"people": [one for one in people if not one.why_not], "out": [one for one in people if one.why_not]}
    shown["key"] = told.get("key", "")[:64] or uuid.uuid4().hex
    return render(request, "rate/ask.html", shown, status=400 if error else 200)


def _thing(subject: Subject, told: Any, choices: list[tuple[str, str]], *, posted: bool) -> tuple[str, Thing | None]:
    """What is rated, or what stands against it."""
    scheme = told.get("scheme", "") or (choices[0][0] if len(choices) == 1 else "")
    if choices and not posted:
        return "", None
    try:
        return "", thing_of(subject.pk, scheme, finding=told.get("finding", ""))
    except InputError as refused:
        return spoken(refused), None


def _any(subject: Subject, choices: list[tuple[str, str]]) -> Thing:
    """The thing by any of its schemes: whose interests count does not depend on the scheme."""
    return thing_of(subject.pk, choices[0][0] if choices else "", finding=_("any finding"))


def _people(told: Any) -> list[User]:
    found = [User.objects.filter(pk=told.get(name, "")).first() for name in ("first", "second")]
    if any(one is None for one in found):
        raise InputError(NOBODY)
    return [one for one in found if one is not None]
