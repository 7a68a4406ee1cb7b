"""Studies, the reports that tell of them, their arms and outcomes as measured, and how studies were regrouped."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.methods.coding.asking import Units
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.saying import said
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review


class StudyQuerySet(SubjectQuerySet):
    def standing(self) -> StudyQuerySet:
        """Studies that were not merged into another."""
        merged = Regrouping.objects.standing().filter(kind=Regrouping.MERGE, study=OuterRef("pk"))
        return self.filter(~Exists(merged))

    def in_review(self, review: Review | str) -> StudyQuerySet:
        """The standing studies of a review, by name."""
        return self.standing().filter(review=review).order_by("name", "pk")

    def locked(self, study: Study | str) -> Study:
        """The study, with nobody else changing it until the transaction ends.

        Raises InputError where there is none, ConflictError where it was merged into another.
        """
        key = study if isinstance(study, str) else study.pk
        held: Study | None = self.select_for_update().filter(pk=key).first()
        if held is None:
            raise InputError(said("There is no study %(key)s; reload the page.", key=key[:40]))
        if not self.standing().filter(pk=key).exists():
            raise ConflictError(
                said(
                    "“%(name)s” was merged into another study; go to that one, or take the merge back.", name=held.name
                )
            )
        return held

    def told_by(self, report: Report | str) -> StudyQuerySet:
        """The studies that a report tells of."""
        return self.filter(tellings__report=report)


class Study(SubjectRow):
    """One piece of research, however many reports tell of it."""

    kind, prefix = "study", "sty"
    name = models.CharField(max_length=200)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="studies")
    design = models.CharField(max_length=60)
    randomised = models.BooleanField()
    country = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=160, blank=True)
    years = models.CharField(max_length=60, blank=True)
    population = models.TextField(blank=True)
    n_total = models.IntegerField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    caution = models.TextField(blank=True)

    classes: ClassVar = public(
        "subject name review design randomised country place years population n_total unit caution"
    )
    objects = StudyQuerySet.as_manager()

    def units(self) -> Units:
        """Its arms, outcomes as measured and contrasts, in their order: what a frame's items repeat by."""
        arms = self.arms.order_by(Coalesce("detail__order", 0), "role", "name", "pk")
        measures = self.measures.order_by("order", "name", "pk")
        contrasts = self.contrasts.order_by("pk")
        return Units(*(tuple(rows.values_list("pk", flat=True)) for rows in (arms, measures, contrasts)))


class StudyReport(Row):
    """That a report tells of a study, and in which role. People give one of ROLES; older rows have words of their own."""

    MAIN, FOLLOW_UP, PROTOCOL, ECONOMIC = "main", "follow-up", "protocol", "economic"
    ROLES = (MAIN, FOLLOW_UP, PROTOCOL, ECONOMIC)
    EARLIER = (
        "conference",
        "final report",
        "first wave",
        "further analysis",
        "interim report",
        "page",
        "secondary",
    )

    prefix = "srp"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="tellings")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="tellings")
    role = models.CharField(max_length=16, default="main")

    classes: ClassVar = public("id study report role")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "report"], name="report_once_per_study"),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "main",
                        "follow-up",
                        "protocol",
                        "economic",
                        "conference",
                        "final report",
                        "first wave",
                        "further analysis",
                        "interim report",
                        "page",
                        "secondary",
                    ]
                ),
                name="telling_role_known",
            ),
        ]


class Arm(Row):
    """A group of a study: those offered the intervention, or those it is compared with."""

    INTERVENTION, COMPARISON, CO_INTERVENTION = "intervention", "comparison", "co-intervention"
    ROLES = (INTERVENTION, COMPARISON, CO_INTERVENTION)

    prefix = "arm"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="arms")
    name = models.CharField(max_length=160)
    role = models.CharField(max_length=16)
    n = models.IntegerField(null=True)

    classes: ClassVar = public("id study name role n")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["intervention", "comparison", "co-intervention"]), name="arm_role_known"
            )
        ]


