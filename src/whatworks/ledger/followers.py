"""How a higher room hears of what happened below: it names the long work that follows a kind of event; the event asks for it.

Nothing is called across rooms when something happens: a job is kept in the same transaction, and a worker does it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from whatworks.ledger.models import Event
from whatworks.ledger.work import enqueue

STALE = "stale"  # for `mark_stale`: asked with the identifiers that it marked

Wanted = Callable[[Collection[str]], bool]
_followers: dict[str, list[tuple[str, Wanted]]] = {}


def follow(*verbs: str, kind: str, wanted: Wanted) -> None:
    """Declare, when a room loads, the long work that follows events of these verbs, or STALE.

    `wanted` is asked with the identifiers of the event whether there is anything to do, so that most events leave no job. The
    work gets the event's `uid` and what happened (`verb`); it is asked for once for each event.
    """
    for verb in verbs:
        if (kind, wanted) not in _followers.setdefault(verb, []):
            _followers[verb].append((kind, wanted))


def ask_followers(verb: str, event: Event, identifiers: Collection[str]) -> None:
    """Ask for all of it, in the caller's transaction."""
    for kind, wanted in _followers.get(verb, ()):
        if identifiers and wanted(identifiers):
            enqueue(
                kind=kind,
                by=event.actor,
                key=f"{kind}:{verb}:{event.uid}",
                arguments={"event": event.uid, "verb": verb},
            )
