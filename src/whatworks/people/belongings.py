"""What rooms above keep that belongs to a person: a room says, when it loads, how to tell it to them and how to erase it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from whatworks.people.models import User

Told = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Keeper:
    """How a room tells a person what it holds of theirs, and erases it."""

    tell: Callable[[User], Told]
    erase: Callable[[User], object]


_keepers: dict[str, Keeper] = {}


def keep_for_people(name: str, tell: Callable[[User], Told], erase: Callable[[User], object]) -> None:
    """Say, when a room loads: under this name I hold things of people; so I tell them, and so I erase them."""
    _keepers[name] = Keeper(tell, erase)


def held_of_user(user: User) -> dict[str, Any]:
    """Everything that is held of a person who signs in, as plain values, for them to read."""
    found: dict[str, Any] = {
        "account": {"identifier": user.pk, "email": user.email, "name": user.name, "joined": user.joined_at.isoformat()},
        "roles": user.roles(),
        "interests": [
            {"about": one.about_id, "what": one.what, "declared_on": one.declared_on.isoformat(),
             "withdrawn_on": one.withdrawn_on.isoformat() if one.withdrawn_on else None, "why": one.withdrawn_why}
            for one in user.interests.order_by("declared_on", "pk")
        ],
        "tokens": [
            {"name": one.name, "scopes": one.scopes, "made_at": one.made_at.isoformat()}
            for one in user.tokens.order_by("made_at", "pk")
        ],
    }  # fmt: skip
    return found | {name: keeper.tell(user) for name, keeper in _keepers.items()}


def erase_belongings(user: User) -> None:
    """Erase all that rooms keep for a person."""
    for keeper in _keepers.values():
        keeper.erase(user)
