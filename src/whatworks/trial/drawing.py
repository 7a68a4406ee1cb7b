"""The lottery: custodians commit, the list is frozen, secrets are told, units are drawn. Each step in this order only.

A secret is never stored before the draw: it comes with the draw itself, and stands in the published file from then on.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.trial.happening import record_events
from whatworks.trial.methods.allocating import committing
from whatworks.trial.methods.allocating.concealing import sealed
from whatworks.trial.methods.allocating.listing import list_digest, read_list
from whatworks.trial.methods.allocating.publishing import allocate
from whatworks.trial.methods.design import read
from whatworks.trial.methods.flowing import ALLOCATED, Happening
from whatworks.trial.models import Allocation, Commitment, ConcealedDraw, FrozenList, Trial, TrialLock, TrialProtocol


@transaction.atomic
def commit(*, by: str, trial: Trial, name: str, commitment: str) -> Commitment:
    """A custodian publishes the digest of a secret. Raises InputError after the freeze, or for what is no such digest."""
    held = _locked(trial)
    document = committing.committed(document_of(held), name=name, commitment=commitment.strip(), at=_now())
    return _keep_party(held, document["parties"][-1], by)


@transaction.atomic
def name_beacon(*, by: str, trial: Trial, name: str, source: str, round: str, named_for: str) -> Commitment:
    """Name a public value that is still to come. Raises InputError after the freeze, or for a time that is past."""
    held = _locked(trial)
    document = committing.named(
        document_of(held), name=name, source=source, round=round, named_for=named_for, at=_now()
    )
    return _keep_party(held, document["parties"][-1], by)


def _keep_party(trial: Trial, party: Mapping[str, str], by: str) -> Commitment:
    number = trial.commitments.count() + 1
    beacon = {name: party[name] for name in ("source", "round", "named_for") if name in party}
    made = Commitment.objects.create(
        pk=Commitment.derived(trial.pk, number),
        trial=trial,
        number=number,
        custodian=party["name"],
        commitment=party.get("commitment", ""),
        beacon=beacon,
        by=by,
        at=_moment(party["committed_at"]),
    )
    record(verb="trial.commit", by=by, about=[trial], made=[made])
    return made


@transaction.atomic
def freeze(*, by: str, trial: Trial, listed: str) -> FrozenList:
    """Fix the list (CSV with `unit`) and the registered design. Raises ConflictError where the design that stands is not registered."""
    held = _locked(trial)
    protocol = _registered(held)
    units = read_list(listed)
    document = committing.frozen(document_of(held), design=protocol.digest, units=units, at=_now())
    made = FrozenList.objects.create(
        pk=FrozenList.derived(protocol.pk, 1),
        protocol=protocol,
        number=1,
        units={"columns": list(units[0]), "rows": [list(unit.values()) for unit in units]},
        digest=list_digest(units),
        sealed=document["frozen"],
        by=by,
        at=timezone.now(),
    )
    record(verb="trial.freeze", by=by, about=[held, protocol], made=[made])
    return made


@transaction.atomic
def draw(*, by: str, trial: Trial, secrets: Mapping[str, str]) -> Allocation:
    """The draw of record: `secrets` by the name of who committed. Raises InputError for the first thing that is out of order."""
    held = _locked(trial)
    if Allocation.objects.filter(trial=held, practice=False).exists():
        raise ConflictError(said("Units were drawn already. A draw is made once; what happens later is an event."))
    fixed = frozen_of(held)
    if fixed is None:
        raise ConflictError(said("The list is not frozen yet; freeze it before the draw."))
    document = document_of(held)
    for name, secret in secrets.items():
        document = committing.revealed(document, name=name, secret=secret, at=_now())
    found = allocate(fixed.protocol.design, fixed.listed(), drawn_at=_now(), commitments=document)
    concealed = read(fixed.protocol.design).allocation.concealed
    made = _keep(held, found, fixed, by, concealed=concealed)
    day = timezone.localdate()
    arms = found["allocation"].items()
    events = [Happening(unit, ALLOCATED, day, arm="" if concealed else arm) for unit, arm in arms]
    if _by_steps(found):
        return made
    record_events(by=by, trial=held, events=events)
    return made


def _by_steps(found: Mapping[str, Any]) -> bool:
    """Whether units were drawn to steps, at which all of them change over, rather than to arms."""
    names = {arm["name"] for arm in found["method"]["arms"]}
    return not set(found["allocation"].values()) <= names


@transaction.atomic
def practise(*, by: str, trial: Trial, listed: str, typed: str) -> Allocation:
    """A draw by a seed that somebody typed: to see what a draw looks like. It says “practice only” wherever it goes."""
    held = _locked(trial)
    newest = held.newest()
    if newest is None or not newest.design:
        raise InputError(said("This protocol has no design; write one before units are drawn."))
    return _keep(held, allocate(newest.design, read_list(listed), drawn_at=_now(), typed=typed), None, by)


def _keep(
    trial: Trial, found: Mapping[str, Any], fixed: FrozenList | None, by: str, *, concealed: bool = False
) -> Allocation:
    """The draw as it is published; of a concealed one the whole file is kept beside, and one event vouches for both."""
    whole = _written(found)
    text = _written(sealed(whole)) if concealed else whole
    number = trial.allocations.count() + 1
    made: Allocation = Allocation.objects.register(
        Allocation.derived(trial.pk, number),
        trial=trial,
        frozen=fixed,
        number=number,
        practice=fixed is None,
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        by=by,
        at=timezone.now(),
    )
    kept = (
        [ConcealedDraw.objects.create(pk=ConcealedDraw.derived(made.pk), allocation=made, document=whole)]
        if concealed
        else []
    )
    record(verb="trial.draw", by=by, about=[trial], made=[made, *kept])
    return made


def _written(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def document_of(trial: Trial) -> dict[str, Any]:
    """The file of commitments as it stands, made of what was kept."""
    parties = []
    for one in trial.commitments.order_by("number"):
        party = {"name": one.custodian, "committed_at": committing.moment(one.at.isoformat())}
        own = {"kind": committing.CUSTODIAN, "commitment": one.commitment}
        parties.append(party | (own if one.commitment else {"kind": committing.BEACON, **one.beacon}))
    fixed = frozen_of(trial)
    return {**committing.opened(), "parties": parties, "frozen": fixed.sealed if fixed else None}


def frozen_of(trial: Trial) -> FrozenList | None:
    """The list that was frozen for the draw; None before."""
    found = FrozenList.objects.filter(protocol__trial=trial).select_related("protocol").order_by("-at", "-pk")
    return found.first()


def _registered(trial: Trial) -> TrialProtocol:
    newest = trial.newest()
    if newest is None or not newest.locks.filter(what=TrialLock.REGISTRATION).exists():
        raise ConflictError(
            said("The protocol that stands is not registered; lock its design before the list is frozen.")
        )
    return newest


def _locked(trial: Trial) -> Trial:
    held: Trial = Trial.objects.select_for_update().get(pk=trial.pk)
    return held


def _now() -> str:
    return committing.moment(timezone.now().isoformat())


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
