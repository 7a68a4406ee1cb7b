"""Awards: who was chosen, for what, with how much, and where it stands. Only these are public."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.commission.methods.workflow import AWARD
from whatworks.commission.models.applications import Application
from whatworks.commission.models.calls import Call
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.people.models import Area, Organisation

ELSEWHERE = "published elsewhere"


class AwardQuerySet(SubjectQuerySet):
    def real(self) -> AwardQuerySet:
        """Those of real bodies, in order: what open award data hold."""
        return self.filter(demonstration=False).order_by("announced_on", "body", "pk")


class Award(SubjectRow):
    """What a body was given by a call. `amount` is None where it is not known here."""

    kind, prefix = "award", "awd"
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="awards")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="award")
    title = models.CharField(max_length=300)
    body = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    groups: Any = CanonicalField(default=dict)
    amount = models.IntegerField(null=True)  # whole units of the currency
    currency = models.CharField(max_length=3, default="GBP")
    announced_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=20, default="announced")
    reasons = models.TextField(blank=True)
    source = models.TextField(blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject call title body organisation area groups amount currency announced_on starts_on ends_on state reasons source "
        "source_url demonstration"
    ) | internal("application")
    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(AWARD)), name="award_state_known"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="award_not_below_nought"),
            models.CheckConstraint(
                condition=~Q(state=ELSEWHERE) | ~Q(source=""), name="award_made_elsewhere_has_source"
            ),
        ]
