"""A family of traps: works that look alike and are not one, each with copies of its own that are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from benches.matching.sets import FIELDS, Labelled, Row, shuffled
from benches.noise import copies, noisy

WITH_COPIES = 0.42
"""The share of works that have a copy: pooled over the shared sets."""

Family = Callable[[random.Random], list[Row]]


def row(**fields: object) -> Row:
    """A record with these fields and the others empty."""
    return {**dict.fromkeys(FIELDS, ""), **{name: str(value) for name, value in fields.items()}}


def gently(text: str, rng: random.Random) -> str:
    """A title as another catalogue prints it, with every word that tells works apart."""
    ways = (
        str,
        str,
        str,
        str.upper,
        lambda t: f"{t}.",
        lambda t: t.replace(": ", " - "),
        lambda t: t.replace("'", "’"),
    )
    return rng.choice(ways)(text)


def grown(families: Iterable[tuple[Family, int, str]], seed: int) -> Iterator[tuple[Row, int]]:
    """Every family so many times: each row is a work; copies are noisy but for the fields that tell the family apart.

    A work that chance has drawn before, word for word, is left out: two works without a difference have no truth.
    """
    rng, drawn = random.Random(seed), set[tuple[str, ...]]()
    for family, times, keeps in families:
        keep = frozenset(keeps.split())
        for original in (one for _ in range(times) for one in family(rng)):
            if (identity := tuple(original.values())) in drawn:
                continue
            drawn.add(identity)
            yield original, len(drawn)
            for _ in range(copies(rng) if rng.random() < WITH_COPIES else 0):
                copy = noisy(original, rng, keep)
                yield ({**copy, "title": gently(copy["title"], rng)} if "title" in keep else copy), len(drawn)


def labelled(name: str, families: Iterable[tuple[Family, int, str]], seed: int) -> Labelled:
    """The set of such families, shuffled."""
    return shuffled(name, grown(families, seed), seed)
