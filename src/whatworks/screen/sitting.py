"""What is kept of one person's screening between two pages: what they skipped, and the words they want marked."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any

MOST = 200  # skipped candidates remembered; the oldest come again


@dataclass(slots=True)
class Sitting:
    """One person's sitting with one review. It lies in the session, so nobody else sees it."""

    skipped: list[str] = field(default_factory=list)
    terms_for: list[str] = field(default_factory=list)
    terms_against: list[str] = field(default_factory=list)
    marks: bool = True

    def skip(self, candidate: str) -> None:
        """Leave a candidate for later."""
        self.skipped = [*(one for one in self.skipped if one != candidate), candidate][-MOST:]

    def found_again(self, candidate: str) -> None:
        """A candidate is not for later any more."""
        self.skipped = [one for one in self.skipped if one != candidate]


def sitting(session: MutableMapping[str, Any], review: str) -> Sitting:
    """The sitting that is going on, or a new one."""
    return Sitting(**session.get(_name(review), {}))


def keep(session: MutableMapping[str, Any], review: str, held: Sitting) -> None:
    """Remember the sitting until the next page; one that is as it was is not written again."""
    if session.get(_name(review), {}) != asdict(held):
        session[_name(review)] = asdict(held)


def _name(review: str) -> str:
    return f"screening-{review}"
