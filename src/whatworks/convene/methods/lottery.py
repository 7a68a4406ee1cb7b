"""The draw of a panel that nobody can choose and anybody can repeat, without anybody's bands or chances being published.

Custodians publish commitments; then the list is frozen: applicants get numbers, the fairest lottery is written as `TICKETS` panels of which
each is as likely, and the root of a tree of hashes over them (Merkle 1988) is published with the digest of the list. The secrets told after
that and the list's digest give the seed, the seed gives the number of one ticket (`whatworks.stats.lot`), and the path from this ticket's
panel to the root shows that it stood at this number before the secrets were known. The other tickets stay closed, since from all of them
each applicant's chance could be counted; whoever holds the frozen list can open them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.convene.methods.leximin import leximin
from whatworks.convene.methods.selecting import Pool, Quota, pool_of
from whatworks.errors import InputError
from whatworks.ledger.canonical import canonical, digest
from whatworks.saying import said
from whatworks.stats.lot import MARK, Lot, commitment, seed_of

FORMAT = "whatworks panel draw 1"
TICKETS = 10_000
Held = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is published at the freeze, and the list, which is not."""

    published: Held  # list, root, tickets, applicants, places, smallest, best, commitments, seal
    listed: Held  # quotas, places, applicants with their bands, salt: whoever holds it can open every ticket


def freeze(applicants: Mapping[int, Mapping[str, str]], quotas: Sequence[Quota], places: int, *, salt: str,
           parties: Sequence[Mapping[str, str]], at: str) -> Frozen:  # fmt: skip
    """Fix the list and the lottery. `salt`: 64 hexadecimal digits that nobody has seen. `parties`: name, commitment and moment of each.

    Raises InputError where fewer than two have committed, the quotas allow no panel, or somebody would have no chance at all.
    """
    if len(parties) < 2:
        raise InputError(
            said("Two people must commit to a secret before the list is frozen; nobody alone may know the seed.")
        )
    held: Held = {
        "quotas": [[one.category, one.band, one.low, one.high] for one in quotas],
        "places": places,
        "applicants": [[number, dict(bands)] for number, bands in sorted(applicants.items())],
        "salt": salt,
    }
    pool = pool_of(applicants, quotas, places)
    best = leximin(pool)
    if best.smallest < 1 / TICKETS:
        shut = [dict(bands) for bands, chance in zip(pool.bands, best.chances, strict=True) if chance < 1 / TICKETS]
        told = ", ".join(shut[0].values())
        raise InputError(said("Somebody would have no chance at all (%(bands)s); change the quotas.", bands=told))
    held["lottery"] = [
        [list(panel), times] for panel, times in zip(best.panels, _whole(best.weights), strict=True) if times
    ]
    drawn = tickets(held)
    published = {
        "format": FORMAT,
        "at": at,
        "list": digest(held),
        "root": root_of(leaves(drawn, salt)),
        "tickets": TICKETS,
        "applicants": len(applicants),
        "places": places,
        "smallest": min(chances(drawn, list(applicants)).values()),
        "best": round(best.smallest * TICKETS),
        "commitments": [dict(one) for one in parties],
    }
    return Frozen({**published, "seal": digest(published)}, held)


def tickets(listed: Mapping[str, Any]) -> list[list[int]]:
    """Every ticket's panel, from the frozen list alone: the same list gives the same tickets. No solver is asked again."""
    pool = pool_in(listed)
    lot = Lot(listed["salt"])
    order = [lot.shuffled(group) for group in pool.groups]
    pointers = [0] * len(order)
    drawn = []
    for panel, times in listed["lottery"]:
        for _ in range(times):
            drawn.append(sorted(_next(order, pointers, panel)))
    return lot.shuffled(drawn)


def _whole(weights: Sequence[float]) -> list[int]:
    """So many tickets for each panel, by the largest remainders."""
    exact = [weight * TICKETS for weight in weights]
    whole = [int(one) for one in exact]
    rest = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in rest[: TICKETS - sum(whole)]:
        whole[at] += 1
    return whole


def _next(order: Sequence[Sequence[int]], pointers: list[int], panel: Sequence[int]) -> list[int]:
    """The next people of each group in turn, so that people of one group are on as many tickets, give or take one."""
    chosen = []
    for group, count in enumerate(panel):
        people = order[group]
        chosen += [people[(pointers[group] + step) % len(people)] for step in range(count)]
        pointers[group] = (pointers[group] + count) % len(people)
    return chosen


def chances(drawn: Sequence[Sequence[int]], numbers: Sequence[int]) -> dict[int, int]:
    """On how many tickets each applicant is."""
    counted = dict.fromkeys(numbers, 0)
    for panel in drawn:
        for number in panel:
            counted[number] += 1
    return counted


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def salt_of(salt: str, ticket: int) -> str:
    """What is mixed into one leaf, so that nobody finds a closed ticket by trying panels."""
    return _sha(f"{MARK.decode()}ticket\n{salt}\n{ticket}\n")


def leaf(ticket: int, panel: Sequence[int], salt: str) -> str:
    """One leaf of the tree: its number, its panel, its salt."""
    return _sha("leaf\n" + canonical({"panel": list(panel), "salt": salt, "ticket": ticket}))


