"""Two people who rate the same thing, each alone; what is agreed between them; and the approver, who is neither."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from whatworks.ledger.fields import CanonicalField, internal, personal, public
from whatworks.ledger.models import Row, Subject
from whatworks.people.models import User
from whatworks.rate.models.ratings import RecordedJudgement
from whatworks.scope.models import Intervention


class AssessmentQuerySet(models.QuerySet):
    def open(self) -> AssessmentQuerySet:
        """Those that nobody has approved yet, nor called off."""
        return self.filter(state__in=Assessment.OPEN)

    def compared(self) -> AssessmentQuerySet:
        """Those whose raters have seen each other's ratings, whatever came of them."""
        return self.exclude(unblinded_at=None).order_by("at", "pk")


class Assessment(Row):
    """That two people are asked to rate a thing by one version of a scheme, each alone.

    Nobody sees what the other said before both are done (`unblinded_at`). Then they compare, somebody records what is
    agreed, and an approver who is none of these signs it off; until then nothing of it counts anywhere.
    """

    JUDGING, COMPARING, MODERATED, APPROVED = "judging", "comparing", "moderated", "approved"
    REVOKED, CALLED_OFF = "revoked", "called off"
    OPEN = (JUDGING, COMPARING, MODERATED)

    prefix = "asm"
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="assessments")
    title = models.CharField(max_length=400)  # what is rated, in words, as it was called when two were asked
    scheme = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=JUDGING)
    unblinded_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True)

    classes: ClassVar = public("id about intervention title scheme version state unblinded_at by at") | internal("key")
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "scheme", "title"],
                condition=Q(state__in=["judging", "comparing", "moderated"]),
                name="assessment_open_once",
            ),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="assessment_asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=["judging", "called off"]) | Q(unblinded_at__isnull=False),
                name="assessment_settled_after_comparing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["judging", "comparing", "moderated", "approved", "revoked", "called off"]),
                name="assessment_state_known",
            ),
        ]

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in self.OPEN


class RaterQuerySet(models.QuerySet):
    def here(self) -> RaterQuerySet:
        """Those who rate, or rated to the end, in their order; who was replaced or stepped back is not here."""
        return self.filter(until=None).order_by("place")


class Rater(Row):
    """One person's part in rating a thing that two rate, and when they said that they have no interest in it."""

    prefix = "rtr"
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="raters")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    no_interest_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    classes: ClassVar = personal("id assessment user place since until no_interest_at done_at")
    objects = RaterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user"], name="rater_once"),
            models.UniqueConstraint(fields=["assessment", "place"], name="rater_place_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(no_interest_at__isnull=False), name="rater_done_without_interest"
            ),
        ]


class PersonalRatingQuerySet(models.QuerySet):
    def current(self) -> PersonalRatingQuerySet:
        """The last of each rater."""
        later = PersonalRating.objects.filter(rater=OuterRef("rater"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class PersonalRating(Row):
    """What one rater said so far: answers with their reasons, and a level. Never changed: going on is a new row."""

    prefix = "prt"
    append_only = True
    rater = models.ForeignKey(Rater, on_delete=models.PROTECT, related_name="said")
    number = models.IntegerField()
    answers: Any = CanonicalField(default=dict)  # by question: value and reason
    level = models.CharField(max_length=32, blank=True)
    reason = models.TextField(blank=True)
    done = models.BooleanField(default=False)
    at = models.DateTimeField()

    classes: ClassVar = internal("id rater number answers level reason done at")
    objects = PersonalRatingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rater", "number"], name="personal_rating_numbered_once")]


class Moderation(Row):
    """The level that was agreed between two raters, why it is not what one of them said, and why it is not the rules'.

    how: discussion (one of the two recorded it) or third (somebody else did). A later one stands in place of the first.
    """

    DISCUSSION, THIRD = "discussion", "third"

    prefix = "mdn"
    append_only = True
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="moderations")
    number = models.IntegerField()
    answers: Any = CanonicalField(default=dict)
    level = models.CharField(max_length=32)
    computed = models.CharField(max_length=32, blank=True)  # what the scheme's rules make of the agreed answers
    override = models.TextField(blank=True)
    changed: Any = CanonicalField(default=dict)  # by question, and `level`: why it is not what both said
    over: Any = CanonicalField(default=list)  # the personal ratings that lay before whoever recorded it
    how = models.CharField(max_length=10)
    first = models.CharField(max_length=64)
    second = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public(
        "id assessment number answers level computed override changed over how first second by at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="moderation_numbered_once"),
            models.CheckConstraint(condition=Q(how__in=["discussion", "third"]), name="moderation_how_known"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="moderation_of_two"),
            models.CheckConstraint(
                condition=Q(computed="") | Q(level=F("computed")) | ~Q(override=""), name="override_has_reason"
            ),
        ]

    @property
    def overrides(self) -> bool:
        """Whether people gave another level than the rules."""
        return bool(self.computed) and self.level != self.computed


class Signoff(Row):
    """What an approver said of a moderated rating: approved, or sent back. The approver rated and moderated nothing of it."""

    APPROVED, RETURNED = "approved", "returned"

    prefix = "sgo"
    append_only = True
    moderation = models.OneToOneField(Moderation, on_delete=models.PROTECT, related_name="signoff")
    decision = models.CharField(max_length=8)
    why = models.TextField(blank=True)
    first = models.CharField(max_length=64)
    second = models.CharField(max_length=64)
    moderator = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    recorded = models.OneToOneField(RecordedJudgement, on_delete=models.PROTECT, null=True, related_name="signoff")

    classes: ClassVar = public("id moderation decision why first second moderator by at recorded")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=["approved", "returned"]), name="signoff_decision_known"),
            models.CheckConstraint(
                condition=~Q(by=F("first")) & ~Q(by=F("second")) & ~Q(by=F("moderator")), name="approver_is_another"
            ),
            models.CheckConstraint(condition=Q(decision="approved") | ~Q(why=""), name="sent_back_with_reason"),
        ]


class Revocation(Row):
    """That an approval was taken back, and why. What was judged stays readable; it no longer counts."""

    prefix = "rvk"
    append_only = True
    signoff = models.OneToOneField(Signoff, on_delete=models.PROTECT, related_name="revocation")
    why = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id signoff why by at")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="revoked_with_reason")]
