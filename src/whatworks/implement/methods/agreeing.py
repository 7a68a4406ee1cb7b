"""Agreeing: do the people of one place answer alike, do places differ, and do the items of a scale belong together?

A mean of a place is worth giving only where its people agree. Three questions with three numbers, never one for another: r_wg(j) is
about one place alone; ICC(1) and ICC(2) are about many places; Cronbach's alpha is about the items.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result

Floats = NDArray[np.float64]
SKEWED = 1.34  # variance of five-point answers that lean slightly to one side (LeBreton and Senter 2008, table 2)
OF_VARIANCE, OF_MEAN = "n0", "mean"


@dataclass(frozen=True, slots=True)
class Alike(Result):
    """How alike the people of one place answered. value: r_wg(j), 0 where the formula leaves 0 to 1; people, items: what it rests on;
    variance: mean of the items' variances; expected: the variance if nobody agreed."""

    value: float
    people: int
    items: int
    variance: float
    expected: float


@dataclass(frozen=True, slots=True)
class Apart(Result):
    """Whether places differ. icc1: share of the variance that lies between places; icc2: how far means of places can be relied on.

    size is the k of the formula and how_size how it was taken: "n0" (N − Σn²/N) / (G − 1), or "mean" N / G. A negative icc1 says that
    people of one place are no more alike than people of different ones.
    """

    icc1: float
    icc2: float
    between: float
    within: float
    places: int
    people: int
    size: float
    how_size: str


@dataclass(frozen=True, slots=True)
class Alpha(Result):
    """Cronbach's alpha with Feldt's interval. people: those who answered every item."""

    value: float
    low: float
    high: float
    level: float
    people: int
    items: int


def uniform(points: int) -> float:
    """The variance of answers given at random on so many points: (A² − 1) / 12.

    >>> uniform(5)
    2.0
    """
    if points < 2:
        raise InputError(said("A scale needs two points at least; this one has %(points)s.", points=points))
    return (points**2 - 1) / 12


def rwg_j(answers: ArrayLike, expected: float) -> Alike:
    """r_wg(j) = J(1 − s̄²/σ²) / [J(1 − s̄²/σ²) + s̄²/σ²] of answers, (people, items), each with every item answered.

    s̄² is the mean of the items' sample variances and σ² the variance expected of people who do not agree at all. Where s̄² exceeds σ² the
    formula leaves the range from 0 to 1 and 0 is given, as James, Demaree and Wolf (1984) and R's `multilevel` do.
    """
    table = _table(answers)
    people, items = table.shape
    if people < 2:
        raise InputError(
            said("Agreement needs two people at least who answered every item; there are %(n)s.", n=people)
        )
    if expected <= 0:
        raise InputError(said("The variance expected without agreement must be above 0."))
    variance = float(table.var(axis=0, ddof=1).mean())
    left = items * (1 - variance / expected)
    value = left / (left + variance / expected)
    return Alike(value if 0 <= value <= 1 else 0.0, people, items, variance, expected)


def apart(values: ArrayLike, places: Sequence[Hashable], *, how_size: str = OF_VARIANCE) -> Apart:
    """ICC(1) and ICC(2) from a one-way analysis of variance, values (n,) in places (n,), places of unequal size.

    ICC(1) = (MSB − MSW) / (MSB + (k − 1) MSW) and ICC(2) = (MSB − MSW) / MSB. Raises InputError where there are fewer than two places, or
    none with two people. Oracle: R's `multilevel` (which takes k as the mean size).
    """
    y = np.asarray(values, dtype=float)
    if y.ndim != 1 or y.size != len(places) or not np.isfinite(y).all():
        raise InputError(said("Give one number for each person, and the place of each."))
    rows: dict[Hashable, list[float]] = {}
    for value, place in zip(y.tolist(), places, strict=True):
        rows.setdefault(place, []).append(value)
    sizes = np.array([len(one) for one in rows.values()], dtype=float)
    groups, people = len(rows), int(sizes.sum())
    if groups < 2 or people <= groups:
        raise InputError(said("Whether places differ needs two places at least, and more people than places."))
    means = np.array([np.mean(one) for one in rows.values()])
    between = float((sizes * (means - y.mean()) ** 2).sum() / (groups - 1))
    inside = sum(float(((np.array(one) - mean) ** 2).sum()) for one, mean in zip(rows.values(), means, strict=True))
    return of_squares(between, inside / (people - groups), sizes, how_size=how_size)


def of_squares(between: float, within: float, sizes: ArrayLike, *, how_size: str = OF_VARIANCE) -> Apart:
    """The same from the mean squares between and within places, and the places' sizes."""
    n = np.asarray(sizes, dtype=float)
    if how_size not in (OF_VARIANCE, OF_MEAN):
        raise InputError(said("The size of places is taken as “n0” or as “mean”."))
    if between <= 0 and within <= 0:
        raise InputError(said("Every answer is the same, so there is no variance to part."))
    size = float((n.sum() - (n**2).sum() / n.sum()) / (n.size - 1)) if how_size == OF_VARIANCE else float(n.mean())
    icc1 = (between - within) / (between + (size - 1) * within)
    icc2 = (between - within) / between if between > 0 else float("-inf")
    return Apart(icc1, icc2, between, within, int(n.size), int(n.sum()), size, how_size)


def alpha(answers: ArrayLike, level: float = 0.95) -> Alpha:
    """Cronbach's alpha (1951) of answers, (people, items), each with every item answered, with Feldt's interval (1965).

    Raises InputError for fewer than two people or items, or where all sums are the same. Oracle: R's `psych`.
    """
    table = _table(answers)
    people, items = table.shape
    if people < 2 or items < 2:
        raise InputError(said("Alpha needs two people and two items at least."))
    whole = float(table.sum(axis=1).var(ddof=1))
    if whole == 0:
        raise InputError(said("Everybody has the same sum, so alpha is not defined."))
    value = items / (items - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / whole)
    low, high = feldt(value, people, items, level)
    return Alpha(value, low, high, level, people, items)


def feldt(value: float, people: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval: 1 − (1 − α)F with n − 1 and (n − 1)(k − 1) degrees of freedom (Feldt, Woodruff and Salih 1987, formulas 6 and 7).

    >>> [round(end, 7) for end in feldt(0.913, 873, 20)]
    [0.9044024, 0.9211588]
    """
    tail = (1 - level) / 2
    f = stats.f(people - 1, (people - 1) * (items - 1))
    return float(1 - (1 - value) * f.ppf(1 - tail)), float(1 - (1 - value) * f.ppf(tail))


def _table(answers: ArrayLike) -> Floats:
    table = np.asarray(answers, dtype=float)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise InputError(said("Answers are a table of people and items without gaps; leave out who left an item out."))
    return table
