"""Where it was found, and what each file held."""

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
