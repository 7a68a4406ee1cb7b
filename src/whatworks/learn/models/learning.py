"""What a person learnt, for themselves alone: no page shows it to anybody else, and no open pack holds it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import personal
from whatworks.ledger.models import Row, Subject
from whatworks.people.models import User


class LearningQuerySet(models.QuerySet):
    def of(self, user: User) -> LearningQuerySet:
        """Those of one person, the newest day first. Nothing else may ask for rows of somebody."""
        return self.filter(user=user).order_by("-on", "-made_at", "pk")

    def asking(self, user: User) -> LearningQuerySet:
        """Those in which somebody asks this person to say that they thought it over together."""
        return self.filter(peer=user, peer_state=LearningEntry.ASKED).order_by("on", "pk")


class LearningEntry(Row):
    """A piece of reading, an event or other learning, with what came of it."""

    READING, EVENT, CLUB, OTHER = "reading", "event", "journal club", "other"
    ALONE, ROLE, ASKED, SAID, NOT = "alone", "role", "asked", "said", "not"

    prefix = "lrn"
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sort = models.CharField(max_length=16)
    title = models.CharField(max_length=300)  # short description
    why = models.TextField(blank=True)  # why it matters for the work
    on = models.DateField()
    learnt = models.TextField(blank=True)
    impact = models.TextField(blank=True)  # on practice, and on people who use services
    about = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True, related_name="+")
    peer_state = models.CharField(max_length=8, default=ALONE)
    peer_role = models.CharField(max_length=80, blank=True)  # a part, such as “a colleague”: never a name
    peer = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    classes: ClassVar = personal("id user sort title why on learnt impact about peer_state peer_role peer made_at")
    objects = LearningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["reading", "event", "journal club", "other"]), name="learning_sort_known"
            ),
            models.CheckConstraint(
                condition=Q(peer_state__in=["alone", "role", "asked", "said", "not"]), name="learning_peer_known"
            ),
            models.CheckConstraint(condition=~Q(peer_state="role") | ~Q(peer_role=""), name="learning_peer_has_a_part"),
        ]

    @property
    def complete(self) -> bool:
        """Whether every field is filled in that the regulator's form asks for."""
        return all(one.strip() for one in (self.title, self.why, self.learnt, self.impact))

    @property
    def with_peer(self) -> bool:
        """Whether it was thought over with a peer, who is named by their part or has said so."""
        return self.peer_state in (self.ROLE, self.SAID)
