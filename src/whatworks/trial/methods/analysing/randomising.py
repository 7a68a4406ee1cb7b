"""Would so large a difference come from the draw alone? Tests over the allocations that the draw might have given.

Each unit of allocation has one number: its mean, share or log rate, less what covariates of units explain. In a stepped wedge it
has one for each period, less the levels of clusters and periods, and the statistic is the sum of what lies under the intervention.
Both are linear in the effect, so that the interval (the effects that the same test does not refuse) needs no new draws.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.analysing.admitted import FIXED, alike, by_list, drawn_again, exchangeable, listed, sizes
from whatworks.trial.methods.analysing.layout import ARM, linear_outcome, matrix
from whatworks.trial.methods.analysing.linear import rows_of, units_of
from whatworks.trial.methods.analysing.panel_rows import Found
from whatworks.trial.methods.analysing.table import Floats, Labels, Prepared
from whatworks.trial.methods.permuting import permute

Ints = NDArray[np.intp]
MOST_ORDERS = 400_000
NEAR = 1e-10
BENDS = 60


def exactly(found: Prepared) -> Found:
    """Every allocation counted. Raises InputError where the draw's allocations cannot be listed, or are too many."""
    if found.wedge:
        wedge = _wedge(found)
        total = _orders(wedge.sequence)
        if total > MOST_ORDERS:
            raise InputError(
                said("There are %(n)s orders of clusters, too many to count each; see ri-sampled.", n=f"{total:,}")
            )
        return _by_orders(found, wedge, _all_orders(wedge.sequence, total), exact=True)
    units = units_of(found)
    values, mine, scale = _values(units)
    if by_list(units):
        schemes = listed(units)
        if schemes is not None:
            return _compared(units, values, mine, [schemes], scale, exact=True)
        if units.design.allocation.method not in FIXED:
            raise InputError(said("The allocations of this draw are not listed one by one; see ri-sampled."))
    labels = exchangeable(units)
    if (mine != units.arm).any() or not alike(labels, units.draw):
        return _compared(units, values, mine, [_all_arms(units, labels)], scale, exact=True)
    strata = units.draw if len(np.unique(units.draw)) > 1 else None
    answer = permute(values, units.arm, strata, level=found.level)
    model = said("all %(n)s allocations", n=f"{answer.schemes:,}")
    return Found(answer.difference, None, None, answer.p, answer.low, answer.high, scale, "allocations", model)


def sampled(found: Prepared) -> Found:
    """Allocations drawn as the draw was, as often as the design says; the one that came out is counted among them."""
    told = found.design.analysis
    chance = np.random.default_rng(told.seed)
    if found.wedge:
        wedge = _wedge(found)
        orders = np.array([chance.permutation(wedge.sequence) for _ in range(told.draws)])
        return _by_orders(found, wedge, orders, exact=False)
    units = units_of(found)
    values, mine, scale = _values(units)
    if not by_list(units):
        labels = exchangeable(units)
        some = (_some_arms(units, labels, chance, size) for size in sizes(told.draws, units.n))
        return _compared(units, values, mine, some, scale, exact=False)
    schemes = listed(units)
    if schemes is None:
        return _compared(units, values, mine, drawn_again(units, chance), scale, exact=False)
    return _compared(units, values, mine, [schemes[chance.integers(0, len(schemes), told.draws)]], scale, exact=False)


def _compared(
    units: Prepared, values: Floats, mine: Floats, schemes: Iterable[Floats], scale: str, *, exact: bool
) -> Found:
    """The difference of means of `values`, less the effect times `mine`, beside that of other allocations (schemes, units)."""
    weights = _weights(units.arm[None], units.draw)
    observed, base = float((weights @ values)[0]), float((weights @ mine)[0])
    if abs(base) < 1e-10:
        raise InputError(said("Covariates tell every unit's arm, so that nothing is left to compare."))
    others, bases = [], []
    for some in schemes:
        weighed = _weights(some[_two_armed(some, units.draw)], units.draw)
        others.append(weighed @ values)
        bases.append(weighed @ mine)
    test = _Linear(observed, base, np.concatenate(others), np.concatenate(bases), counted=exact)
    low, high = test.ends(units.design.design.alpha)
    number = f"{len(test.others):,}"
    model = said("all %(n)s allocations", n=number) if exact else said("%(n)s allocations drawn", n=number)
    return Found(observed / base, None, None, test.p(0.0), low, high, scale, "allocations", model)