# What came later about a row has a table beside it: rows that were signed before keep their bytes and their digests.
class ArmDetail(Row):
    """What is known of an arm beyond its name: what it was offered, how many were put in it and how many analysed."""

    prefix = "amd"
    arm = models.OneToOneField(Arm, on_delete=models.PROTECT, related_name="detail")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, null=True, related_name="+")
    offered = models.TextField(blank=True)
    n_randomised = models.IntegerField(null=True)
    n_analysed = models.IntegerField(null=True)
    clusters = models.IntegerField(null=True)  # randomised
    clusters_analysed = models.IntegerField(null=True)
    order = models.IntegerField(default=0)

    classes: ClassVar = public("id arm intervention offered n_randomised n_analysed clusters clusters_analysed order")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(n_randomised=None) | Q(n_randomised__gte=0))
                & (Q(n_analysed=None) | Q(n_analysed__gte=0))
                & (Q(clusters=None) | Q(clusters__gte=0))
                & (Q(clusters_analysed=None) | Q(clusters_analysed__gte=0)),
                name="arm_counts_not_negative",
                violation_error_message="people and clusters are counted from 0; a count below it cannot be.",
            ),
        ]


class StudyDetail(Row):
    """Who paid for a study, how far the developers of the intervention took part, and where it was registered."""

    NONE, TOOK_PART, LED, NOT_REPORTED = "none", "took part", "led", "not reported"
    INVOLVED = (NONE, TOOK_PART, LED, NOT_REPORTED)

    prefix = "std"
    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="detail")
    funder = models.TextField(blank=True)
    funder_involved = models.CharField(max_length=16, blank=True)
    developer_involved = models.CharField(max_length=16, blank=True)
    interests = models.TextField(blank=True)
    registration = models.CharField(max_length=200, blank=True)
    clusters = models.CharField(max_length=120, blank=True)  # what was randomised or grouped, such as schools

    classes: ClassVar = public("id study funder funder_involved developer_involved interests registration clusters")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(funder_involved__in=["", "none", "took part", "led", "not reported"])
                & Q(developer_involved__in=["", "none", "took part", "led", "not reported"]),
                name="study_involvement_known",
            )
        ]


class Measure(Row):
    """An outcome as a study measured it: with which instrument, in whom, told by whom, and which way is good."""

    HIGHER, LOWER = "higher is better", "lower is better"

    prefix = "mea"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="measures")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="measures")
    name = models.CharField(max_length=200)
    instrument = models.CharField(max_length=200, blank=True)
    direction = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=40, blank=True)  # who or what is counted: children, families
    informant = models.CharField(max_length=120, blank=True)
    population = models.TextField(blank=True)
    priority = models.CharField(max_length=12, blank=True)  # primary, secondary
    order = models.IntegerField(default=0)

    classes: ClassVar = public("id study outcome name instrument direction unit informant population priority order")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "name", "informant"], name="measure_once"),
            models.CheckConstraint(
                condition=Q(direction__in=["", "higher is better", "lower is better"])
                & Q(priority__in=["", "primary", "secondary"]),
                name="measure_words_known",
            ),
        ]


class RegroupingQuerySet(models.QuerySet):
    def standing(self) -> RegroupingQuerySet:
        """Regroupings that were not taken back."""
        return self.filter(undone=None)

    def of(self, study: Study | str) -> RegroupingQuerySet:
        """Those that a study took part in, oldest first."""
        return self.filter(Q(study=study) | Q(other=study)).order_by("at", "pk")


class Regrouping(Row):
    """That what belonged to one study was given to another: a study split in two, or two found to be one.

    `moved` names what went from `study` to `other`; taking it back is a regrouping of its own that names this one.
    """

    MERGE, SPLIT, UNDO = "merge", "split", "undo"

    prefix = "rgp"
    append_only = True
    kind = models.CharField(max_length=6)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="regroupings")
    other = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="regroupings_into")
    moved: Any = CanonicalField()
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone")
    why = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True)

    classes: ClassVar = public("id kind study other moved undoes why by at") | internal("key")
    objects = RegroupingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["merge", "split", "undo"]), name="regrouping_known"),
            models.CheckConstraint(condition=Q(kind="undo") ^ Q(undoes=None), name="regrouping_undo_names_one"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="regrouping_asked_once"),
        ]


class Component(Row):
    """A word of a review's vocabulary for what an intervention is made of."""

    prefix = "cmp"
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="components")
    group = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    order = models.IntegerField()

    classes: ClassVar = public("id review group name order")
