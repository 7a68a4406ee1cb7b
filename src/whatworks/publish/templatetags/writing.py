"""What a page and its history say of its having been withdrawn."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from whatworks.publish.writing.withdrawing import history_of, notice_of

register = template.Library()


@register.simple_tag
def withdrawn_notice(page: str) -> dict[str, Any] | None:
    """When and why a page was withdrawn; nothing where it is in use."""
    return notice_of(page)


@register.simple_tag
def standings_of(page: str) -> list[dict[str, Any]]:
    """Every time a page was withdrawn or put back, newest first, with the day and the reason."""
    return [
        {"on": f"{timezone.localtime(one.at):%-d %B %Y}", "withdrawn": one.withdrawn, "why": one.why}
        for one in history_of(page)
    ]