def _values(units: Prepared) -> tuple[Floats, Floats, str]:
    """One number for each unit, and its arm; where there are covariates, both less what these and strata explain of them."""
    y, scale = linear_outcome(units)
    if not units.covariates.names and all(_within(one, units.draw) for one in units.strata.values()):
        return y, units.arm, scale
    x = np.delete(matrix(units), ARM, axis=1)
    return (
        y - x @ np.linalg.lstsq(x, y, rcond=None)[0],
        units.arm - x @ np.linalg.lstsq(x, units.arm, rcond=None)[0],
        scale,
    )


def _within(labels: NDArray[np.str_], draw: NDArray[np.str_]) -> bool:
    """Whether a column of strata is known from the stratum of the draw."""
    return all(len(np.unique(labels[draw == one])) == 1 for one in np.unique(draw))


def _some_arms(units: Prepared, labels: Labels, chance: np.random.Generator, draws: int) -> Floats:
    """Arms (draws, units), with as many units of each label in each arm as there were."""
    found = np.zeros((draws, units.n))
    for one in np.unique(labels):
        place = np.flatnonzero(labels == one)
        found[:, place] = chance.permuted(np.tile(units.arm[place], (draws, 1)), axis=1)
    return found


def _all_arms(units: Prepared, labels: Labels) -> Floats:
    """Every allocation (schemes, units) with as many units of each label in each arm as there were."""
    strata = [np.flatnonzero(labels == one) for one in np.unique(labels)]
    ways = [math.comb(len(one), int(units.arm[one].sum())) for one in strata]
    total = math.prod(ways)
    if total > MOST_ORDERS:
        raise InputError(
            said(
                "There are %(n)s allocations, too many to count each beside covariates; see ri-sampled.", n=f"{total:,}"
            )
        )
    found = np.zeros((total, units.n))
    turn, each = total, np.arange(total)
    for place, many in zip(strata, ways, strict=True):
        chosen = np.array(list(combinations(place.tolist(), int(units.arm[place].sum()))), dtype=np.intp)
        turn //= many
        np.put_along_axis(found, chosen[each // turn % many], 1.0, axis=1)
    return found


def _two_armed(arms: Floats, draw: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which allocations (schemes, units) have both arms in every stratum, as those must that are compared."""
    found = np.ones(len(arms), bool)
    for one in np.unique(draw):
        treated = arms[:, draw == one].sum(axis=1)
        found &= (treated > 0) & (treated < (draw == one).sum())
    return found


def _weights(arms: Floats, draw: NDArray[np.str_]) -> Floats:
    """What to weigh units by so that their sum is the difference of means, strata weighted by their units: (schemes, units)."""
    found = np.zeros(arms.shape)
    for one in np.unique(draw):
        place = np.flatnonzero(draw == one)
        mine = arms[:, place]
        treated = mine.sum(axis=1, keepdims=True)
        if not ((treated > 0) & (treated < len(place))).all():
            raise InputError(said("A stratum of the draw has units of one arm only; put it together with another."))
        found[:, place] = len(place) / arms.shape[1] * (mine / treated - (1 - mine) / (len(place) - treated))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Linear:
    """A statistic that falls by `base` (and in other allocations by `bases`) for each unit of effect that is taken off."""

    observed: float
    base: float
    others: Floats
    bases: Floats
    counted: bool  # whether the others are all there are, or drawn

    def p(self, effect: float) -> float:
        """The share of allocations at least as far from nought, after `effect` is taken off those who had it."""
        mine = abs(self.observed - effect * self.base)
        theirs = np.abs(self.others - effect * self.bases)
        slack = NEAR * (1 + mine + float(theirs.max(initial=0.0)))
        as_far = int((theirs >= mine - slack).sum())
        return as_far / len(theirs) if self.counted else (as_far + 1) / (len(theirs) + 1)

    def ends(self, alpha: float) -> tuple[float | None, float | None]:
        """Between them lie the effects that are not refused; None where no effect is refused on that side."""
        middle = self.observed / self.base
        reach = float(np.ptp(self.others)) / abs(self.base) or 1.0
        return self._end(middle, -reach, alpha), self._end(middle, reach, alpha)

    def _end(self, middle: float, reach: float, alpha: float) -> float | None:
        if self.p(middle + 1e6 * reach) > alpha:
            return None
        near, far = 0.0, 1.0
        while self.p(middle + far * reach) > alpha:
            near, far = far, 2 * far
        for _ in range(BENDS):
            half = (near + far) / 2
            near, far = (half, far) if self.p(middle + half * reach) > alpha else (near, half)
        return middle + near * reach


@dataclasses.dataclass(frozen=True, slots=True)
class _Wedge:
    """`part[c, s]`: what cluster c adds with the arms of sequence s; `own[c, s]`: what it loses for each unit of effect.

    `sequence`: which sequence each cluster has; `estimate`: by least squares with levels of clusters and periods.
    """

    part: Floats
    own: Floats
    sequence: Ints
    estimate: float
    scale: str


def _wedge(found: Prepared) -> _Wedge:
    rows = rows_of(found)
    y, scale = linear_outcome(rows)
    assert rows.period is not None
    x = matrix(rows, clusters=True)
    others = np.delete(x, ARM, axis=1)
    left, exposed = (one - others @ np.linalg.lstsq(others, one, rcond=None)[0] for one in (y, rows.arm))
    clusters, who = np.unique(rows.cluster, return_inverse=True)
    periods, when = np.unique(rows.period, return_inverse=True)
    if rows.n != len(clusters) * len(periods):
        raise InputError(
            said("A cluster lacks a period, so that clusters cannot change places; leave the period out for all.")
        )
    shape = (len(clusters), len(periods))
    arms, values, lost = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for table, column in ((arms, rows.arm), (values, left), (lost, exposed)):
        table[who.ravel(), when.ravel()] = column
    sequences, sequence = np.unique(arms, axis=0, return_inverse=True)
    if len(sequences) < 2:
        raise InputError(said("All clusters change over at once, so that there is no order to test."))
    estimate = float(np.linalg.lstsq(x, y, rcond=None)[0][ARM])
    return _Wedge(values @ sequences.T, lost @ sequences.T, sequence.ravel(), estimate, scale)


def _by_orders(found: Prepared, wedge: _Wedge, orders: Ints, *, exact: bool) -> Found:
    """orders (n, clusters): the sequence that each cluster might have had."""
    place = np.arange(len(wedge.sequence))
    others, bases = wedge.part[place, orders].sum(axis=1), wedge.own[place, orders].sum(axis=1)
    observed = float(wedge.part[place, wedge.sequence].sum())
    base = float(wedge.own[place, wedge.sequence].sum())
    test = _Linear(observed, base, others, bases, counted=exact)
    low, high = test.ends(found.design.design.alpha)
    p = test.p(0.0)
    number = f"{len(orders):,}"
    model = said("all %(n)s orders of clusters", n=number) if exact else said("%(n)s orders drawn", n=number)
    return Found(wedge.estimate, None, None, p, low, high, wedge.scale, "allocations", model)


def _orders(sequence: Ints) -> int:
    total = math.factorial(len(sequence))
    for many in np.bincount(sequence).tolist():
        total //= math.factorial(many)
    return total


def _all_orders(sequence: Ints, total: int) -> Ints:
    """Every different order of the sequences (total, clusters)."""
    found = np.fromiter(
        (one for order in _distinct(sorted(sequence.tolist())) for one in order), np.intp, total * len(sequence)
    )
    return found.reshape(total, len(sequence))


def _distinct(items: list[int]) -> Iterator[list[int]]:
    """Each different order once, in the order of a dictionary (Knuth, The Art of Computer Programming 4A, algorithm 7.2.1.2 L)."""
    held = list(items)
    while True:
        yield list(held)
        k = len(held) - 2
        while k >= 0 and held[k] >= held[k + 1]:
            k -= 1
        if k < 0:
            return
        j = len(held) - 1
        while held[k] >= held[j]:
            j -= 1
        held[k], held[j] = held[j], held[k]
        held[k + 1 :] = reversed(held[k + 1 :])
