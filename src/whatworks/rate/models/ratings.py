"""How far to believe it: ratings with their reasons, people's recorded judgements, and what other bodies say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Intervention, Outcome
from whatworks.synthesise.models import Analysis, Synthesis


class RatingQuerySet(SubjectQuerySet):
    def current(self) -> RatingQuerySet:
        """Those that nothing newer replaces."""
        return self.filter(subject__artefact__superseded_by="")


class Rating(SubjectRow):
    """A level computed by a scheme's rules from recorded inputs, with the reason for every step."""

    kind, prefix = "rating", "rat"
    append_only = True
    scheme = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="ratings")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="ratings")
    synthesis = models.ForeignKey(Synthesis, on_delete=models.PROTECT, null=True, related_name="ratings")
    inputs = CanonicalField()
    result = CanonicalField()

    classes: ClassVar = public("subject scheme version intervention outcome synthesis inputs result")
    objects = RatingQuerySet.as_manager()

    def subject_title(self) -> str:
        return f"{self.scheme} of {self.intervention_id} on {self.outcome_id}"


class Signature(Row):
    """That a person looked at a computed rating and agrees; two are needed before it stops being provisional."""

    NEEDED = 2

    prefix = "sig"
    append_only = True
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="signatures")
    by = models.CharField(max_length=64)

    classes: ClassVar = public("id rating by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "by"], name="signed_once_per_person")]


class RecordedJudgement(SubjectRow):
    """A judgement that people made and published, domain by domain, such as GRADE."""

    kind, prefix = "judgement", "grd"
    scheme = models.CharField(max_length=32)
    analysis = models.ForeignKey(Analysis, on_delete=models.PROTECT, related_name="judgements")
    design_start = models.CharField(max_length=24)
    domains = CanonicalField()
    level = models.CharField(max_length=24)
    by = models.CharField(max_length=160)
    source_url = models.URLField(max_length=400)

    classes: ClassVar = public("subject scheme analysis design_start domains level by source_url")

    def subject_title(self) -> str:
        return f"{self.scheme} of {self.analysis_id}: {self.level}"


class ExternalRating(SubjectRow):
    """What another body says about a programme: its rating, its scheme, its date. They ask a different question."""

    kind, prefix = "external rating", "ext"
    programme = models.CharField(max_length=160)
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="external_ratings")
    body = models.CharField(max_length=120)
    rating = models.CharField(max_length=120)
    outcome_words = models.CharField(max_length=120, blank=True)
    on = models.CharField(max_length=10, blank=True)
    secondary = models.BooleanField(default=False)
    remark = models.TextField(blank=True)
    source_url = models.URLField(max_length=500)

    classes: ClassVar = public(
        "subject programme intervention body rating outcome_words on secondary remark source_url"
    )

    def subject_title(self) -> str:
        return f"{self.body}: {self.programme}"
