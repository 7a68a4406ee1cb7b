"""Where two people are asked to judge, each judges without seeing the other, and both are compared and agree."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.extract.agreeing import agree, seen_of
from whatworks.extract.appraising_two import (
    ask_two,
    call_off,
    keep_verdict,
    replace_appraiser,
    think_again,
    verdicts_of,
)
from whatworks.extract.forms_appraising import acted, blank, held, typed
from whatworks.extract.forms_studies import coders
from whatworks.extract.instruments import instrument
from whatworks.extract.judged_things import thing_of
from whatworks.extract.models import Appraiser, Appraising, Study, Verdict
from whatworks.extract.presenters_coding import reader_of
from whatworks.extract.presenters_comparing import page_of, people_of, starting_from, thing_judged
from whatworks.extract.views.appraising import choosing, filled
from whatworks.extract.views.parts import (
    changes,
    leads,
    of_study,
    reading,
    refuse_strangers,
    refuse_unless_changing,
    refuse_unless_lead,
)
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.saying import said
from whatworks.spoken import spoken

View = Callable[..., HttpResponse]
NOBODY = said("Choose two different people of the list.")


def of_appraising(view: View) -> View:
    """Give a view what its address names, closed to who does not take part in the review."""

    @wraps(view)
    def opened(request: HttpRequest, identifier: str, **told: Any) -> HttpResponse:
        rows = Appraising.objects.select_related("study__review", "report", "contrast__intervention")
        row = get_object_or_404(rows, pk=identifier)
        refuse_strangers(request, row.study.review_id)
        return view(request, row, **told)

    return opened


@require_POST
@access("extract.study")
@of_study
def asking(request: HttpRequest, study: Study) -> HttpResponse:
    """Ask two people to judge, each alone; what cannot be is said where it was asked, with what was typed."""
    refuse_unless_lead(request, study.review_id)
    post = request.POST
    chosen, thing = instrument(post.get("tool", "")), None
    try:
        thing = thing_of(study, chosen, post.get("of", ""))
        if thing is None:
            raise InputError(said("Choose what is judged: this instrument judges one result at a time."))
        people = [_person(study, post.get(name, "")) for name in ("first", "second")]
        told = {"tool": chosen.key, "version": chosen.version, "report": thing.report, "contrast": thing.contrast}
        made = ask_two(by=request.user.actor, study=study, users=people, key=post.get("key", "")[:64], **told)
    except WhatworksError as error:
        return choosing(request, study, chosen, spoken(error))
    messages.success(request, _("Both are asked. Neither sees what the other judges until both are done."))
    return redirect("appraising", made.pk)


def _person(study: Study, key: str) -> User:
    found: User | None = coders(study.review_id).filter(pk=key).first()
    if found is None:
        raise InputError(NOBODY)
    return found


@access("extract.study")
@of_appraising
def judging(request: HttpRequest, appraising: Appraising) -> HttpResponse:
    """The form of one of the two, blind to the other; for a lead, who judges and who is done."""
    if appraising.unblinded_at is not None:
        return redirect("compare_appraisals", appraising.pk)
    error = ""
    if request.method == "POST":
        try:
            messages.success(request, _stepped(request, appraising))
        except ForbiddenError:
            raise
        except WhatworksError as refused:
            error = spoken(refused)
        else:
            return redirect("appraising", appraising.pk)
    return _page(request, appraising, error)


def _stepped(request: HttpRequest, appraising: Appraising) -> str:
    """Do what the button says; what to say about it."""
    by, step, post = request.user.actor, request.POST.get("step", ""), request.POST
    if step in ("replace", "call-off"):
        refuse_unless_lead(request, appraising.study.review_id)
    if step == "replace":
        users = [get_object_or_404(User, pk=post.get("user", "")), _person(appraising.study, post.get("to", ""))]
        replace_appraiser(by=by, appraising=appraising, user=users[0], to=users[1])
        return _("The other person is asked instead.")
    if step == "call-off":
        call_off(by=by, appraising=appraising, why=post.get("why", ""))
        return _("Called off; what was judged before stands.")
    if step == "again":
        think_again(by=by, appraising=appraising)
        return _("You are not done after all; go on.")
    return _kept(request, appraising, done=step == "done")


def _kept(request: HttpRequest, appraising: Appraising, *, done: bool) -> str:
    chosen = instrument(appraising.instrument, appraising.version)
    told = typed(request.POST, chosen)
    form, error = filled(chosen, told)
    if error:
        raise InputError(error)
    keep_verdict(by=request.user.actor, appraising=appraising, done=done, **acted(told, form["answers"]))
    if not done:
        return _("Kept. Nobody else sees it.")
    appraising.refresh_from_db()
    if appraising.unblinded_at is not None:
        return _("You are done, and so is the other: compare what you judged.")
    return _("You are done. What you judged is compared once the other is, too.")


def _page(request: HttpRequest, appraising: Appraising, error: str) -> HttpResponse:
    chosen = instrument(appraising.instrument, appraising.version)
    actor, study = request.user.actor, appraising.study
    mine = Appraiser.objects.here().filter(appraising=appraising, user=actor).first()
    shown: dict[str, Any] = {"two": appraising, "study": study, "chosen": chosen, "thing": thing_judged(appraising)}
    shown |= {"people": people_of(appraising), "mine": mine, "error": error, "leads": leads(request, study.review_id)}
    shown["others"] = coders(study.review_id).exclude(pk__in=appraising.appraisers.values("user"))
    shown["typed_why"] = request.POST.get("why", "")
    if mine is None:
        refuse_unless_changing(request, study.review_id)
    elif appraising.state == Appraising.JUDGING:
        last = Verdict.objects.current().filter(appraiser=mine).first()
        kept = request.method == "POST" and request.POST.get("step") in ("keep", "done")
        told = typed(request.POST, chosen) if kept else held(last)
        shown |= {"form": filled(chosen, told)[0], "reader": reader_of(study), "last": last}
    return reading(render(request, "extract/appraising_two.html", shown))


@access("extract.study")
@of_appraising
def comparing(request: HttpRequest, appraising: Appraising) -> HttpResponse:
    """What both judged, side by side, and what is agreed on with why it is not what both had said."""
    chosen = instrument(appraising.instrument, appraising.version)
    verdicts = verdicts_of(appraising)
    may = request.user.actor in verdicts or changes(request, appraising.study.review_id)
    post = request.method == "POST"
    told = typed(request.POST, chosen) if post else starting_from(appraising, list(verdicts.values()))
    form, error = filled(chosen, told)
    if post and not may:
        refuse_unless_changing(request, appraising.study.review_id)
    if post and not error and request.POST.get("step") == "agree":
        said = acted(told, form["answers"]) | {"changed": told["changed"], "seen": request.POST.get("seen", "")}
        try:
            made = agree(by=request.user.actor, appraising=appraising, **said)
        except WhatworksError as refused:
            error = spoken(refused)
        else:
            said = made.judging.overall or _("each domain by itself")
            messages.success(request, _("Agreed: %(overall)s. This counts now.") % {"overall": said})
            return redirect("compare_appraisals", appraising.pk)
    shown: dict[str, Any] = {"two": appraising, "study": appraising.study, "chosen": chosen, "may": may}
    shown |= {"thing": thing_judged(appraising), "error": error, "reader": reader_of(appraising.study)}
    shown["seen"] = request.POST.get("seen", "") if post else seen_of(appraising)
    shown |= page_of(appraising, chosen, told if form["readable"] else blank())
    return reading(render(request, "extract/comparing.html", shown))
