"""Events that are open to people: places, who wants one, what they need, what they thought, and what was said."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.convene.models.texts import Text
from whatworks.ledger.fields import CanonicalField, internal, personal, public, secret
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class GatheringQuerySet(SubjectQuerySet):
    def to_come(self, now: datetime.datetime) -> GatheringQuerySet:
        """Those that have not ended, the next first."""
        return self.filter(ends_at__gte=now).order_by("starts_at", "title")

    def past(self, now: datetime.datetime) -> GatheringQuerySet:
        """Those that have ended or of which no day is known, the last first."""
        return self.filter(Q(ends_at__lt=now) | Q(ends_at=None)).order_by(
            models.F("ends_at").desc(nulls_last=True), "title"
        )


class Gathering(SubjectRow):
    """An event: people come together. One that others held carries what is on record of it, each fact with its source."""

    kind, prefix = "gathering", "gth"
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    when = models.CharField(max_length=120, blank=True)  # in words, where no day is on record
    place = models.CharField(max_length=200, blank=True)
    places = models.IntegerField(default=0)  # none: nobody can sign up here
    contact = models.CharField(max_length=200, blank=True)
    facts: Any = CanonicalField(default=list)  # fact, source, address
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject slug title about starts_at ends_at when place places contact facts demonstration"
    )
    objects = GatheringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places=0) | Q(starts_at__isnull=False), name="gathering_has_a_day"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")), name="gathering_ends_later"
            ),
        ]


class GatheringPlaceQuerySet(models.QuerySet):
    def taken(self) -> GatheringPlaceQuerySet:
        """Who has a place, in the order in which they asked."""
        return self.filter(state__in=["place", "came", "did not come"]).order_by("asked_at", "pk")

    def waiting(self) -> GatheringPlaceQuerySet:
        """Who waits for one, the first first."""
        return self.filter(state="waiting").order_by("asked_at", "pk")


class GatheringPlace(Row):
    """Somebody who asked for a place. What they need to take part is taken away after the event, who they are later."""

    prefix = "gpl"
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="asked")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    needs = models.TextField(blank=True)
    state = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=64, unique=True)  # the digest of the private address's end

    classes: ClassVar = (
        personal("name email needs") | secret("token") | internal("id gathering state asked_at reminded_at")
    )
    objects = GatheringPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["place", "waiting", "cancelled", "came", "did not come"]),
                name="gathering_place_known",
            ),
        ]


class GatheringFeedback(Row):
    """What somebody thought of an event: who is not kept."""

    prefix = "gfb"
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="feedback")
    useful = models.IntegerField()
    heard = models.IntegerField()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()

    classes: ClassVar = internal("id gathering useful heard text on")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(useful__gte=1, useful__lte=5, heard__gte=1, heard__lte=5), name="feedback_from_one_to_five"
            ),
        ]
