"""The year of the social workers' register, and what a person's record of learning still needs in it.

Rules as the regulator's public guidance for England gives them: from 1 December to 30 November; at least two different pieces, at
least one of them thought over with a peer; standard 4 of the professional standards. Hours are not counted, and nothing is added up.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

PIECES = 2
WITH_PEER = 1
STANDARD = 4


@dataclass(frozen=True, slots=True)
class RegisterYear:
    """One year of the register, named by the calendar year in which it ends."""

    ends_in: int

    @property
    def first(self) -> datetime.date:
        """Its first day, 1 December."""
        return datetime.date(self.ends_in - 1, 12, 1)

    @property
    def last(self) -> datetime.date:
        """Its last day, 30 November."""
        return datetime.date(self.ends_in, 11, 30)

    def holds(self, day: datetime.date) -> bool:
        """Whether a day is in it."""
        return self.first <= day <= self.last

    def left(self, today: datetime.date) -> int:
        """Days until its last day; nought on that day and after it."""
        return max((self.last - today).days, 0)


def year_of(day: datetime.date) -> RegisterYear:
    """The year of the register that a day is in.

    >>> year_of(datetime.date(2026, 11, 30)).ends_in, year_of(datetime.date(2026, 12, 1)).ends_in
    (2026, 2027)
    """
    return RegisterYear(day.year + (day.month == 12))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of learning as the rule sees it."""

    on: datetime.date
    same_as: str
    """Two pieces with the same word here are one and the same: what was read, or else what it was called."""
    complete: bool
    """Whether every field that the form asks for is filled in."""
    with_peer: bool
    """Whether it was thought over with a peer, who is named by their part or has said so."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a year holds and lacks. `pieces` are different, complete ones; `unfinished` are those that lack a field."""

    year: RegisterYear
    pieces: int
    with_peer: int
    unfinished: int

    @property
    def missing(self) -> int:
        """How many different pieces are missing."""
        return max(PIECES - self.pieces, 0)

    @property
    def missing_peer(self) -> int:
        """How many with a peer are missing."""
        return max(WITH_PEER - self.with_peer, 0)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and not self.missing_peer


def standing(pieces: Iterable[Piece], year: RegisterYear) -> Standing:
    """What a year holds of these pieces. Two of the same count once, and with a peer if one of them was."""
    held = [one for one in pieces if year.holds(one.on)]
    done = [one for one in held if one.complete]
    different = {one.same_as for one in done}
    peers = {one.same_as for one in done if one.with_peer}
    return Standing(year, len(different), len(peers), len(held) - len(done))
