"""Questions of practice and their answers in words, as far as a moderator let them show."""

from __future__ import annotations

from typing import Any

from whatworks.convene.guarding import words_of
from whatworks.convene.models import Text
from whatworks.implement.models import PracticeQuestion
from whatworks.publish.models import Page


def communities_list() -> list[dict[str, Any]]:
    """Every page with how many questions show there, by title."""
    counts: dict[str, int] = {}
    held = PracticeQuestion.objects.filter(text__state=Text.SHOWN).values_list("intervention", flat=True)
    for intervention in held:
        counts[intervention] = counts.get(intervention, 0) + 1
    pages = Page.objects.exclude(revisions=None).order_by("title")
    return [{"page": page, "questions": counts.get(page.intervention_id, 0)} for page in pages]


def community_page(page: Page, only: str = "") -> dict[str, Any]:
    """The questions of one page that show, the newest first, each with its answers and what they rest on."""
    held = PracticeQuestion.objects.filter(intervention=page.intervention_id, text__state=Text.SHOWN)
    if only:
        held = held.filter(pk=only)
    questions = [
        {
            "question": one,
            "words": words_of(one.text),
            "replies": [
                {"reply": each, "words": words_of(each.text), "revision": each.revision}
                for each in one.replies.filter(text__state=Text.SHOWN)
                .select_related("text", "revision__page")
                .order_by("answered_on", "pk")
            ],
        }
        for one in held.select_related("text").order_by("-asked_on", "-pk")
    ]
    return {"page": page, "questions": questions}
