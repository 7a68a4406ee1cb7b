"""Questions of practice and their answers, for a page: who asked only as a kind, each paragraph with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from whatworks.learn.answering import has_moved, moved_since
from whatworks.learn.models import AnswerDraft, PracticeAnswer
from whatworks.ledger.addresses import links_to
from whatworks.scope.models import Question

ASKED_AS: Mapping[str, Any] = {
    "practitioner": gettext_lazy("a practitioner"),
    "young person": gettext_lazy("a young person"),
    "parent or carer": gettext_lazy("a parent or carer"),
    "leader": gettext_lazy("somebody who leads a service"),
    "researcher": gettext_lazy("a researcher"),
    "other": gettext_lazy("somebody else"),
}
STATES: Mapping[str, Any] = {
    Question.UNANSWERED: gettext_lazy("Not answered yet"),
    Question.ANSWERED: gettext_lazy("Answered"),
    Question.DECLINED: gettext_lazy("Not taken further"),
}


def questions_page(asked: Mapping[str, str]) -> dict[str, Any]:
    """Every question: those that were answered last first, then those that wait, then those that were declined."""
    state = asked.get("state", "")
    answers = {one.question_id: one for one in PracticeAnswer.objects.newest()}
    rows = Question.objects.select_related("theme", "answer").order_by("-asked_on", "pk")
    held = [_row(one, answers.get(one.pk)) for one in rows if not state or one.state == state]
    place = list(STATES)
    place = [Question.ANSWERED, *(key for key in place if key != Question.ANSWERED)]
    held.sort(key=lambda row: place.index(row["question"].state))
    states = [{"key": key, "title": title} for key, title in STATES.items()]
    return {"rows": held, "states": states, "state": state, "answered": sum(row["answer"] is not None for row in held)}


def _row(question: Question, answer: PracticeAnswer | None) -> dict[str, Any]:
    return {
        "question": question,
        "state": STATES[question.state],
        "answer": answer,
        "moved": has_moved(answer) if answer else False,
        "asked_as": ASKED_AS.get(answer.asked_as, "") if answer else "",
    }


def parts_of(parts: Iterable[Mapping[str, Any]], moved: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Paragraphs, each with links to what it rests on; what has moved since is marked."""
    gone = set(moved)
    return [
        {
            "words": one["words"],
            "cites": [link | {"moved": link["identifier"] in gone} for link in links_to(one["cites"])],
        }
        for one in parts
    ]


def answer_of(answer: PracticeAnswer) -> dict[str, Any]:
    """An approved answer as everybody reads it."""
    moved = moved_since(answer)
    return {
        "answer": answer,
        "parts": parts_of(answer.parts, moved),
        "moved": bool(moved) or has_moved(answer),
        "asked_as": ASKED_AS.get(answer.asked_as, ""),
        "earlier": answer.number - 1,
    }


def draft_of(draft: AnswerDraft) -> dict[str, Any]:
    """A draft as the second person reads it."""
    return {"draft": draft, "parts": parts_of(draft.parts), "asked_as": ASKED_AS.get(draft.asked_as, "")}
