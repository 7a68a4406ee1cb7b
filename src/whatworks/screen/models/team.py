"""How a team screens: its protocol, its people, and what it was given to screen."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import SearchRun
from whatworks.ledger.fields import CanonicalField, personal, public
from whatworks.ledger.models import Row
from whatworks.people.models import User
from whatworks.screen.models.reviews import Review


class ProtocolQuerySet(models.QuerySet):
    def current(self, review: Review) -> Protocol | None:
        """The protocol in force: the last version; None where the review has none."""
        return self.filter(review=review).order_by("-number").first()


class Protocol(Row):
    """One version of how a review is done. A change is a new version, with its reason; earlier ones stay."""

    prefix = "ptc"
    append_only = True
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="protocols")
    number = models.IntegerField()
    rules: Any = CanonicalField()  # what `methods.protocol.Rules` reads
    why = models.TextField(blank=True)  # why it was changed; empty for the first
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id review number rules why by at")
    objects = ProtocolQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="protocol_version_once")]


class ScreenerQuerySet(models.QuerySet):
    def here(self) -> ScreenerQuerySet:
        """Those who take part now."""
        return self.filter(until=None)

    def leading(self) -> ScreenerQuerySet:
        """Leads who can still sign in: neither erased nor deactivated."""
        return self.here().filter(part=Screener.LEAD, user__is_active=True)


class Screener(Row):
    """That a person takes part in a review, and as what. Who leaves keeps what they said."""

    SCREENER, CORE, LEAD = "screener", "core", "lead"

    prefix = "scr"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="screeners")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    classes: ClassVar = personal("id review user part since until")
    objects = ScreenerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="screener_once"),
            models.CheckConstraint(condition=Q(part__in=["screener", "core", "lead"]), name="screener_part_known"),
        ]


class Wave(Row):
    """One lot of reports given to a review to screen: the records that a search brought, and what became of them."""

    DATABASES, REGISTERS, OTHER, PREVIOUS = "databases", "registers", "other", "previous"

    prefix = "wav"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="waves")
    number = models.IntegerField()
    route = models.CharField(max_length=10)
    name = models.CharField(max_length=200)  # what it is called in the flow: a database, "Citation searching"
    kind = models.CharField(max_length=16, blank=True)  # other methods: websites, organisations, citations
    run = models.ForeignKey(SearchRun, on_delete=models.PROTECT, null=True, related_name="+")
    given: Any = CanonicalField()  # the imports and the single reports
    records = models.IntegerField()  # identified
    added = models.IntegerField()  # that were new to the review
    studies = models.IntegerField(null=True)  # in the previous version, where it is told
    complete = models.BooleanField(default=False)  # no while its candidates are still being added: none is handed out
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id review number route name kind run given records added studies complete by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="wave_once"),
            models.CheckConstraint(
                condition=Q(route__in=["databases", "registers", "other", "previous"]), name="wave_route_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", "websites", "organisations", "citations"]), name="wave_kind_known"
            ),
            models.CheckConstraint(condition=Q(added__gte=0, added__lte=models.F("records")), name="wave_conserves"),
        ]
