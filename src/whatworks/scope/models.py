"""Themes, interventions, and the outcomes framework with each outcome's direction."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from whatworks.ledger.fields import INTERNAL, public
from whatworks.ledger.models import Row, Subject, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


class Theme(SubjectRow):
    """A founding theme of the centre."""

    kind, prefix = "theme", "thm"
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    line = models.TextField()
    order = models.IntegerField()

    classes: ClassVar = public("subject slug name line order")

    class Meta:
        ordering: ClassVar = ["order"]


class OutcomeGroup(Row):
    """A heading of the outcomes framework."""

    prefix = "grp"
    name = models.CharField(max_length=120)
    order = models.IntegerField()

    classes: ClassVar = public("id name order")

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name


class Outcome(SubjectRow):
    """What may change, and which way is good, if either is."""

    CONTACT, NEUTRAL, GOOD_HIGH, GOOD_LOW = "contact", "neutral", "good-high", "good-low"

    kind, prefix = "outcome", "out"
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=160)
    group = models.ForeignKey(OutcomeGroup, on_delete=models.PROTECT, related_name="outcomes")
    direction = models.CharField(max_length=10)
    safety = models.BooleanField(default=False)
    happened = models.CharField(max_length=120, blank=True)
    order = models.IntegerField()
    band_low = models.FloatField(null=True)
    band_high = models.FloatField(null=True)
    band_metric = models.CharField(max_length=16, blank=True)
    band_source = models.TextField(blank=True)

    classes: ClassVar = public(
        "subject slug name group direction safety happened order band_low band_high band_metric band_source"
    )

    class Meta:
        ordering: ClassVar = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=["contact", "neutral", "good-high", "good-low"]),
                name="outcome_direction_known",
            ),
            models.CheckConstraint(
                condition=Q(band_low=None, band_high=None) | ~Q(band_source=""), name="outcome_band_has_source"
            ),
        ]

    @property
    def contact(self) -> bool:
        """Contact with care, courts or child protection: read with what is known about children's safety, or not at all."""
        return self.direction == self.CONTACT

    @property
    def reading(self) -> str:
        """How a change is told: `contact` is fewer or more, never better or worse; else the agreed good direction."""
        return self.CONTACT if self.direction in (self.CONTACT, self.NEUTRAL) else self.direction


class InterventionQuerySet(SubjectQuerySet):
    def in_order(self) -> InterventionQuerySet:
        """By theme and name: never by size of effect."""
        return self.order_by("theme__order", "name")


class Intervention(SubjectRow):
    """Something done for children and families that may change an outcome."""

    kind, prefix = "intervention", "int"
    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=160)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="interventions")
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    lead = models.TextField(blank=True)
    mechanism = models.TextField(blank=True)
    population = models.CharField(max_length=200, blank=True)

    classes: ClassVar = public("subject slug name theme part_of lead mechanism population")
    objects = InterventionQuerySet.as_manager()


class ParticularQuerySet(models.QuerySet):
    def standing(self) -> ParticularQuerySet:
        """What is recorded now: nothing that was replaced or taken back since."""
        return self.filter(replaced_by=None, taken_back=False)

    def in_order(self) -> ParticularQuerySet:
        """By sort and value, the same on every database."""
        return self.order_by("intervention", "sort", "value", "pk")


class Particular(Row):
    """One thing recorded about an intervention besides its effects, such as who does it, with the source that says so.

    A row is never changed: a later one replaces it, or takes it back with the reason in `words`.
    """

    SORTS = ("age", "setting", "who", "registered", "cost", "partner")

    prefix = "par"
    append_only = True
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="particulars")
    sort = models.CharField(max_length=16)
    value = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    source = models.TextField()
    source_url = models.URLField(max_length=500, blank=True)
    cites = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    taken_back = models.BooleanField(default=False)

    classes: ClassVar = public("id intervention sort value words source source_url cites by replaces taken_back")
    objects = ParticularQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["age", "setting", "who", "registered", "cost", "partner"]),
                name="particular_sort_known",
            ),
            models.CheckConstraint(condition=~Q(source="") & ~Q(value=""), name="particular_has_value_and_source"),
            models.CheckConstraint(
                condition=Q(taken_back=False) | Q(replaces__isnull=False), name="particular_takes_back_another"
            ),
        ]


class QuestionQuerySet(SubjectQuerySet):
    def open(self) -> QuestionQuerySet:
        """Questions that nobody has answered or declined yet, the oldest first."""
        return self.filter(state=Question.UNANSWERED).order_by("asked_on", "pk")


class Question(SubjectRow):
    """A question that the centre took up, in its own public words, and where it stands.

    `origin` is what it came from (an enquiry, a panel, a gap): internal, since that may be about a person. What everybody
    may know of it is its kind.
    """

    UNANSWERED, ANSWERED, DECLINED = "open", "answered", "declined"

    kind, prefix = "question", "qst"
    wording = models.CharField(max_length=300)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="questions")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="questions")
    origin_kind = models.CharField(max_length=24, blank=True)
    origin = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, default=UNANSWERED)
    answer = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    asked_on = models.DateField()
    by = models.CharField(max_length=64)
    demonstration = models.BooleanField(default=False)  # made up: marked wherever it is shown

    classes: ClassVar = public(
        "subject wording theme outcome origin_kind state answer reason asked_on by demonstration"
    ) | {"origin": INTERNAL}
    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answer=None, reason="")
                | Q(state="answered", answer__isnull=False)
                | (Q(state="declined") & ~Q(reason="")),
                name="question_state_says_how",
            ),
        ]

    def subject_title(self) -> str:
        return self.wording
