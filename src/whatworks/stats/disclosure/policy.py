"""What may be shown to whom: which counts are too small, what is rounded, and how much doubt must stay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result


class Reason(StrEnum):
    """Why a count is withheld. UNSAID: the reason itself would give it away. ANY: so would that it is not 0."""

    SMALL = "small"
    COMPLEMENT = "would give another away"
    PUBLISHER = "withheld by its publisher"
    UNSAID = "not said, since the reason itself would give a small count away"
    ANY = "not said, and it may be 0, since even a 0 would give a small count away"


@dataclass(frozen=True, slots=True)
class Policy(Result):
    """What is withheld and rounded in every table, chart, file and answer that one kind of reader sees.

    `smallest` to `largest` (whole numbers of children, both included; both None: nothing) are withheld; counts that are
    `rounded` (none, those of large areas, or all) go to the nearest multiple of `rounding`, halves up; at least
    `protection` whole numbers must stay possible for every withheld count; `symbol` stands in its place.
    Raises InputError where these contradict each other.
    """

    name: str
    smallest: int | None
    largest: int | None
    rounding: int = 1
    rounded: Literal["none", "large", "all"] = "none"
    protection: int = 3
    symbol: str = "c"

    def __post_init__(self) -> None:
        _check_limits(self)
        _check_display(self)

    @property
    def withholds(self) -> bool:
        """Whether any count is too small to show."""
        return self.largest is not None

    @property
    def shows_zeros(self) -> bool:
        """Whether a count of 0 is shown as 0."""
        return self.smallest != 0

    def is_small(self, count: int) -> bool:
        """Whether a count is withheld for its own sake."""
        return self.smallest is not None and self.largest is not None and self.smallest <= count <= self.largest

    def step(self, large: bool) -> int:
        """To multiples of what a count is rounded: 1 where it is shown as it is."""
        return self.rounding if self.rounded == "all" or (self.rounded == "large" and large) else 1

    def summary(self) -> str:
        """The policy in plain sentences."""
        limits = (
            f"Counts of {self.smallest} to {self.largest} are shown as {self.symbol}, and so are others that would "
        )
        small = limits + "give these away." if self.withholds else "Counts are shown whatever their size."
        which = {"none": "", "large": "Counts of large areas", "all": "Counts"}[self.rounded]
        return f"{small} {which} are rounded to the nearest {self.rounding}." if which else small


def _check_limits(policy: Policy) -> None:
    """The limits of small counts, and the doubt that must stay, agree with each other."""
    low, high = policy.smallest, policy.largest
    if low is None and high is None:
        if policy.protection < 1:
            raise InputError(
                said("The protection of a policy is the number of counts that stay possible: give at least 1.")
            )
        return
    if low not in (0, 1) or high is None or high < low:
        raise InputError(
            said("A policy withholds from 0 or from 1 up to its largest small count: give both limits, or neither.")
        )
    if not 1 <= policy.protection <= high - low + 1:
        raise InputError(
            said(
                "A count from %(low)s to %(high)s leaves %(possible)s possible: ask for a protection of 1 to that.",
                low=low,
                high=high,
                possible=high - low + 1,
            )
        )


def _check_display(policy: Policy) -> None:
    """The symbol cannot be taken for a count, and rounding makes no 0 out of a count that is not small."""
    if not policy.symbol.strip() or policy.symbol.strip()[0].isdigit():
        raise InputError(said("A policy's symbol must be something that nobody takes for a count, such as c."))
    if policy.rounding < 1 or (policy.rounding == 1) != (policy.rounded == "none"):
        raise InputError(said("A policy that rounds says what (large or all) and to multiples of what (2 or more)."))
    if policy.largest is not None and policy.rounding > 2 * (policy.largest + 1):
        raise InputError(
            said(
                "Rounding to %(rounding)s would show counts above %(largest)s as 0: round to at most "
                "%(most)s, or withhold larger counts.",
                rounding=policy.rounding,
                largest=policy.largest,
                most=2 * (policy.largest + 1),
            )
        )


def rounded(count: int, step: int) -> int:
    """The nearest multiple of `step`, halves up."""
    return (2 * count + step) // (2 * step) * step


PUBLIC = Policy("public", 1, 5, rounding=10, rounded="large")
RESEARCH = Policy("research environment", 0, 9, protection=5)
INTERNAL = Policy("internal", None, None, protection=1)
