"""Tags about signatures: whether the reader of a rating's page can still sign it."""

from __future__ import annotations

from typing import Any

from django import template

from whatworks.rate.models import Rating, Signature

register = template.Library()


@register.simple_tag
def refusal_to_sign(rating: str, user: Any) -> str:
    """Why this person cannot sign the rating any more; nothing where they can."""
    if not Rating.objects.current().filter(pk=rating).exists():
        return "A newer rating stands in place of this one."
    if Signature.objects.filter(rating=rating, by=user.actor).exists():
        return "You have signed this rating."
    return ""
