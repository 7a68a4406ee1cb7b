"""Drawings of places on a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from whatworks.stats.chart import Chart, shown

register = template.Library()


@register.simple_tag
def drawing(chart: Chart) -> SafeString:
    """Our own drawing, in which every word was escaped where it was made."""
    return SafeString(chart.svg)


@register.simple_tag
def tiles(markup: str) -> SafeString:
    """The map of tiles, in which every word was escaped where it was made."""
    return SafeString(markup)


@register.filter
def as_shown(value: Any) -> str:
    """A cell of a drawing's table as people read it."""
    return shown(value)
