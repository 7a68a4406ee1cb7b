"""What stages are called and where people screen them; and what colleagues call whoever said something."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.people.naming import names
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.reckoning import OTHERS

ADDRESSES = {TITLE: "screen_screen", FULL_TEXT: "screen_full-text"}  # of the pages where people screen
HEADINGS = {TITLE: gettext_lazy("Title and abstract"), FULL_TEXT: gettext_lazy("Full text")}


def named(actors: Iterable[str]) -> dict[str, str]:
    """What to call each actor; of people in another tool, their name there and the tool."""
    return {actor: _elsewhere(actor) or called for actor, called in names(actors).items()}


def _elsewhere(actor: str) -> str:
    """Somebody in another tool.

    >>> _elsewhere("other:ASReview:jo"), _elsewhere("other:ASReview#2"), _elsewhere("usr-1")
    ('jo in ASReview', 'somebody in ASReview', '')
    """
    if not actor.startswith(OTHERS):
        return ""
    tool, __, who = actor.removeprefix(OTHERS).partition("#")[0].partition(":")
    return _("%(who)s in %(tool)s") % {"who": who or _("somebody"), "tool": tool}
