"""Events, their erasable payloads, and the seals that chain them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal, public, secret

CONTENT = "content"  # travels in packs
NODE = "node"  # sign-in, load, administration: never leaves this machine


class EventQuerySet(models.QuerySet):
    def about(self, *identifiers: str) -> EventQuerySet:
        """Events that mention any of the subjects, oldest first."""
        return self.filter(mentions__subject__in=identifiers).distinct().order_by("at", "id")

    def unsealed(self) -> EventQuerySet:
        """The tail that no seal covers yet."""
        return self.filter(pending__isnull=False)


class Event(models.Model):
    """One thing that somebody did. Never changed, never deleted; what could identify a person is in its payload."""

    uid = models.CharField(max_length=32, unique=True)
    stream = models.CharField(max_length=8, choices=[(CONTENT, CONTENT), (NODE, NODE)])
    verb = models.CharField(max_length=64)
    actor = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()
    subjects = CanonicalField()
    digests = CanonicalField()
    commitment = models.CharField(max_length=64)

    append_only: ClassVar = True
    classes: ClassVar = public("uid stream verb actor at subjects digests commitment") | internal("id")
    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stream__in=[CONTENT, NODE]), name="event_stream_known")]
        indexes = [models.Index(fields=["verb"])]

    def __str__(self) -> str:
        return f"{self.verb} by {self.actor}"

    def sealed_values(self) -> dict[str, Any]:
        """What a seal vouches for: everything but the erasable payload, which the commitment stands for."""
        return {
            "uid": self.uid,
            "stream": self.stream,
            "verb": self.verb,
            "actor": self.actor,
            "at": self.at.isoformat(),
            "subjects": self.subjects,
            "digests": self.digests,
            "commitment": self.commitment,
        }


class EventSubject(models.Model):
    """That an event mentions a subject: the way from a subject to its history."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="mentions")
    subject = models.CharField(max_length=24, db_index=True)

    append_only: ClassVar = True
    classes: ClassVar = public("event subject") | internal("id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subject"], name="event_mentions_subject_once")]


class Payload(models.Model):
    """The erasable part of an event. Without its key, the commitment left in the chain says nothing about it."""

    HELD, WITHHELD, ERASED = "held", "withheld", "erased"

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    key = models.CharField(max_length=64, blank=True)
    body = models.TextField(blank=True)
    audience = models.CharField(max_length=8, default="internal")
    state = models.CharField(max_length=8, default=HELD)
    erased_by = models.CharField(max_length=32, blank=True)

    classes: ClassVar = secret("key") | internal("event body audience state erased_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state="held") | Q(key="", body=""), name="payload_gone_is_empty"),
        ]


class Pending(models.Model):
    """An event that waits for the sealer. Written with the event, so the tail is known without a scan."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="pending")
    stream = models.CharField(max_length=8, db_index=True)

    classes: ClassVar = internal("event stream")


class Seal(models.Model):
    """The number and hash of an event in its stream's chain."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="seal")
    stream = models.CharField(max_length=8)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    append_only: ClassVar = True
    classes: ClassVar = public("event stream number hash")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="seal_number_once_per_stream")]
        ordering: ClassVar = ["stream", "number"]
