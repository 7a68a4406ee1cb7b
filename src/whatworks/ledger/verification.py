"""Does what is stored still agree with itself? Each room says how its rows are checked; here the ledger checks its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from whatworks.errors import InputError
from whatworks.ledger import triggers
from whatworks.ledger.actions import commitment
from whatworks.ledger.models import Event, Payload, Seal
from whatworks.ledger.models.events import CONTENT, NODE
from whatworks.ledger.models.subjects import Kept
from whatworks.ledger.sealer import GENESIS, chain_hash
from whatworks.saying import said

CLOSED_FORM, ITERATIVE = 1e-9, 1e-6  # relative; iteration stops at a tolerance of its own, a formula only rounds


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored value that is not what it should be. `identifier` names the row, `what` the value."""

    identifier: str
    what: str
    stored: Any
    recomputed: Any


@dataclass(slots=True)
class Report:
    """What a verification looked at and what it found."""

    checked: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unsealed: int = 0
    erased: list[dict[str, str]] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        """Add to the number of rows checked."""
        self.checked[what] = self.checked.get(what, 0) + number


Check = Callable[[Report], None]
_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Declare a room's check, when the room loads. Raises InputError where the name is another check's already."""

    def declare(function: Check) -> Check:
        # Else the later would stand in the earlier's place, and nobody would notice that less is verified.
        if name in _checks and _checks[name].__module__ != function.__module__:
            raise InputError(said("Two checks are called %(name)s; give one of them another name.", name=name))
        _checks[name] = function
        return function

    return declare


def verify() -> Report:
    """Run every room's check."""
    report = Report()
    for function in _checks.values():
        function(report)
    return report


def same(stored: Any, recomputed: Any, tolerance: float) -> bool:
    """Equal, numbers within a relative tolerance (absolute near nought)."""
    if isinstance(stored, bool) or isinstance(recomputed, bool) or stored is None or recomputed is None:
        return stored is recomputed or stored == recomputed
    if isinstance(stored, int | float) and isinstance(recomputed, int | float):
        return math.isclose(stored, recomputed, rel_tol=tolerance, abs_tol=tolerance * 1e-3)
    return bool(stored == recomputed)


def compare(identifier: str, stored: Any, recomputed: Any, tolerance: float, path: str = "") -> Iterator[Difference]:
    """Every place where two nested values differ."""
    if isinstance(stored, dict) and isinstance(recomputed, dict):
        for key in sorted({*stored, *recomputed}):
            inside = f"{path}.{key}" if path else str(key)
            yield from compare(identifier, stored.get(key), recomputed.get(key), tolerance, inside)
    elif isinstance(stored, list) and isinstance(recomputed, list) and len(stored) == len(recomputed):
        for number, (left, right) in enumerate(zip(stored, recomputed, strict=True)):
            yield from compare(identifier, left, right, tolerance, f"{path}[{number}]")
    elif not same(stored, recomputed, tolerance):
        yield Difference(identifier, path or "value", stored, recomputed)


def check_digests(report: Report, rows: Iterable[Kept], what: str, *, whole: type[Kept] | None = None) -> None:
    """Each row is still what the last event about it vouched for; `whole`: the model whose rows all travel, so that none may be gone."""
    held = {row.identifier: row for row in rows}
    prefix = f"{whole.prefix}-" if whole is not None else None
    vouched: dict[str, str] = {}
    for digests in Event.objects.exclude(digests={}).order_by("id").values_list("digests", flat=True).iterator():
        vouched.update(
            (key, value) for key, value in digests.items() if key in held or (prefix and key.startswith(prefix))
        )
    for identifier in sorted(vouched.keys() - held.keys()):
        report.differences.append(
            Difference(identifier, "an event made this row, and it is gone", vouched[identifier], None)
        )
    for identifier, row in held.items():
        report.count(what)
        stored = vouched.get(identifier)
        if stored is None:
            report.differences.append(Difference(identifier, "no event made this row", None, row.row_digest()))
        elif stored != row.row_digest():
            report.differences.append(
                Difference(identifier, "row changed outside the ledger", stored, row.row_digest())
            )


@check("ledger")
def check_ledger(report: Report) -> None:
    """The chain holds, payloads match their commitments, erasures are declared, triggers are in place."""
    for stream in (CONTENT, NODE):
        _check_chain(report, stream)
    report.unsealed = Event.objects.unsealed().count()
    lost = Event.objects.filter(seal__isnull=True, pending__isnull=True).values_list("uid", flat=True)
    report.differences += [Difference(uid, "event neither sealed nor waiting", None, None) for uid in lost]
    for seal in Seal.objects.exclude(stream=F("event__stream")).select_related("event"):  # no chain would reach it
        report.differences.append(
            Difference(seal.event.uid, "sealed in another stream", seal.stream, seal.event.stream)
        )
    _check_payloads(report)
    report.differences += [Difference(name, "trigger missing", None, "present") for name in triggers.missing()]


def _check_chain(report: Report, stream: str) -> None:
    number, previous = 0, GENESIS
    for seal in Seal.objects.filter(stream=stream).select_related("event").order_by("number").iterator(2000):
        number, previous = number + 1, chain_hash(previous, seal.event)
        report.count("events")
        if (seal.number, seal.hash) != (number, previous):
            report.differences.append(
                Difference(seal.event.uid, f"{stream} chain broken at number {seal.number}", seal.hash, previous)
            )
            number, previous = seal.number, seal.hash  # go on from here, so that one change is one finding


def _kept(payload: Payload) -> bool:
    try:
        return commitment(payload.key, payload.body) == payload.event.commitment
    except ValueError:  # the key is no longer one
        return False


def _check_payloads(report: Report) -> None:
    at = dict(Event.objects.filter(verb="ledger.erase").values_list("uid", "at"))
    for payload in Payload.objects.select_related("event").iterator(2000):
        event = payload.event
        if payload.state == Payload.HELD and not _kept(payload):
            report.differences.append(Difference(event.uid, "payload changed", event.commitment, payload.body[:80]))
        elif payload.state not in (Payload.HELD, Payload.WITHHELD, Payload.ERASED):
            report.differences.append(Difference(event.uid, "payload in no known state", None, payload.state))
        elif payload.state == Payload.ERASED and payload.erased_by not in at:
            report.differences.append(Difference(event.uid, "payload erased by no event", payload.erased_by, None))
        elif payload.state == Payload.ERASED:
            report.erased.append(
                {"event": event.uid, "on": at[payload.erased_by].date().isoformat(), "by": payload.erased_by}
            )
    bare = Event.objects.filter(payload__isnull=True).values_list("uid", flat=True)
    report.differences += [Difference(uid, "payload row missing", "held or erased", None) for uid in bare]
