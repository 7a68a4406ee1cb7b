"""Covariate-constrained randomisation: of all allocations, or a sample of them, those that balance best are kept and one is drawn.

Balance (Raab and Butcher 2001, doi 10.1002/1097-0258(20010215)20:3<351::AID-SIM797>3.0.CO;2-C; Li and others 2016, doi
10.1002/sim.6813): over the covariates, the weighted sum of squares ("l2": weight 1 / s^2) or of absolute values ("l1": weight 1 / s) of the
difference of the arms' means. Squares are compared as exact fractions; for l1, as an s is a root, to 60 decimal places.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations, product

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Lot

MOST = 250_000  # allocations that are looked at one by one
PLACES = 60
Stratum = tuple[Sequence[int], int]


@dataclass(frozen=True, slots=True)
class Constrained:
    """What was drawn and from what. `chosen`: places in the list that the first arm gets; `kept`: every allocation that might
    have been, in the order in which it was found; `scores`: their imbalance; `cutoff`: the most that was kept; `looked_at`: how
    many allocations were scored; `spread`: the least, median, mean and most imbalance of these; `together`: for each two units the
    share of kept allocations that put them in one arm.
    """

    chosen: tuple[int, ...]
    kept: list[tuple[int, ...]]
    scores: list[Fraction]
    cutoff: Fraction
    looked_at: int
    spread: tuple[Fraction, Fraction, Fraction, Fraction]
    together: dict[tuple[int, int], Fraction]

    @property
    def always_or_never(self) -> list[tuple[int, int]]:
        """Pairs of units that are in one arm in every kept allocation, or in none: their arms are not left to chance alone."""
        return [pair for pair, share in self.together.items() if share in (0, 1)]


def constrain(
    covariates: Sequence[Sequence[Fraction]], first: int, lot: Lot, *, keep: Fraction = Fraction(1, 10), sample: int = 0,
    measure: str = "l2", weights: Sequence[Fraction] = (), strata: Sequence[Stratum] = (),
) -> Constrained:  # fmt: skip
    """Draw which `first` of the units (places in the list) get the first arm. `covariates`: a list of values for each unit.

    `keep`: the share of allocations that is kept; `sample`: how many to draw by lot and score instead of all; `weights`: more for what
    matters more, one for each covariate; `strata`: the places of each stratum and how many of them get the first arm, `first` in
    all. Raises InputError where a covariate does not vary, or too many allocations would be listed.
    """
    columns = _columns(covariates, first)
    scale = _scales(columns, measure, weights)
    strata = strata or [(range(len(covariates)), first)]
    listed = _sampled(strata, sample, lot) if sample else _all(strata)
    scored, parts = _scores(columns, listed, scale, power=2 if measure == "l2" else 1)
    wanted = max(1, math.floor(keep * len(listed))) if 0 < keep <= 1 else 0
    if not wanted:
        raise InputError(
            said("A share of %(keep)s of the allocations cannot be kept; give one above 0, and 1 at most.", keep=keep)
        )
    ranked = sorted(scored)
    cutoff = ranked[wanted - 1]
    kept = [(one, score) for one, score in zip(listed, scored, strict=True) if score <= cutoff]
    chosen = lot.one_of([one for one, _ in kept])
    schemes = [one for one, _ in kept]
    together = _together(schemes, len(covariates))
    scores = [Fraction(score, parts) for _, score in kept]
    spread = _spread(ranked, parts)
    return Constrained(chosen, schemes, scores, Fraction(cutoff, parts), len(listed), spread, together)


def exact(text: str) -> Fraction:
    """A covariate's value as it stands in the list, such as "12.50", exactly. Raises InputError for what is no number."""
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(
            said("“%(text)s” is no number; a covariate that is balanced must be one for every unit.", text=text)
        ) from error


def _columns(covariates: Sequence[Sequence[Fraction]], first: int) -> list[list[Fraction]]:
    if not 0 < first < len(covariates):
        raise InputError(said("%(first)s of %(n)s units leaves an arm empty.", first=first, n=len(covariates)))
    if len({len(row) for row in covariates}) != 1 or not covariates[0]:
        raise InputError(said("Every unit needs a value of each covariate, and there must be at least one."))
    return [list(column) for column in zip(*covariates, strict=True)]


