"""The decision to stop: signed by a person, with the numbers as they stand at that moment."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.screen.models import Candidate, Place, Review, Stop
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.reviewing import may_lead, rules_of
from whatworks.screen.stopping import answer, before_time, estimate, met


def untouched(review: Review, stage: str) -> CandidateQuerySet:
    """Candidates that nobody has said anything about and nobody is looking at."""
    live = Place.objects.filter(Q(done=True) | Q(until__gt=timezone.now()))
    own, leaders = live.filter(candidate=OuterRef("pk")), live.filter(candidate=OuterRef("as_one"))
    alone = Q(as_one=None) | (Q(as_one__state=Candidate.OPEN, as_one__said=0) & ~Exists(leaders))
    return Candidate.objects.at(review, stage).filter(alone, ~Exists(own), state=Candidate.OPEN, said=0)


@transaction.atomic
def sign_stop(*, by: str, review: Review, stage: str, seen: int, why: str = "") -> Stop:
    """Stop screening a stage: what nobody has looked at is left out, and counts as excluded by automation.

    `seen` is how many were left when the person decided: a ConflictError where that changed much since, so that nobody
    signs other numbers than they saw. What one of two people has judged already is still to be finished. The numbers
    and whether the protocol's rule is met are worked out here; to stop before it is met needs a reason. Only a lead signs.
    """
    if not may_lead(review, by):
        raise ForbiddenError(said("Only a lead of the review signs the decision to stop."))
    Review.objects.select_for_update().get(pk=review.pk)
    if review.stops.standing().filter(stage=stage).exists():
        raise ConflictError(said("Screening of this stage was stopped already."))
    if adding := review.waves.filter(complete=False).first():
        raise ConflictError(said("“%(name)s” is still being added; stop when all of it is there.", name=adding.name))
    left = untouched(review, stage)
    count = left.count()
    if count != seen:
        raise ConflictError(
            said(
                "%(seen)s were left when this page was made and %(count)s are now; look at the new numbers.",
                seen=f"{seen:,}",
                count=f"{count:,}",
            )
        )
    told = to_sign(review, stage) | {"unscreened": count}
    if told["early"] and not why.strip():
        raise InputError(said("The protocol's stopping rule is not met; say why you stop all the same."))
    signed = {"why": why.strip(), "by": by, "at": timezone.now()}
    stop = Stop.objects.create(id=Stop.fresh(), review=review, stage=stage, **told, **signed)
    left.update(state=Candidate.UNSCREENED)
    payload = {name: told[name] for name in ("unscreened", "rule", "early", "sentence")}
    record(verb="screen.stop", by=by, about=[review], made=[stop], payload=payload, audience=PUBLIC)
    return stop


def to_sign(review: Review, stage: str) -> dict[str, Any]:
    """What a signature puts down now: the rule, the numbers, the sentence, and whether it comes before its time."""
    rules, told = rules_of(review), estimate(review, stage)
    allowed = met(review, told, stage)
    sentence = answer(rules, told, allowed=True) if allowed else before_time(told)
    return {"rule": rules.stopping, "numbers": told.to_dict(), "sentence": sentence, "early": not allowed}
