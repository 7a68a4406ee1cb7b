"""Sentences that methods and errors made in English (`whatworks.saying`), said in the language of the centre."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from whatworks.saying import Said


def spoken(text: object) -> str:
    """A sentence, or the sentence of an error, in the language in use; a text that remembers no message stays as it is."""
    if isinstance(text, Exception):
        text = text.args[0] if text.args else ""
    return text.spoken(gettext, ngettext) if isinstance(text, Said) else str(text)
