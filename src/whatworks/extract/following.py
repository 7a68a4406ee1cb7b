"""How other rooms follow what is extracted: who is told when a result is entered, changed or set aside."""

from __future__ import annotations

from collections.abc import Callable

from whatworks.extract.models import Contrast
from whatworks.ledger.models import Event

Follower = Callable[[Contrast, Event], None]
_followers: list[Follower] = []


def follow_contrasts(function: Follower) -> Follower:
    """Declare, when a room loads, what it does when a result is entered or its place among results changes."""
    if function not in _followers:
        _followers.append(function)
    return function


def tell(contrast: Contrast, event: Event) -> None:
    """Tell every follower, in the transaction of the event."""
    for function in _followers:
        function(contrast, event)
