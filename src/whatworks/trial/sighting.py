"""Who may know a unit's arm, and when: of an open draw all at once; of a concealed one when arms are told, before by a look on record.

On one server its administrator can read everything; whoever has all secrets can draw again. Nobody else can, by any page or file.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.trial.inside import SEE, digests
from whatworks.trial.methods.design import read
from whatworks.trial.methods.flowing import ALLOCATED, Happening
from whatworks.trial.models import Allocation, ConcealedDraw, Sight, ToldDraw, Trial, UnitEvent

TOGETHER = "all arms"  # in the place of an arm's name, while arms are concealed


def drawn_of(trial: Trial) -> Allocation | None:
    """The draw of record; None before there is one."""
    found: Allocation | None = trial.allocations.filter(practice=False).order_by("-number").first()
    return found


def hidden(trial: Trial) -> bool:
    """Whether the arms of a draw are concealed now."""
    drawn = drawn_of(trial)
    return drawn is not None and drawn.concealed and not ToldDraw.objects.filter(allocation=drawn).exists()


def will_hide(trial: Trial) -> bool:
    """Whether the design that stands asks for a concealed draw."""
    newest = trial.newest()
    return bool(newest and newest.design and read(newest.design).allocation.concealed)


def whole(trial: Trial) -> Mapping[str, Any] | None:
    """The draw of record with its arms, for what the server computes; None before there is one.

    Raises InputError where the arms are concealed and this server does not hold them.
    """
    drawn = drawn_of(trial)
    if drawn is None:
        return None
    text = drawn.whole_file()
    if not text:
        kept = ConcealedDraw.objects.filter(allocation=drawn).first()
        if kept is None:
            raise InputError(
                said("The arms are concealed, and this server does not hold them; ask where units were drawn.")
            )
        text = kept.document
    found: Mapping[str, Any] = json.loads(text)
    return found


def happenings(trial: Trial, events: Iterable[UnitEvent] | None = None) -> list[Happening]:
    """What happened to units, with arms as far as they may be known by everybody: those of a concealed draw stand together until told."""
    held = events if events is not None else trial.unit_events.order_by("number")
    found = [Happening(one.unit, one.kind, one.on, one.people, one.arm, one.reason) for one in held]
    drawn = drawn_of(trial)
    if drawn is None or not drawn.concealed:
        return found
    text = drawn.whole_file()
    arms = json.loads(text)["allocation"] if text else {}
    return [
        dataclasses.replace(one, arm=arms.get(one.unit, TOGETHER)) if one.kind == ALLOCATED else one for one in found
    ]


@transaction.atomic
def see_arms(*, by: str, trial: Trial, reason: str, unit: str = "") -> dict[str, str]:
    """The arm of a unit, or of every unit, before arms are told; that somebody looked, and why, stands in the record.

    Raises InputError without a reason or for a unit that was not drawn, ConflictError where nothing is concealed.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    if not hidden(held):
        raise ConflictError(said("Nothing is concealed in this trial now; the arms stand in the file of its draw."))
    if not reason.strip():
        raise InputError(said("Say why you need to know; it stands in the record."))
    found = whole(held)
    assert found is not None
    arms: dict[str, str] = dict(found["allocation"])
    if unit and unit not in arms:
        raise InputError(said("%(unit)s was not drawn; write it as it stands in the list.", unit=unit))
    number = held.sights.count() + 1
    made = Sight.objects.create(
        pk=Sight.derived(held.pk, number),
        trial=held,
        number=number,
        unit=unit,
        reason=reason.strip(),
        by=by,
        at=timezone.now(),
    )
    record(verb=SEE, by=by, about=[held], payload={"rows": digests([made]), "unit": unit, "reason": made.reason})
    return {unit: arms[unit]} if unit else arms


def refuse_sighted(by: str, trial: Trial) -> None:
    """Raise ConflictError where somebody who looked at the arms would do what is to be done blind."""
    if trial.sights.filter(by=by).exists() and hidden(trial):
        raise ConflictError(
            said("You have looked at the arms of this trial; what is done blind must be done by somebody who has not.")
        )


def tell(trial: Trial, by: str) -> ToldDraw | None:
    """Make a concealed draw's whole file public, in the transaction of the unblinding; None where none is concealed."""
    drawn = drawn_of(trial)
    if drawn is None or not hidden(trial):
        return None
    kept = ConcealedDraw.objects.filter(allocation=drawn).first()
    if kept is None:
        raise InputError(
            said("The arms are concealed, and this server does not hold them; tell them where units were drawn.")
        )
    return ToldDraw.objects.create(
        pk=ToldDraw.derived(drawn.pk), allocation=drawn, document=kept.document, by=by, at=timezone.now()
    )
