"""Waves of a questionnaire of readiness: who was asked is not written down, only how many, and what the answers were."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from whatworks.implement.models.sites import Site
from whatworks.ledger.fields import CanonicalField, internal, secret
from whatworks.ledger.models import Row, SubjectRow


class ReadinessWave(SubjectRow):
    """One time at which the people of a site were asked, with how many were."""

    kind, prefix = "readiness wave", "rdw"
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="waves")
    instrument = models.CharField(max_length=20)
    number = models.IntegerField()
    asked = models.IntegerField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    classes: ClassVar = internal("subject site instrument number asked opened_on closed_on")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "instrument", "number"], name="readiness_wave_numbered_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="readiness_wave_ends_after"
            ),
            models.CheckConstraint(condition=Q(asked__gte=1), name="readiness_wave_asks_somebody"),
        ]

    def subject_title(self) -> str:
        return f"Readiness, wave {self.number}"


class WaveCode(Row):
    """That one person may answer a wave once. Of the code only a digest is kept, and nothing ties it to the answer."""

    prefix = "wcd"
    wave = models.ForeignKey(ReadinessWave, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, blank=True)  # empty where it came in a move, which holds no secrets
    used = models.BooleanField(default=False)

    classes: ClassVar = internal("id wave used") | secret("digest")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="wave_code_once"),
        ]


class WaveAnswer(Row):
    """The answers of one person, nobody knows whose: no time, and an identifier that tells no order."""

    prefix = "wva"
    wave = models.ForeignKey(ReadinessWave, on_delete=models.PROTECT, related_name="answers")
    given: Any = CanonicalField()

    classes: ClassVar = internal("id wave given")
