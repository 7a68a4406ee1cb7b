"""What those who were chosen do with their award: see what is agreed and due, hand things over, and ask for the money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from whatworks.commission import agreeing, claiming
from whatworks.commission.forms import ApplicationForm, ClaimForm, DeliverableForm, checked
from whatworks.commission.models import Application, Award
from whatworks.commission.summary import facts, money


def holding(application: Application, step: str = "", sent: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """What an author sees of the award of their application; None where it has none. `sent`: a form to show again."""
    award = Award.objects.filter(application=application).first()
    if award is None:
        return None
    milestones = []
    for one in award.milestones.order_by("due", "pk"):
        again = sent if step == "hand-over" and sent and sent.get("milestone") == one.pk else None
        form = DeliverableForm(again, initial={"milestone": one.pk}, auto_id=f"id_{one.pk}_%s")
        milestones.append(
            {"milestone": one, "deliverables": one.deliverables.order_by("received_on", "pk"), "form": form}
        )
    claims = [
        {"claim": one, "amount": money(one.amount), "refused": one.approvals.filter(approved=False).first()}
        for one in award.claims.order_by("number")
    ]
    return {
        "award": award, "facts": list(facts(award)), "left": money(claiming.left(award)), "milestones": milestones,
        "claims": claims, "claim": ClaimForm(sent if step == "claim" else None, auto_id="id_claim_%s"),
        "under_way": award.state in claiming.UNDER_WAY,
        "agreements": [
            {"agreement": one, "signatures": one.signatures.order_by("party")} for one in award.agreements.order_by("kind", "-number")
        ],
    }  # fmt: skip


def ask_for_money(request: HttpRequest, held: Application, _form: ApplicationForm) -> str:
    """Put a claim in."""
    told = checked(ClaimForm(request.POST))
    claiming.claim(by=request.user.actor, award=_award(held), **told)
    return _("Your claim is in. Two people look at it, one after the other; you see here what they say.")


def hand_over(request: HttpRequest, held: Application, _form: ApplicationForm) -> str:
    """Say that something of a milestone is done, and where it lies."""
    told = checked(DeliverableForm(request.POST))
    milestone = get_object_or_404(_award(held).milestones, pk=told.pop("milestone"))
    agreeing.hand_over(by=request.user.actor, milestone=milestone, **told)
    return _("It is handed over. Somebody looks at it before it counts.")


def _award(held: Application) -> Award:
    return get_object_or_404(Award, application=held)
