"""The lottery of a trial and what became of its units: commitments, the frozen list, the draw, events that are never deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.trial.methods.allocating.concealing import is_sealed
from whatworks.trial.models.trials import Trial, TrialProtocol


class Commitment(Row):
    """What a custodian published before the list was frozen: the digest of a secret that is kept elsewhere, or a beacon to come."""

    prefix = "cmm"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="commitments")
    number = models.IntegerField()
    custodian = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64, blank=True)
    beacon: Any = CanonicalField(default=dict)  # source, round and the moment at which it will be published
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id trial number custodian commitment beacon by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="commitment_numbered_once"),
            models.CheckConstraint(condition=~Q(commitment="") | ~Q(beacon="{}"), name="commitment_to_something"),
        ]


class FrozenList(Row):
    """The units of a draw as they stood when no more could be changed, with the digest that goes into the seed."""

    prefix = "frz"
    append_only = True
    protocol = models.ForeignKey(TrialProtocol, on_delete=models.PROTECT, related_name="lists")
    number = models.IntegerField()
    units: Any = CanonicalField(default=dict)  # columns and rows, in the order of the list, which is part of the draw
    digest = models.CharField(max_length=64)
    sealed: Any = CanonicalField(default=dict)  # what was frozen, with its seal, as the file of commitments has it
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id protocol number units digest sealed by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["protocol", "number"], name="list_numbered_once")]

    def listed(self) -> list[dict[str, str]]:
        """The units with their columns, as they were read."""
        return [dict(zip(self.units["columns"], row, strict=True)) for row in self.units["rows"]]


class Allocation(SubjectRow):
    """A draw as the file from which a stranger can repeat it. Practice draws are kept too, and say so.

    Of a concealed one the file says only what tells no arm, with the digest of the whole file; that is told with the unblinding.
    """

    kind, prefix = "allocation", "alo"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="allocations")
    frozen = models.ForeignKey(FrozenList, on_delete=models.PROTECT, null=True, related_name="allocations")
    number = models.IntegerField()
    practice = models.BooleanField()
    document = models.TextField()  # the file, byte for byte: whoever has it can draw again
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject trial frozen number practice document digest by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="allocation_numbered_once")]

    def subject_title(self) -> str:
        return f"Draw {self.number} of {self.trial.title}"

    @property
    def concealed(self) -> bool:
        """Whether the file tells no arm."""
        return is_sealed(self.document)

    def whole_file(self) -> str:
        """The file with the arms, as everybody may have it; empty while they are concealed."""
        if not self.concealed:
            return self.document
        told = ToldDraw.objects.filter(allocation=self).first()
        return told.document if told else ""


class ConcealedDraw(Row):
    """The whole file of a concealed draw, kept on the server: it leaves only with a move or a backup of the centre."""

    prefix = "cdw"
    append_only = True
    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, related_name="whole")
    document = models.TextField()

    classes: ClassVar = internal("id allocation document")


class ToldDraw(Row):
    """The whole file of a concealed draw from the moment at which the arms were told to all."""

    prefix = "tdw"
    append_only = True
    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, related_name="told")
    document = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id allocation document by at")


class Sight(Row):
    """That somebody looked at arms of a concealed draw before they were told to all: at which unit's, or at all, and why."""

    prefix = "sgh"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="sights")
    number = models.IntegerField()
    unit = models.CharField(max_length=80, blank=True)  # empty: every unit
    reason = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id trial number unit reason by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="sight_numbered_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="sight_has_reason"),
        ]


class UnitEvent(Row):
    """Something that happened to a unit, or to a number of people in one: what a flow diagram is counted from.

    `kind` and `reason` are words of `whatworks.trial.methods.flowing`. A unit has a pseudonym; no person is named.
    """

    prefix = "uev"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="unit_events")
    number = models.IntegerField()
    unit = models.CharField(max_length=80)
    people = models.IntegerField(null=True)  # how many in the unit it is about; none: the unit as a whole
    kind = models.CharField(max_length=24)
    arm = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    on = models.DateField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id trial number unit people kind arm reason on by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="unit_event_numbered_once"),
            models.CheckConstraint(condition=Q(people=None) | Q(people__gte=0), name="unit_event_people_counted"),
        ]
