"""What waits for a person in the reviews that they take part in: for the workspace's first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Review, Screener
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.queueing import waiting_for


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many records of a review that wait for somebody's opinion at a stage."""

    review: Review
    stage: str
    count: int
    at: str


def conflicts_for(actor: str) -> CandidateQuerySet:
    """The conflicts of the reviews that this person takes part in."""
    mine = Screener.objects.here().filter(user=actor).values("review")
    rows = Candidate.objects.filter(review__in=mine, state=Candidate.CONFLICT, as_one=None)
    return rows.select_related("review", "report").order_by("review__title", "-stage", "number")


def opinions_wanted(actor: str) -> Sequence[Waiting]:
    """By review and stage, how many records this person could be handed."""
    rows = Screener.objects.here().filter(user=actor, review__waves__complete=True).distinct()
    found = []
    for row in rows.select_related("review").order_by("review__title"):
        for stage, at in ((TITLE, "screen"), (FULL_TEXT, "full-text")):
            if count := waiting_for(by=actor, review=row.review, stage=stage):
                found.append(Waiting(row.review, stage, count, f"/workspace/reviews/{row.review.slug}/{at}/"))
    return found
