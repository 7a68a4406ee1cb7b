"""What has been written: records as they came, and the reports that they describe."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.collate.models.searching import Import
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row, SubjectRow


class Report(SubjectRow):
    """A piece of writing, as a stable row: its fields are a view over its anchor record."""

    kind, prefix = "report", "rep"
    title = models.TextField()
    authors = models.TextField(blank=True)
    year = models.IntegerField(null=True)
    venue = models.TextField(blank=True)
    doi = models.CharField(max_length=200, blank=True, db_index=True)
    url = models.URLField(max_length=600, blank=True)
    sort = models.CharField(max_length=24, blank=True)
    retracted_on = models.DateField(null=True)
    retraction_url = models.URLField(max_length=400, blank=True)

    classes: ClassVar = public("subject title authors year venue doi url sort retracted_on retraction_url")

    def citation(self) -> str:
        """Authors, year, title and place, in one line."""
        names = self.authors.split("; ") if self.authors else []
        who = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else ""
        who = who or (f"{names[0]} and others" if names else "")
        parts = [f"{who} ({self.year})" if who and self.year else who or (f"({self.year})" if self.year else "")]
        parts += [self.title, self.venue]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

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