def _scales(columns: list[list[Fraction]], measure: str, weights: Sequence[Fraction]) -> list[Fraction]:
    if measure not in ("l1", "l2"):
        raise InputError(said("“%(measure)s” is no measure of balance here; say “l1” or “l2”.", measure=measure))
    if weights and len(weights) != len(columns):
        raise InputError(
            said("There are %(n)s weights for %(k)s covariates; give one for each.", n=len(weights), k=len(columns))
        )
    found = []
    for number, column in enumerate(columns):
        mean = sum(column, Fraction()) / len(column)
        spread = sum(((one - mean) ** 2 for one in column), Fraction()) / (len(column) - 1)
        if not spread:
            raise InputError(said("Covariate %(number)s is the same for all units; leave it out.", number=number + 1))
        scale = 1 / spread if measure == "l2" else 1 / root(spread)
        found.append(scale * (weights[number] if weights else 1))
    return found


def root(value: Fraction) -> Fraction:
    """A square root: of the quotient to 60 significant digits, to 60 significant digits."""
    with localcontext() as context:
        context.prec = PLACES
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def _spread(ranked: Sequence[int], parts: int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    count = len(ranked)
    median = Fraction(ranked[(count - 1) // 2] + ranked[count // 2], 2 * parts)
    return Fraction(ranked[0], parts), median, Fraction(sum(ranked), count * parts), Fraction(ranked[-1], parts)


def _scores(
    columns: list[list[Fraction]], listed: Sequence[tuple[int, ...]], scale: list[Fraction], *, power: int
) -> tuple[list[int], int]:
    """Each allocation's imbalance as whole numbers, and of how many parts: sums and comparisons are exact and quick."""
    units, first = len(columns[0]), len(listed[0])
    whole, weights = [], []
    for column, weight in zip(columns, scale, strict=True):
        common = math.lcm(*(one.denominator for one in column))
        whole.append([int(one * common) for one in column])
        weights.append(weight / (common * first * (units - first)) ** power)
    common = math.lcm(*(one.denominator for one in weights))
    parts = [(column, first * sum(column), int(one * common)) for column, one in zip(whole, weights, strict=True)]

    def score(chosen: tuple[int, ...]) -> int:
        return sum(
            weight * abs(units * sum([column[place] for place in chosen]) - middle) ** power
            for column, middle, weight in parts
        )

    return [score(one) for one in listed], common


def _count(strata: Sequence[Stratum]) -> int:
    return math.prod(math.comb(len(places), first) for places, first in strata)


def _all(strata: Sequence[Stratum]) -> list[tuple[int, ...]]:
    """Every allocation: the choices of the last stratum vary fastest, each in the order of its places."""
    if _count(strata) > MOST:
        raise InputError(
            said(
                "There are %(n)s allocations, too many to score each; give a sample to draw.",
                n=f"{_count(strata):,}",
            )
        )
    choices = product(*(combinations(places, first) for places, first in strata))
    return [tuple(sorted(place for one in parts for place in one)) for parts in choices]


def _sampled(strata: Sequence[Stratum], sample: int, lot: Lot) -> list[tuple[int, ...]]:
    """Different allocations, in the order in which they were drawn."""
    if not 0 < sample <= MOST:
        raise InputError(
            said("A sample of %(n)s cannot be scored; give 1 to %(most)s.", n=f"{sample:,}", most=f"{MOST:,}")
        )
    if sample > _count(strata):
        raise InputError(said("There are only %(n)s allocations; score all of them.", n=f"{_count(strata):,}"))
    found: dict[tuple[int, ...], None] = {}
    while len(found) < sample:
        picked = [place for places, first in strata for place in lot.shuffled(places)[:first]]
        found[tuple(sorted(picked))] = None
    return list(found)


def _together(schemes: Iterable[tuple[int, ...]], units: int) -> dict[tuple[int, int], Fraction]:
    """For each unit a number with a bit for each allocation that gives it the first arm; where two differ, their arms do."""
    count = 0
    held: list[list[str]] = [[] for _ in range(units)]
    for chosen in schemes:
        count += 1
        inside = set(chosen)
        for place in range(units):
            held[place].append("1" if place in inside else "0")
    bits = [int("".join(one), 2) for one in held]
    return {
        (one, other): Fraction(count - (bits[one] ^ bits[other]).bit_count(), count)
        for one, other in combinations(range(units), 2)
    }


def by_name(units: Sequence[str], arms: Mapping[str, int], chosen: Sequence[int]) -> dict[str, str]:
    """Each unit's arm: the first arm for the chosen places, the second for the others."""
    one, other = arms
    picked = set(chosen)
    return {unit: one if place in picked else other for place, unit in enumerate(units)}
