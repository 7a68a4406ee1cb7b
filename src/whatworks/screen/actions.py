"""What people do to a review: judge a report in or out, saying why."""

from __future__ import annotations

from django.db import transaction

from whatworks.collate.models import Report
from whatworks.errors import InputError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.screen.models import Judgement, Review


@transaction.atomic
def judge(
    *, by: str, review: Review, report: Report, stage: str, decision: str, reason: str = "", detail: str = ""
) -> Judgement:
    """Record one person's decision. A full-text exclusion needs a reason: that is what PRISMA reports.

    It hangs on the report through which the one given speaks. A report taken in at full text marks everything that
    rests on the review as stale: readers see that it arrived.
    """
    if decision == Judgement.EXCLUDE and stage == Judgement.FULL_TEXT and not reason:
        raise InputError(said("An exclusion at full text needs a reason; choose one of the review's reasons."))
    report = report.speaker()
    judgement = Judgement.objects.create(
        id=Judgement.fresh(),
        review=review,
        report=report,
        stage=stage,
        decision=decision,
        reason=reason,
        detail=detail,
        by=by,
    )
    event = record(
        verb="screen.judge",
        by=by,
        about=[judgement.pk, review, report],
        payload=judgement.values(),
        audience=PUBLIC,
    )
    if (stage, decision) == (Judgement.FULL_TEXT, Judgement.INCLUDE):
        mark_stale(review.pk, event=event)
    return judgement
