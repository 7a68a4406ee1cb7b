"""Ranking: which records to read first, given the decisions made so far, or before any were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.features import Features, features
from whatworks.screen.methods.learners import DEFAULT, checked, learner_named, pool_of
from whatworks.screen.methods.tabling import Table, columns_of, texts_of
from whatworks.stats.results import Result

LABELS = ("included", "label_included")
_RELEVANT, _IRRELEVANT = frozenset({"1", "1.0", "true", "yes"}), frozenset({"0", "0.0", "false", "no"})
_NONE = frozenset({"", "-1", "-1.0", "na", "nan", "none", "null", "<na>"})


@dataclass(frozen=True, slots=True)
class Ranking(Result):
    """The order in which to read. One number per record of the table, in its order.

    scores: the higher the sooner; they order records and are not probabilities. ranks: from 1 among the records without
    a decision, None for the others. labelled, relevant: the decisions learned from. learner, version, seed, digest: by
    which rule, with which chance, and over which texts: the same four and the same decisions give the same order.
    """

    scores: tuple[float, ...]
    ranks: tuple[int | None, ...]
    labelled: int
    relevant: int
    learner: str
    version: str
    seed: int
    digest: str

    @property
    def order(self) -> tuple[int, ...]:
        """The places (from 0) of the records without a decision, to be read in this order."""
        waiting = [(rank, row) for row, rank in enumerate(self.ranks) if rank is not None]
        return tuple(row for _, row in sorted(waiting))

    def summary(self) -> str:
        """What the order rests on."""
        left = sum(rank is not None for rank in self.ranks)
        return (
            f"{left:,} records to read, ordered by the learner {self.learner} (version {self.version}) from "
            f"{self.labelled:,} decisions, {self.relevant:,} of them relevant."
        )


def rank(
    table: Table,
    decisions: Sequence[Any] | Mapping[int, Any] | None = None,
    *,
    query: str | None = None,
    learner: str = DEFAULT,
    seed: int = 0,
) -> Ranking:
    """Rank the records of a table (columns `title`, `abstract`, perhaps `year`) by how likely they are to be relevant.

    `decisions`: one per record, 1 or 0 and None (or "" or -1) where there is none yet; or a dict from a record's place
    (from 0) to 1 or 0. Without it the table's column `included` or `label_included` is taken where it has one. `query`
    (question, criteria, titles of known studies) gives an order before the first decision, and counts as one relevant
    record after. Without both the order is random by `seed`. InputError where a decision is neither 1 nor 0.
    """
    titles, abstracts, years = texts_of(table)
    given = _given(table) if decisions is None else decisions
    labels = _labels(given, len(titles))
    return rank_features(features(titles, abstracts), labels, query=query, learner=learner, seed=seed, years=years)


def rank_features(
    known: Features,
    labels: Mapping[int, int],
    *,
    query: str | None = None,
    learner: str = DEFAULT,
    seed: int = 0,
    years: Sequence[float | None] | None = None,
) -> Ranking:
    """The same for features that are at hand and labels by place: what a centre asks after every batch of decisions."""
    chosen = learner_named(learner)
    pool = pool_of(known, query=query, seed=seed, years=years)
    rows, said = checked(list(labels), list(labels.values()), len(known))
    scores = chosen.begin(pool).scores(rows, said).astype(np.float64)
    waiting = np.setdiff1d(np.arange(len(known)), rows)
    ranks: list[int | None] = [None] * len(known)
    for number, row in enumerate(waiting[np.lexsort((pool.place[waiting], -scores[waiting]))].tolist(), start=1):
        ranks[row] = number
    return Ranking(
        scores=tuple(scores.tolist()),
        ranks=tuple(ranks),
        labelled=len(rows),
        relevant=int(said.sum()),
        learner=chosen.name,
        version=chosen.version,
        seed=seed,
        digest=known.digest,
    )


def label_of(cell: Any) -> int | None:
    """A cell as a decision: 1, 0, or None where there is none yet (empty, or -1 as ASReview writes it).

    >>> label_of("1"), label_of(0.0), label_of("TRUE"), label_of(" "), label_of(-1)
    (1, 0, 1, None, None)
    """
    told = "" if cell is None else str(cell).strip().lower()
    if told in _NONE:
        return None
    if told in _RELEVANT or told in _IRRELEVANT:
        return int(told in _RELEVANT)
    raise InputError(
        said(
            "%(cell)r is not a decision: write 1 for relevant, 0 for irrelevant, nothing where there is none.",
            cell=cell,
        )
    )


def _given(table: Table) -> Sequence[Any]:
    columns = columns_of(table)
    return next((columns[name] for name in LABELS if name in columns), [])


def _labels(given: Sequence[Any] | Mapping[int, Any], number: int) -> dict[int, int]:
    if not isinstance(given, Mapping):
        if len(given) not in (0, number):
            raise InputError(
                said(
                    "There are %(number)s records and %(count)s decisions; give one for each record.",
                    number=number,
                    count=len(given),
                )
            )
        given = dict(enumerate(given))
    told = {int(row): label_of(cell) for row, cell in given.items()}
    return {row: label for row, label in told.items() if label is not None}
