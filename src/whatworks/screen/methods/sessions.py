"""Sessions: one screening as it goes, decision by decision, with the next record to be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.features import Features
from whatworks.screen.methods.learners import DEFAULT, Ints, learner_named, pool_of

PATIENCE = 20
"""The learner learns again after every relevant record, and else when decisions have grown by one in so many."""

AHEAD = 64  # records kept in order beyond those that will be shown before learning again


class Session:
    """Decisions so far and the order of the rest. Learning goes on from the last answer; `order` is as from scratch.

    Learning again after every decision costs much and changes little once decisions are many: `next` learns after a
    relevant record and when decisions have grown by a twentieth, and until then goes down the order that it had.
    """

    def __init__(
        self,
        features: Features,
        *,
        learner: str = DEFAULT,
        query: str | None = None,
        seed: int = 0,
        place: Sequence[int] | Ints | None = None,
        years: Sequence[float | None] | None = None,
    ) -> None:
        self._pool = pool_of(features, query=query, seed=seed, place=place, years=years)
        self._scorer = learner_named(learner).begin(self._pool)
        self._labels = np.full(len(features), -1, dtype=np.int8)
        self._rows: list[int] = []
        self._scores: NDArray[np.floating] = np.zeros(0)
        self._learned_from = -1  # how many decisions the scores rest on; -1: there are none yet
        self._found_since = False
        self._queue: list[int] = []

    def __len__(self) -> int:
        """How many records have a decision."""
        return len(self._rows)

    def add(self, row: int, label: int) -> None:
        """Take a decision: 1 relevant, 0 irrelevant. InputError where the record has one already or is not there."""
        if not 0 <= row < len(self._labels):
            raise InputError(
                said(
                    "There is no record %(row)s: they are numbered from 0 to %(count)s.",
                    row=row,
                    count=len(self._labels) - 1,
                )
            )
        if self._labels[row] >= 0:
            raise InputError(said("Record %(row)s has a decision already; begin anew to change it.", row=row))
        if label not in (0, 1):
            raise InputError(said("A decision is 1 (relevant) or 0 (irrelevant), not %(label)r.", label=label))
        self._labels[row] = label
        self._rows.append(row)
        self._found_since = self._found_since or label == 1

    def next(self) -> int | None:
        """The record to read next; None when all are decided."""
        if len(self._rows) == len(self._labels):
            return None
        if self._due():
            self._learn()
        while True:
            while self._queue and self._labels[self._queue[-1]] >= 0:
                self._queue.pop()
            if self._queue:
                return self._queue[-1]
            self._queue = self._best(self._patience() + AHEAD)

    def order(self) -> Ints:
        """All records without a decision, best first, after learning from every decision."""
        if self._learned_from != len(self._rows):
            self._learn()
        left = np.flatnonzero(self._labels < 0)
        return left[np.lexsort((self._pool.place[left], -self._scores[left]))]

    def scores(self) -> NDArray[np.float64]:
        """The score of every record, after learning from every decision."""
        if self._learned_from != len(self._rows):
            self._learn()
        return self._scores.astype(np.float64)

    def _patience(self) -> int:
        return max(1, len(self._rows) // PATIENCE)

    def _due(self) -> bool:
        waited = len(self._rows) - self._learned_from
        return self._learned_from < 0 or (waited > 0 and self._found_since) or waited >= self._patience()

    def _learn(self) -> None:
        rows = np.array(self._rows, dtype=np.int64)
        self._scores = self._scorer.scores(rows, self._labels[rows].astype(np.int64))
        self._learned_from, self._found_since, self._queue = len(rows), False, []

    def _best(self, number: int) -> list[int]:
        """The best records without a decision, worst of them first: the next one is taken from the end."""
        left = np.flatnonzero(self._labels < 0)
        if len(left) > number:
            held = self._scores[left]
            edge = np.partition(held, len(left) - number)[len(left) - number]
            left = left[held >= edge]  # with every record that ties at the edge, so that ties break the same way
        best: list[int] = left[np.lexsort((self._pool.place[left], -self._scores[left]))][::-1].tolist()
        return best
