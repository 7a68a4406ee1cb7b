"""Asking for a new order: after a decision, after a search was added. Many decisions at once are one question."""

from __future__ import annotations

import uuid

from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue
from whatworks.screen.models import Review

RANK = "screen.rank"


def ask_for_ranking(review: Review, stage: str, *, by: str) -> Job:
    """Have the waiting candidates put in order by what is known now, unless that is asked for already."""
    arguments = {"review": review.pk, "stage": stage, "by": by}
    waiting = Job.objects.filter(kind=RANK, state=Job.WAITING, key__startswith=_key(review, stage)).first()
    if waiting:
        return waiting
    return enqueue(kind=RANK, by=by, key=f"{_key(review, stage)}{uuid.uuid4().hex[:16]}", arguments=arguments)


def _key(review: Review, stage: str) -> str:
    return f"rank-{review.pk}-{stage[:5]}-"
