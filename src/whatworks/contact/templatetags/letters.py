"""How does a template show what we wrote as Markdown? As plain paragraphs, lists and links."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from whatworks.contact.prose import as_html

register = template.Library()


@register.filter
def written(text: str | None) -> SafeString:
    """Markdown as safe HTML."""
    return as_html(text or "")
