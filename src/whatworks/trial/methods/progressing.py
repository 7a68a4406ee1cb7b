"""May a pilot go on? Its counts tested against red, and each criterion red, amber or green (Lewis and others 2021).

The null hypothesis of a criterion is that the true share lies in red, the alternative that it lies in green. What to do in amber
hangs on that test, as in the paper's Table 5: not told apart from red, mend much (`amber-red`); told apart, mend a little
(`amber-green`). Source: doi 10.1186/s40814-021-00770-x; oracle: its Tables 4 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import binom, norm

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result
from whatworks.trial.methods.design.parts import Criterion, Design

RED, AMBER_RED, AMBER_GREEN, GREEN = "red", "amber-red", "amber-green", "green"
COLOURS = (RED, AMBER_RED, AMBER_GREEN, GREEN)  # the worst first
MEANT = {
    RED: said("stop: the share is no better than what was called unacceptable"),
    AMBER_RED: said("mend much: the share cannot be told apart from what was called unacceptable"),
    AMBER_GREEN: said("mend a little: the share is better than what was called unacceptable, and short of the goal"),
    GREEN: said("go on"),
}
EXACT, NORMAL = "exact", "normal"
TESTS = (EXACT, NORMAL)
MOST = 100_000  # people; criteria that need more lie too close together to be told apart


@dataclass(frozen=True, slots=True)
class Needed(Result):
    """How many must be counted for one criterion: by the normal approximation, with its continuity correction, and exactly.

    `at_least`: with `exact` counted, the fewest events at which red is refused.
    """

    uncorrected: int
    corrected: int
    exact: int
    at_least: int


@dataclass(frozen=True, slots=True)
class Judged(Result):
    """One criterion with what was counted. `p`: one-sided against red, exact binomial; `p_normal`: by the normal approximation;
    `refused`: whether the test that decides refuses red.
    """

    name: str
    events: int
    n: int
    share: float
    red: float
    green: float
    colour: str
    p: float
    p_normal: float
    refused: bool
    needed: Needed
    warnings: tuple[Said, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Progress(Result):
    """Every criterion, and the worst colour of them, which is the pilot's."""

    colour: str
    test: str
    criteria: tuple[Judged, ...]
    warnings: tuple[Said, ...] = field(default=())


def needed(one: Criterion) -> Needed:
    """People to count so that red is refused with the criterion's power where the truth is green. Raises InputError where none suffice."""
    _refuse(one)
    apart, level, reach = one.green - one.red, norm.isf(one.alpha), norm.ppf(one.power)
    plain = ((level * _sd(one.red) + reach * _sd(one.green)) / apart) ** 2
    corrected = plain / 4 * (1 + math.sqrt(1 + 2 / (plain * apart))) ** 2
    exact = _exact(one, int(plain * 4) + 50)
    return Needed(_up(plain), _up(corrected), exact, cut(one, exact))


def normal_size(one: Criterion, *, corrected: bool) -> float:
    """The same by the normal approximation, not rounded; with Fleiss's continuity correction or without."""
    _refuse(one)
    apart = one.green - one.red
    plain = ((norm.isf(one.alpha) * _sd(one.red) + norm.ppf(one.power) * _sd(one.green)) / apart) ** 2
    return float(plain / 4 * (1 + math.sqrt(1 + 2 / (plain * apart))) ** 2 if corrected else plain)


def cut(one: Criterion, n: int) -> int:
    """The fewest events of `n` at which the exact test refuses red; n + 1 where none do."""
    return int(binom.isf(one.alpha, n, one.red)) + 1 if one.red > 0 else 1


def judge(one: Criterion, events: int, n: int, test: str = EXACT) -> Judged:
    """The colour of one criterion. Raises InputError for counts that cannot be, and for a test that is none."""
    _refuse(one)
    if test not in TESTS:
        raise InputError(said("“%(test)s” is no test; it can be: %(all)s.", test=test, all=", ".join(TESTS)))
    if n < 1 or not 0 <= events <= n:
        raise InputError(
            said("%(name)s: %(events)s of %(n)s cannot be counted; correct one of the two.", name=one.name, events=events, n=n)
        )  # fmt: skip
    share, found = events / n, needed(one)
    exact, normal = _exact_p(one, events, n), _normal_p(one, share, n)
    refused = (exact if test == EXACT else normal) < one.alpha
    colour = _colour(one, share, refused)
    return Judged(
        one.name, events, n, share, one.red, one.green, colour, exact, normal, refused, found,
        tuple(_cautions(one, n, share, exact, normal, refused, found)),
    )  # fmt: skip


