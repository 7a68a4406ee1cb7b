"""Claims on an award: asked for, approved by staff and then by finance, never the same person twice, and paid."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from whatworks.commission.agreeing import locked
from whatworks.commission.calling import EVERY
from whatworks.commission.methods.workflow import CLAIM, step
from whatworks.commission.models import Award, AwardClaim, ClaimApproval
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record_node
from whatworks.saying import said

UNDER_WAY = ("running", "closing")  # the states of an award in which money can be claimed
STAGES = {"claimed": ClaimApproval.STAFF, "approved by staff": ClaimApproval.FINANCE}


@transaction.atomic
def claim(
    *, by: str, award: Award, amount: int, since: datetime.date, until: datetime.date, what_for: str
) -> AwardClaim:
    """Ask for money of an award that is under way. Raises InputError for more than is left of it."""
    held = locked(award)
    if held.state not in UNDER_WAY:
        raise ConflictError(said("Money can be claimed while an award is under way."))
    if amount <= 0 or until < since or not what_for.strip():
        raise InputError(said("A claim needs an amount, a time that ends after it begins, and what it is for."))
    if amount > left(held):
        raise InputError(said("%(left)s pounds are left of this award; ask for no more.", left=f"{left(held):,}"))
    made = AwardClaim.objects.create(
        id=AwardClaim.fresh(), award=held, number=held.claims.count() + 1, amount=amount, since=since, until=until,
        what_for=what_for.strip(), by=by, at=timezone.now(),
    )  # fmt: skip
    record_node(verb="commission.claim", by=by, about=[held, made], payload={"amount": amount})
    return made


def left(award: Award) -> int:
    """What is left of an award after all that was claimed and not refused."""
    asked = award.claims.exclude(state="refused").aggregate(sum=Sum("amount"))["sum"] or 0
    return (award.amount or 0) - int(asked)


@transaction.atomic
def approve(*, by: str, claim: AwardClaim, approved: bool, why: str = "") -> ClaimApproval:
    """Say yes or no, at the stage that it has come to. Not by the one who claimed, nor by one who approved it before."""
    held = AwardClaim.objects.select_for_update().get(pk=claim.pk)
    to = step(CLAIM, held.state, "approve" if approved else "refuse", EVERY).to
    if by == held.by:
        raise ForbiddenError(said("Whoever made a claim cannot approve it."))
    if held.approvals.filter(by=by).exists():
        raise ForbiddenError(said("You approved this claim already; a second person must."))
    if not approved and not why.strip():
        raise InputError(said("Say why the claim is refused."))
    made = ClaimApproval.objects.create(
        id=ClaimApproval.fresh(), claim=held, stage=STAGES[held.state], approved=approved, why=why.strip(), by=by,
        at=timezone.now(),
    )  # fmt: skip
    held.state = to
    held.save(update_fields=["state"])
    record_node(verb="commission.approve-claim", by=by, about=[held.award, held], payload={"approved": approved})
    return made


@transaction.atomic
def pay(*, by: str, claim: AwardClaim) -> AwardClaim:
    """Keep that a claim was paid."""
    held = AwardClaim.objects.select_for_update().get(pk=claim.pk)
    held.state = step(CLAIM, held.state, "pay", EVERY).to
    held.save(update_fields=["state"])
    record_node(verb="commission.pay", by=by, about=[held.award, held])
    return held
