"""Calls, the versions of their rules, what was locked when they were published, and what came of them in public."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.commission.methods.rules import Rules, read
from whatworks.commission.methods.workflow import CALL
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class CallQuerySet(SubjectQuerySet):
    def shown(self) -> CallQuerySet:
        """Those that readers see, the newest first."""
        return self.exclude(state="draft").order_by("-begun", "title")


class Call(SubjectRow):
    """An open call for partners. What it asks and how it chooses stands in its versions."""

    kind, prefix = "call", "cal"
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=16, default="draft")
    begun = models.DateField(null=True)  # when it was published
    elsewhere = models.BooleanField(default=False)  # run before this record began: facts and awards only
    demonstration = models.BooleanField(default=False)  # of fictional places: marked wherever it is shown

    classes: ClassVar = public("subject slug title state begun elsewhere demonstration")
    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=list(CALL)), name="call_state_known")]

    def newest(self) -> CallVersion | None:
        """The version that was written last."""
        return self.versions.order_by("-number").first()

    def standing(self) -> CallVersion | None:
        """The version that was published last, which binds."""
        return self.versions.exclude(lock=None).order_by("-number").first()

    def rules(self) -> Rules:
        """The rules that bind: those published, and before that those written."""
        held = self.standing() or self.newest()
        assert held is not None  # a call that is run here is opened with a version
        return read(held.text)


class CallVersion(SubjectRow):
    """One version of a call's rules, as TOML with its digest."""

    kind, prefix = "call version", "clv"
    append_only = True
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    what_changed = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject call number text digest what_changed by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="call_version_numbered_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(what_changed=""), name="call_version_says_what_changed"),
        ]

    def subject_title(self) -> str:
        return f"Rules {self.number} of {self.call.title}"


class CallLock(Row):
    """That a version of the rules was published, and binds as it is from this moment."""

    prefix = "clk"
    append_only = True
    version = models.OneToOneField(CallVersion, on_delete=models.PROTECT, related_name="lock")
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id version digest by at")


class CallFact(Row):
    """Something known of a call, as published, with its source."""

    prefix = "cft"
    append_only = True
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="facts")
    order = models.IntegerField(default=0)
    what = models.CharField(max_length=160)
    told = models.TextField()
    on = models.DateField(null=True)
    source = models.TextField()
    source_url = models.URLField(max_length=500, blank=True)

    classes: ClassVar = public("id call order what told on source source_url")


class CallOutcome(Row):
    """What readers are told once a call is decided: counts, coverage, reliability, the price of breadth. Names nobody."""

    prefix = "clo"
    append_only = True
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="outcome")
    counts: Any = CanonicalField(default=dict)
    coverage: Any = CanonicalField(default=dict)
    reliability: Any = CanonicalField(default=dict)
    breadth: Any = CanonicalField(default=dict)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id call counts coverage reliability breadth by at")
