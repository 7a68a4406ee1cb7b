"""Adaptations are written down as FRAME asks; one that may lower fidelity waits for the statistician of the trial."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from whatworks.convene.guarding import take
from whatworks.errors import ConflictError, InputError
from whatworks.implement.delivering import NOTE
from whatworks.implement.methods.adapting import Change, faults, warns
from whatworks.implement.models import Adaptation, Heeded, Site
from whatworks.implement.models.delivery import DECISIONS
from whatworks.implement.opening import plan_of
from whatworks.ledger.actions import record
from whatworks.saying import joined, said


@transaction.atomic
def adapt(*, by: str, site: Site, change: Change, on: datetime.date, note: str = "") -> Adaptation:
    """Write an adaptation down. Raises InputError for an answer that is none, or where the parts left out are not named."""
    held = Site.objects.select_for_update().get(pk=site.pk)
    row, plan = plan_of(held)
    if on > timezone.localdate():
        raise InputError(said("%(on)s is in the future.", on=on.isoformat()))
    if found := faults(change, {one.key: one.name for one in plan.components}):
        raise InputError(joined(" ", dict.fromkeys(sentence for _, sentence in found)))
    number = held.adaptations.count() + 1
    made: Adaptation = Adaptation.objects.register(
        Adaptation.derived(held.pk, number), site=held, plan=row, number=number, on=on, keeps=change.keeps,
        frame=asdict(change) | {"components": list(change.components)}, by=by, at=timezone.now(),
    )  # fmt: skip
    if note.strip():
        take(kind=NOTE, content=note, by=by, about=made.subject)
    about = [held, *([held.trial] if held.trial and warns(change) else [])]
    record(verb="implement.adapt", by=by, about=about, made=[made])
    return made


@transaction.atomic
def heed(*, by: str, adaptation: Adaptation, decision: str) -> Heeded:
    """Say, as the statistician of the trial, what becomes of the analysis. It is said once."""
    if decision not in DECISIONS:
        raise InputError(said("Choose what becomes of the analysis."))
    if not Adaptation.objects.unheeded().filter(pk=adaptation.pk).exists():
        raise ConflictError(said("Nothing waits here; somebody else decided first, or the site is in no trial."))
    made = Heeded.objects.create(
        id=Heeded.derived(adaptation.pk), adaptation=adaptation, decision=decision, by=by, at=timezone.now()
    )
    record(verb="implement.heed", by=by, about=[adaptation.site.trial], made=[made], payload={"decision": decision})
    return made
