"""Two people who judge the same thing without seeing each other: who does, what each judged, and what they agreed on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from whatworks.collate.models import Report
from whatworks.extract.models.appraisals import Appraisal, Judging
from whatworks.extract.models.findings import Contrast
from whatworks.extract.models.studies import Study
from whatworks.ledger.fields import CanonicalField, internal, personal
from whatworks.ledger.models import Row
from whatworks.people.models import User
from whatworks.screen.models import Review


class AppraisingQuerySet(models.QuerySet):
    def open(self) -> AppraisingQuerySet:
        """Those that are not agreed on yet, nor called off."""
        return self.filter(state__in=(Appraising.JUDGING, Appraising.COMPARING))

    def compared(self, review: Review | str) -> AppraisingQuerySet:
        """Those of a review whose appraisers have seen each other's judgements, also where they were called off then."""
        return self.filter(study__review=review).exclude(unblinded_at=None).order_by("at", "pk")

    def of_thing(self, study: Study, about: str, instrument: str, version: str) -> AppraisingQuerySet:
        """Those about the same study, report or result by the same version of an instrument."""
        return self.filter(study=study, about=about, instrument=instrument, version=version)


class Appraising(Row):
    """That two people are asked to judge a study, or one report or result of it, each alone.

    Nobody sees what the other judged before both have said that they are done (`unblinded_at`). Then they compare, and
    what is agreed becomes the appraisal; until then nothing of it counts anywhere.
    """

    JUDGING, COMPARING, AGREED, CALLED_OFF = "judging", "comparing", "agreed", "called off"

    prefix = "apg"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="appraisings")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    contrast = models.ForeignKey(Contrast, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=24)  # the identifier of what is judged: the study, report or contrast
    instrument = models.CharField(max_length=24)
    version = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=JUDGING)
    unblinded_at = models.DateTimeField(null=True)
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, null=True, related_name="appraisings")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True)

    classes: ClassVar = internal(
        "id study report contrast about instrument version state unblinded_at appraisal by at key"
    )
    objects = AppraisingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "about", "instrument", "version"],
                condition=Q(state__in=["judging", "comparing"]),
                name="appraising_open_once",
            ),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="appraising_asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=["judging", "called off"], appraisal=None)
                | Q(state="comparing", unblinded_at__isnull=False, appraisal=None)
                | Q(state="agreed", unblinded_at__isnull=False, appraisal__isnull=False),
                name="appraising_agreed_after_comparing",
            ),
        ]


class AppraiserQuerySet(models.QuerySet):
    def here(self) -> AppraiserQuerySet:
        """Those who judge, or judged to the end, in their order; who was replaced is not here."""
        return self.filter(until=None).order_by("place")


class Appraiser(Row):
    """One person's part in judging a thing that two judge. Who is replaced keeps what they judged; it does not count."""

    prefix = "app"
    appraising = models.ForeignKey(Appraising, on_delete=models.PROTECT, related_name="appraisers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    classes: ClassVar = personal("id appraising user place since until done_at")
    objects = AppraiserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraising", "user"], name="appraiser_once"),
            models.UniqueConstraint(fields=["appraising", "place"], name="appraiser_place_once"),
        ]


class VerdictQuerySet(models.QuerySet):
    def current(self) -> VerdictQuerySet:
        """The last of each appraiser."""
        later = Verdict.objects.filter(appraiser=OuterRef("appraiser"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class Verdict(Row):
    """What one appraiser judged so far, and argued. Never changed: going on is a new row.

    Where `done`, it is a whole working; before, what was typed.
    """

    prefix = "vdt"
    append_only = True
    appraiser = models.ForeignKey(Appraiser, on_delete=models.PROTECT, related_name="verdicts")
    number = models.IntegerField()
    answers: Any = CanonicalField()
    proposed: Any = CanonicalField(default=dict)
    trail: Any = CanonicalField(default=dict)
    domains: Any = CanonicalField()
    overall = models.CharField(max_length=24, blank=True)
    reasons: Any = CanonicalField()
    notes: Any = CanonicalField(default=dict)
    done = models.BooleanField(default=False)
    at = models.DateTimeField()

    classes: ClassVar = internal("id appraiser number answers proposed trail domains overall reasons notes done at")
    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appraiser", "number"], name="verdict_numbered_once")]


class Agreed(Row):
    """That what two people judged was brought together: in which judgement, how, and why it is not what one of them said.

    discussion: one of the two recorded it; third: somebody else did. A later one stands in place of the first.
    """

    DISCUSSION, THIRD = "discussion", "third"

    prefix = "agr"
    append_only = True
    appraising = models.ForeignKey(Appraising, on_delete=models.PROTECT, related_name="agreed")
    number = models.IntegerField()
    judging = models.OneToOneField(Judging, on_delete=models.PROTECT, related_name="agreed")
    how = models.CharField(max_length=10)
    changed: Any = CanonicalField(default=dict)  # by domain or `overall`: why it is not what both said
    over: Any = CanonicalField(default=list)  # the verdicts that lay before whoever recorded it
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    classes: ClassVar = internal("id appraising number judging how changed over by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraising", "number"], name="agreed_numbered_once"),
            models.CheckConstraint(condition=Q(how__in=["discussion", "third"]), name="agreed_how_known"),
        ]
