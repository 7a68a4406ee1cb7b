"""What search keeps beside the reports. All of it follows from them and can be built again at any time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.collate.models.reports import Report
from whatworks.ledger.fields import CanonicalField, internal


class Entry(models.Model):
    """That a report can be found. Its key is its place in the one order of all results: smaller is shown earlier.

    `bundle` says from which sources and of which type it is; `digest` is that of the tokens under which it is indexed.
    """

    place = models.BigIntegerField(primary_key=True)
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="entry")
    bundle = models.IntegerField()
    digest = models.BigIntegerField()

    classes: ClassVar = internal("place report bundle digest")

    def __str__(self) -> str:
        return f"{self.report_id} at {self.place}"


class Bundle(models.Model):
    """A type together with a set of sources: there are few, so counting them counts both for thousands of results."""

    kind = models.CharField(max_length=24, blank=True)
    sources: Any = CanonicalField(default=list)
    key = models.CharField(max_length=64, unique=True)

    classes: ClassVar = internal("id kind sources key")

    def __str__(self) -> str:
        return self.key


class Word(models.Model):
    """A word as reports write it, with its stem. `seen` counts the reports of a sample that hold it."""

    word = models.CharField(max_length=64, unique=True)
    stem = models.CharField(max_length=64, db_index=True)
    seen = models.IntegerField(default=0)
    titled = models.BooleanField(default=False)

    classes: ClassVar = internal("id word stem seen titled")

    def __str__(self) -> str:
        return self.word


class WordGram(models.Model):
    """Three letters of a word of a title, in one number; see `methods.trigrams`."""

    id = models.BigIntegerField(primary_key=True)

    classes: ClassVar = internal("id")

    def __str__(self) -> str:
        return str(self.id)


class IndexState(models.Model):
    """How far the index has come: the next number in line, the reports in the sample, and a rebuild under way."""

    rules = models.IntegerField()  # the version of the tokens
    following = models.BigIntegerField(default=0)
    sampled = models.BigIntegerField(default=0)
    mark = models.CharField(max_length=32)  # another after each rebuild, so that what processes remember is forgotten
    building = models.BooleanField(default=False)

    classes: ClassVar = internal("id rules following sampled mark building")

    def __str__(self) -> str:
        return f"index of rules {self.rules}"
