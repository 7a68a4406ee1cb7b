"""Frames, who codes which study by them, what each coder answered, and what stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.collate.models import Report
from whatworks.extract.methods.coding.frame import Frame
from whatworks.extract.methods.coding.reading import from_plain
from whatworks.extract.models.studies import Study
from whatworks.ledger.fields import CanonicalField, internal, personal, public
from whatworks.ledger.identifiers import LONG
from whatworks.ledger.models import Row
from whatworks.people.models import User


class CodingFrameQuerySet(models.QuerySet):
    def newest(self) -> CodingFrameQuerySet:
        """The last version of each frame, by title."""
        later = CodingFrame.objects.filter(key=OuterRef("key"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later)).order_by("title", "key")

    def named(self, key: str, version: int | None = None) -> CodingFrame | None:
        """A frame by key and version, the newest without one; None where it is not here."""
        rows = self.filter(key=key) if version is None else self.filter(key=key, version=version)
        return rows.order_by("-version").first()


class CodingFrame(Row):
    """One version of a frame. A change is a new version, with its reason; what was coded stays with its version."""

    SHIPPED, WRITTEN, COPIED, EXTENDED, IMPORTED = "shipped", "written", "copied", "extended", "imported"

    prefix = "frm"
    append_only = True
    key = models.CharField(max_length=60)
    version = models.IntegerField()
    title = models.CharField(max_length=300)
    origin = models.CharField(max_length=10)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    body: Any = CanonicalField()  # what `methods.coding.reading.from_plain` reads
    why = models.TextField(blank=True)  # why it was changed; empty for the first
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id key version title origin parent body why by at")
    objects = CodingFrameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="frame_version_once"),
            models.CheckConstraint(
                condition=Q(origin__in=["shipped", "written", "copied", "extended", "imported"]),
                name="frame_origin_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    def frame(self) -> Frame:
        """The frame itself."""
        return from_plain(self.body, where=str(self))


class CodingQuerySet(models.QuerySet):
    def in_review(self, review: Any) -> CodingQuerySet:
        """The codings of a review's studies, by the study's name."""
        rows = self.filter(study__review=review).select_related("study", "frame")
        return rows.order_by("study__name", "study", "frame")

    def to_settle(self) -> CodingQuerySet:
        """Those where people must decide between answers."""
        return self.filter(state=Coding.RECONCILING)

    def of(self, user: User | str) -> CodingQuerySet:
        """Those that a person codes now."""
        return self.filter(sheets__user=user, sheets__until=None)


class Coding(Row):
    """The coding of one study by one version of a frame: how many coders it needs, and how far it is.

    Coders are blind to each other until all have said that they are done; from then on (`unblinded_at`) the answers lie
    open to those who code or settle it, whatever is changed later.
    """

    CODING, RECONCILING, SETTLED = "coding", "reconciling", "settled"

    prefix = "cdg"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="codings")
    frame = models.ForeignKey(CodingFrame, on_delete=models.PROTECT, related_name="codings")
    needed = models.IntegerField(default=2)
    state = models.CharField(max_length=12, default=CODING)
    unblinded_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = public("id study frame needed state unblinded_at by at")
    objects = CodingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "frame"], name="coding_once"),
            models.CheckConstraint(condition=Q(needed__gte=1, needed__lte=2), name="coding_needs_one_or_two"),
            models.CheckConstraint(
                condition=Q(state="coding") | Q(state__in=["reconciling", "settled"], unblinded_at__isnull=False),
                name="coding_open_only_when_unblinded",
            ),
        ]


class SheetQuerySet(models.QuerySet):
    def here(self) -> SheetQuerySet:
        """Those whose coder still codes."""
        return self.filter(until=None)

    def counting(self) -> SheetQuerySet:
        """Those whose answers count: coded to the end, also by somebody who left after that, in the order of coders."""
        return self.exclude(done_at=None).order_by("place", "pk")


class Sheet(Row):
    """One coder's form for one study. Who leaves keeps what they coded; it counts where they had said they were done."""

    prefix = "sht"
    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="sheets")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()  # first coder, second coder, and who took a place over
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    classes: ClassVar = personal("id coding user place since until done_at")
    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coding", "user"], name="sheet_once_per_coder"),
            models.UniqueConstraint(fields=["coding", "place"], name="sheet_place_once"),
        ]


