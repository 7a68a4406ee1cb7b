"""Evidence and gap maps that others made, as they were taken in: each version beside those before it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class EvidenceMapQuerySet(SubjectQuerySet):
    def for_readers(self) -> EvidenceMapQuerySet:
        """The maps that the public may see, by title."""
        return self.filter(shown=True).order_by("title", "slug")


class EvidenceMap(SubjectRow):
    """A map that somebody else made: whose it is, where it is from, and under which licence. Theirs, never ours.

    Only a map whose licence is told may be shown to the public.
    """

    kind, prefix = "evidence map", "egm"
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=300)
    whose = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    shown = models.BooleanField(default=False)

    classes: ClassVar = public("subject slug title whose source_url licence") | internal("shown")
    objects = EvidenceMapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shown=False) | ~models.Q(licence=""), name="evidence_map_shown_has_licence"
            )
        ]

    def newest(self) -> MapVersion | None:
        """The version that was taken in last."""
        return self.versions.order_by("-number").first()


class MapVersion(SubjectRow):
    """A map as one file held it. Never changed; the next edition stands beside it."""

    kind, prefix = "map version", "mpv"
    append_only = True
    map = models.ForeignKey(EvidenceMap, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    dated = models.CharField(max_length=40, blank=True)  # as its makers say: a day, a month, a year
    content: Any = CanonicalField()  # what `methods.mapping_plain.from_plain` reads
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the file
    items = models.IntegerField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject map number dated content filename sha256 items by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["map", "number"], name="map_version_numbered_once"),
            models.UniqueConstraint(fields=["map", "sha256"], name="map_version_file_once"),
        ]
        ordering: ClassVar = ["map", "number"]

    def subject_title(self) -> str:
        return f"Version {self.number} of {self.map_id}"
