"""Words that can be translated: one door, so that a second language is a catalogue and not a hunt."""

from django.utils.translation import gettext, gettext_lazy, ngettext

__all__ = ["gettext", "gettext_lazy", "ngettext"]
