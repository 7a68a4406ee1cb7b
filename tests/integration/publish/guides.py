"""A guide about slow zones, whole enough to be sent: for tests of guides."""

from __future__ import annotations

from typing import Any

from whatworks.ledger.canonical import digest
from whatworks.publish.guides.guiding import approve_guide, draft_of, open_guide, send, write
from whatworks.publish.methods.guide_text import Text, blank_recommendation, whole
from whatworks.publish.models import Guide, GuideDraft, GuideRevision
from whatworks.scope.models import Theme
from whatworks.synthesise.models import Analysis

WRITER, OTHER, EDITOR = "usr-writer", "usr-other", "usr-editor"
QUESTION = "How can we make a street safer?"
LATER = "2999-11-30"


def analysis() -> Analysis:
    """The small pack's pooled result."""
    return Analysis.objects.filter(lead=True).order_by("pk")[0]


def recommendation(number: int, **more: Any) -> Text:
    """A recommendation in which nothing is missing."""
    return (
        blank_recommendation(f"r{number}")
        | {
            "title": f"Do the thing called {'abcdefghij'[number]}.",
            "stage": "Plan",
            "rests_on": [analysis().pk],
            "why": f"We hold {{{analysis().pk}: studies}} of it.",
            "harms": "Nobody has looked for harm.",
            "steps": ["Ask the people who live there."],
            "cost": "No cost is recorded.",
            "review_on": LATER,
        }
        | more
    )


def text(*, count: int = 5, **more: Any) -> Text:
    """A guide in which nothing is missing."""
    return whole(
        {
            "question": QUESTION,
            "answer": "Ask the people who live there, and look at what happens.",
            "who_for": "Those who plan streets.",
            "stages": ["Plan", "Build"],
            "review_on": LATER,
            "recommendations": [recommendation(number) for number in range(1, count + 1)],
            "removed": [],
        }
        | more
    )


def opened() -> Guide:
    """A guide that has just been begun."""
    return open_guide(by=WRITER, question=QUESTION, theme=Theme.objects.order_by("order")[0])


def written(guide: Guide, by: str = WRITER, **more: Any) -> GuideDraft:
    """The guide with its text."""
    return write(by=by, guide=guide, text=text(**more), seen=digest(draft_of(guide).text))


def sent(guide: Guide, what_for: str = GuideDraft.APPROVAL, **more: Any) -> GuideDraft:
    """The guide, written and sent."""
    held = written(guide, **more)
    return send(by=WRITER, guide=guide, what_for=what_for, seen=digest(held.text))


def published(what_changed: str = "", **more: Any) -> GuideRevision:
    """The guide as its editor approved it."""
    guide = Guide.objects.first() or opened()
    sent(guide, **more)
    return approve_guide(by=EDITOR, guide=guide, what_changed=what_changed)
