"""What publishers said about reports after they appeared: every notice known here, and which reports it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.methods.notices import CONCERN, CORRECTION, REINSTATEMENT, RETRACTION, Standing
from whatworks.collate.models.reports import Report
from whatworks.ledger.fields import public
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row


class RetractionNotice(Row):
    """One notice out of a list, kept whether or not its report is here: a report that comes later is caught then."""

    prefix, identifier_length = "ntc", LONG
    nature = models.CharField(max_length=14)
    doi = models.CharField(max_length=200, blank=True, db_index=True)  # of the report that it is about
    title = models.TextField(blank=True)
    title_key = models.CharField(max_length=32, blank=True, db_index=True)
    year = models.IntegerField(null=True)
    on = models.DateField()
    url = models.URLField(max_length=600, blank=True)
    reason = models.TextField(blank=True)
    told_by = models.CharField(max_length=200)  # the list
    list_sha256 = models.CharField(max_length=64)
    number = models.CharField(max_length=24, blank=True)  # in the list

    classes: ClassVar = public("id nature doi title title_key year on url reason told_by list_sha256 number")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(nature__in=[RETRACTION, CONCERN, CORRECTION, REINSTATEMENT]), name="notice_nature_known"
            )
        ]

    def standing(self) -> Standing:
        """What it says, as a plain value."""
        return Standing(self.nature, self.on, self.url, self.reason)


class NoticeHitQuerySet(models.QuerySet):
    def held(self) -> NoticeHitQuerySet:
        """Notices that are taken to be about their reports."""
        return self.filter(state=NoticeHit.HELD)

    def waiting(self) -> NoticeHitQuerySet:
        """Notices of which a person must say whether they are about a report, the newest first."""
        return self.filter(state=NoticeHit.PROPOSED).order_by("-notice__on", "pk")

    def about(self, reports: Iterable[str]) -> NoticeHitQuerySet:
        """Held notices about any of the reports."""
        return self.held().filter(report__in=list(reports)).select_related("notice")


class NoticeHit(Row):
    """That a notice is about a report: for sure by its DOI, or proposed by its title until a person says so."""

    PROPOSED, HELD, REFUSED = "proposed", "held", "refused"
    DOI, TITLE = "doi", "title"

    prefix, identifier_length = "nhi", LONG
    notice = models.ForeignKey(RetractionNotice, on_delete=models.PROTECT, related_name="hits")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="notices")
    found_by = models.CharField(max_length=5)
    state = models.CharField(max_length=8)

    classes: ClassVar = public("id notice report found_by state")
    objects = NoticeHitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "report"], name="notice_hits_report_once"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "held", "refused"]), name="notice_hit_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="notice_hits_by_state")]
