"""How does a template show a sentence that a pure method made? In the language of the centre."""

from __future__ import annotations

from typing import Any

from django import template

from whatworks.saying import Said
from whatworks.spoken import spoken as in_our_language

register = template.Library()


@register.filter
def spoken(value: Any) -> Any:
    """A sentence that remembers its message is said in the language in use; whatever else stays what it is."""
    return in_our_language(value) if isinstance(value, Said) else value
