"""What units had of the offer is written down period by period, and by the rule that was locked it says who took the offer up."""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.trial.inside import DELIVER, digests
from whatworks.trial.methods.complying import Taken, Value, components_of, taken
from whatworks.trial.methods.design import Design, read
from whatworks.trial.models import Delivered, Trial, TrialLock, TrialProtocol
from whatworks.trial.sighting import whole

COLUMNS = ("unit", "period", "measure", "value", "on", "source")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One value to write down."""

    unit: str
    period: str
    measure: str
    value: float
    on: datetime.date
    source: str


def record_fidelity(
    *, by: str, trial: Trial, unit: str, period: str, measure: str, value: float, at: datetime.date, source: str
) -> Delivered:
    """Write down one value. A later one for the same unit, period and measure puts it right; both are kept.

    Raises InputError for a unit that was not drawn, a measure that the design does not have, or a day in the future.
    """
    return record_deliveries(by=by, trial=trial, told=[Delivery(unit, period, measure, value, at, source)])[0]


@transaction.atomic
def record_deliveries(*, by: str, trial: Trial, told: Sequence[Delivery]) -> list[Delivered]:
    """Write down what was delivered, all of it or none, and leave one event. Raises InputError that names the value that cannot be."""
    if not told:
        raise InputError(said("No value is given; write at least one."))
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    protocol = locked_protocol(held)
    measures = [one.measure for one in components_of(read(protocol.design))]
    drawn = whole(held)
    units = set(drawn["allocation"]) if drawn else set()
    for one in told:
        _refuse(one, units, measures)
    number = held.delivered.count()
    made = [_row(held, number + place, one, by) for place, one in enumerate(told, 1)]
    Delivered.objects.bulk_create(made, batch_size=500)
    record(verb=DELIVER, by=by, about=[held], payload={"rows": digests(made)})
    return made


def _refuse(one: Delivery, units: set[str], measures: Sequence[str]) -> None:
    if one.unit not in units:
        raise InputError(
            said(
                "%(unit)s was not drawn; write it as it stands in the list.",
                unit=one.unit or said("a unit without a name"),
            )
        )
    if one.measure not in measures:
        raise InputError(
            said("“%(measure)s” is no measure of this design; it has: %(all)s.", measure=one.measure,
                 all=", ".join(measures) or said("none"))
        )  # fmt: skip
    if not math.isfinite(one.value):
        raise InputError(said("%(unit)s: the value is no number.", unit=one.unit))
    if one.on > timezone.localdate():
        raise InputError(said("%(unit)s: %(on)s is in the future.", unit=one.unit, on=one.on.isoformat()))
    if not one.source.strip():
        raise InputError(said("%(unit)s: say where the value comes from.", unit=one.unit))
    for words, most in ((one.period, 40), (one.source, 200)):
        if len(words) > most:
            raise InputError(
                said(
                    "%(unit)s: “%(words)s” is longer than %(most)s signs; shorten it.",
                    unit=one.unit,
                    words=words[:30],
                    most=most,
                )
            )


def _row(trial: Trial, number: int, one: Delivery, by: str) -> Delivered:
    return Delivered(
        pk=Delivered.derived(trial.pk, number), trial=trial, number=number, unit=one.unit, period=one.period.strip(),
        measure=one.measure, value=float(one.value), on=one.on, source=one.source.strip(), by=by, at=timezone.now(),
    )  # fmt: skip


def deliveries_of(text: str) -> list[Delivery]:
    """The values of a table. Raises InputError that names the line that is wrong."""
    rows = csv.DictReader(io.StringIO(text))
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise InputError(said("The table needs the columns %(columns)s.", columns=", ".join(COLUMNS)))
    found = []
    for line, row in enumerate(rows, 2):
        cells = {name: (row[name] or "").strip() for name in COLUMNS}
        try:
            value, on = float(cells["value"]), datetime.date.fromisoformat(cells["on"])
        except ValueError as error:
            raise InputError(
                said("Line %(line)s: a day is written as 2026-01-31, and the value as a number.", line=line)
            ) from error
        found.append(Delivery(cells["unit"], cells["period"], cells["measure"], value, on, cells["source"]))
    return found


def locked_protocol(trial: Trial) -> TrialProtocol:
    """The protocol whose rule holds: the last that was registered. Raises InputError where none is, or it has no rule."""
    lock = TrialLock.objects.of(trial, TrialLock.REGISTRATION).select_related("protocol").first()
    if lock is None:
        raise InputError(
            said("No design is registered yet; the rule by which an offer counts as taken up must be locked first.")
        )
    found: TrialProtocol = lock.protocol
    if not components_of(read(found.design)):
        raise InputError(
            said(
                "The design that is registered has no rule for taking the offer up; write [compliance] with measure and enough."
            )
        )
    return found


def taken_up(trial: Trial) -> tuple[Taken, ...]:
    """Every unit that was drawn by the rule of the locked design. Raises InputError where there is no such rule, or nothing was drawn."""
    design, drawn = read(locked_protocol(trial).design), whole(trial)
    if drawn is None:
        raise InputError(said("Nothing was drawn yet; what is delivered is counted from the draw on."))
    return taken(design, drawn["allocation"], values_of(trial.delivered.standing()))


def values_of(rows: Iterable[Delivered]) -> list[Value]:
    """The values that stand."""
    return [Value(one.unit, one.period, one.measure, one.value) for one in rows]


def column_of(trial: Trial, design: Design) -> tuple[str, dict[str, int | None]] | None:
    """The compliance variable as the analysis is to have it: its column's name, and the value of each unit; None where there is no rule.

    Where nothing was written down, what units of the offer had is not known, and the analysis says so.
    """
    name = design.analysis.received
    if not name or name != design.compliance.variable:
        return None
    return name, {one.unit: one.taken for one in taken_up(trial)}
