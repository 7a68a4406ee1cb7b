"""What happens to units of a trial is written down, never taken out: a slip is put right by another event's reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.trial.methods.design import read
from whatworks.trial.methods.flowing import ALLOCATED, NOT_RECEIVED, RECEIVED, Flow, Happening, check, flow
from whatworks.trial.models import Trial, UnitEvent
from whatworks.trial.sighting import TOGETHER, happenings, hidden

AT_ONCE = 500


def arms_of(trial: Trial) -> tuple[str, ...]:
    """The arms in the design that stands, the comparator first; none where there is no design of ours."""
    newest = trial.newest()
    return tuple(arm.name for arm in read(newest.design).arms) if newest and newest.design else ()


@transaction.atomic
def record_events(*, by: str, trial: Trial, events: Sequence[Happening]) -> list[UnitEvent]:
    """Write down what happened to units, all of it or none. Raises InputError that names the event that cannot be."""
    if not events:
        raise InputError(said("No event is given; write at least one."))
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    arms, concealed = arms_of(held), hidden(held)
    for event in events:
        _check(event, arms, concealed)
        if event.on > timezone.localdate():
            raise InputError(said("%(unit)s: %(on)s is in the future.", unit=event.unit, on=event.on.isoformat()))
    number = UnitEvent.objects.filter(trial=held).count()
    made = [_row(held, number + place, event, by) for place, event in enumerate(events, 1)]
    UnitEvent.objects.bulk_create(made, batch_size=AT_ONCE)
    record(verb="trial.happened", by=by, about=[held], made=made)
    return made


def _check(event: Happening, arms: tuple[str, ...], concealed: bool) -> None:
    """InputError for an event that cannot be, or that would tell an arm while arms are concealed."""
    if not concealed:
        check(event, arms)
        return
    if event.kind in (RECEIVED, NOT_RECEIVED):
        raise InputError(
            said(
                "“%(kind)s” would tell the arm of %(unit)s, which is concealed; write down what was delivered instead, which stays inside.",
                kind=event.kind,
                unit=event.unit,
            )
        )
    if event.kind == ALLOCATED and not event.arm:
        event = dataclasses.replace(event, arm=TOGETHER)
    check(event, (TOGETHER,))


def _row(trial: Trial, number: int, event: Happening, by: str) -> UnitEvent:
    return UnitEvent(
        pk=UnitEvent.derived(trial.pk, number),
        trial=trial,
        number=number,
        unit=event.unit.strip(),
        people=event.people,
        kind=event.kind,
        arm=event.arm,
        reason=event.reason.strip(),
        on=event.on,
        by=by,
        at=timezone.now(),
    )


def flow_of(trial: Trial, events: Iterable[UnitEvent] | None = None) -> Flow:
    """The diagram of a trial as its events stand."""
    return flow(happenings(trial, events), shown_arms(trial))


def shown_arms(trial: Trial) -> tuple[str, ...]:
    """The arms of the design; one place for all of them while they are concealed."""
    return (TOGETHER,) if hidden(trial) else arms_of(trial)
