"""Sites: a place that does what a page speaks of, its phases, its plan in versions, and its team."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.baseline.models import Practice
from whatworks.commission.models import Award
from whatworks.implement.methods.adapting import DELIVER, EXPLORE, STATES, SUSTAIN
from whatworks.ledger.fields import CanonicalField, personal, public
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.people.models import Area, User
from whatworks.publish.models import Revision
from whatworks.saying import said
from whatworks.scope.models import Intervention
from whatworks.trial.models import Trial

SORTS = {
    "council": said("council"),
    "school": said("school"),
    "team": said("team"),
    "partnership": said("partnership"),
}


class SiteQuerySet(SubjectQuerySet):
    def open_to_all(self) -> SiteQuerySet:
        """Sites that agreed to be shown, by name."""
        return self.filter(shown=True).exclude(revision=None).order_by("name", "pk")

    def of(self, user: User) -> SiteQuerySet:
        """Sites in whose team somebody is, by name."""
        return self.filter(members__user=user).exclude(revision=None).order_by("name", "pk")


class Site(SubjectRow):
    """A council, school, team or partnership that does an intervention, pinned to the revision of the page that it goes by.

    Until it agrees to be shown, nothing of it leaves the workspace, and its subject has no name. A site that ships with a pack to
    show what one looks like is pinned once a page of its intervention is published, and is seen nowhere before.
    """

    kind, prefix = "site", "sit"
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    sort = models.CharField(max_length=12)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="sites")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="sites")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="sites")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, null=True, related_name="sites")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, null=True, related_name="sites")  # that pays for it
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, null=True, related_name="sites")
    unit = models.CharField(max_length=80, blank=True)  # what the trial calls it
    early = models.BooleanField(default=False)  # began before others could: its experience is not theirs
    shown = models.BooleanField(default=False)
    demonstration = models.BooleanField(default=False)
    opened_on = models.DateField()

    classes: ClassVar = public(
        "subject slug name sort area intervention revision practice award trial unit early shown demonstration opened_on"
    )
    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=list(SORTS)), name="site_sort_known"),
            models.CheckConstraint(
                condition=Q(revision__isnull=False) | Q(demonstration=True), name="site_pinned_to_a_revision"
            ),
            models.CheckConstraint(
                condition=Q(trial=None, unit="") | (Q(trial__isnull=False) & ~Q(unit="")), name="site_unit_of_a_trial"
            ),
            models.UniqueConstraint(fields=["trial", "unit"], condition=~Q(unit=""), name="site_unit_once"),
        ]

    def subject_title(self) -> str:
        """Its name where it is shown."""
        return self.name if self.shown else "A site that is not shown"

    @property
    def misplaced(self) -> bool:
        """Whether it is made up and its authority is not: such a row, from a pack, must not reach the practice map."""
        return self.demonstration and self.area is not None and not self.area.invented

    def phase(self) -> str:
        """Where it stands now."""
        last = self.phases.order_by("-number").first()
        return last.phase if last else EXPLORE

    def plan(self) -> SitePlan | None:
        """The plan that stands."""
        return self.plans.order_by("-number").first()

    def delivering(self) -> bool:
        """Whether delivery has ever begun."""
        return self.phases.filter(phase__in=[DELIVER, SUSTAIN]).exists()


class SiteMember(Row):
    """That somebody is in the team of a site."""

    prefix = "smb"
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sites")
    given_by = models.CharField(max_length=64)

    classes: ClassVar = personal("id site user given_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "user"], name="site_member_once")]


class SitePhase(Row):
    """That a site went on to a phase, back to one, or stopped: the day, and the reason where one is asked."""

    prefix = "sph"
    append_only = True
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="phases")
    number = models.IntegerField()
    phase = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    on = models.DateField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id site number phase reason on by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="site_phase_numbered_once"),
            models.CheckConstraint(condition=Q(phase__in=list(STATES)), name="site_phase_known"),
            models.CheckConstraint(condition=~Q(phase="stopped") | ~Q(reason=""), name="site_stops_with_reason"),
        ]


class SitePlan(Row):
    """One version of a site's plan: logic model, indicators, core components with thresholds, rule, dose, partner agencies.

    `after_start`: written after delivery had begun, so its thresholds were not fixed beforehand. `content` is what
    `whatworks.implement.planning` reads.
    """

    prefix = "spn"
    append_only = True
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="plans")
    number = models.IntegerField()
    content: Any = CanonicalField(default=dict)
    after_start = models.BooleanField(default=False)
    what_changed = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id site number content after_start what_changed by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="site_plan_numbered_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(what_changed=""), name="site_plan_says_what_changed"),
        ]
