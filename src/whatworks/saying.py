"""Sentences made where nothing may know a language, such as pure methods and errors: English, and able to be said in another.

A sentence that is stored, compared or hashed is its English text; one that is shown is translated then (`whatworks.web.spoken`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

    def __reduce__(self) -> tuple[Any, ...]:
        """So that a worker process hands it back whole."""
        return type(self), (self.message, self.plural, self.number, dict(self.values))

    def spoken(self, one: Callable[[str], str], several: Callable[[str, str, int], str]) -> str:
        """The sentence in the language of `one` and `several` (gettext's `gettext` and `ngettext`), and what is in it too."""
        chosen = several(self.message, self.plural, self.number) if self.plural else one(self.message)
        if not self.values:
            return chosen
        return chosen % {
            name: value.spoken(one, several) if isinstance(value, Said) else value
            for name, value in self.values.items()
        }


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
