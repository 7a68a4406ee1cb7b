"""Sentences that methods and errors made in English (`whatworks.saying`), said in the language of the centre."""

from __future__ import annotations

import datetime

from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from whatworks.saying import Said, dated


def spoken(text: object) -> str:
    """A sentence, or the sentence of an error, in the language in use; a text that remembers no message stays as it is."""
    if isinstance(text, Exception):
        text = text.args[0] if text.args else ""
    return text.spoken(gettext, ngettext) if isinstance(text, Said) else str(text)


def spoken_capital(text: object) -> str:
    """The same where it begins a line."""
    return capfirst(spoken(text))


def on_day(on: datetime.date) -> str:
    """A day, or the day of a moment in the zone it is given in, as pages write it: 3 March 2026."""
    return spoken(dated(on))


spoken_lazy = lazy(spoken, str)  # for what is said while a module is read, such as the labels of a form
capital_lazy = lazy(spoken_capital, str)
