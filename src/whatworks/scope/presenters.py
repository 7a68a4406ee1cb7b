"""Questions in words for everybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from whatworks.ledger.addresses import link_to
from whatworks.scope.models import Question


def state_of(question: Question) -> str:
    """Where a question stands, in a sentence."""
    return {
        Question.UNANSWERED: _("Not answered yet."),
        Question.ANSWERED: _("Answered."),
        Question.DECLINED: _("Not taken further."),
    }[question.state]


def question_page(question: Question) -> dict[str, Any]:
    """A question as everybody reads it. What it came from is not told here: that may be about a person."""
    return {
        "held": question,
        "state": state_of(question),
        "answer": link_to(question.answer) if question.answer else None,
    }
