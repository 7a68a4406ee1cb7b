"""Where it was looked for: sources, strategies and their runs; and what each file that came of it held."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import SubjectRow


class Source(SubjectRow):
    """A database, a website, or another place that was searched."""

    kind, prefix = "source", "src"
    name = models.CharField(max_length=160)
    platform = models.CharField(max_length=120, blank=True)
    sort = models.CharField(max_length=24)
    url = models.URLField(max_length=500, blank=True)

    classes: ClassVar = public("subject name platform sort url")

    def __str__(self) -> str:
        return f"{self.name} ({self.platform})" if self.platform else self.name


class Strategy(SubjectRow):
    """A search as it can be run again: where, and word for word what was asked."""

    kind, prefix = "strategy", "stg"
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="strategies")
    name = models.CharField(max_length=160)
    text = models.TextField(blank=True)  # as it was typed, line by line
    limits = models.TextField(blank=True)  # languages, years, kinds of publication
    filters = models.TextField(blank=True)  # published search filters, by name
    peer_review = models.TextField(blank=True)
    service = models.CharField(max_length=12, blank=True)  # where a machine can run it again: openalex, crossref

    classes: ClassVar = public("subject source name text limits filters peer_review service")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="strategy_name_once"),
            models.CheckConstraint(
                condition=Q(service__in=["", "openalex", "crossref"]), name="strategy_service_known"
            ),
        ]


class SearchRun(SubjectRow):
    """A strategy as it was run on one day: how many hits the platform reported, and what came of them."""

    kind, prefix = "search run", "run"
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="runs")
    ran_on = models.DateField()
    number = models.IntegerField(default=1)  # of that day
    text = models.TextField(blank=True)  # what was run on that day; the strategy's text may change later
    hits = models.IntegerField(null=True)
    explanation = models.TextField(blank=True)  # why the records read are not as many as the hits reported

    classes: ClassVar = public("subject strategy ran_on number text hits explanation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strategy", "ran_on", "number"], name="search_run_once"),
            models.CheckConstraint(condition=Q(hits=None) | Q(hits__gte=0), name="search_run_hits_counted"),
        ]

    def subject_title(self) -> str:
        return f"{self.strategy.name}, {self.ran_on:%-d %B %Y}"

    def __str__(self) -> str:
        more = f", {self.number}" if self.number > 1 else ""
        return f"{self.strategy.name}, {self.strategy.source}, {self.ran_on:%-d %B %Y}{more}"


class Import(SubjectRow):
    """One file as it arrived: its hash, its format, and what could and could not be read."""

    kind, prefix = "import", "imp"
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    run = models.ForeignKey(SearchRun, on_delete=models.PROTECT, null=True, related_name="imports")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=24)
    encoding = models.CharField(max_length=24)
    record_starts = models.IntegerField()
    records = models.IntegerField()
    unreadable = CanonicalField(default=list)
    complete = models.BooleanField(default=True)  # no while a long import is still being taken in

    classes: ClassVar = public(
        "subject source run filename sha256 format encoding record_starts records unreadable complete"
    )

    class Meta:
        constraints = [
            # Read once is enough: the same bytes from the same source are the same import.
            models.UniqueConstraint(fields=["source", "sha256"], name="import_once_per_source"),
            models.CheckConstraint(condition=Q(records__lte=models.F("record_starts")), name="import_conserves"),
        ]

    def subject_title(self) -> str:
        return self.filename
