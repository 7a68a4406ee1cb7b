"""How other rooms follow what is extracted: who is told when a result is entered, changed or set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from whatworks.extract.models import Contrast, Decided, Study
from whatworks.ledger.models import Event

Follower = Callable[[Contrast, Event], None]
Recoded = Callable[[Study, Event], object]
_followers: list[Follower] = []
_followers_of_coding: list[Recoded] = []


def follow_contrasts(function: Follower) -> Follower:
    """Declare, when a room loads, what it does when a result is entered or its place among results changes."""
    if function not in _followers:
        _followers.append(function)
    return function


def tell(contrast: Contrast, event: Event) -> None:
    """Tell every follower, in the transaction of the event."""
    for function in _followers:
        function(contrast, event)


def follow_coding(function: Recoded) -> Recoded:
    """Declare, when a room loads, what it does when something else stands of what was coded of a study."""
    if function not in _followers_of_coding:
        _followers_of_coding.append(function)
    return function


def tell_coded(study: Study, made: Iterable[object], event: Event) -> None:
    """Tell every follower, in the transaction of the event, where what was made says what stands now."""
    if any(isinstance(one, Decided) for one in made):
        for function in _followers_of_coding:
            function(study, event)