class AnswerQuerySet(models.QuerySet):
    def current(self) -> AnswerQuerySet:
        """The last answer of each coder to each item of each unit; nothing where they took it back."""
        later = Answer.objects.filter(
            sheet=OuterRef("sheet"), item=OuterRef("item"), unit=OuterRef("unit"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later)).exclude(status=Answer.WITHDRAWN)

    def blind(self) -> AnswerQuerySet:
        """The last answer that each coder gave to each item before they saw the others'; for measuring agreement."""
        later = Answer.objects.filter(
            sheet=OuterRef("sheet"),
            item=OuterRef("item"),
            unit=OuterRef("unit"),
            late=False,
            number__gt=OuterRef("number"),
        )
        return self.filter(~Exists(later), late=False).exclude(status=Answer.WITHDRAWN)

    def seen_by(self, actor: str) -> AnswerQuerySet:
        """What a person may see: their own answers, and those of codings that are not blind any more."""
        return self.filter(Q(sheet__user=actor) | Q(sheet__coding__unblinded_at__isnull=False))


class Answer(Row):
    """What one coder answered. Never changed: another answer, or taking it back, is a new row."""

    WITHDRAWN = "withdrawn"

    prefix, identifier_length = "ans", LONG
    append_only = True
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=60)
    unit = models.CharField(max_length=24, blank=True)  # an arm, measure or contrast; empty for the study
    number = models.IntegerField()  # of this coder, item and unit, from 1
    status = models.CharField(max_length=16)
    value: Any = CanonicalField(null=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    page = models.IntegerField(null=True)
    place = models.CharField(max_length=160, blank=True)  # in words: table 2
    rectangle: Any = CanonicalField(null=True)  # on the page: left, top, right, bottom as shares of it
    quote = models.TextField(blank=True)
    note = models.TextField(blank=True)
    late = models.BooleanField(default=False)  # given after the coders saw each other's answers
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal(
        "id sheet item unit number status value report page place rectangle quote note late key at"
    )
    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item", "unit", "number"], name="answer_numbered_once"),
            models.UniqueConstraint(fields=["sheet", "key", "item", "unit"], name="answer_asked_once"),
            models.CheckConstraint(
                condition=Q(status="coded", value__isnull=False)
                | Q(status__in=["not applicable", "not reported", "withdrawn"], value=None),
                name="answer_value_only_when_coded",
            ),
        ]


class DecidedQuerySet(models.QuerySet):
    def current(self) -> DecidedQuerySet:
        """The last word on each item of each unit, also where that is that it is open again."""
        later = Decided.objects.filter(
            coding=OuterRef("coding"), item=OuterRef("item"), unit=OuterRef("unit"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def standing(self) -> DecidedQuerySet:
        """What stands now."""
        return self.current().exclude(how=Decided.REOPENED)

    def by_people(self) -> DecidedQuerySet:
        """What a person decided."""
        return self.filter(how__in=("third", "discussion"))


class Decided(Row):
    """What came to stand for an item of a study, and by what: a rule or a person. A change is a new row.

    agreed: the coders said the same; single: one coder was enough; first: they differ on an item that need not be
    agreed; third, discussion: a person decided, saying why; reopened: what stood does not any more.
    """

    REOPENED = "reopened"

    prefix, identifier_length = "dec", LONG
    append_only = True
    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="decided")
    item = models.CharField(max_length=60)
    unit = models.CharField(max_length=24, blank=True)
    number = models.IntegerField()
    status = models.CharField(max_length=16, blank=True)
    value: Any = CanonicalField(null=True)
    how = models.CharField(max_length=10)
    why = models.TextField(blank=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    page = models.IntegerField(null=True)
    place = models.CharField(max_length=160, blank=True)
    quote = models.TextField(blank=True)  # the report's own words: for the workspace only
    over: Any = CanonicalField(default=list)  # the answers that lay before whoever decided
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True)

    classes: ClassVar = public("id coding item unit number status value how why report page place by at") | internal(
        "quote over key"
    )
    objects = DecidedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coding", "item", "unit", "number"], name="decided_numbered_once"),
            models.UniqueConstraint(fields=["coding", "key"], condition=~Q(key=""), name="decided_asked_once"),
            models.CheckConstraint(
                condition=Q(how="reopened", status="", value=None)
                | Q(how__in=["agreed", "single", "first", "third", "discussion"], status="coded", value__isnull=False)
                | Q(
                    how__in=["agreed", "single", "first", "third", "discussion"],
                    status__in=["not applicable", "not reported"],
                    value=None,
                ),
                name="decided_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(how__in=["third", "discussion"]) | ~Q(why=""), name="decided_by_people_says_why"
            ),
        ]
