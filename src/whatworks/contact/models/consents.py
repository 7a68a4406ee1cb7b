"""What people agreed to, row by row, and what came back. The latest word wins; no row is ever changed but to erase a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.contact.methods.deciding import ACTS, BASES, COMPLAINT, GIVEN, HARD, SOFT, SUBSCRIBERS, Act, Returned
from whatworks.contact.models.contacts import Contact
from whatworks.ledger.fields import CanonicalField, internal, personal
from whatworks.ledger.models import Row, Subject


class ConsentRow(Row):
    """One act on consent: asked, given, withdrawn, objected; for a list, or without one for all of them."""

    prefix, identifier_length = "cst", 12
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consents")
    mailing_list = models.ForeignKey(
        "contact.MailingList", on_delete=models.PROTECT, null=True, related_name="consents"
    )
    act = models.CharField(max_length=12)
    basis = models.CharField(max_length=24, blank=True)
    subscriber = models.CharField(max_length=12, default="unknown")
    wording = models.CharField(max_length=60, blank=True)  # the version
    words = models.TextField(blank=True)  # as they stood in front of the person
    source = models.CharField(max_length=300, blank=True)
    clicked = models.BooleanField(default=False)  # confirmed from the inbox itself
    collected_on = models.DateField(null=True)
    directly = models.BooleanField(default=False)
    opt_out_offered = models.BooleanField(default=False)
    address = models.CharField(max_length=254, blank=True)
    evidence = CanonicalField(default=dict)  # such as the time and address of the confirming click
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal(
        "id contact mailing_list act basis subscriber wording words clicked collected_on directly opt_out_offered by at"
    ) | personal("address evidence source")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(act__in=ACTS), name="consent_act_known"),
            models.CheckConstraint(condition=Q(subscriber__in=SUBSCRIBERS), name="consent_subscriber_known"),
            models.CheckConstraint(condition=Q(basis__in=BASES) | ~Q(act=GIVEN), name="consent_given_on_a_basis"),
        ]
        indexes = [models.Index(fields=["contact", "at"])]

    def as_act(self) -> Act:
        """The row as the rule takes it."""
        return Act(
            self.pk, self.act, self.at, self.mailing_list_id or "", self.basis, self.subscriber, self.address,
            self.source, self.wording, self.clicked, self.collected_on, self.directly, self.opt_out_offered,
        )  # fmt: skip


class Bounce(Row):
    """That a letter came back, or that somebody reported one as unwanted."""

    prefix = "bnc"
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="bounces")
    letter = models.ForeignKey("contact.SentLetter", on_delete=models.PROTECT, null=True, related_name="bounces")
    sort = models.CharField(max_length=12)
    status = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=254, blank=True)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)  # of what was brought, so that the same twice counts once

    classes: ClassVar = internal("id contact letter sort status at") | personal("address words digest")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sort__in=[HARD, SOFT, COMPLAINT]), name="bounce_sort_known")]

    def as_returned(self) -> Returned:
        """The row as the rule takes it."""
        return Returned(self.sort, self.at, self.address)


class Follow(Row):
    """That somebody wants to hear when something changes. Whether they may be written to, consent to the list of alerts says."""

    prefix = "flw"
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="follows")
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    classes: ClassVar = personal("id contact about at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "about"], name="followed_once")]


class Suppressed(models.Model):
    """The digest of an address that was erased after it had said no: so that no old list brings it back."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    classes: ClassVar = personal("digest at")
