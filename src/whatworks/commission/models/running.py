"""What follows an award: agreements with their signatures, milestones and deliverables, claims that two people approve, variations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.commission.methods.workflow import CLAIM
from whatworks.commission.models.awards import Award
from whatworks.ledger.fields import internal, personal
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row


class Agreement(Row):
    """One version of a contract: a sub-contract, or an agreement on sharing data."""

    KINDS = ("sub-contract", "data sharing")

    prefix, identifier_length = "agm", LONG
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=20)
    number = models.IntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id award kind number text digest by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "kind", "number"], name="agreement_numbered_once"),
            models.CheckConstraint(condition=Q(kind__in=["sub-contract", "data sharing"]), name="agreement_kind_known"),
        ]


class Signature(Row):
    """That a party signed a version: who, in what capacity, on which day. The record of it, not the signature itself."""

    CENTRE, HOLDER = "the centre", "the award holder"

    prefix, identifier_length = "sgt", LONG
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    capacity = models.CharField(max_length=120)
    on = models.DateField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id agreement party on by at") | personal("name capacity")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="signed_once_by_each"),
            models.CheckConstraint(condition=Q(party__in=["the centre", "the award holder"]), name="party_known"),
        ]


class Milestone(Row):
    """What shall be reached by when, and when it was."""

    prefix, identifier_length = "mst", LONG
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    due = models.DateField()
    reached_on = models.DateField(null=True)

    classes: ClassVar = internal("id award title due reached_on")


class Deliverable(Row):
    """What was handed over for a milestone: a file's digest or an address, and when it was accepted."""

    prefix, identifier_length = "dvb", LONG
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="deliverables")
    title = models.CharField(max_length=200)
    where = models.CharField(max_length=400, blank=True)
    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    accepted_by = models.CharField(max_length=64, blank=True)

    classes: ClassVar = internal("id milestone title where received_on accepted_on accepted_by")


class AwardClaim(Row):
    """Money asked for, for a time; paid only after two different people said so."""

    prefix, identifier_length = "clm", LONG
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="claims")
    number = models.IntegerField()
    amount = models.IntegerField()
    since = models.DateField()
    until = models.DateField()
    what_for = models.TextField()
    state = models.CharField(max_length=20, default="claimed")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id award number amount since until what_for state by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="award_claim_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=list(CLAIM)), name="award_claim_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="award_claim_of_something"),
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="award_claim_ends_after_it_begins"),
        ]


class ClaimApproval(Row):
    """One of the two words on a claim: staff first, finance second, never the same person."""

    STAFF, FINANCE = "staff", "finance"

    prefix, identifier_length = "cap", LONG
    claim = models.ForeignKey(AwardClaim, on_delete=models.PROTECT, related_name="approvals")
    stage = models.CharField(max_length=10)
    approved = models.BooleanField()
    why = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id claim stage approved why by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "stage"], name="claim_approved_once_at_each_stage"),
            models.UniqueConstraint(fields=["claim", "by"], name="claim_approved_by_two_people"),
            models.CheckConstraint(condition=Q(stage__in=["staff", "finance"]), name="claim_stage_known"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(why=""), name="claim_refused_with_reason"),
        ]


class Variation(Row):
    """A change of an award that both sides agreed: more or less money, another end, and why."""

    prefix, identifier_length = "vrt", LONG
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="variations")
    number = models.IntegerField()
    more = models.IntegerField(default=0)  # whole pounds; below nought for less
    ends_on = models.DateField(null=True)
    why = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)

    classes: ClassVar = internal("id award number more ends_on why by at approved_by approved_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="variation_numbered_once"),
            models.CheckConstraint(condition=~Q(why=""), name="variation_has_reason"),
            models.CheckConstraint(condition=~Q(approved_by=models.F("by")), name="variation_approved_by_another"),
        ]
