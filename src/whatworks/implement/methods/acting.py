"""Acting: what stands in the way, sorted by COM-B, and whether anything is planned against it.

Michie, van Stralen and West (2011, doi 10.1186/1748-5908-6-42): behaviour needs capability, opportunity and motivation, in two parts each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whatworks.saying import Said, said
from whatworks.stats.results import Result

PARTS: Mapping[str, Said] = {
    "physical-capability": said("Capability: body and hands"),
    "psychological-capability": said("Capability: knowledge and skills"),
    "physical-opportunity": said("Opportunity: time, money, places, tools"),
    "social-opportunity": said("Opportunity: what people around expect"),
    "reflective-motivation": said("Motivation: what people think and plan"),
    "automatic-motivation": said("Motivation: habits and feelings"),
}


@dataclass(frozen=True, slots=True)
class Standing(Result):
    """Of a site's barriers: how many stand, by part, and which of them nothing is planned against."""

    by_part: Mapping[str, int]
    unaddressed: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether something is planned against every barrier that stands."""
        return not self.unaddressed


def standing(barriers: Iterable[tuple[str, str]], acted: Iterable[str]) -> Standing:
    """barriers that stand: (identifier, part); acted: identifiers of barriers against which an action is planned or done."""
    held, answered = list(barriers), set(acted)
    counts = {part: sum(one == part for _, one in held) for part in PARTS}
    return Standing(counts, tuple(identifier for identifier, _ in held if identifier not in answered))
