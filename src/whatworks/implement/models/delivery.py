"""What a site delivered, what it changed, and what a trial's statistician said to that. Free text stands in `convene` alone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.implement.methods.adapting import INCONSISTENT, UNKNOWN
from whatworks.implement.models.sites import Site, SitePlan
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.saying import said

DECISIONS = {
    "fidelity": said("The fidelity data show it; the compliance rule of the design stands"),
    "plan": said("It goes into the plan of analysis, before the arms are told"),
    "site": said("Talked over with the site, which goes back to the component"),
    "none": said("It does not touch what the trial tests"),
}


class FidelityFormQuerySet(SubjectQuerySet):
    def standing(self) -> FidelityFormQuerySet:
        """Forms that no later one replaces."""
        return self.filter(replaced_by__isnull=True)


class FidelityForm(SubjectRow):
    """What was due and done of each core component in a month, and how much of it: counts alone, and how many people never leave."""

    kind, prefix = "fidelity form", "ffm"
    append_only = True
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="forms")
    plan = models.ForeignKey(SitePlan, on_delete=models.PROTECT, related_name="forms")
    number = models.IntegerField()
    period = models.CharField(max_length=7)  # 2026-03
    done: Any = CanonicalField()  # by component: [due, done]
    dose = models.IntegerField()
    people = models.IntegerField(null=True)  # families or children reached, where they are counted
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject site plan number period done dose replaces by at") | internal("people")
    objects = FidelityFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="fidelity_form_numbered_once"),
            models.CheckConstraint(
                condition=Q(dose__gte=0) & (Q(people=None) | Q(people__gte=0)), name="fidelity_form_counts"
            ),
        ]

    def subject_title(self) -> str:
        return f"Form {self.number} for {self.period}"


class AdaptationQuerySet(SubjectQuerySet):
    def unheeded(self) -> AdaptationQuerySet:
        """Adaptations at sites of a trial that may lower fidelity, and to which no statistician has said anything; the oldest first."""
        heeded = Heeded.objects.filter(adaptation=OuterRef("pk"))
        held = self.filter(site__trial__isnull=False, keeps__in=[INCONSISTENT, UNKNOWN])
        return held.filter(~Exists(heeded)).select_related("site__trial").order_by("at", "pk")


class Adaptation(SubjectRow):
    """A change to the intervention as FRAME asks for it (`whatworks.implement.methods.adapting.Change`)."""

    kind, prefix = "adaptation", "ada"
    append_only = True
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="adaptations")
    plan = models.ForeignKey(SitePlan, on_delete=models.PROTECT, related_name="adaptations")
    number = models.IntegerField()
    on = models.DateField()
    keeps = models.CharField(max_length=12)
    frame: Any = CanonicalField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject site plan number on keeps frame by at")
    objects = AdaptationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="adaptation_numbered_once")]

    def subject_title(self) -> str:
        return f"Adaptation {self.number}"


class Heeded(Row):
    """What the statistician of a trial decided about an adaptation that may lower fidelity."""

    prefix = "hee"
    append_only = True
    adaptation = models.OneToOneField(Adaptation, on_delete=models.PROTECT, related_name="heeded")
    decision = models.CharField(max_length=12)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id adaptation decision by at")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(decision__in=list(DECISIONS)), name="heeded_decision_known")]
