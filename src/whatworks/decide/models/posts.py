"""Posts on the board or the staff, and how those who applied for them were scored. Applicants are never public."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.decide.models.decisions import Resolution
from whatworks.ledger.fields import CanonicalField, internal, personal, public
from whatworks.ledger.models import Row, SubjectRow


class Post(SubjectRow):
    """A post that is to be filled: what it asks, who asks the questions, and when the papers of applicants are deleted."""

    kind, prefix = "vacancy", "pos"
    title = models.CharField(max_length=160)
    says = models.TextField()
    criteria: Any = CanonicalField()  # rows of criterion, weight, anchors
    panels: Any = CanonicalField()  # who interviews, by panel: such as a panel of young people
    closes_on = models.DateField()
    kept_until = models.DateField()
    filled = models.ForeignKey(Resolution, on_delete=models.PROTECT, null=True, related_name="+")
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public("subject title says criteria panels closes_on kept_until filled demonstration")


class Interviewed(Row):
    """One interviewer's scores for one applicant, given before those of others are seen."""

    prefix = "ivw"
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="interviews")
    applicant = models.CharField(max_length=40)  # a number handed out, not a name
    panel = models.CharField(max_length=80)
    interviewer = models.CharField(max_length=64)
    scores = CanonicalField()  # criterion -> score
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    classes: ClassVar = internal("id post panel scores at") | personal("applicant interviewer note")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "applicant", "interviewer"], name="interviewed_once_by_each"),
        ]
