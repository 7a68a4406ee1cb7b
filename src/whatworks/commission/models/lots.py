"""The lot of a call: who committed, the frozen list of those that could not be told apart, the draw. Applications are numbers in it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from whatworks.commission.models.calls import Call
from whatworks.ledger.fields import CanonicalField, internal, public
from whatworks.ledger.models import Row


class LotCommitment(Row):
    """What a custodian published before the list was frozen: the digest of a secret that is kept elsewhere."""

    prefix = "lcm"
    append_only = True
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="lot_commitments")
    number = models.IntegerField()
    custodian = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id call number custodian commitment by at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="lot_commitment_numbered_once")]


class LotList(Row):
    """The list that is drawn from, signed by the accountable officer; which number is which application stays here."""

    prefix = "lls"
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="lot_list")
    fixed: Any = CanonicalField(default=dict)
    names: Any = CanonicalField(default=dict)  # application by number
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id call fixed names by at")


class LotDraw(Row):
    """The record of the draw, byte for byte, from which anybody can draw again. Public once the call is decided."""

    prefix = "ldr"
    append_only = True
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="lot_draw")
    document = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id call document digest by at")
