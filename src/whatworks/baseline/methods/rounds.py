"""Did practice change between two survey rounds? Only places that answered both can tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from whatworks.baseline.methods.standing import DOING, NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Response:
    """How many places were asked in a round, and which of them did not answer."""

    asked: int
    answered: int
    silent: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Of 100 places asked, how many answered; only all is 100, and only none is 0."""
        if self.answered in (0, self.asked):
            return 100 if self.answered else 0
        return min(99, max(1, round(100 * self.answered / self.asked)))


@dataclass(frozen=True, slots=True)
class Changed:
    """What places that answered both rounds said, by what became of it. Each place is in exactly one part."""

    began: tuple[str, ...]  # doing now; was known not to be doing
    stopped: tuple[str, ...]  # was doing; is known not to be now
    otherwise: tuple[str, ...]  # known both times and different, but doing neither time
    same: tuple[str, ...]  # known both times and alike
    became_known: tuple[str, ...]
    became_unknown: tuple[str, ...]
    unknown: tuple[str, ...]  # not known either time

    @property
    def both(self) -> int:
        """How many places answered both rounds."""
        return sum(len(getattr(self, name)) for name in PARTS)


PARTS = ("began", "stopped", "otherwise", "same", "became_known", "became_unknown", "unknown")


def response(asked: Collection[str], answered: Collection[str]) -> Response:
    """The response of a round: places asked, and places that answered (others are not counted)."""
    silent = tuple(place for place in dict.fromkeys(asked) if place not in set(answered))
    total = len(set(asked))
    return Response(total, total - len(silent), silent)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Changed:
    """Compare the status of one practice by place in two rounds. Places in one round only are left out."""
    found: dict[str, list[str]] = {name: [] for name in PARTS}
    for place in (place for place in before if place in after):
        found[_part(before[place], after[place])].append(place)
    return Changed(**{name: tuple(places) for name, places in found.items()})


def _part(before: str, after: str) -> str:
    if NOT_KNOWN in (before, after):
        return "unknown" if before == after else "became_known" if before == NOT_KNOWN else "became_unknown"
    if before == after:
        return "same"
    return "began" if after == DOING else "stopped" if before == DOING else "otherwise"
