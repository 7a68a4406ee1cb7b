"""What people typed into a public box, where it stands, and what was decided about it."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal, personal, public, secret
from whatworks.ledger.models import Row, Subject


def fresh_token() -> str:
    """The end of a private address, which cannot be guessed."""
    return secrets.token_urlsafe(24)


class TextQuerySet(models.QuerySet):
    def waiting(self) -> TextQuerySet:
        """What nobody has decided about yet, the oldest first."""
        return self.filter(state=Text.WAITING).order_by("made_at", "pk")

    def quarantined(self) -> TextQuerySet:
        """What may say who somebody is, the oldest first."""
        return self.filter(state=Text.QUARANTINED).order_by("made_at", "pk")

    def shown(self) -> TextQuerySet:
        """What a moderator let readers see, the oldest first."""
        return self.filter(state=Text.SHOWN).order_by("made_at", "pk")


class Text(Row):
    """One text of the public. Its words are personal: they can be deleted for good, and the row stays to be counted."""

    WAITING, SHOWN, KEPT = "waiting", "shown", "kept"  # kept: read by those who work here, never shown
    REFUSED, QUARANTINED, DELETED = "refused", "quarantined", "deleted"

    prefix = "txt"
    kind = models.CharField(max_length=24)  # which box it came through: comment, challenge, enquiry, ...
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    where = models.CharField(max_length=200, blank=True)  # the path of the public page that it was sent from
    content = models.TextField(blank=True)
    speaks_as = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True)
    token = models.CharField(max_length=40, unique=True, default=fresh_token)
    state = models.CharField(max_length=12, default=WAITING)
    reason = models.CharField(max_length=40, blank=True)
    found: Any = CanonicalField(default=list)  # why it may say who somebody is: reasons, never the words
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)

    classes: ClassVar = (
        personal("content speaks_as reply_to")
        | secret("token")
        | internal("id kind about where state reason found made_at decided_at decided_by")
    )
    objects = TextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "shown", "kept", "refused", "quarantined", "deleted"]),
                name="text_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="deleted") | Q(content="", speaks_as="", reply_to=""), name="text_deleted_is_gone"
            ),
            models.CheckConstraint(
                condition=~Q(state="quarantined") | Q(content="", speaks_as=""), name="text_quarantined_is_elsewhere"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="text_refused_says_why"),
        ]
        indexes = [models.Index(fields=["about", "state"], name="text_about_state")]


class Quarantined(Row):
    """The words of a text that may say who somebody is: kept apart, for the few who are named to read them."""

    prefix = "qtd"
    text = models.OneToOneField(Text, on_delete=models.PROTECT, related_name="apart")
    content = models.TextField()
    speaks_as = models.CharField(max_length=120, blank=True)
    spans: Any = CanonicalField(default=list)  # [start, end, reason]: where in the words
    at = models.DateTimeField()

    classes: ClassVar = personal("content speaks_as") | internal("id text spans at")


class Moderated(Row):
    """One decision about a text, for everybody to read: the day, what kind of text, the decision, the reason. Never words."""

    prefix = "mdr"
    append_only = True
    on = models.DateField()
    kind = models.CharField(max_length=24)
    decision = models.CharField(max_length=12)
    reason = models.CharField(max_length=40, blank=True)
    policy = models.CharField(max_length=10)  # the version of the policy that it was decided by
    of = models.CharField(max_length=24)  # which text: for those who work here
    by = models.CharField(max_length=64)

    classes: ClassVar = public("id on kind decision reason policy") | internal("of by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["shown", "refused", "quarantined", "released", "deleted"]),
                name="moderated_decision_known",
            ),
        ]
