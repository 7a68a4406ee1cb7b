"""What a machine proposed as the order, and when people said that they had looked at enough."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row
from whatworks.screen.models.reviews import Review


class RankingQuerySet(models.QuerySet):
    def last_of(self, review: Review, stage: str) -> Ranking | None:
        """The order that was proposed last; None where there is none yet."""
        return self.filter(review=review, stage=stage).order_by("-number").first()


class Ranking(Row):
    """One order that a learner proposed: a suggestion. With those before it, it can be worked out again.

    `learnt` holds only what changed since the one before: by report, 1 taken further, 0 left out, None unsaid again.
    """

    prefix = "rnk"
    append_only = True
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rankings")
    stage = models.CharField(max_length=20)
    number = models.IntegerField()
    learner = models.CharField(max_length=32)
    version = models.CharField(max_length=24)
    seed = models.BigIntegerField()
    protocol = models.IntegerField()  # its version: its words are what a learner knows before anybody said anything
    candidates = models.IntegerField()  # the first so many were ranked
    learnt: Any = CanonicalField()
    labels = models.IntegerField()  # learnt from
    texts_digest = models.CharField(max_length=64)
    labels_digest = models.CharField(max_length=64)
    order_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal(
        "id review stage number learner version seed protocol candidates learnt labels texts_digest labels_digest "
        "order_digest at"
    )
    objects = RankingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "stage", "number"], name="ranking_once")]


class StopQuerySet(models.QuerySet):
    def standing(self) -> StopQuerySet:
        """Stops that were not lifted."""
        return self.filter(lift=None)


class Stop(Row):
    """That somebody signed the decision to stop, with the numbers as they stood then."""

    prefix = "stp"
    append_only = True
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="stops")
    stage = models.CharField(max_length=20)
    rule = models.CharField(max_length=16)
    numbers: Any = CanonicalField()  # the estimate as it stood
    sentence = models.TextField()
    unscreened = models.IntegerField()  # left out by it
    early = models.BooleanField(default=False)  # against the rule that the protocol had set
    why = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id review stage rule numbers sentence unscreened early why by at")
    objects = StopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(unscreened__gte=0), name="stop_counts"),
            models.CheckConstraint(condition=Q(early=False) | ~Q(why=""), name="stop_early_says_why"),
        ]


class Lift(Row):
    """That a stop no longer holds: there is more to screen, or somebody thought again."""

    prefix = "lft"
    append_only = True
    stop = models.OneToOneField(Stop, on_delete=models.PROTECT, related_name="lift")
    why = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id stop why by at")
