"""What an edition can be made of: rooms above say, when they load, what they have that is new; an edition asks for it.

So a newsletter tells of pages, calls and events without this room knowing them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news: its title, a sentence, the address on this site, when it came, and the subject that may be followed."""

    title: str
    text: str
    path: str
    at: datetime.datetime
    about: str = ""

    def plain(self) -> dict[str, str]:
        """As it is frozen with an edition."""
        return {
            "title": self.title, "text": self.text, "path": self.path, "on": self.at.date().isoformat(), "about": self.about
        }  # fmt: skip


Make = Callable[[datetime.datetime, datetime.datetime], list[Entry]]


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of news: its key, its title for readers (said when it is asked for), and what makes its entries."""

    key: str
    title: Any
    make: Make
    order: int


_blocks: dict[str, Block] = {}


def offer(key: str, title: Any, make: Make, order: int = 100) -> None:
    """Say, when a room loads: of this kind I can tell what is new after one moment and up to another."""
    _blocks[key] = Block(key, title, make, order)


def offered() -> list[Block]:
    """Every kind of news that the rooms have, in order."""
    return sorted(_blocks.values(), key=lambda one: (one.order, one.key))


def entries(key: str, since: datetime.datetime, until: datetime.datetime) -> list[Entry]:
    """What is new of a kind; nothing for a kind that no room offers."""
    block = _blocks.get(key)
    return block.make(since, until) if block else []
