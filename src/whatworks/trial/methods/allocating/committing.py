"""Who commits to what, when, before a list is frozen; what is frozen; and what is revealed after. One file, in this order only.

Each party is a custodian, who keeps a secret and publishes its commitment, or a beacon: a public value named beforehand, for a time that
is still to come. Times are UTC, as 2026-03-01T09:00:00Z.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from whatworks.errors import InputError
from whatworks.ledger.canonical import digest
from whatworks.saying import Said, said
from whatworks.stats.lot import commitment, seed_of
from whatworks.trial.methods.allocating.listing import Units, list_digest
from whatworks.trial.methods.allocating.ways import RULES

FORMAT = "whatworks commitments 1"
CUSTODIAN, BEACON = "custodian", "beacon"
PARTY = {CUSTODIAN: {"commitment"}, BEACON: {"source", "round", "named_for"}}
ALWAYS, LATER = {"name", "kind", "committed_at"}, {"secret", "revealed_at"}
FROZEN = {"at", "list", "units", "design", "rules", "before", "seal"}
Document = dict[str, Any]


def moment(text: str) -> str:
    """A time as it stands in the file. Raises InputError for one without a zone, or that is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(said("“%(text)s” is no time; write it as 2026-03-01T09:00:00Z.", text=text)) from error
    if found.tzinfo is None:
        raise InputError(said("The time %(text)s has no zone; end it with Z for UTC.", text=text))
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def opened() -> Document:
    """A file of commitments in which nobody has committed yet."""
    return {"format": FORMAT, "parties": [], "frozen": None}


