"""What each study says and how well it was done: raw numbers, the findings computed from them, appraisals."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review


class Study(SubjectRow):
    """One piece of research, however many reports tell of it."""

    kind, prefix = "study", "sty"
    name = models.CharField(max_length=200)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="studies")
    design = models.CharField(max_length=60)
    randomised = models.BooleanField()
    country = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=160, blank=True)
    years = models.CharField(max_length=60, blank=True)
    population = models.TextField(blank=True)
    n_total = models.IntegerField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    caution = models.TextField(blank=True)

    classes: ClassVar = public(
        "subject name review design randomised country place years population n_total unit caution"
    )


class StudyReport(Row):
    """That a report tells of a study, and in which role."""

    prefix = "srp"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="tellings")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="tellings")
    role = models.CharField(max_length=16, default="main")

    classes: ClassVar = public("id study report role")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "report"], name="report_once_per_study")]


class Arm(Row):
    """A group of a study: those offered the intervention, or those it is compared with."""

    prefix = "arm"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="arms")
    name = models.CharField(max_length=160)
    role = models.CharField(max_length=16)
    n = models.IntegerField(null=True)

    classes: ClassVar = public("id study name role n")


class ContrastQuerySet(SubjectQuerySet):
    def about(self, intervention: Intervention) -> ContrastQuerySet:
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
            return f"Its report was retracted on {self.report.retracted_on:%-d %B %Y}."
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


class Appraisal(SubjectRow):
    """Risk of bias of a study (or of one report of it) by a versioned instrument."""

    kind, prefix = "appraisal", "apr"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="appraisals")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="appraisals")
    instrument = models.CharField(max_length=24)
    version = models.CharField(max_length=16)
    domains = CanonicalField()
    overall = models.CharField(max_length=24)
    by = models.CharField(max_length=120)

    classes: ClassVar = public("subject study report instrument version domains overall by")

    def subject_title(self) -> str:
        return f"{self.instrument} of {self.study_id}"


class Component(Row):
    """A word of a review's vocabulary for what an intervention is made of."""

    prefix = "cmp"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="components")
    group = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    order = models.IntegerField()

    classes: ClassVar = public("id review group name order")
