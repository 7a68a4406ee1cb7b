"""Deduplicating: a table of publications in; pairs, clusters and the merged view out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from multiprocessing import get_context
from typing import Any, Literal, TypeAlias

import numpy as np

from whatworks.collate.methods.match.blocking import candidates
from whatworks.collate.methods.match.comparing import Compared, compare
from whatworks.collate.methods.match.grouping import Settled, settle
from whatworks.collate.methods.match.merging import Merged, merge
from whatworks.collate.methods.match.reasons import reason_of
from whatworks.collate.methods.match.rules import DECISIONS, DIFFERENT, RULES, SAME, Judged, judge
from whatworks.collate.methods.match.sketches import Sketches, columns_of, joined
from whatworks.collate.methods.match.sketching import Fields, Sketch, sketch_of
from whatworks.collate.methods.match.tables import fields_of_rows, rows_of

Decision: TypeAlias = Literal["same", "ask", "linked"]
WHOLE = 50  # members of a cluster up to which all of its pairs are listed; a larger one is a star about its first
CHUNK = 4000  # records that are sketched at a time, so that memory holds columns and not a million loose sketches


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records by their numbers (from 0), `a` before `b`: what is proposed, how likely they are one, and why."""

    a: int
    b: int
    decision: Decision
    probability: float
    reason: str
    rule: str

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """What matching found about some sketches: the pairs side by side, what was judged and what was settled."""

    sketches: Sketches
    compared: Compared
    judged: Judged
    settled: Settled

    def pairs(self) -> Iterator[Pair]:
        """Every pair that was compared and is not simply different, sorted; no question within a cluster."""
        home = self._home()
        for at in np.flatnonzero(self.settled.decisions != DIFFERENT).tolist():
            one, other = int(self.compared.one[at]), int(self.compared.other[at])
            if self.settled.decisions[at] == SAME or home[one] != home[other]:
                yield self.pair(at)

    def pair(self, at: int) -> Pair:
        """One of the compared pairs."""
        decision, rule = int(self.settled.decisions[at]), int(self.judged.rules[at])
        return Pair(
            int(self.compared.one[at]),
            int(self.compared.other[at]),
            DECISIONS[decision],  # type: ignore[arg-type]  # never "different" here
            round(float(min(self.judged.probabilities[at], 0.6 if self.settled.doubted[at] else 1.0)), 4),
            reason_of(self.sketches, self.compared, at, rule, decision),
            RULES[rule],
        )

    def whole(self, names: Sequence[Any] | None = None) -> Iterator[Pair]:
        """As `pairs`, and for each cluster all of its pairs; a star about its first where it has more than WHOLE.

        `names`, one a record, say which of a cluster is its first; without them it is the one with the lowest number.
        """
        direct = {(one.a, one.b): one for one in self.pairs()}
        weakest: dict[int, float] = {}
        home = self._home()
        for one in direct.values():
            if one.decision == "same":
                weakest[home[one.a]] = min(one.probability, weakest.get(home[one.a], 1.0))
        for number, group in enumerate(self.settled.groups):
            if len(group) > 1:
                yield from _within(group, direct, weakest[number], names)
        yield from (one for one in direct.values() if one.decision != "same")

    def _home(self) -> list[int]:
        home = [0] * len(self.sketches)
        for number, group in enumerate(self.settled.groups):
            for at in group:
                home[at] = number
        return home


def _within(
    group: tuple[int, ...], direct: dict[tuple[int, int], Pair], likely: float, names: Sequence[Any] | None
) -> Iterator[Pair]:
    links: Iterable[tuple[int, int]] = itertools.combinations(group, 2)
    if len(group) > WHOLE:
        first = min(group, key=lambda at: (names[at], at)) if names else group[0]
        links = [(min(first, other), max(first, other)) for other in group if other != first]
    for a, b in links:
        known = direct.get((a, b))
        if known and known.decision == "same":
            yield known
        else:
            yield Pair(a, b, "same", likely, "Other records of the cluster join them.", "through")


