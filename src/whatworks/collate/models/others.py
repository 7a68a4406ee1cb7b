"""What people decided elsewhere, before a review came here: read with the records, and kept as theirs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models.reports import Record
from whatworks.ledger.fields import CanonicalField, personal, public
from whatworks.ledger.models import Row


class OthersDecision(Row):
    """One decision on one record that came with an export of another screening tool. It is nobody's judgement here.

    `who` and `made_at` are empty where the export does not say; `raw` is the text that was read, so that nothing is lost.
    """

    prefix = "oth"
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="others_decisions")
    position = models.IntegerField()  # among the decisions that came with the record
    tool = models.CharField(max_length=24)
    who = models.CharField(max_length=160, blank=True)
    verdict = models.CharField(max_length=8)
    stage = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    labels: Any = CanonicalField(default=list)
    made_at = models.DateTimeField(null=True)
    raw = models.TextField()

    classes: ClassVar = public("id record position tool verdict stage reason labels made_at") | personal("who raw")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="others_decision_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=["include", "exclude", "maybe", "conflict"]), name="others_verdict_known"
            ),
        ]
