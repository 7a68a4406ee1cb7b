"""Learners: in which order to read, given what has been decided so far. Each is named, numbered, and said in a sentence.

A learner answers from the texts and the decisions alone: the same ones give the same scores, whatever was asked before,
so the order that a reviewer saw on any day can be rebuilt. Records are named by their place in the features, from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.features import Features
from whatworks.screen.methods.scoring import Bayes, Blend, Margin, Nearest, total

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Scorer(Protocol):
    """What gives every record a score, the higher the sooner; may remember its last answer to be quicker next time."""

    def scores(self, rows: Ints, labels: Ints) -> NDArray[np.floating]:
        """The scores after these rows were found relevant (1) or not (0)."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A way of ordering records: its name, its version (scores change only with it), what it does, how it begins."""

    name: str
    version: str
    words: str
    begin: Callable[[Pool], Scorer]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What there is to be ordered: the records' features, a question in words if there is one, seed, places, years.

    `place` breaks ties and is the order of the learner `oldest` where years are missing: a number per record.
    """

    features: Features
    query: NDArray[np.float32] | None
    seed: int
    place: Ints
    years: Floats | None = None

    def drawn(self) -> Floats:
        """A number between 0 and 1 for each record, by the seed."""
        return np.random.Generator(np.random.PCG64(self.seed)).random(len(self.features))


class _Fixed:
    """An order that no decision changes."""

    def __init__(self, given: Floats) -> None:
        self.given = given

    def scores(self, rows: Ints, labels: Ints) -> Floats:
        """The same ones always."""
        return self.given


class _FromNothing:
    """A learner that needs both kinds of decision, and what stands in until there are: likeness in words, else chance."""

    def __init__(self, learned: Scorer, pool: Pool) -> None:
        self.learned, self.pool = learned, pool

    def scores(self, rows: Ints, labels: Ints) -> NDArray[np.floating]:
        """By the learner once both kinds are known; by likeness to what is known to be wanted; in random order."""
        relevant = labels == 1
        if relevant.any() and not relevant.all():
            return self.learned.scores(rows, labels)
        wanted = total(self.pool.features.matrix, rows[relevant])
        if self.pool.query is not None:
            wanted = wanted + self.pool.query
        return self.pool.features.matrix @ wanted if wanted.any() else self.pool.drawn()


def _oldest(pool: Pool) -> Scorer:
    """By year, then by place; a record without a year comes after those with one."""
    years = np.zeros(len(pool.features)) if pool.years is None else np.where(np.isnan(pool.years), np.inf, pool.years)
    order = np.lexsort((pool.place, years))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order))
    return _Fixed(-rank)


def _learning(make: Callable[[Features, NDArray[np.float32] | None], Scorer]) -> Callable[[Pool], Scorer]:
    return lambda pool: _FromNothing(make(pool.features, pool.query), pool)


LEARNERS: Mapping[str, Learner] = {
    one.name: one
    for one in (
        Learner("blend", "1", "Mostly margin, and bayes for what it sees besides.", _learning(Blend)),
        Learner("margin", "1", "Looks for the words that part relevant from irrelevant records.", _learning(Margin)),
        Learner(
            "bayes",
            "1",
            "Weighs each word by how much commoner it is in relevant records than in all.",
            _learning(Bayes),
        ),
        Learner("nearest", "1", "Puts first what is most like the relevant records.", _learning(Nearest)),
        Learner("oldest", "1", "Oldest first; learns nothing.", _oldest),
        Learner("random", "1", "In random order; learns nothing.", lambda pool: _Fixed(pool.drawn())),
    )
}
DEFAULT = "blend"


def learner_named(name: str) -> Learner:
    """The learner of this name; InputError says which there are."""
    if name not in LEARNERS:
        raise InputError(
            said("There is no learner %(name)r; choose one of %(learners)s.", name=name, learners=", ".join(LEARNERS))
        )
    return LEARNERS[name]


def pool_of(
    features: Features,
    *,
    query: str | None = None,
    seed: int = 0,
    place: Sequence[int] | Ints | None = None,
    years: Sequence[float | None] | None = None,
) -> Pool:
    """What is to be ordered. `query`: the question, criteria and titles of studies known beforehand, in any words.

    Without `place`, ties are broken by a shuffle with the seed, so that nothing hangs on the order in a file.
    """
    vector = features.vector(query) if query and query.strip() else None
    number = len(features)
    shuffled = np.random.Generator(np.random.PCG64(seed)).permutation(number)
    return Pool(
        features,
        vector if vector is not None and vector.any() else None,
        seed,
        np.asarray(shuffled if place is None else place, dtype=np.int64),
        None if years is None else np.array([np.nan if year is None else year for year in years], dtype=np.float64),
    )


def scores(
    features: Features,
    rows: Sequence[int] | Ints,
    labels: Sequence[int] | Ints,
    *,
    query: str | None = None,
    seed: int = 0,
    years: Sequence[float | None] | None = None,
    learner: str = DEFAULT,
) -> Floats:
    """A score for every record, the higher the sooner to be read, from scratch.

    `rows` are the places of the records decided on and `labels` say which are relevant (1) and which not (0).
    """
    begun = learner_named(learner).begin(pool_of(features, query=query, seed=seed, years=years))
    return begun.scores(*checked(rows, labels, len(features))).astype(np.float64)


def checked(rows: Sequence[int] | Ints, labels: Sequence[int] | Ints, number: int) -> tuple[Ints, Ints]:
    """Decisions as two arrays; InputError where they cannot be."""
    at, told = np.asarray(rows, dtype=np.int64).ravel(), np.asarray(labels, dtype=np.int64).ravel()
    if len(at) != len(told):
        raise InputError(
            said(
                "There are %(count)s rows and %(labels)s labels; give one label for each row.",
                count=len(at),
                labels=len(told),
            )
        )
    if not np.isin(told, (0, 1)).all():
        raise InputError(said("A label is 1 (relevant) or 0 (irrelevant); change the others."))
    if len(at) and (at.min() < 0 or at.max() >= number):
        raise InputError(said("A row lies outside the %(number)s records; count them from 0.", number=number))
    if len(np.unique(at)) != len(at):
        raise InputError(said("A record has two labels; give its final decision only."))
    return at, told
