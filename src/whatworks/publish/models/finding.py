"""What the list and the search need of each page, made from its newest revision; never the source of anything."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from whatworks.ledger.fields import CanonicalField, internal
from whatworks.publish.models.pages import Page, Revision


class Listed(models.Model):
    """A page as it is listed and looked for. Made anew whenever the page, or what is recorded about it, changes."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="listed")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    particulars = models.IntegerField()  # how many rows of them were taken into account
    withdrawn = models.BooleanField()
    entry = CanonicalField()
    index = CanonicalField()
    mark = models.BigIntegerField(db_index=True)

    classes: ClassVar = internal("page revision number particulars withdrawn entry index mark")


class ListState(models.Model):
    """One row: what the list was made from, the mark of its last change, and the names of its last changes.

    A process that remembers the list as it was after one of these only takes in what changed since.
    """

    FIRST, NAMED = 1, 50

    id = models.IntegerField(primary_key=True, default=FIRST)
    stamp = models.CharField(max_length=80, blank=True)
    mark = models.BigIntegerField(default=0)
    names = CanonicalField(default=list)

    classes: ClassVar = internal("id stamp mark names")
