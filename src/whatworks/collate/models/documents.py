"""The reports themselves, as far as the centre holds them: files, and the text found in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models.reports import Report
from whatworks.ledger.fields import internal
from whatworks.ledger.models import SubjectRow


class Document(SubjectRow):
    """A PDF of a report. Its text is for searching; the file itself is kept as it came and never opened by the centre.

    `state` says what came of reading it: `read`, `scanned` (pages without text), `locked` (a password) or `broken`.
    """

    READ, SCANNED, LOCKED, BROKEN, WAITING = "read", "scanned", "locked", "broken", "waiting"

    kind, prefix = "document", "doc"
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="documents")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    state = models.CharField(max_length=8, default=WAITING)
    pages = models.IntegerField(null=True)
    text = models.TextField(blank=True)
    reader = models.CharField(max_length=40, blank=True)  # the program that read it, with its version

    # Most reports are somebody's copyright: what people wrote about them is open, the files are not.
    classes: ClassVar = internal("subject report filename sha256 size state pages text reader")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="document_once_per_report"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "read", "scanned", "locked", "broken"]), name="document_state_known"
            ),
        ]

    def subject_title(self) -> str:
        return self.filename
