"""Scoring: how near each record lies to the relevant ones, by the learners that learn from both kinds of decision."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from whatworks.screen.methods.features import Features
from whatworks.screen.methods.solving import separate

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

COST = 0.11  # of a mistake on an average record
BALANCE = 9.8  # how many times the mistakes on all relevant records together cost those on all others


class Margin:
    """A line between relevant and irrelevant, as far from both as they allow; a question counts as a relevant record."""

    def __init__(self, features: Features, query: Floats | None) -> None:
        self.features = features
        self.query = None if query is None else sparse.csr_matrix(query)
        self.before = np.zeros(
            len(features) + 1, dtype=np.float32
        )  # duals when last asked: the next lie near; query last

    def scores(self, rows: Ints, labels: Ints) -> Floats:
        """The signed distance from the line, less what is the same for all."""
        known, signs = self.features.matrix[rows], np.where(labels == 1, 1, -1).astype(np.float32)
        alone, begin = self.features.alone[rows], self.before[rows]
        if self.query is not None:
            known, signs = sparse.vstack([known, self.query], format="csr"), np.append(signs, np.float32(1))
            alone, begin = np.append(alone, np.float32(0)), np.append(begin, self.before[-1])
        duals = separate(known, signs, costs(signs), alone, begin)
        self.before[rows] = duals[: len(rows)]
        self.before[-1] = duals[-1]
        found: Floats = self.features.matrix @ (known.T @ duals)
        return found


def costs(signs: Floats) -> Floats:
    """What a mistake on each row costs: `COST` on average, all relevant ones together `BALANCE` times the others."""
    many, relevant = len(signs), int((signs > 0).sum())
    whole = COST * many / (1 + 1 / BALANCE)
    each = np.where(signs > 0, whole / relevant, whole / (BALANCE * (many - relevant)))
    return each.astype(np.float32)


class Bayes:
    """How much likelier a record's words are among relevant records than among all: naive Bayes with a background.

    The words of the relevant records are mixed with those of `TRUST` average records of the whole table (Dirichlet
    smoothing; Zhai & Lafferty 2004, doi 10.1145/984321.984322), so that a few of them are not taken for the whole truth.
    """

    TRUST = 60

    def __init__(self, features: Features, query: Floats | None) -> None:
        self.features, self.query = features, query
        self.background = total(features.matrix, np.arange(len(features)))
        self.whole = float(self.background.sum() + features.lone.sum())

    def scores(self, rows: Ints, labels: Ints) -> Floats:
        """The logarithm of the ratio of likelihoods; words count by their weights."""
        wanted = rows[labels == 1]
        relevant = total(self.features.matrix, wanted)
        if self.query is not None:
            relevant = relevant + self.query
        number = float(relevant.sum() + self.features.lone[wanted].sum())
        share = self.TRUST / max(len(self.features), 1)  # of the whole table that is mixed in
        # (relevant + share * background) / (number + share * whole), by background / whole
        scale = share * self.whole / (number + share * self.whole) if self.whole else 1.0
        ratio = np.log1p(relevant / (np.float32(share) * np.maximum(self.background, np.float32(1e-9))))
        absent = np.float32(np.log(scale))  # what a term says that no relevant record has
        found: Floats = (self.features.matrix @ (ratio + absent) + self.features.lone * absent).astype(np.float32)
        return found


class Blend:
    """Two opinions: mostly the line's, and naive Bayes's, which sees the weak signs that many words give together.

    Both are put on one scale (mean 0, standard deviation 1 over all records) and averaged.
    """

    SECOND = np.float32(0.3)  # the share of naive Bayes

    def __init__(self, features: Features, query: Floats | None) -> None:
        self.first, self.second = Margin(features, query), Bayes(features, query)

    def scores(self, rows: Ints, labels: Ints) -> Floats:
        """The weighted mean of the two."""
        one, other = (scaled(opinion.scores(rows, labels)) for opinion in (self.first, self.second))
        mean: Floats = (1 - self.SECOND) * one + self.SECOND * other
        return mean


def scaled(scores: Floats) -> Floats:
    """With mean 0 and standard deviation 1; scores that are all equal become 0."""
    spread = float(scores.std())
    level: Floats = (scores - scores.mean()) / np.float32(spread if spread > 1e-9 else 1)
    return level


class Nearest:
    """The likeness to the middle of the relevant records, less a quarter of that to the middle of the others (Rocchio)."""

    AWAY = np.float32(0.25)

    def __init__(self, features: Features, query: Floats | None) -> None:
        self.matrix, self.query = features.matrix, query

    def scores(self, rows: Ints, labels: Ints) -> Floats:
        """Twice a cosine at most."""
        relevant = total(self.matrix, rows[labels == 1])
        towards = unit(relevant if self.query is None else relevant + self.query)
        found: Floats = self.matrix @ (towards - self.AWAY * unit(total(self.matrix, rows[labels != 1])))
        return found


def total(matrix: sparse.csr_matrix, rows: Ints) -> Floats:
    """The sum of some rows."""
    chosen = np.zeros(matrix.shape[0], dtype=np.float32)
    np.add.at(chosen, rows, np.float32(1))
    found: Floats = matrix.T @ chosen
    return found


def unit(vector: Floats) -> Floats:
    """The vector with length one; zero stays zero."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
