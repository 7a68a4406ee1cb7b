"""Taking up others' decisions as long work: asked for on a page, done piece by piece, told when it is done."""

from __future__ import annotations

import datetime
import json
from typing import Any

from whatworks.collate.models import OthersDecision
from whatworks.errors import ForbiddenError, InputError
from whatworks.ledger.models import Event, Job, Payload
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said
from whatworks.screen.models import Review
from whatworks.screen.reviewing import may_lead
from whatworks.screen.taking_up import WAYS, TakenUp, take_up

TAKE_UP = "screen.take-up"  # also the verb of the event that it leaves
LASTING = datetime.timedelta(minutes=30)
UNDONE = (Job.WAITING, Job.RUNNING)


def others_in(review: Review) -> int:
    """How many decisions of other tools came with the records of a review."""
    origins = [origin for wave in review.waves.all() for origin in wave.given["imports"]]
    return OthersDecision.objects.filter(record__origin__in=origins, record__origin__complete=True).count()


def ask_to_take_up(*, by: str, review: Review, as_: str) -> Job:
    """Have the decisions of other tools taken up. What was taken up before is left alone, so asking twice is harmless."""
    if as_ not in WAYS:
        raise InputError(
            said("Decisions cannot be taken up as %(as_)r; choose one of %(ways)s.", as_=as_[:40], ways=", ".join(WAYS))
        )
    if not may_lead(review, by):
        raise ForbiddenError(said("Only a lead of the review takes up what was decided elsewhere."))
    if held := under_way(review):
        return held
    return enqueue(kind=TAKE_UP, by=by, arguments={"by": by, "review": review.pk, "as": as_})


def under_way(review: Review) -> Job | None:
    """The taking up that waits or is at work."""
    rows = Job.objects.filter(kind=TAKE_UP, state__in=UNDONE).order_by("pk")
    return next((job for job in rows if job.arguments.get("review") == review.pk), None)


def last_taken_up(review: Review) -> str:
    """What came of the last time, in a sentence; empty where nothing was ever taken up."""
    event = Event.objects.filter(verb=TAKE_UP, mentions__subject=review.pk).order_by("-pk").first()
    body = Payload.objects.filter(event=event, state=Payload.HELD).values_list("body", flat=True).first()
    if not body:
        return ""
    told = json.loads(body)
    found = TakenUp(told["added"], told["already"])
    found.left.update(told["left"])
    return found.summary()


def take_up_outside(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Take them up, some at a time in a transaction of their own; a worker that is lost is followed by another."""
    take_up(by=arguments["by"], review=Review.objects.get(pk=arguments["review"]), as_=arguments["as"])


@task(TAKE_UP, outside=take_up_outside, lasting=LASTING)
def take_up_step(arguments: dict[str, Any], cursor: dict[str, Any], found: None) -> None:
    """Nothing is left to do."""
