"""Contrasts: raw numbers that reports print. Findings: what is computed from them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report
from whatworks.extract.models.studies import Arm, Measure, Study
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.saying import dated, said
from whatworks.scope.models import Intervention, Outcome


class ContrastQuerySet(SubjectQuerySet):
    def of_study(self, study: Study | str) -> ContrastQuerySet:
        """The contrasts of a study with how they were measured, in one query."""
        return self.filter(study=study).select_related("detail__measure", "outcome", "report").order_by("pk")

    def about(self, intervention: Intervention | str) -> ContrastQuerySet:
        """Contrasts of an intervention and its parts."""
        return self.filter(Q(intervention=intervention) | Q(intervention__part_of=intervention))


class Contrast(SubjectRow):
    """Raw numbers that a report prints about one outcome in two groups, as the coder read them.

    `basis` says how much the numbers can bear; only reported counts, means and effects with an interval may be pooled.
    """

    POOLABLE = ("reported", "published effect", "statistic")

    kind, prefix = "contrast", "con"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="contrasts")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="contrasts")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="contrasts")
    measured = models.CharField(max_length=200)
    sign = models.SmallIntegerField(default=1)
    follow_up = models.CharField(max_length=120, blank=True)
    months = models.FloatField(null=True)
    unit = models.CharField(max_length=40)
    compared_with = models.CharField(max_length=160, blank=True)
    n_total = models.IntegerField(null=True)
    basis = models.CharField(max_length=40)
    formula = models.CharField(max_length=48, blank=True)
    inputs: Any = CanonicalField(default=dict)
    printed = CanonicalField(default=dict)
    reported_direction = models.CharField(max_length=24, blank=True)
    overlaps = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    why_not = models.TextField(blank=True)
    caution = models.TextField(blank=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="contrasts")
    place = models.CharField(max_length=160, blank=True)
    coder = models.CharField(max_length=120)
    reference = models.CharField(max_length=80, blank=True)

    classes: ClassVar = public(
        "subject study intervention outcome measured sign follow_up months unit compared_with n_total basis formula "
        "inputs printed reported_direction overlaps why_not caution report place coder reference"
    )
    objects = ContrastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sign__in=[-1, 1]), name="contrast_sign"),
            # A row that may be pooled has a formula; one that may not says why.
            models.CheckConstraint(condition=~Q(formula="") | ~Q(why_not=""), name="contrast_formula_or_why_not"),
        ]

    def subject_title(self) -> str:
        return f"{self.measured}, {self.follow_up}" if self.follow_up else self.measured

    @property
    def poolable(self) -> bool:
        """Whether the numbers can be pooled without assumptions, and their report still stands."""
        return bool(self.formula) and not self.unsafe

    @property
    def unsafe(self) -> str:
        """Why the numbers must not be pooled; empty where they may be."""
        if self.report.retracted_on:
            return said("Its report was retracted on %(day)s.", day=dated(self.report.retracted_on))
        return self.why_not


class Finding(SubjectRow):
    """An effect computed from a contrast's raw numbers by one named formula. Never changed: a correction makes a new one."""

    kind, prefix = "finding", "fnd"
    append_only = True
    contrast = models.ForeignKey(Contrast, on_delete=models.PROTECT, related_name="findings")
    formula = models.CharField(max_length=48)
    version = models.CharField(max_length=16)
    inputs = CanonicalField()
    metric = models.CharField(max_length=16)
    yi = models.FloatField()
    vi = models.FloatField()
    n1 = models.FloatField(null=True)
    n2 = models.FloatField(null=True)

    classes: ClassVar = public("subject contrast formula version inputs metric yi vi n1 n2")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(vi__gte=0), name="finding_variance_not_negative")]

    def subject_title(self) -> str:
        return f"{self.metric} of {self.contrast_id}"


class ContrastDetail(Row):
    """How a contrast was measured and analysed, and where its numbers stand in the report."""

    ANALYSED = ("intention to treat", "per protocol", "as treated", "complete cases", "other", "not reported")
    CLUSTERED = ("not clustered", "handled", "not handled", "not reported")

    prefix = "ctd"
    contrast = models.OneToOneField(Contrast, on_delete=models.PROTECT, related_name="detail")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="contrasts")
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, related_name="+")
    comparison = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, related_name="+")
    months_from_baseline = models.FloatField(null=True)
    months_from_end = models.FloatField(null=True)  # of treatment
    population = models.TextField(blank=True)
    analysis_set = models.CharField(max_length=24, blank=True)
    adjusted = models.BooleanField(null=True)
    adjusted_for = models.TextField(blank=True)
    clustering = models.CharField(max_length=16, blank=True)
    icc = models.FloatField(null=True)
    icc_source = models.TextField(blank=True)
    cluster_size = models.FloatField(null=True)
    page = models.IntegerField(null=True)
    quote = models.TextField(blank=True)  # the report's own words: for the workspace only
    rectangle: Any = CanonicalField(null=True)  # on the page: left, top, right, bottom as shares of it
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public(
        "id contrast measure arm comparison months_from_baseline months_from_end population analysis_set adjusted "
        "adjusted_for clustering icc icc_source cluster_size page by at"
    ) | internal("quote rectangle")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    analysis_set__in=[
                        "",
                        "intention to treat",
                        "per protocol",
                        "as treated",
                        "complete cases",
                        "other",
                        "not reported",
                    ]
                )
                & Q(clustering__in=["", "not clustered", "handled", "not handled", "not reported"]),
                name="contrast_analysis_known",
            ),
            # Where an ICC was not in the report, the reader must be able to see where it is from.
            models.CheckConstraint(
                condition=Q(icc=None) | (Q(icc__gte=-1, icc__lte=1) & ~Q(icc_source="")),
                name="contrast_icc_has_source",
                violation_error_message="an ICC lies between -1 and 1 and has its source (icc_source).",
            ),
        ]
