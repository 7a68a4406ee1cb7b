"""How much is a comparison worth? How well each would have told a place's next year: its own last year, neighbours, all.

A comparison that predicts badly is a weak yardstick, however fair it looks; readers are shown how far each is off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from whatworks.errors import InputError
from whatworks.saying import joined, said
from whatworks.stats.results import Result


@dataclass(frozen=True, slots=True)
class Predicted(Result):
    """How far one comparison was off. error: the root mean square of differences of logarithms; times: the same as a
    factor (1.23: typically off by 23 per cent); places: how many could be compared."""

    by: str
    error: float
    times: float
    places: int


def predictors(
    now: Mapping[str, float],
    following: Mapping[str, float],
    *,
    whole: float,
    neighbours: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Predicted, ...]:
    """How well three comparisons with this year's rates tell the next year's, the best first.

    now, following: rates by place, above 0, in the same unit as `whole`, the rate of all this year. neighbours: by place,
    those it is compared with, whose median counts; links may go one way only. A place without a rate in both years, or
    without a neighbour that has one, is left out there. Raises InputError where no place can be compared.
    """
    shared = [place for place in now if place in following]
    if not shared or any(
        not rate > 0 for rate in (whole, *(now[one] for one in shared), *(following[one] for one in shared))
    ):
        raise InputError(said("Rates of two years above 0 are needed, of the same places; leave out those without."))
    beside = neighbours or {}
    medians = {
        place: median(rates)
        for place in shared
        if (rates := [now[other] for other in beside.get(place, ()) if other in now])
    }
    guesses = {
        "its own last year": {place: now[place] for place in shared},
        "the median of its neighbours": medians,
        "the rate of all": dict.fromkeys(shared, whole),
    }
    found = [_off(by, guess, following) for by, guess in guesses.items() if guess]
    return tuple(sorted(found, key=lambda one: one.error))


def _off(by: str, guess: Mapping[str, float], truth: Mapping[str, float]) -> Predicted:
    squares = [log(truth[place] / value) ** 2 for place, value in guess.items()]
    error = (sum(squares) / len(squares)) ** 0.5
    return Predicted(by, error, exp(error), len(squares))


WORDS = {
    "its own last year": said("its own last year"),
    "the median of its neighbours": said("the median of its neighbours"),
    "the rate of all": said("the rate of all"),
}


def in_words(found: Sequence[Predicted]) -> str:
    """How much to trust each comparison, in a sentence.

    >>> in_words([Predicted("its own last year", 0.2, 1.2214, 150), Predicted("the rate of all", 0.4, 1.4918, 150)])
    "A place's next year is told best by its own last year (typically off by 22 per cent), then by the rate of all (49)."
    """
    first, *rest = ({"by": WORDS.get(one.by, one.by), "off": f"{100 * (one.times - 1):.0f}"} for one in found)
    told = said("A place's next year is told best by %(by)s (typically off by %(off)s per cent)", **first)
    return joined("", (joined(", ", (told, *(said("then by %(by)s (%(off)s)", **one) for one in rest))), "."))
