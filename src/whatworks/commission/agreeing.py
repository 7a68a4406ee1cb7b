"""What follows an award: agreements in versions and their signatures, milestones, what is handed over, changes, the end."""

from __future__ import annotations

import datetime
import hashlib

from django.db import transaction
from django.utils import timezone

from whatworks.commission.calling import EVERY
from whatworks.commission.methods.workflow import AWARD, step
from whatworks.commission.models import Agreement, Award, Deliverable, Milestone, Signature, Variation
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record, record_node
from whatworks.saying import said


@transaction.atomic
def move(*, by: str, award: Award, name: str) -> Award:
    """Take one of the ways that an award may go. It starts when both agreements are signed, and completes when nothing is open."""
    held = locked(award)
    to = step(AWARD, held.state, name, EVERY).to
    if name == "start" and (lacking := [kind for kind in Agreement.KINDS if not signed(held, kind)]):
        raise ConflictError(said("The agreement on “%(kind)s” is not signed by both sides yet.", kind=lacking[0]))
    if name == "complete":
        if held.milestones.filter(reached_on=None).exists():
            raise ConflictError(said("A milestone is not reached yet; record it, or agree on a change."))
        if held.claims.exclude(state__in=["paid", "refused"]).exists():
            raise ConflictError(said("A claim is still open; it must be paid or refused first."))
    held.state = to
    held.save(update_fields=["state"])
    record(verb="commission.award-moves", by=by, about=[held.call], made=[held])
    return held


@transaction.atomic
def add_agreement(*, by: str, award: Award, kind: str, text: str) -> Agreement:
    """A new version of an agreement. Signatures hold for the version that was signed, and for no later one."""
    held = locked(award)
    if held.state not in ("contracting", "running"):
        raise ConflictError(said("Agreements are written after the award is approved and before it closes."))
    if kind not in Agreement.KINDS or not text.strip():
        raise InputError(
            said("An agreement needs its text, and is one of: %(kinds)s.", kinds=", ".join(Agreement.KINDS))
        )
    plain = text.replace("\r\n", "\n")
    made = Agreement.objects.create(
        id=Agreement.fresh(), award=held, kind=kind, number=held.agreements.filter(kind=kind).count() + 1, text=plain,
        digest=hashlib.sha256(plain.encode()).hexdigest(), by=by, at=timezone.now(),
    )  # fmt: skip
    record_node(verb="commission.agreement", by=by, about=[held, made], payload={"digest": made.digest})
    return made


@transaction.atomic
def sign(*, by: str, agreement: Agreement, party: str, name: str, capacity: str, on: datetime.date) -> Signature:
    """Keep that a party signed the newest version: who, in what capacity, when."""
    newest = agreement.award.agreements.filter(kind=agreement.kind).order_by("-number").first()
    if newest != agreement:
        raise ConflictError(said("There is a newer version of this agreement; that one is signed."))
    if agreement.signatures.filter(party=party).exists():
        raise ConflictError(said("This side has signed this version already."))
    if party not in (Signature.CENTRE, Signature.HOLDER) or not (name.strip() and capacity.strip()):
        raise InputError(said("Say for which side, who signed, and in what capacity."))
    if on > timezone.localdate():
        raise InputError(said("A signature cannot be of a day to come."))
    made = Signature.objects.create(
        id=Signature.fresh(), agreement=agreement, party=party, name=name.strip(), capacity=capacity.strip(), on=on,
        by=by, at=timezone.now(),
    )  # fmt: skip
    record_node(verb="commission.sign", by=by, about=[agreement.award, agreement, made])
    return made


def signed(award: Award, kind: str) -> bool:
    """Whether both sides signed the newest version of one kind of agreement."""
    newest = award.agreements.filter(kind=kind).order_by("-number").first()
    return newest is not None and newest.signatures.count() == 2


@transaction.atomic
def plan(*, by: str, award: Award, title: str, due: datetime.date) -> Milestone:
    """A milestone, while an award is being agreed or runs."""
    held = locked(award)
    if held.state not in ("contracting", "running"):
        raise ConflictError(said("Milestones are planned while an award is being agreed, or runs."))
    if not title.strip():
        raise InputError(said("Say what shall be reached."))
    made = Milestone.objects.create(id=Milestone.fresh(), award=held, title=title.strip(), due=due)
    record_node(verb="commission.plan", by=by, about=[held, made])
    return made


@transaction.atomic
def hand_over(*, by: str, milestone: Milestone, title: str, where: str = "") -> Deliverable:
    """Keep that something was handed over for a milestone."""
    if not title.strip():
        raise InputError(said("Say what was handed over."))
    made = Deliverable.objects.create(
        id=Deliverable.fresh(),
        milestone=milestone,
        title=title.strip(),
        where=where.strip(),
        received_on=timezone.localdate(),
    )
    record_node(verb="commission.hand-over", by=by, about=[milestone.award, milestone, made])
    return made


@transaction.atomic
def accept(*, by: str, deliverable: Deliverable) -> Deliverable:
    """Accept what was handed over. When all of a milestone's is accepted, the milestone is reached."""
    held = Deliverable.objects.select_for_update().select_related("milestone").get(pk=deliverable.pk)
    if held.accepted_on is not None:
        return held
    held.accepted_on, held.accepted_by = timezone.localdate(), by
    held.save()
    milestone = held.milestone
    if milestone.reached_on is None and not milestone.deliverables.filter(accepted_on=None).exists():
        milestone.reached_on = timezone.localdate()
        milestone.save(update_fields=["reached_on"])
    record_node(verb="commission.accept", by=by, about=[milestone.award, milestone, held])
    return held


@transaction.atomic
def propose_variation(
    *, by: str, award: Award, why: str, more: int = 0, ends_on: datetime.date | None = None
) -> Variation:
    """Propose a change of an award's money or end. It holds once somebody else approved it."""
    held = locked(award)
    if held.state not in ("running", "closing"):
        raise ConflictError(said("Only an award that is under way is varied."))
    if not why.strip() or (more == 0 and ends_on is None):
        raise InputError(said("Say what changes, the money or the end, and why."))
    made = Variation.objects.create(
        id=Variation.fresh(), award=held, number=held.variations.count() + 1, more=more, ends_on=ends_on, why=why.strip(),
        by=by, at=timezone.now(),
    )  # fmt: skip
    record_node(verb="commission.propose-variation", by=by, about=[held, made])
    return made


@transaction.atomic
def approve_variation(*, by: str, variation: Variation) -> Award:
    """Approve somebody else's proposal: from now on the award is as it says."""
    held = Variation.objects.select_for_update().get(pk=variation.pk)
    award = locked(held.award)
    if held.approved_at is not None:
        return award
    if held.by == by:
        raise ForbiddenError(said("Somebody else must approve a change that you proposed."))
    if (award.amount or 0) + held.more < 0:
        raise InputError(said("The award would be below nought."))
    held.approved_by, held.approved_at = by, timezone.now()
    held.save()
    award.amount = (award.amount or 0) + held.more
    award.ends_on = held.ends_on or award.ends_on
    award.save(update_fields=["amount", "ends_on"])
    record(verb="commission.vary", by=by, about=[award.call], made=[award])
    return award


def locked(award: Award) -> Award:
    """The award as it is now, held until the transaction ends."""
    held: Award = Award.objects.select_for_update().get(pk=award.pk)
    return held
