"""Who judges a call, what may sway them, what they scored and why, what was moderated, and what was determined: records apart."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.commission.models.applications import Application
from whatworks.commission.models.calls import Call
from whatworks.ledger.fields import CanonicalField, internal, personal
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row
from whatworks.people.models import User


class Appointment(Row):
    """That somebody assesses the applications of a call, or decides on them, with the bodies they said they are tied to."""

    ASSESSOR, DECIDER = "assessor", "decider"

    prefix, identifier_length = "apm", LONG
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10)
    ties: Any = CanonicalField(default=list)
    declared_at = models.DateTimeField(null=True)  # when they said what they are tied to; before that they see nothing
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id call role declared_at by at") | personal("user ties")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "user", "role"], name="appointed_once"),
            models.CheckConstraint(condition=Q(role__in=["assessor", "decider"]), name="appointment_role_known"),
        ]


class CallConflict(Row):
    """That somebody may be too close to an application: proposed by a rule or by themselves, decided by a person."""

    PROPOSED, STANDS, DISMISSED = "proposed", "stands", "dismissed"

    prefix, identifier_length = "cfl", LONG
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(max_length=40)
    seen = models.TextField()
    state = models.CharField(max_length=10, default=PROPOSED)
    why = models.TextField(blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    classes: ClassVar = internal("id application ground state decided_by at") | personal("user seen why")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user", "ground"], name="conflict_once"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "stands", "dismissed"]), name="call_conflict_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="dismissed") | ~Q(why=""), name="conflict_dismissed_with_reason"),
        ]


class Assessment(Row):
    """One assessor's judgement of one application; blind to those of others until all are in."""

    prefix, identifier_length = "asx", LONG
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assessments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    classes: ClassVar = internal("id application at submitted_at") | personal("user")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="assessed_once_by_each")]


class CriterionScore(Row):
    """The score on one criterion, with the reason for it."""

    prefix, identifier_length = "csc", LONG
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=40)
    score = models.IntegerField()
    why = models.TextField()

    classes: ClassVar = internal("id assessment criterion score") | personal("why")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="criterion_scored_once"),
            models.CheckConstraint(condition=~Q(why=""), name="score_has_reason"),
        ]


class Moderation(Row):
    """What assessors agreed on a criterion after they had seen each other's scores. Their own scores stay."""

    prefix, identifier_length = "mdt", LONG
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="moderations")
    criterion = models.CharField(max_length=40)
    score = models.IntegerField()
    why = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id application criterion score by at") | personal("why")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="criterion_moderated_once"),
            models.CheckConstraint(condition=~Q(why=""), name="moderation_has_reason"),
        ]


class Determination(Row):
    """What was decided on an application, apart from what assessors said; where it departs from what came out, with the reason."""

    CHOSEN, RESERVE, DECLINED = "chosen", "reserve", "declined"

    prefix, identifier_length = "dtm", LONG
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="determination")
    decision = models.CharField(max_length=10)
    came_out = models.CharField(max_length=10)  # what the portfolio or the lot gave when it was decided
    why = models.TextField(blank=True)
    reasons = models.TextField(blank=True)  # in public, for one that is chosen
    feedback = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id application decision came_out told_at by at") | personal("why reasons feedback")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["chosen", "reserve", "declined"]), name="determination_known"
            ),
            models.CheckConstraint(
                condition=Q(decision=models.F("came_out")) | ~Q(why=""), name="determination_override_has_reason"
            ),
        ]
