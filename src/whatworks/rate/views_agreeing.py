"""Where both ratings lie side by side, a level is agreed on, and an approver signs it off, sends it back or takes it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.rate.approving import sign_off, take_back, why_not
from whatworks.rate.asking import call_off
from whatworks.rate.conflicts import conflict, reach_of
from whatworks.rate.forms_judging import agreed_typed, question
from whatworks.rate.models import Assessment, Moderation
from whatworks.rate.moderating import last_of, moderate, seen_of
from whatworks.rate.presenters_judging import compared, history_of, levels_of, run, starting_from
from whatworks.rate.presenters_waiting import STATES
from whatworks.rate.rated_things import Thing, thing_rated
from whatworks.spoken import spoken

SAID = {
    "agree": _("Recorded. An approver who took no part must sign it off; until then nothing of it counts."),
    "approve": _("Signed off. Pages that show it are made anew, and wait for an editor."),
    "return": _("Sent back: the raters agree anew."),
    "take-back": _("The approval is taken back; the rating is provisional again."),
    "call-off": _("Called off; nothing of it counts."),
}


@access("workspace.enter")
@never_cache
def compare(request: HttpRequest, identifier: str) -> HttpResponse:
    """Both side by side, what was agreed, and what an approver made of it."""
    held = get_object_or_404(Assessment.objects.select_related("about", "intervention"), pk=identifier)
    if held.unblinded_at is None:
        return redirect("assessment", held.pk)
    thing, error, step = thing_rated(held), "", request.POST.get("step", "")
    if request.method == "POST":
        try:
            _stepped(request, held, thing, step)
        except WhatworksError as refused:
            error = spoken(refused)
        else:
            messages.success(request, SAID[step])
            return redirect("compare_ratings", held.pk)
    shown = _page(request, held, thing) | {"error": error, "step": step}
    return render(request, "rate/compare.html", shown, status=400 if error else 200)


def _stepped(request: HttpRequest, held: Assessment, thing: Thing, step: str) -> None:
    by, post = request.user.actor, request.POST
    why, seen = post.get("why", ""), post.get("seen", "")
    if step == "take-back":
        take_back(by=by, assessment=held, why=why)
    elif step in ("approve", "return"):
        sign_off(by=by, assessment=held, seen=seen, approve=step == "approve", why=why)
    elif step == "call-off" and request.user.may("rate.ask"):
        call_off(by=by, assessment=held, why=why)
    else:
        moderate(by=by, assessment=held, seen=seen, **agreed_typed(post, thing))


def _page(request: HttpRequest, held: Assessment, thing: Thing) -> dict[str, Any]:
    user, last = request.user, last_of(held)
    agreeing = request.method == "POST" and request.POST.get("step") == "agree"
    told = starting_from(held, last)
    post = request.POST if agreeing else None
    changed = {key.removeprefix("changed-"): text for key, text in post.items()} if post else told["changed"]
    sides = compared(held, thing)
    for row, declared in zip(sides["rows"], thing.questions, strict=True):
        row |= {"form": question(declared, told["answers"], post), "changed": changed.get(declared.name, "")}
    barred = conflict(user, reach_of(thing))
    shown: dict[str, Any] = {"held": held, "thing": thing, "state": STATES[held.state], "last": last, "barred": barred}
    shown["rules_give"] = thing.scheme.word(thing.computed) if thing.computed else ""
    shown |= {"sides": sides, "levels": levels_of(thing, post.get("level", "") if post else told["level"])}
    shown |= {"level_changed": changed.get("level", ""), "typed": request.POST, "history": history_of(held, thing)}
    shown["override"] = post.get("override", "") if post else told["override"]
    shown["seen"] = request.POST.get("seen", "") if request.method == "POST" else seen_of(held)
    return shown | _agreed(thing, last) | _may(request, held, last, barred, thing)


def _agreed(thing: Thing, last: Moderation | None) -> dict[str, Any]:
    """What was agreed last, in words, and the rules' reasons for what they give."""
    if last is None:
        return {"agreed": None}
    outcome = run(thing, last.answers)
    rules = [step.sentence for step in outcome.trail if step.fired] if outcome else []
    computed = thing.scheme.word(last.computed) if last.computed else ""
    return {"agreed": {"level": thing.scheme.word(last.level), "computed": computed, "rules": rules}}


def _may(request: HttpRequest, held: Assessment, last: Moderation | None, barred: str, thing: Thing) -> dict[str, Any]:
    """What this person may do here, and why not, where they hold the role and something else stands against it."""
    user, free = request.user, not barred and thing.current
    unsettled = held.state in (Assessment.COMPARING, Assessment.MODERATED)
    waits = held.state == Assessment.MODERATED and user.may("rate.approve")
    refusal = why_not(user.actor, held, last) if waits else ""
    return {
        "may_agree": unsettled and free and (user.may("rate.sign") or user.may("rate.ask")),
        "may_approve": waits and free and not refusal,
        "may_take_back": held.state == Assessment.APPROVED and not barred and user.may("rate.approve"),
        "may_call_off": unsettled and user.may("rate.ask"),
        "refusal": refusal,
        "newer": not thing.current,
    }
