"""What has been written: where it was found, what each file held, and which records are the same report."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row, SubjectRow


class Source(SubjectRow):
    """A database, a website, or another place that was searched."""

    kind, prefix = "source", "src"
    name = models.CharField(max_length=160)
    platform = models.CharField(max_length=120, blank=True)
    sort = models.CharField(max_length=24)
    url = models.URLField(max_length=500, blank=True)

    classes: ClassVar = public("subject name platform sort url")


class Import(SubjectRow):
    """One file as it arrived: its hash, its format, and what could and could not be read."""

    kind, prefix = "import", "imp"
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=24)
    encoding = models.CharField(max_length=24)
    record_starts = models.IntegerField()
    records = models.IntegerField()
    unreadable = CanonicalField(default=list)
    complete = models.BooleanField(default=True)  # no while a long import is still being taken in

    classes: ClassVar = public(
        "subject source filename sha256 format encoding record_starts records unreadable complete"
    )

    class Meta:
        constraints = [
            # Read once is enough: the same bytes from the same source are the same import.
            models.UniqueConstraint(fields=["source", "sha256"], name="import_once_per_source"),
            models.CheckConstraint(condition=Q(records__lte=models.F("record_starts")), name="import_conserves"),
        ]

    def subject_title(self) -> str:
        return self.filename


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


class MatchDecision(Row):
    """Whether two reports are one: a rule proposes, a person confirms, and it can be undone."""

    PROPOSED, CONFIRMED, REFUSED, UNDONE = "proposed", "confirmed", "refused", "undone"

    prefix = "mat"
    left = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    proposal = models.CharField(max_length=8)
    rule = models.CharField(max_length=48)
    score = models.FloatField()
    reason = models.TextField()
    state = models.CharField(max_length=10, default=PROPOSED)

    classes: ClassVar = public("id left right proposal rule score reason state")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="match_pair_once"),
            models.CheckConstraint(condition=Q(left__lt=models.F("right")), name="match_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "confirmed", "refused", "undone"]), name="match_state_known"
            ),
        ]
