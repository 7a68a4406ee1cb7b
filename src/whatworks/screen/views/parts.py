"""Which part somebody has who opens a page of a review, and what every page of those who lead it shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from whatworks.errors import ForbiddenError
from whatworks.saying import said
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Review
from whatworks.screen.reviewing import may_lead

STAGES = {"title": TITLE, "full-text": FULL_TEXT}  # as they stand in addresses


def leads(request: HttpRequest, review: Review) -> bool:
    """Whether this person leads the review, and has the role for it."""
    return bool(request.user.may("screen.lead")) and may_lead(review, request.user.actor)


def refuse_unless_lead(request: HttpRequest, review: Review) -> None:
    """A ForbiddenError for whoever does not lead the review."""
    if not leads(request, review):
        raise ForbiddenError(said("Only a lead of this review can change this; ask one of its leads."))


def framed(request: HttpRequest, review: Review, here: str, **shown: Any) -> dict[str, Any]:
    """What the frame of a review's pages needs, with what the page itself shows."""
    return {"review": review, "here": here, "leads": leads(request, review)} | shown
