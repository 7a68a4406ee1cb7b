"""A signed stop holds no longer: a lead thought again, or there is more to screen."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.screen.models import Candidate, Lift, Stop
from whatworks.screen.reviewing import refuse_unless_in_charge


@transaction.atomic
def lift(*, by: str, stop: Stop, why: str) -> Lift:
    """Let screening go on after a stop. Raises ForbiddenError where `by` neither leads the review nor administers."""
    refuse_unless_in_charge(stop.review_id, by)
    return go_on(by=by, stop=stop, why=why)


@transaction.atomic
def go_on(*, by: str, stop: Stop, why: str) -> Lift:
    """Let a stop hold no longer, as what somebody was let do brings it about: what it left out is up again."""
    if not why.strip():
        raise InputError(said("Say why screening goes on."))
    if Lift.objects.filter(stop=stop).exists():
        raise ConflictError(said("Screening goes on already."))
    made = Lift.objects.create(id=Lift.derived(stop.pk), stop=stop, why=why.strip(), by=by, at=timezone.now())
    Candidate.objects.at(stop.review_id, stop.stage).filter(state=Candidate.UNSCREENED).update(state=Candidate.OPEN)
    record(verb="screen.lift", by=by, about=[stop.review_id], made=[made], payload={"why": why}, audience=PUBLIC)
    return made
