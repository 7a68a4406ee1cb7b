"""Ways in: a room says, when it loads, where people find it; the workspace and the page of taking part ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from whatworks.people.access import PUBLIC

WORKSPACE, TAKING_PART = "workspace", "taking part"


@dataclass(frozen=True, slots=True)
class Door:
    """A titled group of ways into one room. Titles and labels may be lazily translated."""

    place: str
    """WORKSPACE, or TAKING_PART for everybody."""
    title: Any
    links: tuple[tuple[Any, str], ...]
    """Label and name of address, in order."""
    says: Any = ""
    """For TAKING_PART: what people can do there, a sentence."""
    permission: str = PUBLIC
    """For WORKSPACE: who sees it."""
    order: int = 100


_doors: list[Door] = []


def offer_door(door: Door) -> None:
    """Say where people find a room. The same again is kept once."""
    if door not in _doors:
        _doors.append(door)


def doors(place: str, may: Callable[[str], bool] = lambda permission: False) -> list[Mapping[str, Any]]:
    """The ways in at a place, in order, for somebody who `may` what is asked: titles, sentences, links with addresses."""
    return [
        {
            "title": door.title,
            "says": door.says,
            "links": [{"label": label, "href": reverse(name)} for label, name in door.links],
        }
        for door in sorted(_doors, key=lambda one: one.order)
        if door.place == place and (door.permission == PUBLIC or may(door.permission))
    ]
