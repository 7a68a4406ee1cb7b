"""What people say about candidates: opinions that count, and remarks to one another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.ledger.fields import internal
from whatworks.ledger.models import Row
from whatworks.screen.models.queue import Candidate


class OpinionQuerySet(models.QuerySet):
    def current(self) -> OpinionQuerySet:
        """The last word of each person on each candidate; nothing of who took theirs back."""
        later = Opinion.objects.filter(
            candidate=OuterRef("candidate"), by=OuterRef("by"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later)).exclude(decision=Opinion.WITHDRAWN)


class Opinion(Row):
    """What one person said about a candidate. It is never changed: saying something else, or taking it back, is a new one."""

    INCLUDE, EXCLUDE, MAYBE, WITHDRAWN = "include", "exclude", "maybe", "withdrawn"

    prefix = "opn"
    append_only = True
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="opinions")
    by = models.CharField(max_length=64, db_index=True)
    number = models.IntegerField()  # of this person on this candidate, from 1
    decision = models.CharField(max_length=9)
    reason = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    third = models.BooleanField(default=False)  # it decides between others that differ
    key = models.CharField(max_length=64, unique=True)  # the asker's own: the same request twice is one opinion
    seconds = models.FloatField(null=True)  # that the record was on the screen
    at = models.DateTimeField(db_index=True)

    classes: ClassVar = internal("id candidate by number decision reason note third key seconds at")
    objects = OpinionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "by", "number"], name="opinion_numbered_once"),
            models.CheckConstraint(
                condition=Q(decision__in=["include", "exclude", "maybe", "withdrawn"]), name="opinion_known"
            ),
        ]


class Remark(Row):
    """What somebody wrote to the others about a candidate while its decision was open."""

    prefix = "rmk"
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="remarks")
    by = models.CharField(max_length=64)
    text = models.TextField()
    at = models.DateTimeField()

    classes: ClassVar = internal("id candidate by text at")
