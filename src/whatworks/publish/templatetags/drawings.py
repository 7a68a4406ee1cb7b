"""How does a template show a page document? Inline parts, shapes, dots, scales, certainty and forest tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from whatworks.publish import drawings
from whatworks.synthesise.drawings import forest_axis, forest_row

register = template.Library()

SHORT = 22  # characters: a shorter number is kept on one line, a longer one may break on a phone
OPENS = ("/", "#", "?", "https://", "http://", "mailto:")


@register.filter
def address(href: object) -> str:
    """A link that is safe to follow, or nothing: a pack could carry an address that would run a script."""
    text = str(href or "")
    return text if text.startswith(OPENS) and not text.startswith("//") else ""


def number(node: Mapping[str, Any]) -> str:
    """A published number, linked to where it came from."""
    if not node.get("trace"):
        return escape(node["number"])
    long = mark_safe(" data-long") if len(str(node["number"])) > SHORT else ""
    return format_html('<a class="num" href="{}"{}>{}</a>', reverse("trace", args=[node["trace"]]), long, node["number"])


def link(node: Mapping[str, Any]) -> str:
    """A link, or its words alone where the address is not one to follow."""
    href = address(node.get("href"))
    return format_html('<a href="{}">{}</a>', href, node["link"]) if href else escape(node["link"])


@register.simple_tag
def parts(nodes: str | Sequence[str | Mapping[str, Any]] | None) -> SafeString:
    """Inline text: strings are escaped, numbers lead to their trace, links to their page."""
    if nodes is None or isinstance(nodes, str):
        return mark_safe(escape(nodes or ""))
    shown = []
    for node in nodes:
        if isinstance(node, Mapping):
            shown.append(number(node) if "number" in node else link(node))
        else:
            shown.append(escape(node))
    return mark_safe("".join(shown))


@register.simple_tag
def icon(shape: str) -> SafeString:
    """The shape of a state."""
    return mark_safe(drawings.icon(shape))


@register.simple_tag
def hundred(n: float, css: str, label: str) -> SafeString:
    """100 dots of which n are filled."""
    return mark_safe(drawings.hundred(n, css, label))


@register.simple_tag
def scale(data: Mapping[str, Any]) -> SafeString:
    """An outcome's scale as the page document holds it."""
    named = ("estimate", "low", "high", "minimum", "maximum", "css", "label")
    ticks = [(value, words) for value, words in data["ticks"]]
    return mark_safe(drawings.scale(**{name: data[name] for name in named}, ticks=ticks, null=data.get("null", 0)))


@register.simple_tag
def certainty(held: Mapping[str, Any] | None, words: str = "Not rated") -> SafeString:
    """Certainty as bars and a word; the given words where nothing is rated."""
    if held is None:
        return format_html('<span class="certainty">Certainty: {}</span>', words[:1].lower() + words[1:])
    return mark_safe(drawings.certainty(held["level"], held["of"], held["word"]))


@register.simple_tag
def forest_line(row: Mapping[str, Any], table: Mapping[str, Any], kind: str = "") -> SafeString:
    """The drawing of one row of a forest table."""
    ends = {"minimum": table["minimum"], "maximum": table["maximum"], "null": table.get("null", 0)}
    values = {name: row.get(name) for name in ("estimate", "low", "high")}
    return mark_safe(forest_row(**values, **ends, kind=kind or ("study" if row.get("pooled", True) else "apart")))


@register.simple_tag
def forest_head(table: Mapping[str, Any]) -> SafeString:
    """The axis of a forest table."""
    ends = {"minimum": table["minimum"], "maximum": table["maximum"], "null": table.get("null", 0)}
    return mark_safe(forest_axis(**ends, left=table.get("left", ""), right=table.get("right", "")))


@register.inclusion_tag("publish/_forest.html")
def forest(table: Mapping[str, Any]) -> dict[str, Any]:
    """A whole forest table: names, drawings and numbers beside each other at every width."""
    return {"table": table}


@register.simple_tag
def certainty_of(level: int, of: int, word: str) -> SafeString:
    """Certainty outside a page document, for the words that explain it."""
    return mark_safe(drawings.certainty(level, of, word))


@register.simple_tag
def dots_of(n: float, of: str, under: str, css: str) -> SafeString:
    """100 dots with a text alternative made of the figure's own words."""
    return mark_safe(drawings.hundred(n, css, f"{round(n)} of 100 {of} {under}"))


@register.simple_tag
def plain(*runs: Sequence[str | Mapping[str, Any]] | str | None) -> str:
    """Inline text without its links, for the description of a page."""
    return " ".join("".join(words(node) for node in ([run] if isinstance(run, str) else run or ())) for run in runs)


def words(node: str | Mapping[str, Any]) -> str:
    """What one inline node says."""
    return str(node.get("number") or node.get("link", "")) if isinstance(node, Mapping) else node


@register.filter
def is_in(index: int, numeric: Sequence[int] | None) -> bool:
    """Whether a column (counted from 0) holds numbers."""
    return index in (numeric or ())


@register.filter
def any_checked(filters: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a reader has narrowed the list."""
    return any(option.get("checked") for one in filters or () for option in one["options"])
