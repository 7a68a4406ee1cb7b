"""Releases of the whole centre, and the documents that a pack carries for its readers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import SubjectRow


class Document(models.Model):
    """A text of a pack that is for people (its README, its attribution), kept so that it comes out again."""

    path = models.CharField(max_length=200, primary_key=True)
    body = models.TextField()

    classes: ClassVar = public("path body")

    def __str__(self) -> str:
        return self.path


class Release(SubjectRow):
    """A dated copy of everything public, by content address, with the head of the chain at that moment."""

    kind, prefix = "release", "rel"
    append_only = True
    number = models.IntegerField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    chain_number = models.BigIntegerField()
    chain_head = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64)
    counts = CanonicalField()

    classes: ClassVar = public("subject number made_at made_by chain_number chain_head manifest_sha256 counts")

    def subject_title(self) -> str:
        return f"Release {self.number}"
