"""What was delivered, what a pilot answered, and the decision on going on. No person is named, and nobody's words are kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row
from whatworks.trial.models.trials import Trial, TrialProtocol


class DeliveryQuerySet(models.QuerySet):
    def standing(self) -> list[Delivered]:
        """The last value of each unit, period and measure: a later one puts an earlier one right, and both are kept."""
        last = {(one.unit, one.period, one.measure): one for one in self.order_by("number")}
        return list(last.values())


class Delivered(Row):
    """How much of a measure a unit had in a period, and who says so. Where arms are concealed it would tell them, so it stays inside."""

    prefix = "fdl"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="delivered")
    number = models.IntegerField()
    unit = models.CharField(max_length=80)
    period = models.CharField(max_length=40)
    measure = models.CharField(max_length=120)
    value = models.FloatField()
    on = models.DateField()
    source = models.CharField(max_length=200)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id trial number unit period measure value on source by at")
    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="delivered_numbered_once")]


class PilotAnswer(Row):
    """What a pilot found on a question of its design: a summary, whom it rests on, and whether its criterion is met."""

    prefix = "pla"
    append_only = True
    MET, PARTLY, NOT_MET, UNKNOWN = "met", "partly met", "not met", "cannot be told"
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="answers")
    protocol = models.ForeignKey(TrialProtocol, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    question = models.CharField(max_length=120)  # its name in the design
    asked = models.CharField(max_length=300)  # whom the answer rests on, such as eight teachers of four schools
    summary = models.TextField()
    outcome = models.CharField(max_length=16)
    on = models.DateField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id trial protocol number question asked summary outcome on by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="pilot_answer_numbered_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["met", "partly met", "not met", "cannot be told"]), name="pilot_answer_known"
            ),
        ]


class ProgressionDecision(Row):
    """Whether a pilot goes on, decided by people: on these counts with their colours, these answers, and for this reason."""

    prefix = "pgd"
    append_only = True
    GO_ON, CHANGE, STOP = "go on", "change and look again", "stop"
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="decisions")
    protocol = models.ForeignKey(TrialProtocol, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    decision = models.CharField(max_length=24)
    decided_by = models.CharField(max_length=300)  # the body or the roles that decided
    why = models.TextField()
    signal: Any = CanonicalField(default=dict)  # each criterion with counts, p and colour, and the worst colour
    answers: Any = CanonicalField(default=list)  # numbers of the pilot's answers that were on the table
    on = models.DateField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id trial protocol number decision decided_by why signal answers on by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="progression_decision_numbered_once"),
            models.CheckConstraint(
                condition=Q(decision__in=["go on", "change and look again", "stop"]), name="progression_decision_known"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="progression_decision_has_reason"),
        ]
