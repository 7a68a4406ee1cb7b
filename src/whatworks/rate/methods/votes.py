"""What studies that cannot be pooled say together: a direction needs most of the studies and most of the people.

The rule is the founding centre's: a majority of both studies and participants; otherwise the picture is mixed
(https://whatworks-csc.org.uk/evidence/evidence-store/our-ratings-explained/). It says nothing about size or certainty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from whatworks.errors import InputError
from whatworks.saying import said

LOWER, HIGHER, NO_DIFFERENCE = "lower", "higher", "no difference"
DIRECTIONS = (LOWER, HIGHER, NO_DIFFERENCE)


@dataclass(frozen=True, slots=True)
class Reported:
    """Which way one study's own result points, and how many people were in it (None where it does not say)."""

    study: str
    direction: str
    participants: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Studies and people for each direction; people are None where any of those studies does not say."""

    studies_lower: int
    studies_higher: int
    studies_no_difference: int
    participants_lower: int | None
    participants_higher: int | None
    participants_no_difference: int | None

    @property
    def studies(self) -> int:
        """How many studies were counted."""
        return self.studies_lower + self.studies_higher + self.studies_no_difference

    @property
    def participants(self) -> int | None:
        """How many people were counted; None where any study does not say."""
        held = (self.participants_lower, self.participants_higher, self.participants_no_difference)
        known = [count for count in held if count is not None]
        return sum(known) if len(known) == len(held) else None

    def to_dict(self) -> dict[str, int | None]:
        """The counts under the names that the schemes ask for."""
        return asdict(self)

    def summary(self) -> str:
        """The counts in one sentence."""
        return (
            f"Of {self.studies} studies, {self.studies_lower} report lower, {self.studies_higher} higher"
            f" and {self.studies_no_difference} no clear difference."
        )


def tally(reports: Iterable[Reported]) -> Tally:
    """Count studies and people for each direction. Raises InputError for an unknown direction or a repeated study."""
    seen: set[str] = set()
    studies = dict.fromkeys(DIRECTIONS, 0)
    people: dict[str, int | None] = dict.fromkeys(DIRECTIONS, 0)
    for report in reports:
        _refuse(report, seen)
        studies[report.direction] += 1
        before = people[report.direction]
        people[report.direction] = (
            None if before is None or report.participants is None else before + report.participants
        )
    return Tally(*(studies[direction] for direction in DIRECTIONS), *(people[direction] for direction in DIRECTIONS))


def _refuse(report: Reported, seen: set[str]) -> None:
    if report.direction not in DIRECTIONS:
        raise InputError(
            said(
                "%(study)s: '%(direction)s' is no direction; give %(directions)s.",
                study=report.study,
                direction=report.direction,
                directions=", ".join(DIRECTIONS),
            )
        )
    if report.study in seen:
        raise InputError(
            said("%(study)s is counted twice; a study has one vote, so give its final result only.", study=report.study)
        )
    if report.participants is not None and report.participants < 0:
        raise InputError(
            said(
                "%(study)s: %(participants)s participants cannot be; give 0 or more, or leave it out.",
                study=report.study,
                participants=report.participants,
            )
        )
    seen.add(report.study)


def majority(counts: Tally) -> str | None:
    """The direction with more than half of the studies and of the people; None where none is shown to have both."""
    people = counts.participants
    if people is None:
        return None
    for direction, studies, held in (
        (LOWER, counts.studies_lower, counts.participants_lower),
        (HIGHER, counts.studies_higher, counts.participants_higher),
        (NO_DIFFERENCE, counts.studies_no_difference, counts.participants_no_difference),
    ):
        if 2 * studies > counts.studies and 2 * (held or 0) > people:
            return direction
    return None
