"""Who left an event, in words for the workspace."""

from __future__ import annotations

from whatworks.ledger.models import Event
from whatworks.people.naming import who_and_when


def said(event: Event) -> str:
    """Who and when, in one phrase."""
    return who_and_when(event.actor, event.at)
