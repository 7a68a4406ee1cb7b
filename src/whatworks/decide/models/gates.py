"""Stages of a programme as gates, answers to government and Parliament, and the way to standing on one's own feet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.decide.models.decisions import Resolution
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, Subject, SubjectRow


class Gate(Row):
    """Whether a programme may go on to its next stage: each criterion with what was found, and who decided."""

    STAGES = ("baseline", "exploratory", "establishing effectiveness", "in practice")

    prefix = "gat"
    append_only = True
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")  # an intervention, or a theme
    number = models.IntegerField()
    stage = models.CharField(max_length=30)  # which it enters
    criteria = CanonicalField()  # rows of criterion, met (yes, no, not known), found
    passed = models.BooleanField()
    reason = models.TextField()
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, null=True, related_name="gates")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id about number stage criteria passed reason resolution by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="gate_numbered_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="gate_has_reason"),
        ]


class PolicyResponse(SubjectRow):
    """What the centre said to a consultation, a committee or the Government; and what came back."""

    kind, prefix = "policy response", "por"
    title = models.CharField(max_length=200)
    to_whom = models.CharField(max_length=160)
    asked = models.TextField(blank=True)
    link = models.URLField(max_length=400, blank=True)
    text = models.TextField()
    cites = CanonicalField(default=list)  # identifiers of what it rests on
    sent_on = models.DateField(null=True)
    came_back = models.TextField(blank=True)
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public("subject title to_whom asked link text cites sent_on came_back demonstration")


class PlanStep(Row):
    """A step of an organisation's plan, such as one on its way to independence: who sees to it, by when, and the proof."""

    prefix = "pls"
    plan = models.CharField(max_length=120)
    order = models.IntegerField()
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)  # an office
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    proof = models.CharField(max_length=400, blank=True)
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public("id plan order what owner due_on done_on proof demonstration")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="plan_step_ordered"),
            models.CheckConstraint(condition=Q(done_on=None) | ~Q(proof=""), name="plan_step_done_has_proof"),
        ]
