"""How many relevant records are left, judged from a sample drawn by lot: an exact answer for drawing without putting back.

The limits are those of Clopper and Pearson (1934) with the hypergeometric in place of the binomial: the numbers that the
sample does not contradict. Checked by a twin that tries every number (tests/unit/screen/test_stopping.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whatworks.errors import InputError
from whatworks.screen.methods.hypergeometric import chance_of_at_most
from whatworks.screen.methods.stop_words import counted, percent
from whatworks.screen.methods.urns import check_share, rejected
from whatworks.stats.results import Result


@dataclass(frozen=True, slots=True)
class Sample:
    """Records drawn by lot and all of them read: how many, and how many of them were relevant.

    of: what it was drawn from. `unread`: the records that had not been read then, none of which but the sample has been
    read since. `all`: every record of the review, before anything else was read.
    """

    read: int
    found: int
    of: Literal["unread", "all"] = "unread"


@dataclass(frozen=True, slots=True)
class Remaining(Result):
    """Relevant records among those that were not sampled: expected, and the limits at this level (both exact)."""

    expected: float | None
    low: int
    high: int
    rest: int
    level: float
    sentence: str

    def summary(self) -> str:
        """The sentence."""
        return self.sentence


def remaining(sample: Sample, population: int, *, level: float = 0.95) -> Remaining:
    """What a random sample says about the rest of the `population` records it was drawn from."""
    check_share("level", level)
    if not 0 <= sample.found <= sample.read <= population:
        raise InputError(
            f"A sample of {sample.read} with {sample.found} relevant cannot come from {population} records; check the three."
        )
    rest, tail = population - sample.read, (1 - level) / 2
    high = most_remaining(sample.found, sample.read, population, tail)
    low = least_remaining(sample.found, sample.read, population, tail)
    expected = rest * sample.found / sample.read if sample.read else None
    return Remaining(expected, low, high, rest, level, _sentence(expected, low, high, rest, level))


def _sentence(expected: float | None, low: int, high: int, rest: int, level: float) -> str:
    left = counted(rest, "other record", "other records")
    if rest == 0:
        return "Every record was in the sample, so none is left."
    if expected is None:
        return f"Nothing has been sampled yet, so we cannot say how many of the {left} are relevant."
    between = f"between {low:,} and {high:,}" if low < high else f"exactly {low:,}"
    verb = "is" if round(expected) == 1 else "are"
    return (
        f"About {round(expected):,} of the {left} {verb} relevant. We are {percent(level)} sure that it is {between}."
    )


def most_remaining(found: int, read: int, population: int, tail: float) -> int:
    """The largest number of relevant ones outside the sample with which so few in it have a chance above `tail`."""
    low, high = 0, population - read
    while low < high:
        middle = (low + high + 1) // 2
        likely = read == 0 or not rejected(float(chance_of_at_most(found, population, found + middle, read)), tail)
        low, high = (middle, high) if likely else (low, middle - 1)
    return low


def least_remaining(found: int, read: int, population: int, tail: float) -> int:
    """The smallest number outside the sample with which so many in it have a chance above `tail`."""
    low, high = 0, population - read
    while low < high:
        middle = (low + high) // 2
        likely = found == 0 or not rejected(
            1 - float(chance_of_at_most(found - 1, population, found + middle, read)), tail
        )
        low, high = (low, middle) if likely else (middle + 1, high)
    return low


def check_sample(sample: Sample, found: int, screened: int, total: int) -> None:
    """InputError where the counts contradict each other."""
    if not 0 <= sample.found <= sample.read:
        raise InputError(f"The sample has {sample.found} relevant of {sample.read} read; correct one of them.")
    if not (sample.read <= screened <= total and sample.found <= found <= screened):
        raise InputError(
            f"A sample of {sample.read} with {sample.found} relevant does not fit {found} found in {screened} of {total} "
            "records; the counts must include the sample."
        )
    if found - sample.found > screened - sample.read:
        raise InputError("More were found outside the sample than were read there; correct the counts.")
