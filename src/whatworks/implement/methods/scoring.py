"""Scoring: an instrument's scales, what one person's answers come to, and whether a place's score may be given at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from whatworks.implement.methods.agreeing import SKEWED, Alike, rwg_j, uniform
from whatworks.saying import Said, said
from whatworks.stats.results import Result

MEAN, SUM = "mean", "sum"
FEWEST = 5  # people who answered, below which no place has a score (Shea's practice)
AGREED = 0.70  # r_wg(j) from which a mean of the place may stand for it
SMALL = 5  # a bar of fewer people is not shown, nor what would give it away
LIKERT = 5
Given = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale of an instrument. `needed`: of its items, the share that must be answered for a person to have a score.

    `confirmed` is False where the number of items was not confirmed against the publication: such a scale is not scored.
    """

    key: str
    name: str
    items: tuple[str, ...]
    points: int
    how: str
    needed: float
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as data. `wording` has the items' sentences where they may be shown here; without, answers come as a file."""

    key: str
    title: str
    source: str
    scales: tuple[Scale, ...]
    wording: Mapping[str, str]
    points: tuple[str, ...]
    order: tuple[str, ...] = ()  # in which items are asked, where not scale by scale

    @property
    def items(self) -> tuple[str, ...]:
        """The items in the order in which they are asked."""
        return self.order or tuple(item for scale in self.scales for item in scale.items)


@dataclass(frozen=True, slots=True)
class Bar(Result):
    """How many people have a score about here; None where so few that they are not shown."""

    label: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Standing(Result):
    """One scale in one place. score: the place's, None with `why` where it must not be given; spread: how the people's scores lie.

    agreed: r_wg(j) against answers at random; leaning: the same against answers that lean slightly to one side, which is stricter. Both
    are None below two people who answered every item.
    """

    scale: str
    name: str
    people: int
    score: float | None
    why: Said | None
    agreed: Alike | None
    leaning: Alike | None
    spread: tuple[Bar, ...]


def score(scale: Scale, given: Given) -> float | None:
    """One person's score: the mean of the items answered, or their sum. None where too few items were answered."""
    held = [given[item] for item in scale.items if item in given]
    if not scale.confirmed or not held or len(held) < ceil(scale.needed * len(scale.items) - 1e-9):
        return None
    return float(sum(held)) / len(held) if scale.how == MEAN else float(sum(held))


def faults(instrument: Instrument, given: Mapping[str, object]) -> list[Said]:
    """What is wrong with one person's answers, a sentence each."""
    points = {item: scale.points for scale in instrument.scales for item in scale.items}
    found: list[Said] = []
    for item, value in given.items():
        if item not in points:
            found.append(said("%(instrument)s has no item “%(item)s”.", instrument=instrument.title, item=item[:40]))
        elif not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= points[item]:
            found.append(
                said("%(item)s: an answer is a whole number from 1 to %(most)s.", item=item, most=points[item])
            )
    return found


def standing(scale: Scale, answers: Sequence[Given]) -> Standing:
    """One scale in one place: its score if its people are enough and agree, otherwise why not, and the spread either way."""
    scores = [found for given in answers if (found := score(scale, given)) is not None]
    whole = [[given[item] for item in scale.items] for given in answers if all(item in given for item in scale.items)]
    agreed = rwg_j(whole, uniform(scale.points)) if len(whole) > 1 else None
    leaning = rwg_j(whole, SKEWED) if len(whole) > 1 and scale.points == LIKERT else None
    why = _why(scale, len(scores), len(whole), agreed)
    value = None if why else sum(scores) / len(scores)
    return Standing(scale.key, scale.name, len(scores), value, why, agreed, leaning, spread(scale, scores))


def _why(scale: Scale, people: int, whole: int, agreed: Alike | None) -> Said | None:
    if not scale.confirmed:
        return said("How many items this scale has is not confirmed, so it is not scored.")
    if people < FEWEST or whole < FEWEST:
        return said("Fewer than %(few)s people answered enough of it, so the place has no score.", few=FEWEST)
    if agreed is None or agreed.value < AGREED:
        return said(
            "People here do not agree enough for one score (r_wg(j) below %(least)s); the spread is what there is to see.",
            least=f"{AGREED:.2f}",
        )
    return None


def spread(scale: Scale, scores: Sequence[float]) -> tuple[Bar, ...]:
    """How people's scores lie, in bars as wide as a point of the answers; small bars are withheld, and never one alone.

    With fewer than five people in all there are no bars: with one withheld the other could be worked out from the number of people, so a
    second, the smallest of the rest, is withheld with it.
    """
    if len(scores) < FEWEST:
        return ()
    each = [one if scale.how == MEAN else one / len(scale.items) for one in scores]
    counts = Counter(min(scale.points, max(1, int(one + 0.5))) for one in each)
    bars = {point: counts.get(point, 0) for point in range(1, scale.points + 1)}
    hidden = {point for point, people in bars.items() if 0 < people < SMALL}
    if len(hidden) == 1 and (rest := [point for point, people in bars.items() if people >= SMALL]):
        hidden.add(min(rest, key=lambda point: (bars[point], point)))
    return tuple(Bar(str(point), None if point in hidden else people) for point, people in bars.items())
