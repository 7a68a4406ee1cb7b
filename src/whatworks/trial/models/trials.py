"""Trials, the versions of their protocols with the design in each, what was locked, and what a finished trial printed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.collate.models import Report
from whatworks.ledger.fields import CanonicalField, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.scope.models import Intervention, Outcome


class TrialQuerySet(SubjectQuerySet):
    def about(self, intervention: Intervention | str) -> TrialQuerySet:
        """Trials of an intervention, by title."""
        return self.filter(intervention=intervention).order_by("title")


class Trial(SubjectRow):
    """A fair test of one intervention. What is planned of it stands in its protocols, what came of it in what they lead to."""

    kind, prefix = "trial", "trl"
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="trials")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="trials")
    demonstration = models.BooleanField(default=False)  # of fictional places: marked wherever it is shown

    classes: ClassVar = public("subject slug title intervention outcome demonstration")
    objects = TrialQuerySet.as_manager()

    def newest(self) -> TrialProtocol | None:
        """The protocol that stands."""
        return self.protocols.order_by("-number").first()


class TrialProtocolQuerySet(SubjectQuerySet):
    def standing(self) -> TrialProtocolQuerySet:
        """The last of each trial."""
        later = TrialProtocol.objects.filter(trial=OuterRef("trial"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class TrialProtocol(SubjectRow):
    """One version of what a trial means to do: its design as TOML with its digest, and what a registry asks beside.

    `particulars` are texts by field (`whatworks.trial.methods.registering.FIELDS`). A retrospective trial of others has no design of
    ours: then `design` is empty, and the particulars say what its publications do.
    """

    kind, prefix = "trial protocol", "prl"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="protocols")
    number = models.IntegerField()
    design = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    particulars: Any = CanonicalField(default=dict)
    what_changed = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject trial number design digest particulars what_changed by at")
    objects = TrialProtocolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="protocol_numbered_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(what_changed=""), name="protocol_says_what_changed"),
            models.CheckConstraint(
                condition=Q(design="", digest="") | (~Q(design="") & ~Q(digest="")), name="protocol_design_has_digest"
            ),
        ]

    def subject_title(self) -> str:
        return f"Protocol {self.number} of {self.trial.title}"


class TrialLockQuerySet(models.QuerySet):
    def of(self, trial: Trial, what: str) -> TrialLockQuerySet:
        """The locks of one kind, the last first."""
        return self.filter(protocol__trial=trial, what=what).order_by("-at", "-pk")


class TrialLock(Row):
    """That a text stands as it is from this moment: the digest of a protocol's design, or of its plan of analysis."""

    REGISTRATION, PLAN = "registration", "plan of analysis"

    prefix = "tlk"
    append_only = True
    protocol = models.ForeignKey(TrialProtocol, on_delete=models.PROTECT, related_name="locks")
    what = models.CharField(max_length=20)
    text = models.TextField(blank=True)  # the plan itself; the design stands in the protocol
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id protocol what text digest by at")
    objects = TrialLockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "what"], name="locked_once"),
            models.CheckConstraint(condition=Q(what__in=["registration", "plan of analysis"]), name="lock_known"),
        ]


class PublishedResult(Row):
    """A result that a finished trial printed, as it was printed, with its source and the place in it."""

    prefix = "pbr"
    append_only = True
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="published")
    order = models.IntegerField(default=0)
    measured = models.CharField(max_length=200)
    primary = models.BooleanField(default=False)
    said = models.TextField()  # the numbers as printed
    numbers: Any = CanonicalField(default=dict)  # by name: estimate, low, high, measure, arms
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.TextField()
    place = models.CharField(max_length=160, blank=True)

    classes: ClassVar = public("id trial order measured primary said numbers report source place")
