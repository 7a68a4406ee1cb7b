"""What happens to a record on its way through databases: how often, measured; and the same done to other records.

    python -m benches.noise

prints, for true duplicates in the shared sets, how often each kind of difference occurs, beside the rate that the
benches use. Kinds of one field exclude one another, so their rates add up to how often that field differs at all.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from benches.matching.kinds import FIELDS_WITH_NOISE, KINDS, RATES, Kind
from benches.matching.sets import Labelled, Row, all_shared

COPIES = (0.904, 0.077, 0.015, 0.004)
"""How often a work with duplicates has 1, 2, 3 or 4 of them: pooled over the shared sets."""


def noisy(row: Row, rng: random.Random, keep: frozenset[str] = frozenset()) -> Row:
    """A copy of a record as another database might give it; fields in `keep` stay as they are."""
    copy = dict(row)
    for field, kinds in FIELDS_WITH_NOISE.items():
        if field in keep or not row.get(field):
            continue
        kind = drawn(kinds, rng)
        if kind is not None:
            copy[field] = kind.make(row[field], row, rng)
    if not (copy["title"] or copy["doi"]):
        copy["title"] = row["title"]  # what has neither is no record that anybody could place
    return copy


def drawn(kinds: Iterable[Kind], rng: random.Random) -> Kind | None:
    """One kind by its rate, or None: the field stays as it is."""
    point = rng.random()
    for kind in kinds:
        point -= RATES[kind.name]
        if point < 0:
            return kind
    return None


def copies(rng: random.Random) -> int:
    """How many duplicates a work has that has any."""
    return rng.choices((1, 2, 3, 4), COPIES)[0]


def measured(sets: Iterable[Labelled]) -> dict[str, tuple[int, int]]:
    """For each kind: how many duplicates show it, out of how many whose original has the field at all."""
    seen: Counter[str] = Counter()
    had: Counter[str] = Counter()
    for original, copy in (pair for one in sets for pair in duplicates(one)):
        for field, kinds in FIELDS_WITH_NOISE.items():
            if not original[field]:
                continue
            had[field] += 1
            found = next((kind.name for kind in kinds if kind.seen(original[field], copy[field])), None)
            if found:
                seen[found] += 1
    return {kind.name: (seen[kind.name], had[kind.field]) for kind in KINDS}


def duplicates(one: Labelled) -> Iterator[tuple[Row, Row]]:
    """Neighbouring records of each work, in both directions: either may be the original."""
    members: defaultdict[int, list[Row]] = defaultdict(list)
    for row, work in zip(one.rows, one.works, strict=True):
        members[work].append(row)
    for rows in members.values():
        for first, second in pairwise(rows):
            yield first, second
            yield second, first


def main() -> None:
    """Print the measured rates beside those in use."""
    print("kind of difference".ljust(24), *(head.rjust(10) for head in ("seen", "of", "rate", "in use")))
    for name, (seen, had) in measured(all_shared()).items():
        print(name.ljust(24), f"{seen:10}{had:11}{seen / had if had else 0:11.4f}{RATES[name]:11.4f}")


if __name__ == "__main__":
    main()
