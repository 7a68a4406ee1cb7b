"""A trial is opened, its protocol comes in versions, and what is registered is locked by its digest."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.scope.models import Intervention, Outcome
from whatworks.trial.methods.design import digest, read
from whatworks.trial.methods.design.unlotted import refuse_lot
from whatworks.trial.methods.registering import checked
from whatworks.trial.models import Trial, TrialLock, TrialProtocol


@transaction.atomic
def open_trial(
    *,
    by: str,
    title: str,
    intervention: Intervention | None = None,
    outcome: Outcome | None = None,
    design: str = "",
    particulars: Mapping[str, str] | None = None,
    demonstration: bool = False,
    slug: str = "",
) -> Trial:
    """Open a trial with the first version of its protocol. Raises InputError for a design that cannot be read, or no title."""
    name = " ".join(title.split())
    if not name:
        raise InputError(said("The trial has no title; give one."))
    key = slug or slugify(name)[:80].strip("-")
    if not key or Trial.objects.filter(slug=key).exists():
        raise ConflictError(said("There is a trial called “%(name)s” already; give this one another title.", name=name))
    trial: Trial = Trial.objects.register(
        Trial.derived(key),
        slug=key,
        title=name,
        intervention=intervention,
        outcome=outcome,
        demonstration=demonstration,
    )
    protocol = _keep(trial, 1, design, particulars or {}, "", by)
    record(verb="trial.open", by=by, about=[trial, *([intervention] if intervention else [])], made=[protocol])
    return trial


@transaction.atomic
def add_protocol(
    *,
    by: str,
    trial: Trial,
    seen: int,
    what_changed: str,
    design: str = "",
    particulars: Mapping[str, str] | None = None,
) -> TrialProtocol:
    """A new version of a protocol; `seen` is the number of the one that was looked at. What was locked stays locked as it was.

    Raises ConflictError where somebody else was quicker, InputError where nothing changed or nobody says what did.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    newest = held.newest()
    if newest is None or newest.number != seen:
        raise ConflictError(
            said("Somebody else changed the protocol meanwhile; look at the newest version and change that.")
        )
    told = checked(particulars or {})
    if (design, told) == (newest.design, newest.particulars):
        raise InputError(said("Nothing is different from version %(n)s; there is nothing to keep.", n=newest.number))
    if not what_changed.strip():
        raise InputError(said("Say what changed and why; versions of a protocol are read side by side."))
    protocol = _keep(held, newest.number + 1, design, told, what_changed.strip(), by)
    record(verb="trial.protocol", by=by, about=[held], made=[protocol])
    return protocol


def _keep(
    trial: Trial, number: int, design: str, particulars: Mapping[str, str], changed: str, by: str
) -> TrialProtocol:
    text = design.replace("\r\n", "\n")
    if text.strip():
        refuse_lot(read(text).design.kind, said("the register is of trials, so analyse it by whatworks trial analyse"))
    else:
        text = ""
    kept: TrialProtocol = TrialProtocol.objects.register(
        TrialProtocol.derived(trial.pk, number),
        trial=trial,
        number=number,
        design=text,
        digest=digest(text) if text else "",
        particulars=checked(particulars),
        what_changed=changed,
        by=by,
        at=timezone.now(),
    )
    return kept


@transaction.atomic
def lock(*, by: str, protocol: TrialProtocol, what: str, text: str = "") -> TrialLock:
    """TrialLock a protocol's design for registration, or the plan of analysis that goes with it. Done twice, it is done once.

    Raises InputError where there is no design to lock, ConflictError where a newer protocol stands.
    """
    held = Trial.objects.select_for_update().get(pk=protocol.trial_id)
    if not protocol.design:
        raise InputError(said("This protocol has no design; write one before it is locked."))
    newest = held.newest()
    if newest is None or newest.pk != protocol.pk:
        raise ConflictError(said("Version %(n)s is no longer the newest; lock the one that stands.", n=protocol.number))
    if (done := TrialLock.objects.filter(protocol=protocol, what=what).first()) is not None:
        return done
    made = TrialLock.objects.create(
        pk=TrialLock.derived(protocol.pk, what),
        protocol=protocol,
        what=what,
        text=text,
        digest=digest(text) if text else protocol.digest,
        by=by,
        at=timezone.now(),
    )
    record(verb="trial.lock", by=by, about=[held, protocol], made=[made])
    return made
