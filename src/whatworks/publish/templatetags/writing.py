"""What a page and its history say of its having been withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from whatworks.publish.methods.easy import BARS, DOTS, PLACES, Drawing
from whatworks.publish.models import Page
from whatworks.publish.page import drawings
from whatworks.publish.writing.withdrawing import history_of, notice_of
from whatworks.spoken import on_day

register = template.Library()


@register.simple_tag
def withdrawn_notice(page: Page | Mapping[str, Any]) -> dict[str, Any] | None:
    """When and why a page, or the page that a document is of, was withdrawn; nothing where it is in use."""
    return notice_of(page["identifier"] if isinstance(page, Mapping) else page)


@register.simple_tag
def easy_drawing(drawing: Drawing) -> SafeString:
    """The picture of a line in an Easy Read outline, drawn with what the pages themselves are drawn with."""
    if drawing.kind == DOTS:
        return SafeString(drawings.hundred(drawing.count, drawing.css, drawing.label))
    if drawing.kind == BARS:
        return SafeString(drawings.certainty(drawing.count, drawing.of, drawing.label))
    if drawing.kind == PLACES:
        return SafeString(drawings.pins(drawing.count))
    return format_html('<span class="{}">{}</span>', drawing.css, SafeString(drawings.icon(drawing.shape)))


@register.simple_tag
def standings_of(page: str) -> list[dict[str, Any]]:
    """Every time a page was withdrawn or put back, newest first, with the day and the reason."""
    return [
        {"on": on_day(timezone.localtime(one.at)), "withdrawn": one.withdrawn, "why": one.why}
        for one in history_of(page)
    ]
