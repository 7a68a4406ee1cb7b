"""How a lower page shows a higher fact: rooms offer sections about a kind of subject, pages ask for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A titled piece of a page: safe HTML made by the room that knows."""

    title: str
    html: str


_offers: dict[str, list[tuple[int, Callable[[str], Section | None]]]] = {}


def offer(kind: str, make: Callable[[str], Section | None], order: int = 100) -> None:
    """Say, when a room loads: about a subject of this kind I can show this section (None when there is nothing)."""
    if (order, make) not in _offers.setdefault(kind, []):
        _offers[kind].append((order, make))


def about(kind: str, identifier: str) -> list[Section]:
    """The sections that the rooms have to show about this subject, in their order."""
    offers = sorted(_offers.get(kind, []), key=lambda entry: entry[0])
    return [section for _, make in offers if (section := make(identifier)) is not None]
