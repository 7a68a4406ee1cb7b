"""Who did it, in words for colleagues. Public pages show opaque identifiers; in the workspace people see names."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from whatworks.people.models import User
from whatworks.spoken import on_day

WITHOUT_PEOPLE = {"rule": "a rule of this centre", "cli": "somebody at the command line", "unknown": "somebody"}


def names(actors: Iterable[str]) -> dict[str, str]:
    """What to call each actor: people by name, rules as rules; who is unknown here keeps the words they came with."""
    wanted = set(actors)
    people = {user.pk: user.name or user.email for user in User.objects.filter(pk__in=wanted)}
    return {actor: people.get(actor) or WITHOUT_PEOPLE.get(actor.split(":")[0], actor) for actor in wanted}


def who_and_when(actor: str, at: datetime.datetime) -> str:
    """Who and when, in one phrase."""
    return f"{names([actor])[actor]}, {on_day(timezone.localtime(at))}, {timezone.localtime(at):%H:%M}"
