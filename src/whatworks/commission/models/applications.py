"""Applications with their authors and attachments. Closed: none of it is in an open pack, whoever was chosen."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.commission.methods.workflow import APPLICATION
from whatworks.commission.models.calls import Call, CallVersion
from whatworks.ledger.fields import CanonicalField, internal, personal, secret
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row
from whatworks.people.models import Area, Organisation, User
from whatworks.scope.models import Intervention


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ApplicationQuerySet:
        """Those without a standing or undecided conflict of this person: the others do not exist for them, in no list and no count."""
        from whatworks.commission.models.assessing import CallConflict

        held = CallConflict.objects.filter(application=OuterRef("pk"), user=user).exclude(state=CallConflict.DISMISSED)
        return self.filter(~Exists(held))

    def handed_in(self) -> ApplicationQuerySet:
        """Those that were submitted, in the order of names."""
        return self.exclude(state="draft").order_by("body", "pk")

    def judged(self) -> ApplicationQuerySet:
        """Those that passed the gateways."""
        return self.handed_in().exclude(state__in=["submitted", "not eligible"])

    def of(self, user: User) -> ApplicationQuerySet:
        """Those of which somebody is an author, the newest first."""
        return self.filter(authors__user=user).order_by("-begun_at", "pk")


class Application(Row):
    """What a body hands in to a call."""

    prefix, identifier_length = "apn", LONG
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="+")  # the rules it was begun under
    body = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="+")
    cost = models.IntegerField(null=True)  # whole pounds
    groups: Any = CanonicalField(default=dict)
    answers: Any = CanonicalField(default=dict)
    gateways: Any = CanonicalField(default=dict)
    state = models.CharField(max_length=16, default="draft")
    saved = models.IntegerField(default=0)  # counts savings, so that two authors cannot undo each other unseen
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    classes: ClassVar = internal(
        "id call version organisation area intervention cost groups gateways state saved begun_at submitted_at"
    ) | personal("body answers")
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(APPLICATION)), name="application_state_known"),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="application_cost_not_below_nought"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(submitted_at=None), name="application_submitted_when"
            ),
        ]

    def __str__(self) -> str:
        return self.body


class Author(Row):
    """Somebody who writes an application: invited by e-mail, and with an account once they followed the letter."""

    prefix, identifier_length = "atr", LONG
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField()
    lead = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)  # of the secret in the letter; empty once it was used
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    classes: ClassVar = personal("id application user email lead invited_at joined_at") | secret("digest")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "email"], name="author_once"),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="author_secret_once"),
        ]


class Attachment(Row):
    """A file that came with an application: its name and digest; its bytes lie beside the database."""

    prefix, identifier_length = "atc", LONG
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=160)
    size = models.IntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id application size digest at") | personal("name")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "digest"], name="attachment_once")]
