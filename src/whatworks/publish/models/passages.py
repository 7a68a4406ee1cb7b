"""What people write for a page, and that a page was withdrawn: kept in order, nothing over anything."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row
from whatworks.publish.models.pages import Page
from whatworks.scope.models import Intervention


class PassageQuerySet(models.QuerySet):
    def newest_of(self, intervention: Intervention | str) -> dict[str, Passage]:
        """The last word on each part of a page, by the part, ready or not; one that was taken back is empty."""
        return {one.part: one for one in self.filter(intervention=intervention).order_by("part", "number")}

    def ready_of(self, intervention: Intervention | str) -> dict[str, Passage]:
        """The last word on each part that its writer put into the page."""
        return self.filter(ready=True).newest_of(intervention)


class Passage(Row):
    """What a person wrote for one part of a page; an empty one takes the part back, saying why.

    The newest that its writer called ready is what the would-be page says; one that is not ready is work in hand.
    """

    prefix = "psg"
    append_only = True
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="passages")
    part = models.CharField(max_length=24)
    number = models.IntegerField()
    text = models.TextField(blank=True)
    sources: Any = CanonicalField(default=list)
    ready = models.BooleanField(default=True)
    why = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id intervention part number text sources ready why by at")
    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "part", "number"], name="passage_numbered_once"),
            models.CheckConstraint(
                condition=~models.Q(text="") | ~models.Q(why=""), name="passage_taken_back_says_why"
            ),
        ]


class PageStandingQuerySet(models.QuerySet):
    def standing(self) -> dict[str, PageStanding]:
        """The pages that stand withdrawn now, each with the row that says why."""
        last = {one.page_id: one for one in self.order_by("page", "number")}
        return {page: one for page, one in last.items() if one.withdrawn}


class PageStanding(Row):
    """That a page was withdrawn, or put back, and why. The newest counts; the page stays at its address."""

    prefix = "pst"
    append_only = True
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="standings")
    number = models.IntegerField()
    withdrawn = models.BooleanField()
    why = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id page number withdrawn why by at")
    objects = PageStandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="withdrawal_numbered_once"),
            models.CheckConstraint(condition=~models.Q(why=""), name="withdrawal_says_why"),
        ]
