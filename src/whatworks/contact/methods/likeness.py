"""Who may be in the list twice: pairs with the reason, for a person to decide. Nothing is merged by rule."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from whatworks.saying import Said, said

MOST = 200  # pairs at once; more are a sign of one name that stands for many
CROWD = 6  # of one name: more are namesakes, not one person


@dataclass(frozen=True, slots=True)
class Somebody:
    """What is compared of a contact."""

    identifier: str
    name: str
    address: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be one, and why."""

    first: str
    second: str
    reason: Said


def alike(people: Iterable[Somebody]) -> list[Pair]:
    """Pairs with the same name, or the same mailbox under another form of it."""
    named: dict[str, list[Somebody]] = defaultdict(list)
    boxes: dict[str, list[Somebody]] = defaultdict(list)
    for one in people:
        if key := plain(one.name):
            named[key].append(one)
        if one.address:
            boxes[mailbox(one.address)].append(one)
    found: dict[tuple[str, str], Said] = {}
    for group, reason in (
        *((group, said("Two forms of one mailbox.")) for group in boxes.values()),
        *((group, said("The same name.")) for group in named.values()),
    ):
        if len(group) <= CROWD:
            for first, second in combinations(sorted(group, key=lambda one: one.identifier), 2):
                found.setdefault((first.identifier, second.identifier), reason)
    return [Pair(first, second, reason) for (first, second), reason in sorted(found.items())][:MOST]


def plain(name: str) -> str:
    """A name without case, accents, signs and order of its words.

    >>> plain("Okafor, Zoë") == plain("Zoe Okafor")
    True
    """
    letters = "".join(
        one if one.isalnum() else " " for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)
    )
    return " ".join(sorted(letters.casefold().split()))


def mailbox(address: str) -> str:
    """The mailbox behind an address: without what stands after a plus sign, and for Google without dots.

    >>> mailbox("jo.smith+news@googlemail.com")
    'josmith@gmail.com'
    """
    local, _, host = address.casefold().rpartition("@")
    local = local.partition("+")[0]
    if host in ("gmail.com", "googlemail.com"):
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{host}"
