"""Which reports are one: what a rule says, what people decide, and the choices that follow from both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from whatworks.collate.models.reports import Report
from whatworks.collate.models.searching import Import
from whatworks.ledger.fields import internal, public
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row


def in_order(one: str, other: str) -> tuple[str, str]:
    """A pair as it is kept: the smaller identifier first."""
    return (one, other) if one < other else (other, one)


class ProposalQuerySet(models.QuerySet):
    def current(self) -> ProposalQuerySet:
        """What the rules say now: no newer run has said otherwise."""
        return self.filter(superseded=False)

    def waiting(self) -> ProposalQuerySet:
        """What a person has not settled: first what a rule asks, then what it is sure of; the likelier first."""
        return self.filter(waits=True).order_by("decision", "-probability", "pk")


class MatchProposal(Row):
    """What a rule said about two reports. It never changes; a rule run again with another answer makes another row.

    `waits` follows from the standing decisions: nobody has settled the pair, and nothing that people decided about
    other pairs settles it either.
    """

    SAME, ASK, LINKED = "same", "ask", "linked"

    prefix, identifier_length = "mpr", LONG
    left = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8)
    probability = models.FloatField()
    reason = models.TextField()
    rule = models.CharField(max_length=48)
    version = models.CharField(max_length=24)
    origin = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="+")  # what was matched then
    made_at = models.DateTimeField()
    superseded = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)

    classes: ClassVar = public(
        "id left right decision probability reason rule version origin made_at superseded"
    ) | internal("waits")
    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left", "right"], condition=Q(superseded=False), name="proposal_stands_once"
            ),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="proposal_pair_in_order"),
            models.CheckConstraint(condition=Q(decision__in=["same", "ask", "linked"]), name="proposal_known"),
        ]
        indexes = [
            models.Index(fields=["decision", "-probability", "id"], condition=Q(waits=True), name="proposals_waiting"),
            models.Index(
                fields=["origin", "decision", "-probability", "id"], condition=Q(waits=True), name="proposals_of_import"
            ),
        ]

    @property
    def pair(self) -> tuple[str, str]:
        """The two reports."""
        return self.left_id, self.right_id


class DecisionQuerySet(models.QuerySet):
    def standing(self) -> DecisionQuerySet:
        """The last word of people about each pair."""
        later = MatchDecision.objects.filter(
            left=OuterRef("left"), right=OuterRef("right"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def of(self, one: str, other: str) -> DecisionQuerySet:
        """What people decided about a pair, oldest first."""
        left, right = in_order(one, other)
        return self.filter(left=left, right=right).order_by("number")


class MatchDecision(Row):
    """What a person decided about two reports. The last one about a pair rules; an undo is a decision: open again."""

    SAME, DIFFERENT, LINKED, OPEN = "same", "different", "linked", "open"

    prefix, identifier_length = "mat", LONG
    append_only = True
    left = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()  # of the decisions about this pair, from 1
    decision = models.CharField(max_length=10)
    by = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()

    classes: ClassVar = public("id left right number decision by at")
    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right", "number"], name="decision_number_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="decision_pair_in_order"),
            models.CheckConstraint(
                condition=Q(decision__in=["same", "different", "linked", "open"]), name="match_decision_known"
            ),
        ]

    @property
    def pair(self) -> tuple[str, str]:
        """The two reports."""
        return self.left_id, self.right_id


class MatchPolicy(Row):
    """Whether the rules may join reports by themselves, provisionally, as a person decided for this centre."""

    prefix = "mpo"
    append_only = True
    number = models.IntegerField(unique=True)
    merges_by_rule = models.BooleanField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id number merges_by_rule by at")

    @classmethod
    def by_rule(cls) -> bool:
        """What stands now; no, until somebody said yes."""
        newest = cls.objects.order_by("-number").values_list("merges_by_rule", flat=True).first()
        return bool(newest)


class FieldChoice(Row):
    """That a person wants a field of a merged report as one of its records has it; or takes that wish back."""

    prefix = "fch"
    append_only = True
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")  # the one whose value is wanted
    field = models.CharField(max_length=16)
    number = models.IntegerField()  # of the choices about this report and field, from 1
    withdrawn = models.BooleanField(default=False)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id report field number withdrawn by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "field", "number"], name="field_choice_once")]


class MatchConflict(models.Model):
    """A merge that people decided and that does not stand, since it would join two reports that people keep apart.

    Worked out from the standing decisions, and gone when they no longer contradict one another.
    """

    left = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    apart_left = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    apart_right = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")

    classes: ClassVar = internal("id left right apart_left apart_right")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="match_conflict_once")]


class MatchClaim(models.Model):
    """Who is looking at a pair just now, so that two people never get the same one."""

    proposal = models.OneToOneField(MatchProposal, on_delete=models.CASCADE, primary_key=True, related_name="claim")
    by = models.CharField(max_length=64)
    until = models.DateTimeField()

    classes: ClassVar = internal("proposal by until")


class MatchKey(models.Model):
    """A key by which a record is found when another could be the same publication."""

    key = models.BigIntegerField(db_index=True)
    record = models.CharField(max_length=24)  # no foreign key: an index of its own would double ten million rows

    classes: ClassVar = internal("id key record")


class MatchProgress(models.Model):
    """How far an import has been keyed and matched, and by which versions: the cursor of that work."""

    origin = models.OneToOneField(Import, on_delete=models.CASCADE, primary_key=True, related_name="match_progress")
    keys_version = models.IntegerField(default=0)
    keyed = models.IntegerField(default=0)  # the position up to which records have their keys
    rules_version = models.CharField(max_length=24, blank=True)
    matched = models.IntegerField(default=0)

    classes: ClassVar = internal("origin keys_version keyed rules_version matched")
