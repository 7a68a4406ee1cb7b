"""A lot between applications that could not be told apart, of which a stranger can draw every step again from the published record.

Custodians publish the digest of a secret each; then the list is frozen; then the secrets are told. The seed is the SHA-256 of the list's
digest and the secrets (`whatworks.stats.lot`); the list is shuffled by the seed's stream, and gone through from its first: each
application that the money and the places left still allow is taken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import MARK, Lot, commitment, seed_of

FORMAT = "whatworks lot between applications 1"
Document = dict[str, Any]


def list_text(entries: Sequence[Mapping[str, Any]], budget: int, places: int) -> str:
    """What is drawn from, as the one text that has a digest: a head with budget and places, then a line for each entry."""
    lines = [f"budget\t{budget}", f"places\t{places}", *(f"{one['number']}\t{one['cost']}" for one in entries)]
    return "\n".join(lines) + "\n"


def list_digest(entries: Sequence[Mapping[str, Any]], budget: int, places: int) -> str:
    """The SHA-256 of that text."""
    return hashlib.sha256(MARK + list_text(entries, budget, places).encode()).hexdigest()


def frozen(entries: Sequence[Mapping[str, Any]], *, budget: int, places: int) -> Document:
    """The list fixed. Raises InputError for fewer than two, a number twice, or where all fit and nothing needs to be drawn."""
    kept: list[dict[str, Any]] = [{"number": str(one["number"]), "cost": int(one["cost"])} for one in entries]
    if len(kept) < 2 or len({one["number"] for one in kept}) < len(kept):
        raise InputError(said("A lot needs at least two applications, each with a number of its own."))
    if any(one["cost"] < 0 for one in kept) or budget < 0 or places < 1:
        raise InputError(said("A lot needs a place at least, and no cost below nought."))
    if len(kept) <= places and sum(one["cost"] for one in kept) <= budget:
        raise InputError(said("There is room for all of them; nothing needs to be drawn."))
    return {"entries": kept, "budget": budget, "places": places, "digest": list_digest(kept, budget, places)}


def drawn(
    fixed: Mapping[str, Any], parties: Sequence[Mapping[str, str]], secrets: Mapping[str, str], about: Mapping[str, str]
) -> Document:
    """The record of a draw. `parties`: name and commitment in their order; `about`: the call, its rules' digest, who signed, and when.

    Raises InputError where fewer than two committed or a secret is not the one committed to.
    """
    if len(parties) < 2:
        raise InputError(said("A lot needs two custodians who committed before the list was frozen."))
    told = []
    for one in parties:
        secret = secrets.get(one["name"], "").strip()
        if commitment(secret) != one["commitment"]:
            raise InputError(
                said("The secret of %(name)s does not match the commitment made before.", name=one["name"])
            )
        told.append({"name": one["name"], "commitment": one["commitment"], "secret": secret})
    seed = seed_of(fixed["digest"], [one["secret"] for one in told])
    order, taken = outcome(fixed, seed)
    return {
        "format": FORMAT, **about, "parties": told, "list": dict(fixed), "seed": seed, "order": order, "taken": taken,
    }  # fmt: skip


def outcome(fixed: Mapping[str, Any], seed: str) -> tuple[list[str], list[str]]:
    """The order that a seed gives, and who is taken while money and places last."""
    order = Lot(seed).shuffled(fixed["entries"])
    left = int(fixed["budget"])
    taken: list[str] = []
    for one in order:
        if len(taken) < fixed["places"] and one["cost"] <= left:
            taken.append(one["number"])
            left -= one["cost"]
    return [one["number"] for one in order], taken


def replay(document: str) -> list[str]:
    """What is wrong in a published record, a sentence each; nothing where every step comes out again."""
    try:
        held = json.loads(document)
        fixed, parties = held["list"], held["parties"]
        wrong = [] if held["format"] == FORMAT else [said("This is no record of such a lot.")]
        if list_digest(fixed["entries"], fixed["budget"], fixed["places"]) != fixed["digest"]:
            wrong.append(said("The list is not the one that was frozen."))
        wrong += [
            said("The secret of %(name)s is not the one committed to.", name=one["name"])
            for one in parties
            if commitment(one["secret"]) != one["commitment"]
        ]
        if seed_of(fixed["digest"], [one["secret"] for one in parties]) != held["seed"]:
            wrong.append(said("The seed does not come from the list and the secrets."))
        if outcome(fixed, held["seed"]) != (held["order"], held["taken"]):
            wrong.append(said("Another order or another choice comes out."))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(said("The record of the lot cannot be read; take the file as it was published.")) from error
    return [str(one) for one in wrong]
