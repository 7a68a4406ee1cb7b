"""An old list as it was brought: every line with all it said, what we made of it, and whom it became."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from whatworks.contact.models.contacts import Contact
from whatworks.contact.models.editions import MailingList
from whatworks.ledger.fields import CanonicalField, internal, personal
from whatworks.ledger.models import Row


class ContactImport(Row):
    """One file. Until it is saved it is a preview that makes no contact."""

    prefix = "cim"
    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)

    classes: ClassVar = internal("id mailing_list sha256 by at saved_at") | personal("filename")


class ImportLine(Row):
    """One line of a file."""

    prefix, identifier_length = "iml", 12
    origin = models.ForeignKey(ContactImport, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    given = CanonicalField(default=dict)
    address = models.CharField(max_length=254, blank=True, db_index=True)
    verdict = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    notes = CanonicalField(default=list)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="lines")

    classes: ClassVar = internal("id origin number verdict contact") | personal("given address reason notes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "number"], name="import_line_once")]
        ordering: ClassVar = ["origin", "number"]