def progress(design: Design, counts: Iterable[tuple[str, int, int]], test: str = EXACT) -> Progress:
    """Every criterion of a design with its counts (name, events, n), and the worst colour.

    Raises InputError where the design has no criterion, a count is of none of them or comes twice, or a criterion has no count.
    """
    listed = {one.name: one for one in design.progression}
    if not listed:
        raise InputError(
            said("The design has no [[progression]]; write one for each criterion, with name, red and green.")
        )
    held: dict[str, tuple[int, int]] = {}
    for name, events, n in counts:
        if name not in listed:
            raise InputError(
                said("“%(name)s” is no criterion of the design; it has: %(all)s.", name=name, all=", ".join(listed))
            )
        if name in held:
            raise InputError(said("%(name)s is counted twice; leave one of the two lines out.", name=name))
        held[name] = events, n
    if missing := [name for name in listed if name not in held]:
        raise InputError(
            said("Nothing was counted for %(names)s; add a line for each criterion.", names=", ".join(missing))
        )
    found = tuple(judge(one, *held[name], test) for name, one in listed.items())
    return Progress(worst([one.colour for one in found]), test, found, _all_together(found))


def worst(colours: Sequence[str]) -> str:
    """The colour nearest to red."""
    return min(colours, key=COLOURS.index)


def _colour(one: Criterion, share: float, refused: bool) -> str:
    if share <= one.red:
        return RED
    if not refused:
        return AMBER_RED
    return GREEN if share >= one.green else AMBER_GREEN


def _exact_p(one: Criterion, events: int, n: int) -> float:
    return float(binom.sf(events - 1, n, one.red))


def _normal_p(one: Criterion, share: float, n: int) -> float:
    spread = _sd(one.red) / math.sqrt(n)
    return float(norm.sf((share - one.red) / spread)) if spread else float(share <= one.red)


def _exact(one: Criterion, most: int) -> int:
    """The first number at which the exact test has its power; a larger one may have a little less, as counts are whole."""
    counts = np.arange(1, min(max(most, 100), MOST) + 1)
    cuts = binom.isf(one.alpha, counts, one.red) + 1 if one.red > 0 else np.ones(len(counts))
    enough = np.flatnonzero(binom.sf(cuts - 1, counts, one.green) >= one.power - 1e-12)
    if not len(enough):
        raise InputError(
            said("%(name)s: red and green lie too close together to be told apart; set them further apart.", name=one.name)
        )  # fmt: skip
    return int(counts[enough[0]])


def _cautions(
    one: Criterion, n: int, share: float, exact: float, normal: float, refused: bool, found: Needed
) -> Iterator[Said]:
    if share >= one.green and not refused:
        yield said(
            "%(name)s: the share is in green, but so few were counted that it cannot be told apart from red; that is amber.",
            name=one.name,
        )
    if (exact < one.alpha) != (normal < one.alpha):
        yield said(
            "%(name)s: the exact test (p = %(exact)s) and the normal approximation (p = %(normal)s) disagree; with so few the exact one "
            "is to be believed.",
            name=one.name, exact=f"{exact:.4f}", normal=f"{normal:.4f}",
        )  # fmt: skip
    if n < found.exact:
        yield said(
            "%(name)s: %(n)s were counted, and %(needed)s are needed to tell green from red with a power of %(power)s.",
            name=one.name, n=n, needed=found.exact, power=f"{one.power:g}",
        )  # fmt: skip


def _all_together(found: Sequence[Judged]) -> tuple[Said, ...]:
    if len(found) < 2:
        return ()
    return (
        said(
            "The worst colour of %(n)s criteria is the pilot's. Where each of them is truly at its goal, all come out right less often "
            "than one does.",
            n=len(found),
        ),
    )


def _refuse(one: Criterion) -> None:
    if not 0 <= one.red < one.green <= 1:
        raise InputError(
            said("%(name)s: red (%(red)s) must lie below green (%(green)s), both from 0 to 1.", name=one.name, red=one.red, green=one.green)
        )  # fmt: skip


def _sd(share: float) -> float:
    return math.sqrt(share * (1 - share))


def _up(value: float) -> int:
    return math.ceil(value - 1e-9)
