"""What the studies say together: declared analyses, frozen results, and the results that others published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report
from whatworks.extract.models import Contrast
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review


class Analysis(SubjectRow):
    """A pool declared before it is computed: which contrasts, on which scale, by which model, with which interval."""

    kind, prefix = "analysis", "ana"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="analyses")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="analyses")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="analyses")
    title = models.CharField(max_length=200)
    slug = models.SlugField(unique=True, max_length=80)
    metric = models.CharField(max_length=16)
    model = models.CharField(max_length=12, default="random")
    tau2 = models.CharField(max_length=8, default="REML")
    interval = models.CharField(max_length=16, default="hksj")
    published_interval = models.CharField(max_length=16, blank=True)
    lead = models.BooleanField(default=True)
    follow_up = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=40)
    declared_by = models.CharField(max_length=120)

    classes: ClassVar = public(
        "subject review intervention outcome title slug metric model tau2 interval published_interval lead "
        "follow_up unit declared_by"
    )


class AnalysisMember(Row):
    """That a declared analysis takes a contrast."""

    prefix = "anm"
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="members")
    contrast = models.ForeignKey(Contrast, on_delete=models.PROTECT, related_name="memberships")

    classes: ClassVar = public("id analysis contrast")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["analysis", "contrast"], name="contrast_once_per_analysis")]


class SynthesisQuerySet(SubjectQuerySet):
    def current(self) -> SynthesisQuerySet:
        """Those that nothing newer replaces."""
        return self.filter(subject__artefact__superseded_by="")


class Synthesis(SubjectRow):
    """A pooled result with its inputs, method and version. Never changed: a new one stands beside it."""

    DEFAULT, AS_PUBLISHED = "our default", "as published"

    kind, prefix = "synthesis", "syn"
    append_only = True
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="syntheses")
    role = models.CharField(max_length=16)
    method = models.CharField(max_length=48)
    version = models.CharField(max_length=16)
    settings = CanonicalField()
    inputs = CanonicalField()
    result = CanonicalField()

    classes: ClassVar = public("subject analysis role method version settings inputs result")
    objects = SynthesisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["our default", "as published"]), name="synthesis_role_known")
        ]

    def subject_title(self) -> str:
        return f"Pooled result of {self.analysis_id}, {self.role}"


class PublishedResult(SubjectRow):
    """A result that others published: theirs, with its source; shown, compared, never pooled with ours."""

    kind, prefix = "published result", "pub"
    review_name = models.CharField(max_length=160)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="published_results")
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, null=True, related_name="published")
    intervention = models.ForeignKey(
        Intervention, on_delete=models.PROTECT, null=True, related_name="published_results"
    )
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="published_results")
    topic = models.CharField(max_length=160)
    measured = models.CharField(max_length=200)
    follow_up = models.CharField(max_length=80, blank=True)
    measure = models.CharField(max_length=24)
    estimate = models.FloatField(null=True)
    ci_low = models.FloatField(null=True)
    ci_high = models.FloatField(null=True)
    p = models.CharField(max_length=16, blank=True)
    tau2 = models.FloatField(null=True)
    i2 = models.FloatField(null=True)
    q = models.FloatField(null=True)
    k = models.IntegerField(null=True)
    k_review = models.IntegerField(null=True)
    participants = models.IntegerField(null=True)
    effects = models.IntegerField(null=True)
    model = models.CharField(max_length=80, blank=True)
    finding = models.CharField(max_length=24, blank=True)
    remark = models.TextField(blank=True)
    source_url = models.URLField(max_length=500)

    classes: ClassVar = public(
        "subject review_name report analysis intervention outcome topic measured follow_up measure estimate ci_low "
        "ci_high p tau2 i2 q k k_review participants effects model finding remark source_url"
    )

    def subject_title(self) -> str:
        return f"{self.review_name}: {self.measured}"


class DeclarationQuerySet(SubjectQuerySet):
    def in_force(self, analysis: Analysis | str) -> Declaration | None:
        """The last declaration of an analysis; None where how it was declared is not recorded."""
        return self.filter(analysis=analysis).order_by("-number").first()


class Declaration(SubjectRow):
    """What an analysis will do, as somebody declared it. Never changed: a later one stands beside it, saying what differs.

    One that came after the plan was locked is a deviation. `known`: what of its results was known when it was made.
    """

    kind, prefix = "declaration", "dcl"
    append_only = True
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="declarations")
    number = models.IntegerField()
    plan: Any = CanonicalField()
    known: Any = CanonicalField()
    changes: Any = CanonicalField()
    deviation = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("subject analysis number plan known changes deviation why by at")
    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["analysis", "number"], name="declaration_numbered_once"),
            # Whoever departs from a locked plan says why.
            models.CheckConstraint(condition=Q(deviation=False) | ~Q(why=""), name="deviation_says_why"),
        ]

    def subject_title(self) -> str:
        return f"Declaration {self.number} of {self.analysis_id}"


class Lock(Row):
    """That the plan of an analysis is fixed: from here on every change is a deviation."""

    prefix = "lck"
    append_only = True
    analysis = models.OneToOneField(Analysis, on_delete=models.PROTECT, related_name="lock")
    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="lock")
    known: Any = CanonicalField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id analysis declaration known by at")


class Sensitivity(SubjectRow):
    """What a pooled result would have been by other defensible choices; kept with the result, recomputed with it."""

    kind, prefix = "sensitivity", "sns"
    append_only = True
    synthesis = models.OneToOneField(Synthesis, on_delete=models.PROTECT, related_name="sensitivity")
    version = models.CharField(max_length=16)
    keys: Any = CanonicalField()
    result: Any = CanonicalField()

    classes: ClassVar = public("subject synthesis version keys result")

    def subject_title(self) -> str:
        return f"Sensitivity of {self.synthesis_id}"
