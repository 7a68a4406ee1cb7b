"""EMMIE, five dimensions of what reviews say about an intervention, kept apart: no total, no average, no order.

Each dimension has what the evidence says and how good it is. Where several reviews speak of one intervention, each
dimension is taken from the review that is best on it, and among equals from the newest (Johnson, Tilley and Bowers
2015, https://doi.org/10.1007/s11292-015-9238-7). How good it is comes from one scheme for each dimension.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

from .engine import Outcome, evaluate
from .scheme import Scheme

DIMENSIONS = ("effect", "mechanism", "moderator", "implementation", "economics")
NOTHING = "Nothing is known about this."


@dataclass(frozen=True, slots=True)
class Review:
    """One systematic review as people coded it."""

    key: str
    year: int
    answers: Mapping[str, object]
    """Answers to the questions that every dimension asks: what kind of review it is."""
    judged: Mapping[str, Mapping[str, object]]
    """For each dimension spoken of, the answers that its scheme asks beside those."""
    says: Mapping[str, str]
    """For each dimension spoken of, what the review says."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a profile: what the best review says, how good that is, and which other reviews were as good."""

    name: str
    review: str
    """The review it is taken from; empty where none speaks of it."""
    says: str
    outcome: Outcome | None
    """How good it is; None where no review was coded on it."""
    equals: tuple[str, ...] = ()
    """Reviews just as good and just as new: the first by key was taken, which is our own choice."""

    def to_dict(self) -> dict[str, Any]:
        """The dimension as plain values."""
        return {
            "name": self.name,
            "review": self.review,
            "says": self.says,
            "quality": self.outcome.to_dict() if self.outcome else None,
            "equals": list(self.equals),
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """The five dimensions of one intervention, each for itself."""

    dimensions: tuple[Dimension, ...]

    def summary(self) -> str:
        """Each dimension in a sentence."""
        return " ".join(
            f"{one.name.capitalize()}: {one.says} Quality: {one.outcome.word if one.outcome else 'not coded'}."
            for one in self.dimensions
        )

    def to_dict(self) -> dict[str, Any]:
        """The profile as plain values: five dimensions and no total."""
        return {"dimensions": [one.to_dict() for one in self.dimensions]}


def emmie(schemes: Mapping[str, Scheme], reviews: Iterable[Review]) -> Profile:
    """The profile of one intervention from its coded reviews, by one scheme for each of the five dimensions.

    A dimension that no review was coded on is there all the same, and says so. Raises InputError for a scheme or a
    dimension that is none of the five, for two reviews with one key, and as `evaluate` does.
    """
    held = tuple(reviews)
    _refuse(schemes, held)
    return Profile(tuple(_dimension(name, schemes[name], held) for name in DIMENSIONS))


def _dimension(name: str, scheme: Scheme, reviews: tuple[Review, ...]) -> Dimension:
    coded = [
        (review, evaluate(scheme, {**review.answers, **review.judged[name]}))
        for review in reviews
        if name in review.judged
    ]
    if not coded:
        return _uncoded(name, reviews)
    by_key = {review.key: (review, outcome) for review, outcome in coded}
    first, *equals = best_of({key: (scheme, outcome.level, review.year) for key, (review, outcome) in by_key.items()})
    review, outcome = by_key[first]
    says = review.says.get(name, "").strip() or NOTHING
    return Dimension(name, review.key, says, outcome, tuple(equals))


def best_of(rated: Mapping[str, tuple[Scheme, str | None, int]]) -> tuple[str, ...]:
    """The reviews best on one dimension by key: the highest level, and among those the newest; more than one where equal.

    rated: by the review's key, the scheme's version it was rated by, its level, and when it was made (larger is newer).

    >>> best_of({})
    ()
    """
    merit = {key: (_place(scheme, level), when) for key, (scheme, level, when) in rated.items()}
    return tuple(sorted(key for key, rank in merit.items() if rank == max(merit.values())))


def _place(scheme: Scheme, level: str | None) -> int:
    return scheme.ladder.index(level) if level in scheme.ladder else -1


def _uncoded(name: str, reviews: tuple[Review, ...]) -> Dimension:
    """What the newest review that speaks of a dimension says, where none was coded on it."""
    spoken = sorted(
        (-review.year, review.key, review.says[name].strip()) for review in reviews if review.says.get(name)
    )
    return Dimension(name, spoken[0][1], spoken[0][2], None) if spoken else Dimension(name, "", NOTHING, None)


def _refuse(schemes: Mapping[str, Scheme], reviews: tuple[Review, ...]) -> None:
    if set(schemes) != set(DIMENSIONS):
        raise InputError(
            said(
                "An EMMIE profile needs one scheme for each of %(dimensions)s, and no other.",
                dimensions=", ".join(DIMENSIONS),
            )
        )
    seen: set[str] = set()
    for review in reviews:
        if review.key in seen:
            raise InputError(said("Two reviews are called '%(key)s'; give each a key of its own.", key=review.key))
        seen.add(review.key)
        for name in (*review.judged, *review.says):
            if name not in DIMENSIONS:
                raise InputError(
                    said(
                        "'%(name)s' of review %(key)s is no dimension; there are %(dimensions)s.",
                        name=name,
                        key=review.key,
                        dimensions=", ".join(DIMENSIONS),
                    )
                )
