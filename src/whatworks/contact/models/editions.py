"""Lists, editions, and each letter that was sent, with the row on consent that it rests on."""

from __future__ import annotations

import datetime
from typing import ClassVar
from urllib.parse import urlparse

from django.conf import settings
from django.db import models
from django.db.models import Q

from whatworks.contact.models.consents import ConsentRow
from whatworks.contact.models.contacts import Contact
from whatworks.ledger import identifiers
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class MailingList(SubjectRow):
    """Something that people can get by e-mail, in plain words."""

    NEWSLETTER, ALERTS = "newsletter", "alerts"

    kind, prefix = "mailing-list", "mls"
    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=120)
    plain = models.CharField(max_length=300)
    sort = models.CharField(max_length=12, default=NEWSLETTER)
    open = models.BooleanField(default=True)
    order = models.IntegerField(default=100)

    classes: ClassVar = public("subject slug title plain sort open order")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sort__in=["newsletter", "alerts"]), name="mailing_list_sort")]


class EditionQuerySet(SubjectQuerySet):
    def shown(self) -> EditionQuerySet:
        """Those that went out to a list: what the public can read again."""
        return self.exclude(begun_at=None)


class Edition(SubjectRow):
    """One letter to a list: written, approved by somebody else, sent, and then in the archive."""

    kind, prefix = "edition", "edn"
    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="editions")
    number = models.IntegerField(null=True)  # given when it goes out
    title = models.CharField(max_length=150)
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    blocks = CanonicalField(default=list)
    since = models.DateTimeField()
    content = CanonicalField(default=dict)  # all that it says, frozen when it is approved
    written_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    send_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    planned_to = models.CharField(max_length=24, blank=True)  # how far down the list of contacts letters are laid out
    planned = models.BooleanField(default=False)
    left_out = CanonicalField(default=dict)  # how many were not written to, by verdict

    classes: ClassVar = public("subject mailing_list number title content approved_at begun_at ended_at") | internal(
        "opening closing blocks since written_by changed_at approved_by send_at planned_to planned left_out"
    )
    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailing_list", "number"], condition=~Q(number=None), name="edition_number_once_per_list"
            ),
            models.CheckConstraint(
                condition=Q(begun_at=None) | ~Q(approved_at=None) & ~Q(number=None), name="edition_sent_is_approved"
            ),
        ]

    def subject_title(self) -> str:
        """Nothing of what it says before it goes out: titles of subjects are seen elsewhere."""
        return self.title if self.begun_at else "An edition"

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.ended_at:
            return "sent"
        if self.begun_at:
            return "sending"
        return "approved" if self.approved_at else "draft"


class SentLetterQuerySet(models.QuerySet):
    def counted(self) -> dict[str, int]:
        """How many letters stand where."""
        rows = self.order_by().values_list("state").annotate(n=models.Count("pk"))
        return dict(rows)


class SentLetter(Row):
    """One letter to one person, and the row on consent that it rests on.

    waiting -> taken (by one worker) -> going (handed to the mail server now) -> sent. A worker that dies leaves at most one
    letter going: it may have been handed over or not. It goes again, with the same Message-ID.
    """

    WAITING, TAKEN, GOING, SENT, FAILED, DROPPED = "waiting", "taken", "going", "sent", "failed", "dropped"
    STATES = (WAITING, TAKEN, GOING, SENT, FAILED, DROPPED)

    prefix, identifier_length = "msg", identifiers.LONG
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="letters")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="letters")
    consent = models.ForeignKey(ConsentRow, on_delete=models.PROTECT, related_name="letters")
    state = models.CharField(max_length=8, default=WAITING)
    claim = models.CharField(max_length=32, blank=True)
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)  # it was not sent

    classes: ClassVar = internal("id edition contact consent state claim tries sent_at why")
    objects = SentLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "contact"], name="one_letter_of_an_edition"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken", "going", "sent", "failed", "dropped"]),
                name="sent_letter_state_known",
            ),
            models.CheckConstraint(condition=~Q(state="sent") | ~Q(sent_at=None), name="sent_letter_has_a_time"),
        ]
        indexes = [models.Index(fields=["edition", "state"])]

    @property
    def message_id(self) -> str:
        """The same whenever it is sent, so that a repeat is recognised as one."""
        return f"<{self.pk}@{urlparse(str(settings.BASE_URL)).hostname or 'localhost'}>"

    @property
    def sent_on(self) -> datetime.date | None:
        """The day it went."""
        return self.sent_at.date() if self.sent_at else None
