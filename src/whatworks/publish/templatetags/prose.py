"""How does a template show Markdown from a pack? As plain paragraphs, lists and links, and nothing a browser would run."""

from __future__ import annotations

import nh3
from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

register = template.Library()

TAGS = {"p", "ul", "ol", "li", "strong", "em", "code", "a", "blockquote", "br", "h3", "h4"}
DEEPER = str.maketrans({"1": "3", "2": "3", "3": "4", "4": "4", "5": "4", "6": "4"})  # headings go under the page's own


@register.filter
def markdown(text: str | None) -> SafeString:
    """Markdown as safe HTML, its headings below the page's second level."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(text or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = token.tag.translate(DEEPER)
    html = parser.renderer.render(tokens, parser.options, {})
    return SafeString(nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))
