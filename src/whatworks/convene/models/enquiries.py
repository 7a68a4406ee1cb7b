"""Enquiries, what happened to each with the clock that ran, letters both ways, and answers given to everybody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.convene.models.texts import Text
from whatworks.ledger.fields import internal, personal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Question


class EnquiryQuerySet(SubjectQuerySet):
    def open(self) -> EnquiryQuerySet:
        """What still waits for us or for whoever asked, the one that is due first before the others."""
        return self.filter(state__in=Enquiry.OPEN).order_by(
            models.F("due_on").asc(nulls_last=True), "received_on", "pk"
        )


class Enquiry(SubjectRow):
    """Something that somebody asked us. Who asked, and their words, are on its text and nowhere else."""

    GENERAL, ACCESS, COMPLAINT, INFORMATION = "general", "own-data", "data-complaint", "information"
    RECEIVED, CLARIFYING, ANSWERED, REFUSED = "received", "clarifying", "answered", "refused"
    TRANSFERRED, WITHDRAWN, REVIEWING = "transferred", "withdrawn", "reviewing"
    OPEN = (RECEIVED, CLARIFYING, REVIEWING)

    kind, prefix = "enquiry", "enq"
    text = models.OneToOneField(Text, on_delete=models.PROTECT, related_name="enquiry")
    sort = models.CharField(max_length=16)
    regime = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=12, default=RECEIVED)
    received_on = models.DateField()
    due_on = models.DateField(null=True)  # lateness is worked out when it is read
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, related_name="+")
    demonstration = models.BooleanField(default=False)  # made up: marked wherever it is shown

    classes: ClassVar = internal("subject text sort regime state received_on due_on question demonstration")
    objects = EnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["general", "own-data", "data-complaint", "information"]),
                name="enquiry_sort_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "received", "clarifying", "answered", "refused", "transferred", "withdrawn", "reviewing",
                    ]
                ),
                name="enquiry_state_known",
            ),
            models.CheckConstraint(
                condition=Q(regime__in=["", "foia", "eir", "voluntary", "held-on-behalf"]), name="enquiry_regime_known"
            ),
        ]  # fmt: skip

    def subject_title(self) -> str:
        return f"Enquiry {self.pk}"


class EnquiryEvent(Row):
    """One thing that happened to an enquiry, with when it was due afterwards. Never changed; no words of the public."""

    prefix = "eqe"
    append_only = True
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="history")
    number = models.IntegerField()
    what = models.CharField(max_length=24)
    on = models.DateField()
    at = models.DateTimeField()
    due_on = models.DateField(null=True)
    regime = models.CharField(max_length=16, blank=True)
    exemption = models.CharField(max_length=120, blank=True)
    to = models.CharField(max_length=200, blank=True)  # the body that it went to
    by = models.CharField(max_length=64)

    classes: ClassVar = internal("id enquiry number what on at due_on regime exemption to by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "number"], name="enquiry_event_numbered_once")]


class Letter(Row):
    """A message about an enquiry, from us or to us."""

    prefix = "ltr"
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="letters")
    ours = models.BooleanField()
    text = models.OneToOneField(Text, on_delete=models.PROTECT, null=True, related_name="letter")  # theirs: its words
    content = models.TextField(blank=True)  # ours: its words
    state = models.CharField(max_length=8)  # kept (to be read at the private address), sent, failed, deleted
    at = models.DateTimeField()
    by = models.CharField(max_length=64, blank=True)

    classes: ClassVar = personal("content") | internal("id enquiry ours text state at by")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["kept", "sent", "failed", "deleted"]), name="letter_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="deleted") | Q(content=""), name="letter_deleted_is_gone"),
            models.CheckConstraint(
                condition=Q(ours=True, text=None) | Q(ours=False, content="", text__isnull=False),
                name="letter_words_in_one_place",
            ),
        ]


class Disclosure(SubjectRow):
    """An answer given to everybody: what was asked, in our words, and what we answered."""

    kind, prefix = "disclosure", "dsc"
    number = models.IntegerField(unique=True)
    title = models.CharField(max_length=200)
    asked = models.TextField()
    answered = models.TextField()
    regime = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=12)  # full, part, refused, not-held
    exemption = models.CharField(max_length=120, blank=True)
    received_on = models.DateField()
    answered_on = models.DateField()
    by = models.CharField(max_length=64)
    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, null=True, related_name="disclosure")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, related_name="+")  # what it became
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject number title asked answered regime outcome exemption received_on answered_on by question demonstration"
    ) | internal("enquiry")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["full", "part", "refused", "not-held"]), name="disclosure_outcome_known"
            ),
        ]


class Offered(Row):
    """Published answers offered to somebody about to ask, and what came of it. Neither who nor what was asked is kept."""

    prefix = "ofr"
    on = models.DateField()
    shown = models.IntegerField()
    followed = models.BooleanField(default=False)
    submitted = models.BooleanField(default=False)

    classes: ClassVar = internal("id on shown followed submitted")
