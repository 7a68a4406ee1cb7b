"""Where a team settles what it differs on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.screen.deciding import remark, say
from whatworks.screen.forms_leading import RemarkForm, SayingForm
from whatworks.screen.methods.protocol import Rules
from whatworks.screen.models import Candidate, Review
from whatworks.screen.presenters_conflicts import conflict_page, decided_by, listed, open_conflicts, why_not
from whatworks.screen.presenters_stages import HEADINGS
from whatworks.screen.reviewing import rules_of
from whatworks.screen.views.parts import STAGES, framed
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken

REMARK, CHANGE, THIRD = "remark", "change", "third"


@access("screen.say")
@closed_to_others
def conflicts(request: HttpRequest, review: Review) -> HttpResponse:
    """The conflicts that wait, of one stage or of both."""
    chosen = request.GET.get("stage", "")
    rows, pages = paged(request, open_conflicts(review, STAGES.get(chosen, "")))
    for way in ("previous", "next"):
        if pages[way] and chosen in STAGES:
            pages[way] += f"&stage={chosen}"
    stages = [
        {"key": key, "title": HEADINGS[stage], "count": open_conflicts(review, stage).count(), "on": key == chosen}
        for key, stage in STAGES.items()
    ]
    shown = {"items": listed(rows, request.user.actor), "pages": pages, "stages": stages, "chosen": chosen in STAGES}
    return render(request, "screen/lead_conflicts.html", framed(request, review, "conflicts", **shown))


@access("screen.say")
@closed_to_others
def conflict(request: HttpRequest, review: Review, identifier: str) -> HttpResponse:
    """One conflict: what was said, what people write to one another, and the ways to settle it."""
    candidate = get_object_or_404(Candidate.objects.select_related("judgement"), pk=identifier, review=review)
    if leader := candidate.same_as_id or candidate.as_one_id:
        return redirect("lead_conflict", review.slug, leader)
    rules = rules_of(review)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    forms = _forms(request, rules, candidate, step)
    if step in forms and forms[step].is_valid():
        try:
            _act(request, candidate, rules, step, forms[step].cleaned_data)
        except WhatworksError as error:
            forms[step].add_error(None, spoken(error))
        else:
            return redirect("lead_conflict", review.slug, candidate.pk)
        candidate.refresh_from_db()
    shown = conflict_page(candidate, rules, request.user.actor) | {"forms": forms, "by": decided_by(candidate)}
    told = framed(request, review, "conflicts", deeper=True, **shown)
    return render(request, "screen/lead_conflict.html", told)


def _forms(request: HttpRequest, rules: Rules, candidate: Candidate, step: str) -> dict[str, Any]:
    def sent(name: str) -> Any:
        return request.POST if step == name else None

    return {
        REMARK: RemarkForm(sent(REMARK), prefix=REMARK),
        CHANGE: SayingForm(rules, candidate.stage, sent(CHANGE), prefix=CHANGE),
        THIRD: SayingForm(rules, candidate.stage, sent(THIRD), prefix=THIRD),
    }


def _act(request: HttpRequest, candidate: Candidate, rules: Rules, step: str, given: dict[str, Any]) -> None:
    by = request.user.actor
    if step == REMARK:
        remark(by=by, candidate=candidate.pk, text=given["text"])
        messages.success(request, _("The others can read it now."))
        return
    if step == THIRD and (refused := why_not(candidate, rules, by)):
        raise ForbiddenError(refused)
    say(by=by, candidate=candidate.pk, third=step == THIRD, **given)
    candidate.refresh_from_db()
    settled = candidate.state != Candidate.CONFLICT
    messages.success(request, _("Settled.") if settled else _("Kept. The others still differ."))
