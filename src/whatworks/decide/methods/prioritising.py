"""An order of questions in which no group is swamped by another's numbers.

Each voter gives points to questions. Within a group a question has the mean of its points; the group ranks the questions by it; the
order of all is by the mean of the groups' ranks. Ten times as many voters of the same mind in one group change nothing. This is the
interim order of the James Lind Alliance's priority setting partnerships (groups kept apart, ranks combined); how a partnership
weighs its groups is for it to say, so `weights` may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from whatworks.errors import InputError
from whatworks.saying import said

RESAMPLED = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """What one group says: its voters, and for each question its mean points and its rank (1 = first; ties share the mean)."""

    group: str
    voters: int
    points: tuple[float, ...]
    ranks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A question in the order of all groups."""

    question: str
    rank: float
    """Its place among all, 1 = first; ties share the mean."""
    mean_rank: float
    low: float
    high: float
    """Between these places it fell in 95 of 100 resamplings of the voters, each group within itself."""
    groups: Mapping[str, float]
    """Its rank in each group."""

    @property
    def apart(self) -> float:
        """How far the groups differ: the largest of their ranks less the smallest."""
        return max(self.groups.values()) - min(self.groups.values())


@dataclass(frozen=True, slots=True)
class InterimOrder:
    """Questions, first to last, with what each group said."""

    placed: tuple[Placed, ...]
    groups: tuple[GroupOrder, ...]
    weights: Mapping[str, float]

    def shortlist(self, most: int) -> tuple[tuple[Placed, ...], tuple[Placed, ...]]:
        """The first `most` questions; and those left out whose places, with their uncertainty, reach above that line.

        Questions tied over the line all come in: no coin is tossed in silence. Raises InputError for fewer than one.
        """
        if most < 1:
            raise InputError(said("A shortlist needs room for one question at least, not %(most)s.", most=most))
        if most >= len(self.placed):
            return self.placed, ()
        last = self.placed[most - 1].rank
        inside = tuple(one for one in self.placed if one.rank <= last)
        return inside, tuple(one for one in self.placed if one.rank > last and one.low <= most)


def interim_order(
    questions: Sequence[str],
    votes: Mapping[str, Sequence[Sequence[float]]],
    *,
    weights: Mapping[str, float] | None = None,
    seed: int = 0,
) -> InterimOrder:
    """The order of `questions` by the votes of groups.

    `votes`: for each group its voters' points, one number for each question (0 where a voter gave none; higher = more important).
    `weights`: of groups; equal unless given. `seed` is of the resampling that gives `low` and `high`.
    Raises InputError for no group, a group without voters, points that are not one finite number of 0 or more per question, a
    question named twice, and weights that are not above nought for each group.
    """
    held = {group: _table(group, rows, len(questions)) for group, rows in votes.items()}
    shares = _shares(held, weights)
    _named_once(questions)
    orders = tuple(_group(group, table) for group, table in held.items())
    ranks = np.array([order.ranks for order in orders])
    means = np.average(ranks, axis=0, weights=list(shares.values()))
    low, high = _resampled(held, list(shares.values()), seed)
    places = rankdata(_settled(means))
    placed = [
        Placed(question, float(places[at]), float(means[at]), float(low[at]), float(high[at]),
               {order.group: order.ranks[at] for order in orders})
        for at, question in enumerate(questions)
    ]  # fmt: skip
    return InterimOrder(tuple(sorted(placed, key=lambda one: one.rank)), orders, shares)


def _table(group: str, rows: Sequence[Sequence[float]], width: int) -> NDArray[np.float64]:
    if not len(rows):
        raise InputError(said("The group “%(group)s” has no voters: leave it out, or take its votes in.", group=group))
    for number, row in enumerate(rows, start=1):
        if len(row) != width or not all(np.isfinite(row)) or min(row, default=0) < 0:
            raise InputError(
                said(
                    "Voter %(number)s of “%(group)s” must give each of the %(width)s questions a number of 0 or more.",
                    number=number,
                    group=group,
                    width=width,
                )
            )
    return np.asarray(rows, dtype=float)


def _shares(held: Mapping[str, object], weights: Mapping[str, float] | None) -> dict[str, float]:
    if not held:
        raise InputError(said("An order needs the votes of one group at least."))
    given = weights or dict.fromkeys(held, 1.0)
    if set(given) != set(held) or min(given.values()) <= 0:
        raise InputError(said("Give each group that votes a weight above nought, and no other."))
    total = sum(given.values())
    return {group: given[group] / total for group in held}


def _named_once(questions: Sequence[str]) -> None:
    if not questions:
        raise InputError(said("There is no question to put in an order."))
    for question in questions:
        if list(questions).count(question) > 1:
            raise InputError(said("The question “%(question)s” is there twice: merge them first.", question=question))


def _group(group: str, table: NDArray[np.float64]) -> GroupOrder:
    points = table.mean(axis=0)
    return GroupOrder(group, len(table), tuple(map(float, points)), tuple(map(float, rankdata(_settled(-points)))))


def _settled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the last bits of the arithmetic, which would part what is tied."""
    return np.round(values, 9)


def _resampled(
    held: Mapping[str, NDArray[np.float64]], shares: Sequence[float], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places that each question takes when voters are drawn again from their own group: 2.5 and 97.5 in a hundred."""
    rng, ranks = np.random.default_rng(seed), []
    for table in held.values():
        drawn = rng.multinomial(len(table), np.full(len(table), 1 / len(table)), size=RESAMPLED)
        ranks.append(rankdata(_settled(-(drawn @ table) / len(table)), axis=1))
    places = rankdata(_settled(np.average(ranks, axis=0, weights=list(shares))), axis=1)
    tail = (1 - LEVEL) / 2
    return np.quantile(places, tail, axis=0, method="inverted_cdf"), np.quantile(
        places, 1 - tail, axis=0, method="inverted_cdf"
    )
