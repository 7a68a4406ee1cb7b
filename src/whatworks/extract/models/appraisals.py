"""Appraisals: how far a study's result may be bent, and what was answered and argued to get there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.collate.models import Report
from whatworks.extract.models.findings import Contrast
from whatworks.extract.models.studies import Study
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow


class Appraisal(SubjectRow):
    """Risk of bias of a study, of one report of it, or of one result (its judgings say which), by a versioned instrument."""

    kind, prefix = "appraisal", "apr"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="appraisals")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="appraisals")
    instrument = models.CharField(max_length=24)
    version = models.CharField(max_length=16)
    domains: Any = CanonicalField()
    overall = models.CharField(max_length=24)
    by = models.CharField(max_length=120)

    classes: ClassVar = public("subject study report instrument version domains overall by")

    def subject_title(self) -> str:
        return f"{self.instrument} of {self.study_id}"


class JudgingQuerySet(models.QuerySet):
    def last_of(self, appraisal: Appraisal | str) -> Judging | None:
        """What the appraisal as it stands was argued with; None where it came from elsewhere."""
        return self.filter(appraisal=appraisal).order_by("-number").first()


class Judging(Row):
    """One working of an appraisal: what was answered, what the instrument's rule proposes, what people judged and why.

    A judgement that differs from the proposal has its reason. A later working stands; earlier ones stay.
    """

    prefix = "jug"
    append_only = True
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="judgings")
    contrast = models.ForeignKey(Contrast, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.IntegerField()
    answers: Any = CanonicalField()  # by signalling question
    proposed: Any = CanonicalField()  # by domain, and `overall`
    trail: Any = CanonicalField(default=dict)  # by domain, and `overall`: the answers that decided, and why
    domains: Any = CanonicalField()
    overall = models.CharField(max_length=24)
    reasons: Any = CanonicalField()  # by domain or `overall`: why it is not as proposed
    notes: Any = CanonicalField(default=dict)  # by domain: what supports it, quotes too: for the workspace only
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True)

    classes: ClassVar = public(
        "id appraisal contrast number answers proposed trail domains overall reasons by at"
    ) | internal("notes key")
    objects = JudgingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "number"], name="judging_numbered_once"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="judging_asked_once"),
        ]
