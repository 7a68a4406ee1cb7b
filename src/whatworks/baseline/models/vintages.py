"""Vintages of published figures, kept beside each other for ever, and statistical neighbours by model."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.people.models import Area


class VintageQuerySet(SubjectQuerySet):
    def in_order(self) -> VintageQuerySet:
        """The oldest first: a later one revises an earlier one of the same release."""
        return self.order_by("release", F("published_on").asc(nulls_first=True), "label", "pk")


class Vintage(SubjectRow):
    """One publication of a release: what its publisher said on that day. A later one stands beside it, never over it."""

    kind, prefix = "vintage", "vin"
    append_only = True
    release = models.CharField(max_length=40, db_index=True)  # a key of `sources.RELEASES`
    label = models.CharField(max_length=20)  # the publisher's own: a year, or a version
    title = models.CharField(max_length=200)
    published_on = models.DateField(null=True)
    publisher = models.CharField(max_length=120)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=80)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    first_period = models.CharField(max_length=12)
    last_period = models.CharField(max_length=12)
    chosen = models.BooleanField(default=False)  # only the figures that indicators need are held
    notes = CanonicalField(default=list)  # rows kept apart, and why
    figures_sha256 = models.CharField(max_length=64)  # of all series, so that it is seen when one moved

    classes: ClassVar = public(
        "subject release label title published_on publisher source_url licence file_name sha256 first_period last_period "
        "chosen notes figures_sha256"
    )
    objects = VintageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "label", "sha256"], name="vintage_once")]

    def subject_title(self) -> str:
        return f"{self.title}, {self.label}"


class Series(models.Model):
    """What one vintage says of one measure in one place: a number or a symbol for each period."""

    append_only: ClassVar = True
    vintage = models.ForeignKey(Vintage, on_delete=models.PROTECT, related_name="series")
    measure = models.CharField(max_length=200)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="series")
    values = CanonicalField()  # by period: a number, or a symbol as published

    classes: ClassVar = public("id vintage measure area values")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vintage", "measure", "area"], name="series_once")]
        indexes = [models.Index(fields=["measure", "area"], name="series_of_measure")]


class Neighbour(models.Model):
    """That a model of statistical neighbours sets one place beside another. Links may go one way only."""

    model = models.CharField(max_length=4)  # the year of the model
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="neighbours")
    neighbour = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="neighbour_of")
    place = models.IntegerField()  # 1: the nearest
    closeness = models.CharField(max_length=24)

    classes: ClassVar = public("id model area neighbour place closeness")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "area", "place"], name="neighbour_place_once"),
            models.UniqueConstraint(fields=["model", "area", "neighbour"], name="neighbour_once"),
            models.CheckConstraint(condition=~Q(area=F("neighbour")), name="neighbour_is_another"),
        ]
        ordering: ClassVar = ["model", "area", "place"]
