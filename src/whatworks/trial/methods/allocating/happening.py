"""What happened after a draw: arms told one by one, late, ineligible and withdrawn units, and unblinding with its reason.

Events are appended, chained to the draw and to each other, and never removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from whatworks.errors import InputError
from whatworks.ledger.canonical import digest
from whatworks.saying import Said, said
from whatworks.trial.methods.allocating.committing import moment

LATE, RELEASED = "late", "released"
KINDS = (LATE, "ineligible", "withdrawn", "unblinded", RELEASED)
FIELDS = {"number", "unit", "kind", "reason", "on", "noted_at", "after", "digest"}
Document = dict[str, Any]


def happened(held: Mapping[str, Any], *, unit: str, kind: str, reason: str, on: str, noted_at: str) -> Document:
    """The allocation with one more event. `on`: the day it happened; `noted_at`: when it is written down.

    A late unit is one that came after the list was frozen, and has no arm by this draw. Raises InputError for a unit that is not (or, late,
    is) in the list, a kind that is none, or no reason.
    """
    if kind not in KINDS:
        raise InputError(
            said("“%(kind)s” is no kind of event; it can be: %(kinds)s.", kind=kind, kinds=", ".join(KINDS))
        )
    if kind != LATE and unit not in held["allocation"]:
        raise InputError(said("%(unit)s is not in the allocation; only a late unit may be new.", unit=unit))
    if kind == LATE and (unit in held["allocation"] or not unit.strip()):
        raise InputError(
            said("“%(unit)s” is in the allocation already, or has no name; a late unit came after the list.", unit=unit)
        )
    if not reason.strip():
        raise InputError(
            said("Give the reason in a few words, without names of people; %(kind)s alone explains nothing.", kind=kind)
        )
    events = held["events"]
    if kind == RELEASED and any(one["kind"] == RELEASED and one["unit"] == unit for one in events):
        raise InputError(said("The arm of %(unit)s was told already; it is told once.", unit=unit))
    found = {
        "number": len(events) + 1, "unit": unit.strip(), "kind": kind, "reason": reason.strip(), "on": day(on),
        "noted_at": moment(noted_at), "after": events[-1]["digest"] if events else held["digest"],
    }  # fmt: skip
    return {**held, "events": [*events, found | {"digest": digest(found)}]}


def day(text: str) -> str:
    """A day as 2026-03-01. Raises InputError for what is none."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise InputError(said("“%(text)s” is no day; write it as 2026-03-01.", text=text)) from error


def broken(held: Mapping[str, Any]) -> Said | None:
    """Where the chain of events does not hold, in a sentence; None where it does."""
    after = held["digest"]
    for number, one in enumerate(held["events"], 1):
        if not isinstance(one, dict) or set(one) != FIELDS or one["number"] != number:
            return said("Event %(number)s is not what an event is, or events are missing before it.", number=number)
        plain = {name: value for name, value in one.items() if name != "digest"}
        if one["after"] != after or one["digest"] != digest(plain):
            return said(
                "Event %(number)s (%(unit)s) or the one before it was changed.", number=number, unit=one["unit"]
            )
        after = one["digest"]
    return None
