"""Sentences made where nothing may know a language, such as pure methods and errors: English, and able to be said in another.

A sentence that is stored, compared or hashed is its English text; one that is shown is translated then (`whatworks.spoken`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, Self


class Said(str):
    """An English sentence that remembers its message, and what was put into it."""

    __slots__ = ("message", "number", "plural", "values")
    message: str
    plural: str
    number: int
    values: Mapping[str, object]

    def __new__(cls, message: str, plural: str, number: int, values: Mapping[str, object]) -> Self:
        """The English text, with what it was made of beside it."""
        chosen = message if number == 1 or not plural else plural
        made = super().__new__(cls, chosen % values if values else chosen)
        made.message, made.plural, made.number, made.values = message, plural, number, values
        return made

    def __html__(self) -> str:
        """What a template puts into a page, in the language of that page; a text that went through it is plain."""
        return escape(_TONGUE[-1](self))

    def __reduce__(self) -> tuple[Any, ...]:
        """So that a worker process hands it back whole."""
        return type(self), (self.message, self.plural, self.number, dict(self.values))

    def spoken(self, one: Callable[[str], str], several: Callable[[str, str, int], str]) -> str:
        """The sentence in the language of `one` and `several` (gettext's `gettext` and `ngettext`), and what is in it too."""
        if not self.message:
            return ""  # a catalogue answers nothing with its own head
        chosen = several(self.message, self.plural, self.number) if self.plural else one(self.message)
        if not self.values:
            return chosen
        return chosen % {
            name: value.spoken(one, several) if isinstance(value, Said) else value
            for name, value in self.values.items()
        }


_TONGUE: list[Callable[[Said], str]] = [str]  # how pages say a sentence: as it stands, until a program says otherwise


def pages_say(speak: Callable[[Said], str]) -> None:
    """Let templates say sentences so from now on: called once, where a program is put together."""
    _TONGUE[:] = [speak]


def as_html(text: str) -> str:
    """A text as a drawing or a page holds it: escaped, a sentence in the language of pages.

    >>> as_html("Children & families")
    'Children &amp; families'
    """
    return text.__html__() if isinstance(text, Said) else escape(text)


def said(message: str, /, **values: object) -> Said:
    """A sentence with named values in it, as `%(name)s`; without values the message is taken as it stands.

    >>> said("%(file)s has no column %(column)r.", file="trial.csv", column="arm")
    "trial.csv has no column 'arm'."
    >>> said("Kept.").message
    'Kept.'
    """
    return Said(message, "", 1, values)


def said_of(number: int, message: str, plural: str, /, **values: object) -> Said:
    """A sentence whose form follows a number.

    >>> said_of(2, "%(n)s page", "%(n)s pages", n=2)
    '2 pages'
    """
    return Said(message, plural, number, values)


MONTHS = (
    said("January"),
    said("February"),
    said("March"),
    said("April"),
    said("May"),
    said("June"),
    said("July"),
    said("August"),
    said("September"),
    said("October"),
    said("November"),
    said("December"),
)


def dated(on: datetime.date) -> Said:
    """A day, or the day of a moment in the zone it is given in.

    >>> dated(datetime.date(2026, 3, 4))
    '4 March 2026'
    """
    return said("%(day)s %(month)s %(year)s", day=on.day, month=MONTHS[on.month - 1], year=on.year)


def month_of(on: datetime.date) -> Said:
    """The month that a day is in.

    >>> month_of(datetime.date(2026, 3, 4))
    'March 2026'
    """
    return said("%(month)s %(year)s", month=MONTHS[on.month - 1], year=on.year)


def filled(message: Said, /, **values: object) -> Said:
    """A sentence that was kept with its names still open.

    >>> filled(said("at least %(n)s"), n=3)
    'at least 3'
    """
    return said(message.message, **values)


def joined(between: str, parts: Iterable[str]) -> Said:
    """Several sentences as one, each still to be said in another language.

    >>> joined(" ", [said("Kept."), said("Nothing else changed.")])
    'Kept. Nothing else changed.'
    """
    named = {f"part{number}": part for number, part in enumerate(parts)}
    glue = "%(between)s" if isinstance(between, Said) else between.replace("%", "%%")
    return Said(glue.join(f"%({name})s" for name in named), "", 1, named | {"between": between})
