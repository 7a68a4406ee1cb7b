"""Data of a trial by digest only, analyses blind and open, the moment of unblinding, and what was passed on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report
from whatworks.extract.models import Contrast
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.trial.models.trials import Trial, TrialProtocol


class Dataset(SubjectRow):
    """That outcome data arrived and were checked. The rows lie in a file outside the database; here are digest, columns and counts."""

    kind, prefix = "dataset", "dts"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="datasets")
    number = models.IntegerField()
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    columns: Any = CanonicalField(default=list)
    checks: Any = CanonicalField(default=list)  # what was looked at, and what was found
    counts: Any = CanonicalField(default=dict)  # rows, clusters and missing outcomes by arm, small numbers withheld
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject trial number digest rows columns checks counts by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="dataset_numbered_once"),
            models.UniqueConstraint(fields=["trial", "digest"], name="dataset_once"),
        ]

    def subject_title(self) -> str:
        return f"Data {self.number} of {self.trial.title}"


class TrialAnalysis(SubjectRow):
    """The analyses of one data set under one protocol, side by side. A blind one ran on arms that were dealt out anew."""

    kind, prefix = "trial analysis", "tan"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="analyses")
    protocol = models.ForeignKey(TrialProtocol, on_delete=models.PROTECT, related_name="analyses")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="analyses")
    number = models.IntegerField()
    blind = models.BooleanField()
    version = models.CharField(max_length=16)  # of the program that computed it
    panel: Any = CanonicalField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject trial protocol dataset number blind version panel digest by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="trial_analysis_numbered_once")]

    def subject_title(self) -> str:
        return f"Analysis {self.number} of {self.trial.title}"


class Unblinding(Row):
    """That the arms were made known to those who analyse: after which blind analysis and plan, or why without one."""

    prefix = "unb"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="unblindings")
    after = models.ForeignKey(TrialAnalysis, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id trial after reason by at")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="unblinding_has_reason")]


class Deposit(Row):
    """That the declared result of an analysis was passed on as a contrast, from which its finding is computed."""

    prefix = "dpo"
    append_only = True
    analysis = models.OneToOneField(TrialAnalysis, on_delete=models.PROTECT, related_name="deposit")
    contrast = models.ForeignKey(Contrast, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id analysis contrast report by at")


class Correlation(SubjectRow):
    """How alike people of one cluster were: an entry of the bank from which later trials are sized."""

    ICC, CAC, K = "icc", "cac", "k"

    kind, prefix = "correlation", "crl"
    append_only = True
    measure = models.CharField(max_length=8)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    outcome = models.CharField(max_length=200)
    setting = models.CharField(max_length=200)
    clusters = models.IntegerField(null=True)
    people = models.IntegerField(null=True)
    how = models.TextField(blank=True)  # the model and the method of its interval
    analysis = models.ForeignKey(TrialAnalysis, on_delete=models.PROTECT, null=True, related_name="correlations")
    source = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public(
        "subject measure value low high outcome setting clusters people how analysis source by at"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=["icc", "cac", "k"]), name="correlation_known"),
            models.CheckConstraint(condition=Q(analysis__isnull=False) | ~Q(source=""), name="correlation_has_source"),
        ]

    def subject_title(self) -> str:
        return f"{self.measure} of {self.outcome}"
