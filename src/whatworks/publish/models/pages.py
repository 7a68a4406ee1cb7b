"""Pages, and the revisions that people approved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import SubjectRow
from whatworks.scope.models import Intervention


class Page(SubjectRow):
    """The place where readers find what is known about an intervention."""

    kind, prefix = "page", "pag"
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=160)
    intervention = models.OneToOneField(Intervention, on_delete=models.PROTECT, related_name="page")

    classes: ClassVar = public("subject slug title intervention")

    def newest(self) -> Revision | None:
        """The revision that readers see."""
        return self.revisions.order_by("-number").first()


class Revision(SubjectRow):
    """A page as approved: everything it says, frozen. A later one stands beside it."""

    kind, prefix = "revision", "rev"
    append_only = True
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    content = CanonicalField()
    approved_by = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    what_changed = models.TextField(blank=True)

    classes: ClassVar = public("subject page number content approved_by approved_at what_changed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="revision_number_once_per_page")]
        ordering: ClassVar = ["page", "number"]

    def subject_title(self) -> str:
        return f"Revision {self.number} of {self.page_id}"


class Draft(models.Model):
    """The would-be next revision of a page: made by rule, waiting for a person, shown only in the workspace."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    content = CanonicalField()
    rests_on = CanonicalField()
    reasons = CanonicalField(default=list)
    made_at = models.DateTimeField()

    classes: ClassVar = internal("page content rests_on reasons made_at")