def leaves(drawn: Sequence[Sequence[int]], salt: str) -> list[str]:
    """All leaves, in the order of the tickets."""
    return [leaf(at, panel, salt_of(salt, at)) for at, panel in enumerate(drawn)]


def _level(hashes: Sequence[str]) -> list[str]:
    """The level above: each pair hashed together; one that is left over goes up as it is."""
    paired = [_sha(f"node\n{left}\n{right}\n") for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
    return [*paired, hashes[-1]] if len(hashes) % 2 else paired


def root_of(hashes: Sequence[str]) -> str:
    """The one hash that stands for all."""
    held = list(hashes)
    while len(held) > 1:
        held = _level(held)
    return held[0]


def path_of(hashes: Sequence[str], at: int) -> list[str]:
    """The neighbours on the way from a leaf to the root, from below; empty where there was none on a level."""
    held, path = list(hashes), []
    while len(held) > 1:
        beside = at ^ 1
        path.append(held[beside] if beside < len(held) else "")
        held, at = _level(held), at // 2
    return path


def climb(start: str, at: int, path: Sequence[str]) -> str:
    """The root that a leaf and its path lead to."""
    held = start
    for beside in path:
        if beside:
            held = _sha(f"node\n{beside}\n{held}\n" if at % 2 else f"node\n{held}\n{beside}\n")
        at //= 2
    return held


def draw(published: Mapping[str, Any], listed: Mapping[str, Any], secrets: Mapping[str, str], *, at: str) -> Held:
    """The record of the draw, from which a stranger can repeat it. Raises InputError for a list or a secret that is another."""
    if digest(dict(listed)) != published["list"]:
        raise InputError(said("This is not the list that was frozen: its digest is another."))
    told = []
    for party in published["commitments"]:
        secret = secrets.get(party["name"], "").strip()
        if not secret or commitment(secret) != party["commitment"]:
            raise InputError(said("The secret of %(name)s does not match what was committed to.", name=party["name"]))
        told.append({"name": party["name"], "secret": secret})
    seed = seed_of(published["list"], [one["secret"] for one in told])
    ticket = Lot(seed).below(published["tickets"])
    drawn = tickets(listed)
    hashes = leaves(drawn, listed["salt"])
    found: Held = {
        "frozen": dict(published), "secrets": told, "seed": seed, "drawn_at": at, "ticket": ticket,
        "panel": drawn[ticket], "salt": salt_of(listed["salt"], ticket), "path": path_of(hashes, ticket),
    }  # fmt: skip
    if problem := first_difference(found):
        raise InputError(problem)
    return found


def first_difference(held: Mapping[str, Any]) -> str | None:
    """The first thing in a record of a draw that does not come out; None where the draw is repeated. Needs no list."""
    frozen = held["frozen"]
    fixed = {name: value for name, value in frozen.items() if name != "seal"}
    if frozen.get("format") != FORMAT or digest(fixed) != frozen["seal"]:
        return said("What was frozen is not what its seal says.")
    parties = {one["name"]: one["commitment"] for one in frozen["commitments"]}
    told = {one["name"]: one["secret"] for one in held["secrets"]}
    if len(parties) < 2 or list(told) != list(parties) or len(parties) != len(frozen["commitments"]):
        return said("The secrets are not those of the people who committed.")
    for name, secret in told.items():
        if commitment(secret) != parties[name]:
            return said("The secret of %(name)s does not match what was committed to.", name=name)
    if held["drawn_at"] < frozen["at"] or any(one["at"] > frozen["at"] for one in frozen["commitments"]):
        return said("The times are out of order: people commit, the list is frozen, the panel is drawn.")
    if held["seed"] != seed_of(frozen["list"], list(told.values())):
        return said("The seed does not follow from the list and the secrets.")
    if held["ticket"] != Lot(held["seed"]).below(frozen["tickets"]):
        return said("The ticket does not follow from the seed.")
    if len(set(held["panel"])) != frozen["places"] or not set(held["panel"]) <= set(range(1, frozen["applicants"] + 1)):
        return said("The panel has not as many people as places.")
    if climb(leaf(held["ticket"], held["panel"], held["salt"]), held["ticket"], held["path"]) != frozen["root"]:
        return said("The panel did not stand on this ticket when the list was frozen.")
    return None


def first_difference_in_list(held: Mapping[str, Any], listed: Mapping[str, Any]) -> str | None:
    """What whoever holds the frozen list can check beside: its digest, every ticket, the quotas, the smallest chance."""
    frozen = held["frozen"]
    if digest(dict(listed)) != frozen["list"]:
        return said("This is not the list that was frozen: its digest is another.")
    drawn = tickets(listed)
    if root_of(leaves(drawn, listed["salt"])) != frozen["root"]:
        return said("The tickets of this list lead to another root.")
    if min(chances(drawn, [number for number, _ in listed["applicants"]]).values()) != frozen["smallest"]:
        return said("The smallest chance of this list is another.")
    if abs(leximin(pool_in(listed)).smallest * TICKETS - frozen["best"]) > 1:
        return said("The best smallest chance of this list is another.")
    return None


def pool_in(listed: Mapping[str, Any]) -> Pool:
    """The pool of a frozen list."""
    return pool_of(dict(listed["applicants"]), [Quota(*one) for one in listed["quotas"]], listed["places"])
