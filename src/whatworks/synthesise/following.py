"""How other rooms follow results: which long work is asked for when a result was made or put forward."""

from __future__ import annotations

from whatworks.ledger.work import enqueue

_kinds: list[str] = []


def follow_results(kind: str) -> None:
    """Declare, when a room loads, the long work that follows a new result. It is asked for with who made the result."""
    if kind not in _kinds:
        _kinds.append(kind)


def ask_followers(by: str) -> None:
    """Ask for all of it."""
    for kind in _kinds:
        enqueue(kind=kind, by=by, arguments={"by": by})
