"""The decision to stop: signed by a person with the numbers as they stand, and lifted when there is more to screen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.screen.models import Candidate, Lift, Place, Review, Stop
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.reviewing import may_lead


def untouched(review: Review, stage: str) -> CandidateQuerySet:
    """Candidates that nobody has said anything about and nobody is looking at."""
    live = Place.objects.filter(Q(done=True) | Q(until__gt=timezone.now()))
    own, leaders = live.filter(candidate=OuterRef("pk")), live.filter(candidate=OuterRef("as_one"))
    alone = Q(as_one=None) | (Q(as_one__state=Candidate.OPEN, as_one__said=0) & ~Exists(leaders))
    return Candidate.objects.at(review, stage).filter(alone, ~Exists(own), state=Candidate.OPEN, said=0)


@transaction.atomic
def sign_stop(
    *,
    by: str,
    review: Review,
    stage: str,
    rule: str,
    numbers: dict[str, Any],
    sentence: str,
    allowed: bool,
    seen: int,
    why: str = "",
) -> Stop:
    """Stop screening a stage: what nobody has looked at is left out, and counts as excluded by automation.

    `seen` is how many were left when the person decided: a ConflictError where that changed much since, so that nobody
    signs other numbers than they saw. What one of two people has judged already is still to be finished. `allowed`
    says whether the protocol's rule is met; stopping before needs a reason. Only a lead may sign.
    """
    if not may_lead(review, by):
        raise ForbiddenError("Only a lead of the review signs the decision to stop.")
    Review.objects.select_for_update().get(pk=review.pk)
    if review.stops.standing().filter(stage=stage).exists():
        raise ConflictError("Screening of this stage was stopped already.")
    if adding := review.waves.filter(complete=False).first():
        raise ConflictError(f"“{adding.name}” is still being added; stop when all of it is there.")
    left = untouched(review, stage)
    count = left.count()
    if count != seen:
        raise ConflictError(
            f"{seen:,} were left when this page was made and {count:,} are now; look at the new numbers."
        )
    if not allowed and not why.strip():
        raise InputError("The protocol's stopping rule is not met; say why you stop all the same.")
    told = {"rule": rule, "numbers": numbers, "sentence": sentence, "unscreened": count, "early": not allowed}
    signed = {"why": why.strip(), "by": by, "at": timezone.now()}
    stop = Stop.objects.create(id=Stop.fresh(), review=review, stage=stage, **told, **signed)
    left.update(state=Candidate.UNSCREENED)
    payload = {"unscreened": count, "rule": rule, "early": stop.early, "sentence": sentence}
    record(verb="screen.stop", by=by, about=[review], made=[stop], payload=payload, audience=PUBLIC)
    return stop


@transaction.atomic
def lift(*, by: str, stop: Stop, why: str) -> Lift:
    """Let a stop hold no longer: what it left out is up for screening again."""
    if not why.strip():
        raise InputError("Say why screening goes on.")
    if Lift.objects.filter(stop=stop).exists():
        raise ConflictError("Screening goes on already.")
    made = Lift.objects.create(id=Lift.derived(stop.pk), stop=stop, why=why.strip(), by=by, at=timezone.now())
    Candidate.objects.at(stop.review_id, stop.stage).filter(state=Candidate.UNSCREENED).update(state=Candidate.OPEN)
    record(verb="screen.lift", by=by, about=[stop.review_id], made=[made], payload={"why": why}, audience=PUBLIC)
    return made
