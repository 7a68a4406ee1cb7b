"""Practice guides: what writers write, what people said of it, what was approved, and the packages they gather into."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Intervention, Theme


class GuideQuerySet(SubjectQuerySet):
    def shown(self) -> GuideQuerySet:
        """Those that readers can see: with an approved revision, or with a draft that people are asked about."""
        return self.filter(Q(revisions__isnull=False) | Q(consultations__isnull=False)).distinct().order_by("title")


class Guide(SubjectRow):
    """One question along a child's way through services, and where its answer is read."""

    kind, prefix = "guide", "gui"
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="guides")
    illustration = models.BooleanField(default=False)  # shows how a guide looks; nobody wrote it as guidance

    classes: ClassVar = public("subject slug title theme illustration")
    objects = GuideQuerySet.as_manager()

    def newest(self) -> GuideRevision | None:
        """The revision that readers see."""
        return self.revisions.order_by("-number").first()

    def consulted(self) -> Consultation | None:
        """The newest draft that people were asked about."""
        return self.consultations.order_by("-number").first()

    def withdrawn(self) -> GuideStanding | None:
        """Why the guide is withdrawn; None where it is not."""
        last = self.standings.order_by("-number").first()
        return last if last and last.withdrawn else None


class GuideDraft(models.Model):
    """What a guide's writers have written since its last revision: their words, and references in place of numbers."""

    CONSULTATION, APPROVAL = "consultation", "approval"

    guide = models.OneToOneField(Guide, on_delete=models.PROTECT, primary_key=True, related_name="draft")
    text = CanonicalField()
    version = models.IntegerField(default=1)
    writers = CanonicalField(default=list)
    written_by = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    sent_for = models.CharField(max_length=16, blank=True)
    returned = models.TextField(blank=True)

    classes: ClassVar = public("guide text version writers written_by written_at") | internal("sent_for returned")


class GuideRevision(SubjectRow):
    """A guide as approved: everything it says, frozen, and the text it was made from. A later one stands beside it."""

    kind, prefix = "guide revision", "gre"
    append_only = True
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    content = CanonicalField()
    text = CanonicalField()
    approved_by = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    what_changed = models.TextField()

    classes: ClassVar = public("subject guide number content text approved_by approved_at what_changed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guide", "number"], name="guide_revision_number_once")]
        ordering: ClassVar = ["guide", "number"]

    def subject_title(self) -> str:
        return f"Revision {self.number} of {self.guide_id}"


class Consultation(SubjectRow):
    """A draft as people were asked about it, until a day: frozen, and never guidance."""

    kind, prefix = "consultation", "cns"
    append_only = True
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="consultations")
    number = models.IntegerField()
    content = CanonicalField()
    text = CanonicalField()
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closes_on = models.DateField()

    classes: ClassVar = public("subject guide number content text opened_by opened_at closes_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guide", "number"], name="consultation_number_once_per_guide")]
        ordering: ClassVar = ["guide", "number"]

    def subject_title(self) -> str:
        return f"Consultation {self.number} on {self.guide_id}"

    def open_on(self, day: datetime.date) -> bool:
        """Whether somebody can still respond on this day, the last day included."""
        return day <= self.closes_on


class Response(Row):
    """What somebody said of a consultation draft. Their words stay in the workspace unless they let us show them."""

    FORM, LETTER = "form", "letter"

    prefix = "rsp"
    append_only = True
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="responses")
    about = models.CharField(max_length=40, blank=True)
    speaks_as = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    may_show = models.BooleanField(default=False)
    came_by = models.CharField(max_length=8, default=FORM)
    by = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    classes: ClassVar = public("id consultation about speaks_as may_show came_by at") | internal("text by")


class ResponseAnswer(Row):
    """What we did about a response, for everybody to read. The newest counts."""

    prefix = "ran"
    append_only = True
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers")
    number = models.IntegerField()
    asked = models.TextField()
    did = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id response number asked did by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="answer_number_once_per_response")]


class GuideStanding(Row):
    """That a guide was withdrawn, or taken back into use, and why. The newest counts."""

    prefix = "gst"
    append_only = True
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="standings")
    number = models.IntegerField()
    withdrawn = models.BooleanField()
    reason = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id guide number withdrawn reason by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guide", "number"], name="guide_standing_number_once")]


class Package(SubjectRow):
    """Guides and pages about one theme, in the sequence in which a child's way through services meets them."""

    kind, prefix = "package", "pkg"
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=160)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="packages")
    lead = models.TextField()
    shown = models.BooleanField(default=True)  # not while an editor gathers it

    classes: ClassVar = public("subject slug title theme lead shown")


class PackageItem(Row):
    """A guide, or an intervention whose page belongs there: at which stage, and in which sequence."""

    prefix = "pki"
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="items")
    stage = models.CharField(max_length=120)
    order = models.IntegerField()
    why = models.CharField(max_length=300, blank=True)  # in a line for readers, what it is there for
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, null=True, related_name="in_packages")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="in_packages")

    classes: ClassVar = public("id package stage order why guide intervention")

    class Meta:
        ordering: ClassVar = ["package", "order"]
        constraints = [
            models.UniqueConstraint(fields=["package", "order"], name="package_order_once"),
            models.CheckConstraint(
                condition=Q(guide=None, intervention__isnull=False) | Q(guide__isnull=False, intervention=None),
                name="package_item_is_one_thing",
            ),
        ]
