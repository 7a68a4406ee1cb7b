"""Blind first: the plan runs on arms that were dealt out anew, is locked, and only then on the arms as drawn.

The arms (in a stepped wedge: the whole sequences) are shuffled among units of allocation within strata of the draw, by a lot whose seed is
the digest of the design and of the data: nobody chooses it, and anybody gets the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.ledger.canonical import digest
from whatworks.saying import Said, said
from whatworks.stats.designs import as_level
from whatworks.stats.lot import Lot
from whatworks.trial.methods.analysing.table import Table
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import INDIVIDUAL, WEDGE
from whatworks.trial.methods.design.reading import as_data

PLAN = "whatworks plan 1"


def plan_of(design: Design, text: str, table: Table, version: str) -> dict[str, Any]:
    """What is locked: the design, its text's digest, and a digest of the data without what tells the arms."""
    secret = {design.analysis.arm, design.analysis.received}
    kept = {name: cells for name, cells in table.items() if name not in secret}
    return {
        "format": PLAN, "version": version, "digest": _digest(text.replace("\r\n", "\n")), "design": as_data(design),
        "columns": sorted(kept), "data": data_digest(kept), "rows": len(next(iter(table.values()))),
    }  # fmt: skip


def data_digest(table: Table) -> str:
    """SHA-256 of the columns by name, cells as they are read, whole numbers without a point; the order of rows counts."""
    told = {name: ["" if cell is None else as_level(cell) for cell in table[name]] for name in sorted(table)}
    return _digest(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def locked(answer: Mapping[str, Any]) -> str:
    """The digest of a whole answer, without the digest itself: SHA-256 of its JSON with sorted keys and no spaces."""
    return digest({name: value for name, value in answer.items() if name not in ("digest", "lock", "cpu_seconds")})


def scrambled(design: Design, table: Table, plan: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The table with arms dealt out anew. Raises InputError where the design's columns are not there."""
    told = design.analysis
    lot = Lot(_digest(f"blind\n{plan['digest']}\n{plan['data']}\n"))
    held = {name: list(cells) for name, cells in table.items()}
    for name in (told.arm, told.cluster, told.period):
        if name and name not in held:
            raise InputError(
                said("The data have no column “%(name)s”; their columns are %(all)s.", name=name, all=", ".join(held))
            )
    rows = len(held[told.arm])
    by_unit = design.design.kind != INDIVIDUAL and bool(told.cluster)
    unit = [as_level(one) for one in held[told.cluster]] if by_unit else [str(row) for row in range(rows)]
    where = [as_level(one) for one in held[told.period]] if design.design.kind == WEDGE else [""] * rows
    arms: dict[str, dict[str, Any]] = {}
    for row in range(rows):
        arms.setdefault(unit[row], {})[where[row]] = held[told.arm][row]
    donor = _donors(design, held, unit, lot)
    missing = next((row for row in range(rows) if where[row] not in arms[donor[unit[row]]]), None)
    if missing is not None:
        raise InputError(
            said("A cluster lacks the period %(period)s, so that sequences cannot be exchanged.", period=where[missing])
        )
    held[told.arm] = [arms[donor[unit[row]]][where[row]] for row in range(rows)]
    return held


def _donors(design: Design, table: Table, unit: list[str], lot: Lot) -> dict[str, str]:
    """For each unit the one whose arm it gets, from the same stratum of the draw."""
    way = design.allocation
    names = (way.pair,) if way.pair else (way.strata or design.analysis.strata)
    for name in names:
        if name not in table:
            raise InputError(
                said("The data have no column “%(name)s”; their columns are %(all)s.", name=name, all=", ".join(table))
            )
    strata: dict[tuple[str, ...], dict[str, None]] = {}
    for row, one in enumerate(unit):
        strata.setdefault(tuple(as_level(table[name][row]) for name in names), {})[one] = None
    found: dict[str, str] = {}
    for stratum in sorted(strata):
        units = list(strata[stratum])
        found |= dict(zip(units, lot.shuffled(units), strict=True))
    return found


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Said]:
    """What of a locked plan is otherwise now, a sentence each; none where nothing is."""
    found: list[Said] = []
    for section, held in now["design"].items():
        found += _changed(section, before["design"].get(section), held)
    if not found and before["digest"] != now["digest"]:
        found.append(said("The design says the same in another text: its spaces, order or notes were changed."))
    if before["data"] != now["data"]:
        found.append(
            said("The data are not those of the blind run (%(before)s rows then, %(now)s now), beside the arms.",
                 before=before["rows"], now=now["rows"])
        )  # fmt: skip
    if before["version"] != now["version"]:
        found.append(
            said(
                "The blind run was by version %(before)s and this one is by %(now)s.",
                before=before["version"],
                now=now["version"],
            )
        )
    return found


def _changed(section: str, before: Any, now: Any) -> list[Said]:
    if before == now:
        return []
    if not (isinstance(before, dict) and isinstance(now, dict)):
        return [
            said("[%(section)s] was %(before)s and is %(now)s.", section=section, before=_told(before), now=_told(now))
        ]
    return [
        said("[%(section)s] %(name)s was %(before)s and is %(now)s.", section=section, name=name,
             before=_told(before.get(name)), now=_told(now.get(name)))
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    ]  # fmt: skip


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value not in ("", None, []) else "empty"


def read_lock(text: str, file: str) -> Mapping[str, Any]:
    """The answer of a blind run. Raises InputError where it is none, or was changed since."""
    try:
        held = json.loads(text)
        right = held["blind"] is True and held["plan"]["format"] == PLAN
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        raise InputError(said("%(file)s is not the answer of a blind run; make one with --blind --json.", file=file))
    if held.get("digest") != locked(held):
        raise InputError(
            said("%(file)s was changed after the blind run: its digest is not that of what it holds.", file=file)
        )
    found: Mapping[str, Any] = held
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
