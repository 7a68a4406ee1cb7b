"""The work on an award: agreements, signatures, milestones, what is handed over, claims with two approvals, changes, the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.commission import agreeing, claiming, forms
from whatworks.commission.forms import checked
from whatworks.commission.methods.workflow import AWARD, CLAIM, PAY, RUN, steps
from whatworks.commission.models import Award, Deliverable
from whatworks.commission.summary import facts, money
from whatworks.commission.views_work import may_take
from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.access import access
from whatworks.people.roles import granted
from whatworks.saying import said
from whatworks.spoken import spoken


@access("commission.work")
@never_cache
def award(request: HttpRequest, identifier: str) -> HttpResponse:
    """One award for those who keep, decide or pay."""
    held = get_object_or_404(Award.objects.select_related("call"), pk=identifier, call__elsewhere=False)
    if not any(request.user.may(f"commission.{name}") for name in ("run", "decide", "pay")):
        raise ForbiddenError(said("Awards are for those who keep calls, decide on them or pay."))
    step = request.POST.get("step", "")
    if request.method == "POST":
        try:
            _take(request, held, step)
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("It is written down."))
        return redirect("award_work", identifier)
    return render(request, "commission/award.html", _page(held, request.user))


def _take(request: HttpRequest, held: Award, step: str) -> None:
    if step.startswith("move "):
        name = step.removeprefix("move ")
        may_take(request.user, AWARD, held.state, name)
        agreeing.move(by=request.user.actor, award=held, name=name)
    elif step in STEPS:
        needs, form, do = STEPS[step]
        if not request.user.may(needs):
            raise ForbiddenError(said("This takes the permission %(needs)s.", needs=needs))
        do(request, held, checked(form(request.POST)) if form else {})
    else:
        raise InputError(said("There is no such step."))


def _page(held: Award, user: Any) -> dict[str, Any]:
    may = granted(user.roles())
    agreements = [
        {
            "agreement": one, "signatures": one.signatures.order_by("party"),
            "form": forms.SignForm(initial={"agreement": one.pk}, auto_id=f"id_{one.pk}_%s") if one.signatures.count() < 2 else None,
        }
        for one in held.agreements.order_by("kind", "-number")
    ]  # fmt: skip
    milestones = [
        {
            "milestone": one, "deliverables": one.deliverables.order_by("received_on", "pk"),
            "form": forms.DeliverableForm(initial={"milestone": one.pk}, auto_id=f"id_{one.pk}_%s"),
        }
        for one in held.milestones.order_by("due", "pk")
    ]  # fmt: skip
    claims = [
        {
            "claim": one,
            "amount": money(one.amount),
            "approvals": one.approvals.order_by("at"),
            "steps": [way.name for way in steps(CLAIM, one.state, may)],
        }
        for one in held.claims.order_by("number")
    ]
    return {
        "award": held, "facts": list(facts(held)), "steps": [one.name for one in steps(AWARD, held.state, may)],
        "agreements": agreements, "milestones": milestones, "claims": claims, "left": money(claiming.left(held)),
        "variations": held.variations.order_by("number"), "runs": RUN in may, "decides": "commission.decide" in may,
        "write": forms.AgreementForm(), "plan": forms.MilestoneForm(auto_id="id_plan_%s"), "claim": forms.ClaimForm(auto_id="id_claim_%s"),
        "vary": forms.VariationForm(auto_id="id_vary_%s"), "pays": PAY in may,
    }  # fmt: skip


def _agreement(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    agreeing.add_agreement(by=request.user.actor, award=held, **told)


def _sign(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    agreement = get_object_or_404(held.agreements, pk=told.pop("agreement"))
    agreeing.sign(by=request.user.actor, agreement=agreement, **told)


def _plan(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    agreeing.plan(by=request.user.actor, award=held, **told)


def _hand_over(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    milestone = get_object_or_404(held.milestones, pk=told.pop("milestone"))
    agreeing.hand_over(by=request.user.actor, milestone=milestone, **told)


def _accept(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    found = get_object_or_404(Deliverable, milestone__award=held, pk=request.POST.get("deliverable", ""))
    agreeing.accept(by=request.user.actor, deliverable=found)


def _claim(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    claiming.claim(by=request.user.actor, award=held, **told)


def _answer(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    """Approve, refuse or pay, as the claim's state and one's own role allow."""
    found = get_object_or_404(held.claims, pk=request.POST.get("claim", ""))
    way = request.POST.get("way", "")
    may_take(request.user, CLAIM, found.state, way)
    if way == "pay":
        claiming.pay(by=request.user.actor, claim=found)
    else:
        claiming.approve(
            by=request.user.actor, claim=found, approved=way == "approve", why=request.POST.get("why", "")[:2000]
        )


def _vary(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    agreeing.propose_variation(by=request.user.actor, award=held, **told)


def _approve_variation(request: HttpRequest, held: Award, told: dict[str, Any]) -> None:
    found = get_object_or_404(held.variations, pk=request.POST.get("variation", ""))
    agreeing.approve_variation(by=request.user.actor, variation=found)


Do = Callable[[HttpRequest, Award, dict[str, Any]], None]
STEPS: dict[str, tuple[str, type[Form] | None, Do]] = {
    "agreement": (RUN, forms.AgreementForm, _agreement),
    "sign": (RUN, forms.SignForm, _sign),
    "plan": (RUN, forms.MilestoneForm, _plan),
    "hand-over": (RUN, forms.DeliverableForm, _hand_over),
    "accept": (RUN, None, _accept),
    "claim": (RUN, forms.ClaimForm, _claim),
    "answer": ("commission.work", None, _answer),
    "vary": (RUN, forms.VariationForm, _vary),
    "approve variation": ("commission.decide", None, _approve_variation),
}
