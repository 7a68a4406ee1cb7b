"""Posts and press releases."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import internal, public
from whatworks.ledger.models import SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class PostQuerySet(SubjectQuerySet):
    def shown(self, at: datetime.datetime) -> PostQuerySet:
        """Those that the public can read at a moment, the newest first: approved, and not under embargo."""
        return self.filter(public_from__lte=at).exclude(approved_at=None).order_by("-public_from", "-pk")

    def waiting(self, at: datetime.datetime) -> PostQuerySet:
        """Those that are approved and still under embargo."""
        return self.filter(public_from__gt=at).exclude(approved_at=None)


class Post(SubjectRow):
    """Something that the centre says to everybody: a post, or a press release with notes for editors."""

    POST, RELEASE = "post", "press release"

    kind, prefix = "post", "nws"
    sort = models.CharField(max_length=16, default=POST)
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    body = models.TextField()
    notes_to_editors = models.TextField(blank=True)
    media_contact = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=400, blank=True)  # of what somebody else said first
    made_up = models.BooleanField(default=False)
    public_from = models.DateTimeField(null=True)  # the end of the embargo; the moment of approval where there is none
    written_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    correction = models.CharField(max_length=300, blank=True)  # what was changed after it was public, and why

    classes: ClassVar = public(
        "subject sort slug title summary body notes_to_editors media_contact source_url made_up public_from correction"
    ) | internal("written_by changed_at approved_by approved_at")
    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=["post", "press release"]), name="post_sort_known"),
            models.CheckConstraint(
                condition=Q(approved_at=None) | ~Q(public_from=None), name="post_public_from_a_moment"
            ),
        ]

    def subject_title(self) -> str:
        """Nothing of what it says while it is a draft or under embargo: titles of subjects are seen elsewhere."""
        latest = max(self.approved_at, self.changed_at) if self.approved_at else None
        public = latest is not None and self.public_from is not None and self.public_from <= latest
        return self.title if public else "A post"

    @property
    def state(self) -> str:
        """Whether it is approved."""
        return "approved" if self.approved_at else "draft"
