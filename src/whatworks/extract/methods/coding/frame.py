"""Frame: what is asked of every study, as versioned plain data: a tree of items with help, allowed values, conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said

GROUP = "group"
KINDS = {
    GROUP: "a heading that holds items",
    "text": "words",
    "number": "a number",
    "integer": "a whole number",
    "date": "a day, month or year, such as 2019-05-04, 2019-05 or 2019",
    "choice": "one of the allowed values",
    "choices": "one or more of the allowed values",
    "yes-no": "yes or no",
    "place": "where in the world: a country, region or council",
}
REPEATS = {
    "study": "once for the study",
    "arm": "once for each arm",
    "outcome": "once for each outcome as measured",
    "contrast": "once for each contrast",
}
CODED, NOT_APPLICABLE, NOT_REPORTED = "coded", "not applicable", "not reported"
STATUSES = (CODED, NOT_APPLICABLE, NOT_REPORTED)
CHOSEN = ("choice", "choices", "yes-no")  # kinds that a condition can ask about
MEASURED = ("number", "integer")
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A value that may be chosen: the word that is kept, how it is shown, and when to choose it."""

    value: str
    label: str = ""
    help: str = ""
    source: str = ""  # what it is elsewhere, such as eppi:5003

    @property
    def shown(self) -> str:
        """What people read."""
        return self.label or self.value


@dataclass(frozen=True, slots=True)
class Condition:
    """That an item is asked only where another has one of these values. A status may stand among the values."""

    item: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked, or a group of them. All conditions must hold, and those of the groups above.

    `critical` items must be agreed or decided before a coding is settled; where coders differ on another, the first
    coder's answer stands until somebody chooses. Numbers agree within `tolerance`, absolute, in the item's unit.
    """

    key: str
    label: str
    kind: str = "text"
    help: str = ""
    values: tuple[Allowed, ...] = ()
    required: bool = False
    critical: bool = True
    repeats: str = "study"
    when: tuple[Condition, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    tolerance: float = 0.0
    source: str = ""
    items: tuple[Item, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """The words that may be kept; none where anything may."""
        return YES_NO if self.kind == "yes-no" else tuple(one.value for one in self.values)

    def shown(self, value: str) -> str:
        """How a value is shown."""
        return next((one.shown for one in self.values if one.value == value), value)


@dataclass(frozen=True, slots=True)
class Extends:
    """The frame that another one builds on."""

    frame: str
    version: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An item where it stands: the groups above it, and every condition on the way down to it."""

    item: Item
    above: tuple[Item, ...]

    @property
    def when(self) -> tuple[Condition, ...]:
        """The conditions of the groups above and of the item."""
        return tuple(one for item in (*self.above, self.item) for one in item.when)

    @property
    def path(self) -> str:
        """The labels from the outermost group to the item."""
        return " › ".join(one.label for one in (*self.above, self.item))


@dataclass(frozen=True, slots=True)
class Frame:
    """A version of a frame. A change makes a new version; what was coded stays with the version it was coded by."""

    key: str
    version: int
    title: str
    items: tuple[Item, ...]
    description: str = ""
    extends: Extends | None = None
    source: str = ""
    licence: str = ""

    @property
    def name(self) -> str:
        """What a file of it is called."""
        return f"{self.key}-{self.version}"

    def everything(self) -> Iterator[Asked]:
        """Every item and group in the order of the form."""
        yield from _below(self.items, ())

    def asked(self) -> tuple[Asked, ...]:
        """Every item that takes an answer, in the order of the form."""
        return tuple(one for one in self.everything() if one.item.kind != GROUP)

    def item(self, key: str) -> Item:
        """The item of this key that takes an answer. Raises InputError where the frame has none."""
        for one in self.asked():
            if one.item.key == key:
                return one.item
        raise InputError(
            said(
                "“%(title)s” version %(version)s has no item %(key)r; reload the form.",
                title=self.title,
                version=self.version,
                key=key[:60],
            )
        )


def _below(items: tuple[Item, ...], above: tuple[Item, ...]) -> Iterator[Asked]:
    for item in items:
        yield Asked(item, above)
        yield from _below(item.items, (*above, item))
