"""Small tests of change with what was measured, and what stands in the way of a site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.convene.models import Text
from whatworks.implement.methods.acting import PARTS
from whatworks.implement.models.sites import Site
from whatworks.ledger.canonical import digest
from whatworks.ledger.fields import CanonicalField, internal
from whatworks.ledger.models import Row, SubjectRow
from whatworks.saying import said

ENDS = {
    "adopt": said("Keep it"),
    "adapt": said("Change it and try again"),
    "abandon": said("Give it up"),
}
ROLES = {
    "practitioner": said("a practitioner"),
    "manager": said("a manager"),
    "leader": said("a leader of the service"),
    "partner": said("somebody at a partner agency"),
    "family": said("somebody who uses the service"),
}


class SmallTest(SubjectRow):
    """One idea that a site tries in small steps, and the indicator that would show it."""

    kind, prefix = "small test", "smt"
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="tests")
    number = models.IntegerField()
    title = models.CharField(max_length=160)
    indicator = models.CharField(max_length=40)
    opened_on = models.DateField()

    classes: ClassVar = internal("subject site number title indicator opened_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="small_test_numbered_once")]

    def subject_title(self) -> str:
        return f"Small test {self.number}"


class Cycle(Row):
    """One turn of plan, do, study, act: what is tried and expected, what was learnt, what then."""

    prefix = "cyc"
    test = models.ForeignKey(SmallTest, on_delete=models.PROTECT, related_name="cycles")
    number = models.IntegerField()
    planned_on = models.DateField()
    plan = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, related_name="+")
    done_on = models.DateField(null=True)
    learnt = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, related_name="+")
    ended = models.CharField(max_length=8, blank=True)

    classes: ClassVar = internal("id test number planned_on plan done_on learnt ended")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["test", "number"], name="cycle_numbered_once"),
            models.CheckConstraint(condition=Q(ended="") | Q(ended__in=list(ENDS)), name="cycle_end_known"),
            models.CheckConstraint(
                condition=Q(ended="", done_on=None) | (~Q(ended="") & Q(done_on__isnull=False)),
                name="cycle_ends_with_a_day",
            ),
        ]


class Point(Row):
    """One number of an indicator of a site on a day. A wrong one is replaced by a later row."""

    prefix = "ipt"
    append_only = True
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="points")
    indicator = models.CharField(max_length=40)
    on = models.DateField()
    value = models.FloatField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id site indicator on value replaces by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "indicator", "on"], condition=Q(replaces=None), name="point_once_a_day"
            )
        ]

    def row_digest(self) -> str:
        """Of the whole row: the table never leaves in an open pack, and the digest lies in the payload of its event."""
        held = {"site": self.site_id, "indicator": self.indicator, "on": self.on.isoformat(), "value": self.value}
        return digest(held | {"id": self.pk, "replaces": self.replaces_id, "by": self.by, "at": self.at.isoformat()})


class Barrier(Row):
    """What stands in the way at a site, sorted by COM-B."""

    prefix = "bar"
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="barriers")
    part = models.CharField(max_length=24)
    title = models.CharField(max_length=160)
    gone_on = models.DateField(null=True)

    classes: ClassVar = internal("id site part title gone_on")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(part__in=list(PARTS)), name="barrier_part_known")]


class BarrierAction(Row):
    """What is done against a barrier, by which role, by when."""

    prefix = "bac"
    barrier = models.ForeignKey(Barrier, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=200)
    who = models.CharField(max_length=80)
    due = models.DateField()
    done_on = models.DateField(null=True)

    classes: ClassVar = internal("id barrier what who due done_on")


class Insight(SubjectRow):
    """An interview about practice at a site: the day and the role of the person, never who, and none of the words."""

    kind, prefix = "interview", "isg"
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="insights")
    number = models.IntegerField()
    role = models.CharField(max_length=14)
    on = models.DateField()

    classes: ClassVar = internal("subject site number role on")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="insight_numbered_once"),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="insight_role_known"),
        ]

    def subject_title(self) -> str:
        return f"Interview {self.number}"


class InsightCoding(Row):
    """The parts of COM-B that one coder found in an interview. Others see it once two have coded."""

    prefix = "isc"
    insight = models.ForeignKey(Insight, on_delete=models.PROTECT, related_name="codings")
    coder = models.CharField(max_length=64)
    parts: Any = CanonicalField(default=list)
    at = models.DateTimeField()

    classes: ClassVar = internal("id insight coder parts at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["insight", "coder"], name="insight_coded_once")]
