"""What has been written: records as they came, and the reports that they describe."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models.searching import Import
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet

# What a report says of itself; where reports are merged, each of these comes from one of them.
FIELDS = ("title", "authors", "year", "venue", "doi", "url", "sort")


class ReportQuerySet(SubjectQuerySet):
    def here(self) -> ReportQuerySet:
        """Reports that are to be seen: not those of an import that is still being taken in."""
        return self.exclude(origin__in=Import.objects.filter(complete=False))

    def speaking(self) -> ReportQuerySet:
        """Reports that are to be seen and that speak for themselves: what is listed, searched and counted."""
        return self.here().filter(merged_into=None)

    def together(self, report: str) -> ReportQuerySet:
        """Every report that speaks through the same one as this, itself among them."""
        anchor = self.filter(pk=report).values_list("merged_into", flat=True).first() or report
        return self.filter(Q(pk=anchor) | Q(merged_into=anchor))


class Report(SubjectRow):
    """A piece of writing, as a stable row. Of those that are merged one speaks for all; its fields are their view.

    `own` holds what the speaking report says by itself, and `chosen` says from which report each field now comes; both
    are empty where it speaks for itself alone, and both follow from the standing decisions.
    """

    kind, prefix = "report", "rep"
    identifier_length = LONG
    title = models.TextField()
    authors = models.TextField(blank=True)
    year = models.IntegerField(null=True)
    venue = models.TextField(blank=True)
    doi = models.CharField(max_length=200, blank=True, db_index=True)
    url = models.URLField(max_length=600, blank=True)
    sort = models.CharField(max_length=24, blank=True)
    retracted_on = models.DateField(null=True)
    retraction_url = models.URLField(max_length=400, blank=True)
    origin = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="reports")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False)
    own: Any = CanonicalField(null=True)
    chosen: Any = CanonicalField(default=dict)

    classes: ClassVar = public("subject title authors year venue doi url sort retracted_on retraction_url") | internal(
        "origin merged_into own chosen"
    )
    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="reports_merged")]

    def citation(self) -> str:
        """Authors, year, title and place, in one line."""
        names = self.authors.split("; ") if self.authors else []
        who = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else ""
        who = who or (f"{names[0]} and others" if names else "")
        parts = [f"{who} ({self.year})" if who and self.year else who or (f"({self.year})" if self.year else "")]
        parts += [self.title, self.venue]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def speaker(self) -> Report:
        """The report through which this one speaks: itself where it is not merged."""
        return self.merged_into or self

    def alone(self) -> dict[str, Any]:
        """What this report says by itself, whatever it speaks for."""
        return dict(self.own) if self.own is not None else {name: getattr(self, name) for name in FIELDS}

    def link(self) -> str:
        """Where it can be read: the DOI if there is one; empty for an address that is not a web address."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return self.url if self.url.startswith(("https://", "http://")) else ""


class Record(Row):
    """One record of an import, with every tag it came with."""

    prefix, identifier_length = "rec", LONG
    origin = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="rows")
    position = models.IntegerField()
    line = models.IntegerField()
    tags: Any = CanonicalField()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="records")
    first_report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")

    classes: ClassVar = public("id origin position line tags report first_report")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "position"], name="record_once_per_import")]
