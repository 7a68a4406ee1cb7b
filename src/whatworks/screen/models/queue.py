"""What is up for a decision, whose turn it is, and who holds it now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.collate.models import Report
from whatworks.ledger.fields import internal
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row
from whatworks.screen.models.reviews import Judgement, Review
from whatworks.screen.models.team import Wave


class CandidateQuerySet(models.QuerySet):
    def at(self, review: Review | str, stage: str) -> CandidateQuerySet:
        """The candidates of a review at a stage."""
        return self.filter(review=review, stage=stage)

    def counted(self) -> CandidateQuerySet:
        """Those that count as reports of their own: not found to be another's duplicate, not taken back."""
        return self.exclude(state__in=(Candidate.DUPLICATE, Candidate.GONE))

    def waiting(self) -> CandidateQuerySet:
        """Those that people can still be handed: open, and not decided with a near-identical one."""
        return self.filter(state=Candidate.OPEN, as_one=None).exclude(wave__in=Wave.objects.filter(complete=False))


class Candidate(Row):
    """A report that is up for a decision at a stage of a review, and where it stands.

    `said`, `state` and `judgement` follow from the opinions; `shuffle` and `sampled` are drawn by lot from the
    protocol's seed, whatever any ranking says.
    """

    OPEN, INCLUDE, EXCLUDE, CONFLICT = "open", "include", "exclude", "conflict"
    UNSCREENED = "unscreened"  # left out by a signed stop: an automation exclusion
    DUPLICATE = "duplicate"  # found to be the same report as `same_as`
    UNRETRIEVED = "unretrieved"  # its full text could not be had
    GONE = "gone"  # the decision that sent it here was taken back
    STATES = (OPEN, INCLUDE, EXCLUDE, CONFLICT, UNSCREENED, DUPLICATE, UNRETRIEVED, GONE)

    prefix, identifier_length = "cnd", LONG
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="candidates", db_index=False)
    stage = models.CharField(max_length=20)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="candidates")
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="candidates")
    number = models.IntegerField()  # in the order in which they came to the stage
    shuffle = models.IntegerField()  # a number drawn by lot
    sampled = models.BooleanField()  # one of the random sample that everything is estimated from
    needed = models.IntegerField()  # opinions
    said = models.IntegerField(default=0)  # opinions that count now
    state = models.CharField(max_length=12, default=OPEN)
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    as_one = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="alike")
    likeness = models.BigIntegerField(null=True)  # of its words; near-identical reports have the same
    settled_at = models.DateTimeField(null=True)

    classes: ClassVar = internal(
        "id review stage report wave number shuffle sampled needed said state judgement same_as as_one likeness settled_at"
    )
    objects = CandidateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "stage", "report"], name="candidate_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "open",
                        "include",
                        "exclude",
                        "conflict",
                        "unscreened",
                        "duplicate",
                        "unretrieved",
                        "gone",
                    ]
                ),
                name="candidate_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="duplicate", same_as__isnull=False) | ~Q(state="duplicate") & Q(same_as=None),
                name="candidate_duplicate_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["include", "exclude"]) | Q(judgement__isnull=False),
                name="candidate_decided_has_judgement",
            ),
        ]
        indexes = [
            models.Index(fields=["review", "stage", "state", "shuffle"], name="candidates_by_lot"),
            models.Index(fields=["review", "stage", "settled_at"], name="candidates_by_time"),
            models.Index(fields=["review", "stage", "likeness"], name="candidates_alike"),
        ]


class Place(Row):
    """One of the opinions wanted on a candidate: held by one person until a time, or filled.

    The key is derived from the candidate and the slot, so two people can never hold the same one.
    """

    prefix, identifier_length = "plc", LONG
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="places")
    slot = models.IntegerField()
    by = models.CharField(max_length=64)
    until = models.DateTimeField()
    done = models.BooleanField(default=False)

    classes: ClassVar = internal("id candidate slot by until done")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "slot"], name="place_held_once"),
            models.UniqueConstraint(fields=["candidate", "by"], name="place_one_each"),
        ]
        indexes = [models.Index(fields=["by", "done"], name="places_by_person")]


class Turn(models.Model):
    """Whose turn it is: the first few hundred candidates in the order of the last ranking. Without any, by lot."""

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, primary_key=True, related_name="turn")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+", db_index=False)
    stage = models.CharField(max_length=20)
    position = models.IntegerField()

    classes: ClassVar = internal("candidate review stage position")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "stage", "position"], name="turn_once")]
