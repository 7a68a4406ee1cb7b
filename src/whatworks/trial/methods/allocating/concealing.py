"""A draw whose arms are kept from everybody until they are told: what may be published of it at once, and how to check it afterwards.

The whole file holds the seed, which nobody can guess who has not all the secrets, so its digest tells no arm. What is published at once
leaves out whatever would let one draw again: seed, secrets, arms, counts, candidates.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.stats.designs import as_level
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import INDIVIDUAL

FORMAT = "whatworks concealed allocation 1"
LABEL = "draw of record, arms concealed"
SAID = (
    "The arms are on the server of the centre, and leave it when they are told to all. Whoever has both secrets, or administers "
    "the server, can know them before. The digest below is of the whole file: it shows afterwards that nothing was changed."
)
PARTY = ("name", "kind", "commitment", "source", "round", "named_for", "committed_at")
Document = dict[str, Any]


def sealed(text: str) -> Document:
    """What may be published of a draw at once. `text`: its whole file, byte for byte."""
    whole = json.loads(text)
    told = whole["commitments"]
    parties = [{name: one[name] for name in PARTY if name in one} for one in told["parties"]]
    return {
        "label": LABEL, "format": FORMAT, "says": SAID, "drawn_at": whole["drawn_at"], "design": whole["design"],
        "list": whole["list"], "commitments": {"format": told["format"], "parties": parties, "frozen": told["frozen"]},
        "method": whole["method"], "whole_file": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip


def is_sealed(text: str) -> bool:
    """Whether a published file tells no arm."""
    return f'"format": "{FORMAT}"' in text[:200]


def differs(published: str, whole: str) -> str:
    """What in a whole file is not as it was published, in a word; empty where all of it is."""
    before = json.loads(published)
    if before["whole_file"] != hashlib.sha256(whole.encode()).hexdigest():
        return "digest of the whole file"
    now = sealed(whole)
    return next(
        (name for name in ("drawn_at", "design", "list", "commitments", "method") if before[name] != now[name]), ""
    )


def dealt(design: Design, table: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """The table with arms in turn, by the design alone: for a blind run in which not even a known exchange of the true arms may stand.

    Within each stratum units in the order of their names get the arms in turn, each as often as it has parts; the turn goes on from
    stratum to stratum, so that small strata do not all get the first arm.
    """
    told, held = design.analysis, {name: list(cells) for name, cells in table.items()}
    rows = len(next(iter(held.values())))
    by_unit = design.design.kind != INDIVIDUAL and bool(told.cluster)
    unit = [as_level(one) for one in held[told.cluster]] if by_unit else [str(row) for row in range(rows)]
    way = design.allocation
    names = [name for name in ((way.pair,) if way.pair else (way.strata or told.strata)) if name in held]
    strata: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row, one in enumerate(unit):
        strata[tuple(as_level(held[name][row]) for name in names)].add(one)
    turn = [arm.name for arm in design.arms for _ in range(arm.parts)]
    order = [one for stratum in sorted(strata) for one in sorted(strata[stratum])]
    arms = {one: turn[place % len(turn)] for place, one in enumerate(order)}
    held[told.arm] = [arms[one] for one in unit]
    return held
