"""The practice map: what is said of a practice in a place, by whom, and the rounds in which places were asked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.baseline.methods.standing import DOING, NOT_KNOWN, PLANNED, STOPPED, TRIED
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.money import MoneyField
from whatworks.people.models import Area
from whatworks.saying import said
from whatworks.scope.models import Intervention

STATUSES = {
    DOING: said("doing it"),
    TRIED: said("tried it"),
    STOPPED: said("stopped it"),
    PLANNED: said("plans it"),
    NOT_KNOWN: said("not known"),
}


class Practice(SubjectRow):
    """A way of working that places may have. What is known of its effects stands on the page of its intervention."""

    kind, prefix = "practice", "pra"
    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=160)
    plain = models.TextField()
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="practices")

    classes: ClassVar = public("subject slug name plain intervention")


class Round(SubjectRow):
    """A survey round: places asked about practices, so that what changed between rounds can be counted."""

    kind, prefix = "round", "rnd"
    name = models.CharField(max_length=120, unique=True)
    question = models.TextField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    practices = CanonicalField()  # identifiers of those asked about
    areas = CanonicalField()  # identifiers of those asked
    source_url = models.URLField(max_length=500, blank=True)

    classes: ClassVar = public("subject name question opened_on closed_on practices areas source_url")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=models.F("opened_on")), name="round_ends_after_it_begins"
            )
        ]


class Reply(Row):
    """That a place answered a round. One without this row did not answer: nothing is known from it."""

    prefix = "rpl"
    append_only = True
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="replies")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="replies")
    on = models.DateField()
    said_by = models.CharField(
        max_length=160
    )  # the part of somebody, such as “the council’s head of service”; never a name

    classes: ClassVar = public("id round area on said_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "area"], name="reply_once_per_round")]


class StandingQuerySet(models.QuerySet):
    def not_replaced(self) -> StandingQuerySet:
        """Words that nobody corrected since."""
        return self.filter(replaced_by__isnull=True)

    def newest_first(self) -> StandingQuerySet:
        """The latest word first: by the day it is of, then by when it was entered."""
        return self.order_by("-on", "-entered_at", "-pk")


class Standing(Row):
    """What a source says of a practice in a place on a day. Rows are never changed: a later one says otherwise."""

    prefix = "sdg"
    append_only = True
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="standings")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="standings")
    status = models.CharField(max_length=10)
    on = models.CharField(max_length=10)  # the day it is of, as exactly as known: 2019, 2019-01 or 2019-01-25
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    scale = models.CharField(max_length=300, blank=True)
    delivered_by = models.CharField(max_length=200, blank=True)
    partners = models.CharField(max_length=400, blank=True)  # agencies, with semicolons between
    cost = MoneyField(null=True)
    cost_of = models.CharField(max_length=200, blank=True)  # what the amount is for
    source = models.CharField(max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    said_by = models.CharField(max_length=160)
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, related_name="standings")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    why = models.TextField(blank=True)  # why it replaces that row
    entered_at = models.DateTimeField()

    classes: ClassVar = public(
        "id area practice status on since until scale delivered_by partners cost cost_of source source_url said_by reply "
        "replaces why entered_at"
    )
    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(STATUSES)), name="standing_status_known"),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(why=""), name="standing_says_why_it_replaces"),
            models.UniqueConstraint(
                fields=["reply", "practice"], condition=Q(replaces=None), name="standing_once_per_reply"
            ),
        ]
        indexes = [models.Index(fields=["practice", "area"], name="standing_of_practice")]

    def values(self) -> dict[str, Any]:
        """As every row; money as its text, which is how it is digested."""
        return super().values() | {"cost": str(self.cost) if self.cost else None}
