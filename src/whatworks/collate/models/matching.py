"""Which reports are one: what a rule proposes and what people decide."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models.reports import Report
from whatworks.ledger.fields import public
from whatworks.ledger.models import Row


class MatchDecision(Row):
    """Whether two reports are one: a rule proposes, a person confirms, and it can be undone."""

    PROPOSED, CONFIRMED, REFUSED, UNDONE = "proposed", "confirmed", "refused", "undone"

    prefix = "mat"
    left = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    proposal = models.CharField(max_length=8)
    rule = models.CharField(max_length=48)
    score = models.FloatField()
    reason = models.TextField()
    state = models.CharField(max_length=10, default=PROPOSED)

    classes: ClassVar = public("id left right proposal rule score reason state")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="match_pair_once"),
            models.CheckConstraint(condition=Q(left__lt=models.F("right")), name="match_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "confirmed", "refused", "undone"]), name="match_state_known"
            ),
        ]
