"""What somebody saw when they opened a page: a change is refused where others changed the same thing meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.errors import ConflictError
from whatworks.ledger.canonical import digest
from whatworks.saying import said

SHORT = 16


def state_of(facts: Mapping[str, Any]) -> str:
    """A short name of plain facts as they stand: hand it back with the change.

    >>> state_of({"n": 4}) == state_of({"n": 4}), state_of({"n": 4}) == state_of({"n": 5})
    (True, False)
    """
    return digest(dict(facts))[:SHORT]


def refuse_moved_on(seen: str, facts: Mapping[str, Any], what: str) -> None:
    """Raises ConflictError where the facts are others than when they were shown. Without `seen` nothing is compared."""
    if seen and seen != state_of(facts):
        raise ConflictError(
            said(
                "Somebody changed %(what)s after you opened this page; read its history, and send yours again to "
                "keep it.",
                what=what,
            )
        )
