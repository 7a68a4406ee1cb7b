"""Tags about judging: what the reader of a rating's or result's page can do about it."""

from __future__ import annotations

from typing import Any

from django import template

from whatworks.rate.presenters_waiting import InHand, in_hand

register = template.Library()


@register.simple_tag
def rating_in_hand(identifier: str, user: Any) -> InHand:
    """Who judges it or judged it, and the way to what this person can do."""
    return in_hand(identifier, user)
