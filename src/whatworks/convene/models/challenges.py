"""A public challenge to a page or to how sure we say we are, and the answer that everybody can read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.convene.models.texts import Text
from whatworks.ledger.fields import internal, public
from whatworks.ledger.models import Subject, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class ChallengeQuerySet(SubjectQuerySet):
    def on(self, *identifiers: str) -> ChallengeQuerySet:
        """The challenges to these subjects, the newest first."""
        return self.filter(about__in=identifiers).order_by("-opened_on", "-pk")

    def unanswered(self) -> ChallengeQuerySet:
        """Those that wait for an answer, the one that is due first before the others."""
        return self.filter(state=Challenge.UNANSWERED).order_by("due_on", "pk")


class Challenge(SubjectRow):
    """A challenge that a moderator let through: a task with a day, and an answer in public. Its words are on its text."""

    UNANSWERED, ANSWERED, UPHELD, DECLINED = "open", "answered", "upheld", "declined"

    kind, prefix = "challenge", "chl"
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    where = models.CharField(max_length=200)  # the path of the public page
    text = models.OneToOneField(Text, on_delete=models.PROTECT, null=True, related_name="challenge")
    rating = models.BooleanField(default=False)  # whether it is to how sure we say we are
    state = models.CharField(max_length=8, default=UNANSWERED)
    opened_on = models.DateField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)

    classes: ClassVar = public(
        "subject about where rating state opened_on due_on answer answered_on answered_by"
    ) | internal("text")
    objects = ChallengeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answer="", answered_on=None)
                | (Q(state__in=["answered", "upheld", "declined"], answered_on__isnull=False) & ~Q(answer="")),
                name="challenge_answered_says_how",
            ),
        ]

    def subject_title(self) -> str:
        return f"Challenge {self.pk}"