@dataclass(frozen=True)
class Deduplication:
    """The publications among some records: pairs, clusters and the merged view. Records are known by their numbers."""

    rows: Sequence[Any]
    found: Found

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair that is the same, asked about or linked; those of a cluster complete up to WHOLE members."""
        return tuple(sorted(self.found.whole(), key=lambda one: (one.a, one.b)))

    @property
    def clusters(self) -> list[tuple[int, ...]]:
        """The records of each publication, by their first record; every record is in one of them."""
        return self.found.settled.groups

    @cached_property
    def merged(self) -> tuple[Merged, ...]:
        """Each publication with its fields and the record that each came from."""
        fields = fields_of_rows(self.rows)
        return tuple(merge(group, fields) for group in self.clusters)

    def counts(self) -> dict[str, int]:
        """How many records, clusters and pairs of each kind there are."""
        counts = {"records": len(self.rows), "clusters": len(self.clusters)}
        counts["removed"] = counts["records"] - counts["clusters"]
        made = dict.fromkeys(DECISIONS[1:], 0)
        for one in self.pairs:
            made[one.decision] += 1
        return counts | {f"pairs_{decision}": number for decision, number in made.items()}

    def to_dict(self) -> dict[str, object]:
        """As JSON: counts, pairs, clusters and the merged view."""
        return {
            **self.counts(),
            "pairs": [one.to_dict() for one in self.pairs],
            "clusters": [list(group) for group in self.clusters],
            "merged": [one.to_dict() for one in self.merged],
        }

    def summary(self) -> str:
        """One sentence on what was found."""
        n = self.counts()
        return (
            f"{n['records']:,} records are {n['clusters']:,} publications ({n['removed']:,} duplicates); "
            f"{n['pairs_ask']:,} pairs to ask a person about, {n['pairs_linked']:,} linked and kept apart."
        )


def deduplicate(table: Any, *, workers: int = 1) -> Deduplication:
    """The publications among the rows of a table: records, dictionaries, columns, or a pandas or polars frame.

    Columns understood: title, author(s), year, journal, booktitle, volume, number or issue, pages, doi, abstract,
    ENTRYTYPE or type. Deterministic, and the order of the rows changes only their numbers. With `workers` above 1,
    sketching is spread over that many processes. Raises InputError where the table is none of these.
    """
    rows = rows_of(table)
    return Deduplication(rows, find(sketched(fields_of_rows(rows), workers=workers)))


def sketched(fields: Iterable[Fields], *, workers: int = 1) -> Sketches:
    """The fields as sketches by column, a chunk at a time, in their order."""
    chunks = _chunks(fields)
    if workers < 2:
        return joined(map(_columns, chunks))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return joined(_ahead(pool, chunks, 2 * workers))


def _ahead(pool: ProcessPoolExecutor, chunks: Iterator[list[Fields]], most: int) -> Iterator[Sketches]:
    """The chunks' columns in order, with at most so many chunks under way, so that memory stays bounded."""
    under_way = [pool.submit(_columns, chunk) for chunk in itertools.islice(chunks, most)]
    while under_way:
        yield under_way.pop(0).result()
        under_way += [pool.submit(_columns, chunk) for chunk in itertools.islice(chunks, 1)]


def _chunks(fields: Iterable[Fields]) -> Iterator[list[Fields]]:
    waiting = iter(fields)
    while chunk := list(itertools.islice(waiting, CHUNK)):
        yield chunk


def _columns(chunk: list[Fields]) -> Sketches:
    return columns_of([sketch_of(one) for one in chunk])


def find(sketches: Sketches, *, first: int | None = None) -> Found:
    """What matching finds about the sketches; with `first`, only about pairs with one of the first so many."""
    compared = compare(sketches, candidates(sketches, first=first))
    judged = judge(compared)
    return Found(sketches, compared, judged, settle(compared, judged, len(sketches)))


def find_between(sketches: Sequence[Sketch], pairs: Sequence[tuple[int, int]]) -> Found:
    """What matching finds about these pairs of sketches and no others."""
    columns = columns_of(sketches)
    compared = compare(columns, np.array(pairs, dtype=np.int64).reshape(-1, 2))
    judged = judge(compared)
    return Found(columns, compared, judged, settle(compared, judged, len(sketches)))