def read_commitments(text: str) -> Document:
    """A file of commitments. Raises InputError where it is none, or a party or the freeze has not its fields."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InputError(
            said("The commitments are not readable JSON; give the file that trial commit made.")
        ) from error
    refuse_misshapen(found)
    return dict(found)


def refuse_misshapen(held: object) -> None:
    """Raise InputError for what is no file of commitments."""
    if not isinstance(held, dict) or held.get("format") != FORMAT or set(held) != {"format", "parties", "frozen"}:
        raise InputError(said("This is no file of commitments (%(format)s); trial commit makes one.", format=FORMAT))
    parties, frozen = held["parties"], held["frozen"]
    if not isinstance(parties, list) or not all(isinstance(one, dict) for one in parties):
        raise InputError(said("The commitments hold no list of parties; trial commit makes one."))
    for number, one in enumerate(parties, 1):
        needed = ALWAYS | PARTY.get(str(one.get("kind")), {"kind of its own"})
        if not needed <= set(one) <= needed | LATER or not all(isinstance(value, str) for value in one.values()):
            raise InputError(
                said("Party %(number)s of the commitments has not the fields that it needs.", number=number)
            )
        for name in ("committed_at", "revealed_at", "named_for"):
            if name in one and moment(one[name]) != one[name]:
                raise InputError(said("%(time)s is not written as 2026-03-01T09:00:00Z.", time=one[name]))
    if frozen is not None and (not isinstance(frozen, dict) or set(frozen) != FROZEN):
        raise InputError(said("What is frozen has not the fields that it needs; trial freeze writes them."))
    if frozen is not None and moment(str(frozen["at"])) != frozen["at"]:
        raise InputError(said("%(time)s is not written as 2026-03-01T09:00:00Z.", time=frozen["at"]))


def committed(held: Mapping[str, Any], *, name: str, commitment: str, at: str) -> Document:
    """The file with one more custodian. Raises InputError after the freeze, or for a name or commitment that is there already."""
    if len(commitment) != 64 or not set(commitment) <= set("0123456789abcdef"):
        raise InputError(said("A commitment is a SHA-256 in 64 small hexadecimal digits; trial commit makes one."))
    party = {"name": name.strip(), "kind": CUSTODIAN, "commitment": commitment, "committed_at": moment(at)}
    return _joined(held, party)


def named(held: Mapping[str, Any], *, name: str, source: str, round: str, named_for: str, at: str) -> Document:
    """The file with one more beacon: which source, which round of it, and when that comes."""
    if not (source.strip() and round.strip()):
        raise InputError(said("Name the beacon's source and its round or address, so that anybody finds the value."))
    party = {"name": name.strip(), "kind": BEACON, "source": source.strip(), "round": round.strip()}
    return _joined(held, party | {"named_for": moment(named_for), "committed_at": moment(at)})


def _joined(held: Mapping[str, Any], party: Mapping[str, str]) -> Document:
    if held["frozen"] is not None:
        raise InputError(said("The list was frozen on %(at)s; nobody can commit after that.", at=held["frozen"]["at"]))
    if not party["name"]:
        raise InputError(said("A party to a draw needs a name."))
    for one in held["parties"]:
        if one["name"] == party["name"]:
            raise InputError(said("%(name)s has committed already; each party commits once.", name=one["name"]))
        if "commitment" in party and one.get("commitment") == party["commitment"]:
            raise InputError(
                said("%(name)s committed to the same secret; each needs one of its own.", name=one["name"])
            )
    return {**held, "parties": [*held["parties"], dict(party)]}


def frozen(held: Mapping[str, Any], *, design: str, units: Units, at: str, before: str | None = None) -> Document:
    """The file with the digests of the design and of the list, and the seal that is published now.

    `design`: the design's digest; `before`: the digest of the allocation that this draw continues. Raises InputError where it is frozen
    already, fewer than two have committed, or a beacon's time has come.
    """
    if held["frozen"] is not None:
        raise InputError(
            said("The list was frozen on %(at)s; a changed list needs new commitments.", at=held["frozen"]["at"])
        )
    fixed = {
        "at": moment(at),
        "list": list_digest(units),
        "units": len(units),
        "design": design,
        "rules": RULES,
        "before": before,
    }
    found = {**held, "frozen": fixed}
    found["frozen"]["seal"] = seal_of(found)
    if problem := out_of_order(found):
        raise InputError(problem)
    return found


def seal_of(held: Mapping[str, Any]) -> str:
    """The digest of all that was known at the freeze: the parties without what they revealed later, and what was frozen."""
    parties = [{name: value for name, value in one.items() if name not in LATER} for one in held["parties"]]
    fixed = {name: value for name, value in held["frozen"].items() if name != "seal"}
    return digest({"format": held["format"], "parties": parties, "frozen": fixed})


def revealed(held: Mapping[str, Any], *, name: str, secret: str, at: str) -> Document:
    """The file with a custodian's secret, or a beacon's value. Raises InputError before the freeze, or for another secret."""
    if held["frozen"] is None:
        raise InputError(said("The list is not frozen yet; a secret that is told before is none. Freeze it first."))
    if name not in [one["name"] for one in held["parties"]]:
        raise InputError(said("%(name)s has not committed to anything in this file.", name=name))
    parties = []
    for one in held["parties"]:
        if one["name"] == name:
            if "secret" in one:
                raise InputError(said("%(name)s has told the secret already.", name=name))
            one = {**one, "secret": plain(one["kind"], secret), "revealed_at": moment(at)}
            if problem := _party(one, held["frozen"]["at"]):
                raise InputError(problem)
        parties.append(one)
    return {**held, "parties": parties}


def plain(kind: str, secret: str) -> str:
    """A secret as it is hashed: a custodian's as it is, without space around it; a beacon's value in small letters too."""
    return secret.strip().lower() if kind == BEACON else secret.strip()


def out_of_order(held: Mapping[str, Any]) -> Said | None:
    """What is wrong with who committed and when, in a sentence; None where all is in order up to the freeze."""
    parties, fixed = held["parties"], held["frozen"]
    if fixed is None:
        return said("The list is not frozen; run trial freeze before the draw.")
    if len(parties) < 2 or not any(one["kind"] == CUSTODIAN for one in parties):
        return said("A draw of record needs two custodians, or one and a beacon; nobody alone may know the seed.")
    for one in parties:
        if one["committed_at"] > fixed["at"]:
            return said(
                "%(name)s committed on %(at)s, after the list was frozen.", name=one["name"], at=one["committed_at"]
            )
        if one["kind"] == BEACON and one["named_for"] <= fixed["at"]:
            return said(
                "The beacon %(name)s is named for %(at)s, which is not after the list was frozen; name a later one.",
                name=one["name"],
                at=one["named_for"],
            )
    return (
        None
        if seal_of(held) == fixed["seal"]
        else said("The commitments were changed after the freeze: their seal is another.")
    )


def _party(one: Mapping[str, str], frozen_at: str) -> Said | None:
    """What is wrong with what a party revealed."""
    if "secret" not in one or "revealed_at" not in one:
        return said("%(name)s has not told the secret; run trial reveal.", name=one["name"])
    if one["revealed_at"] < max(frozen_at, one.get("named_for", "")):
        return said("%(name)s told the secret on %(at)s, before its time.", name=one["name"], at=one["revealed_at"])
    if not one["secret"] or not one["secret"].isprintable():
        return said("The secret of %(name)s is empty or holds a sign that cannot be seen.", name=one["name"])
    if one["kind"] == CUSTODIAN and commitment(one["secret"]) != one["commitment"]:
        return said(
            "The secret of %(name)s does not match the commitment made before the list was frozen.", name=one["name"]
        )
    return None


def seed(held: Mapping[str, Any], *, design: str, units: Units, before: str | None = None) -> str:
    """The seed of the draw of record, in hex. Raises InputError for the first thing that is not in order."""
    if problem := out_of_order(held):
        raise InputError(problem)
    fixed = held["frozen"]
    if fixed["list"] != list_digest(units) or fixed["units"] != len(units):
        raise InputError(
            said("The list was changed after it was frozen; draw from the list as it was, or freeze anew.")
        )
    if fixed["design"] != design:
        raise InputError(
            said("The design was changed after it was frozen; draw by the design as it was, or freeze anew.")
        )
    if fixed["rules"] != RULES:
        raise InputError(said("The list was frozen under other rules (%(rules)s) than these.", rules=fixed["rules"]))
    if fixed["before"] != before:
        raise InputError(said("The draw was frozen as going on from another allocation than the one given."))
    for one in held["parties"]:
        if problem := _party(one, fixed["at"]):
            raise InputError(problem)
    return seed_of(fixed["list"], [one["secret"] for one in held["parties"]])
