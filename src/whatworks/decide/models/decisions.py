"""Meetings, what was resolved in them or outside, and what people then have to do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class Meeting(SubjectRow):
    """A meeting of a body of the centre: its board, a panel, a group that advises."""

    kind, prefix = "meeting", "meg"
    body = models.CharField(max_length=120)
    held_on = models.DateField()
    present = models.TextField(blank=True)  # roles and offices, as they may be published
    minutes = models.TextField(blank=True)
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public("subject body held_on present minutes demonstration")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "held_on"], name="meeting_once_a_day")]

    def subject_title(self) -> str:
        return f"{self.body}, {self.held_on.isoformat()}"


class MeetingAction(Row):
    """What somebody was asked to do in a meeting, and whether it was done."""

    prefix = "mta"
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)  # an office, not a name
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    came_of_it = models.CharField(max_length=300, blank=True)

    classes: ClassVar = public("id meeting what owner due_on done_on came_of_it")


class ResolutionQuerySet(SubjectQuerySet):
    def standing(self) -> ResolutionQuerySet:
        """What no later one has taken the place of, the newest first."""
        later = Resolution.objects.filter(supersedes=OuterRef("pk"))
        return self.filter(~Exists(later)).order_by("-decided_on", "-pk")


class Resolution(SubjectRow):
    """A decision: between which options, resting on which evidence, with whose interests, who left, who disagreed."""

    kind, prefix = "decision", "res"
    append_only = True
    title = models.CharField(max_length=200)
    context = models.TextField()
    options = CanonicalField()  # a list of words
    chosen = models.IntegerField()  # its place in the list, from 0
    why = models.TextField()
    evidence = CanonicalField(
        default=list
    )  # identifiers of subjects; of a page its revision, so that it stays what was read
    interests = models.TextField(blank=True)  # declared for it, as they may be published
    left = models.TextField(blank=True)  # who left the room
    dissent = models.TextField(blank=True)
    decided_by = models.CharField(max_length=120)  # the body, or an office
    decided_on = models.DateField()
    review_on = models.DateField(null=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="resolutions")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject title context options chosen why evidence interests left dissent decided_by decided_on review_on meeting "
        "supersedes by at demonstration"
    )
    objects = ResolutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(why="") & Q(chosen__gte=0), name="resolution_says_why"),
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(supersedes__isnull=False), name="superseded_once"
            ),
        ]

    def choice(self) -> str:
        """The option that was chosen."""
        return str(self.options[self.chosen])
