"""Our own words, written as Markdown: as safe HTML, and as plain text for letters."""

from __future__ import annotations

import re

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

TAGS = {"p", "ul", "ol", "li", "strong", "em", "code", "a", "blockquote", "br", "h3", "h4"}
DEEPER = str.maketrans({"1": "3", "2": "3", "3": "4", "4": "4", "5": "4", "6": "4"})  # headings go under the page's own
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
MARKS = re.compile(r"(\*\*|__|\*|`)(\S.*?)\1")


def as_html(text: str, base: str = "") -> SafeString:
    """Markdown as safe HTML. `base` goes before addresses on this site, for letters."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(_whole(text, base))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = token.tag.translate(DEEPER)
    html = parser.renderer.render(tokens, parser.options, {})
    return SafeString(nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))


def as_text(text: str, base: str = "") -> str:
    """Markdown as it reads in a plain letter: links with their address, no marks."""
    said = LINK.sub(lambda found: f"{found[1]} ({found[2]})", _whole(text, base))
    lines = [line.lstrip("#").lstrip() if line.startswith("#") else line for line in said.splitlines()]
    return MARKS.sub(lambda found: found[2], "\n".join(lines)).strip()


def _whole(text: str, base: str) -> str:
    return LINK.sub(lambda found: f"[{found[1]}]({base if found[2].startswith('/') else ''}{found[2]})", text)
