"""Long work: what is to be done, how far it came, and who holds it."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal


class JobQuerySet(models.QuerySet):
    def ready(self, now: datetime.datetime) -> JobQuerySet:
        """Waiting, or running under a lease that has run out (its worker is gone)."""
        return self.filter(Q(state=Job.WAITING) | Q(state=Job.RUNNING, lease_until__lt=now)).order_by("id")


class Job(models.Model):
    """One piece of long work with its cursor; done once, whoever dies meanwhile."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    kind = models.CharField(max_length=48)
    arguments = CanonicalField(default=dict)
    key = models.CharField(max_length=96, unique=True)
    state = models.CharField(max_length=8, default=WAITING, db_index=True)
    cursor = CanonicalField(default=dict)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    worker = models.CharField(max_length=48, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    classes: ClassVar = internal(
        "id kind arguments key state cursor done total worker lease_until attempts error by made_at ended_at"
    )
    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="job_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
