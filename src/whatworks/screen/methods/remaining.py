"""How many relevant records are left, judged from a sample drawn by lot: an exact answer for drawing without putting back.

The limits are those of Clopper and Pearson (1934) with the hypergeometric in place of the binomial: the numbers that the
sample does not contradict. Checked by a twin that tries every number (tests/unit/screen/test_stopping.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whatworks.errors import InputError
from whatworks.saying import joined, said, said_of
from whatworks.screen.methods.hypergeometric import chance_of_at_most
from whatworks.screen.methods.stop_words import percent
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
            said(
                "A sample of %(read)s with %(found)s relevant cannot come from %(population)s records; check the "
                "three.",
                read=sample.read,
                found=sample.found,
                population=population,
            )
        )
    rest, tail = population - sample.read, (1 - level) / 2
    high = most_remaining(sample.found, sample.read, population, tail)
    low = least_remaining(sample.found, sample.read, population, tail)
    expected = rest * sample.found / sample.read if sample.read else None
    return Remaining(expected, low, high, rest, level, _sentence(expected, low, high, rest, level))


def _sentence(expected: float | None, low: int, high: int, rest: int, level: float) -> str:
    left = said_of(rest, "%(n)s other record", "%(n)s other records", n=f"{rest:,}")
    if rest == 0:
        return said("Every record was in the sample, so none is left.")
    if expected is None:
        return said("Nothing has been sampled yet, so we cannot say how many of the %(left)s are relevant.", left=left)
    about = said_of(
        round(expected),
        "About %(n)s of the %(left)s is relevant.",
        "About %(n)s of the %(left)s are relevant.",
        n=f"{round(expected):,}",
        left=left,
    )
    ends = {"sure": percent(level), "low": f"{low:,}", "high": f"{high:,}"}
    if low == high:
        return joined(" ", (about, said("We are %(sure)s sure that it is exactly %(low)s.", **ends)))
    return joined(" ", (about, said("We are %(sure)s sure that it is between %(low)s and %(high)s.", **ends)))


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
        raise InputError(
            said(
                "The sample has %(found)s relevant of %(read)s read; correct one of them.",
                found=sample.found,
                read=sample.read,
            )
        )
    if not (sample.read <= screened <= total and sample.found <= found <= screened):
        raise InputError(
            said(
                "A sample of %(read)s with %(found)s relevant does not fit %(in_all)s found in %(screened)s "
                "of %(total)s records; the counts must include the sample.",
                read=sample.read,
                found=sample.found,
                in_all=found,
                screened=screened,
                total=total,
            )
        )
    if found - sample.found > screened - sample.read:
        raise InputError(said("More were found outside the sample than were read there; correct the counts."))
