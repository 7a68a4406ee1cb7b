"""What coders say of studies, as a plan names it: an item of a coding frame that effects may be compared by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.stats.results import Result

CODED = "coded:"
_KEY = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NAMED = re.compile(f"{CODED}({_KEY})/({_KEY})")


@dataclass(frozen=True, slots=True)
class CodedItem(Result):
    """An item that a plan may compare effects by. key: `coded:FRAME/ITEM`; frame: the frame's title; values: the words
    that may be chosen, each with how it is shown; number: whether it is a number (of `unit`) rather than words."""

    key: str
    frame: str
    label: str
    number: bool = False
    unit: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The item as it stands among other moderators."""
        return f"“{self.label}” ({self.frame})"

    def shown(self, value: Any) -> str:
        """A value as people read it.

        >>> CodedItem("coded:f/who", "A frame", "Who?", values=(("staff", "Social workers"),)).shown("staff")
        'Social workers'
        """
        if self.number:
            return f"{value:g}{f' {self.unit}' if self.unit else ''}"
        return dict(self.values).get(value, str(value))


def coded_key(frame: str, item: str) -> str:
    """How a plan names an item of a frame, by the keys that hold through all versions of the frame."""
    return f"{CODED}{frame}/{item}"


def parts_of(moderator: str) -> tuple[str, str] | None:
    """The frame's key and the item's of a coded moderator; None for any other.

    >>> parts_of("coded:quick-study/country"), parts_of("country")
    (('quick-study', 'country'), None)
    """
    found = _NAMED.fullmatch(moderator)
    return (found[1], found[2]) if found else None


def coded_item(plain: Mapping[str, Any]) -> CodedItem:
    """The item out of the plain values in which it is kept with a result."""
    values = tuple((str(kept), str(shown)) for kept, shown in plain.get("values", ()))
    return CodedItem(**(dict(plain) | {"values": values}))
