"""What do chance, a range, bias or a lot do to numbers? The sums behind the short lessons, with made-up inputs that a reader chooses.

Every draw takes its generator, which the caller makes from the number of the draw; so a reader who passes on the address passes
on the draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from numpy.random import Generator

from whatworks.publish.methods.numbers import Three, risk_after
from whatworks.stats.intervals import critical
from whatworks.synthesise.methods.narrative.votes import wilson_interval
from whatworks.synthesise.methods.pooling import pool
from whatworks.synthesise.methods.prediction import Mean, predict

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Draw:
    """One study of people who all have the same chance: the share that was seen, its range, and whether that holds the truth."""

    share: float
    low: float
    high: float
    holds: bool


def after(before: int, ratio: float) -> int:
    """Of 100, how many with a service that multiplies the risk by `ratio`, where it is `before` of 100 without; whole, at most 100.

    >>> after(40, 0.5), after(2, 0.5), after(80, 1.5)
    (20, 1, 100)
    """
    return round(100 * risk_after(before / 100, log(ratio), "RR"))


def counted(rng: Generator, n: int, share: float) -> int:
    """How many of n have what each has by this chance."""
    return int((rng.random(n) < share).sum())


def studies(rng: Generator, n: int, share: float, times: int) -> tuple[Draw, ...]:
    """So many studies of n people with the same true share, each with Wilson's range (1927) at 95%."""
    found = []
    for _ in range(times):
        seen = counted(rng, n, share)
        low, high = wilson_interval(seen, n, LEVEL)
        found.append(Draw(seen / n, low, high, low <= share <= high))
    return tuple(found)


def by_luck(rng: Generator, n: int, share: float, times: int) -> tuple[float, ...]:
    """Differences per 100 between two groups of n, in so many comparisons where both have the same true share."""
    return tuple(100 * (counted(rng, n, share) - counted(rng, n, share)) / n for _ in range(times))


@dataclass(frozen=True, slots=True)
class Family:
    """A made-up family: its number, and two things in which families differ."""

    number: int
    alone: bool
    known: bool


def families(n: int) -> tuple[Family, ...]:
    """So many made-up families: of ten, four have a parent on their own and three were known to services before."""
    return tuple(Family(number, number % 10 in (1, 4, 6, 9), number % 10 in (2, 6, 7)) for number in range(1, n + 1))


def split(rng: Generator, everybody: Sequence[Family]) -> tuple[tuple[Family, ...], tuple[Family, ...]]:
    """Two groups of the same size by a lot: each family gets a random number, and the lower half goes into the first group."""
    mixed = [everybody[at] for at in rng.random(len(everybody)).argsort()]
    half = len(mixed) // 2
    groups = (sorted(part, key=lambda one: one.number) for part in (mixed[:half], mixed[half:]))
    first, second = groups
    return tuple(first), tuple(second)


def mixed_share(keen: int, well_keen: int, well_other: int) -> float:
    """Of 100 people of whom `keen` are keen, how many do well, where so many of 100 keen and of 100 other people do.

    >>> mixed_share(80, 70, 40), mixed_share(20, 70, 40)
    (64.0, 46.0)
    """
    return (keen * well_keen + (100 - keen) * well_other) / 100


def together(results: Sequence[tuple[float, float]]) -> Three:
    """Estimates with their standard errors as one: weights by the inverse of the variance, one effect for all (`synthesise`)."""
    found = pool([estimate for estimate, _ in results], [se * se for _, se in results], model="common", safe=False)
    return Three(found.estimate, found.ci_low, found.ci_high)


def weights(results: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """How much each of them counts, of 100."""
    each = [1 / (se * se) for _, se in results]
    return tuple(round(100 * one / sum(each)) for one in each)


def range_of(estimate: float, se: float) -> Three:
    """The normal range at 95% of an estimate."""
    reach = critical(LEVEL) * se
    return Three(estimate, estimate - reach, estimate + reach)


def nothing_seen(n: int, share: float) -> Three:
    """Two groups of n with the same share: a difference of nought per 100, and the range of differences that fit it."""
    return range_of(0.0, 100 * sqrt(2 * share * (1 - share) / n))


def next_place(estimate: float, se: float, spread: float, k: int) -> Three:
    """Where the true effect in a new place may lie, by Higgins, Thompson and Spiegelhalter (2009, equation 12); k at least 3."""
    low, high = predict(estimate, Mean(se, None, None, se, se), spread * spread, k, "hts", LEVEL)
    return Three(estimate, low, high)


def false_find(groups: int) -> float:
    """The chance that at least one of so many independent tests at 5% finds something where there is nothing.

    >>> round(false_find(1), 3), round(false_find(20), 3)
    (0.05, 0.642)
    """
    return float(1 - LEVEL**groups)
