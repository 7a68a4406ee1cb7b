"""Where the living loop, gaps, answers and what did not work are found, how they are cited, and what they show on lower pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.learn.answering_presenters import answer_of
from whatworks.learn.looping_work import Item, mine
from whatworks.learn.models import AnswerDraft, PracticeAnswer
from whatworks.learn.undone import brief
from whatworks.ledger.addresses import Told, lead
from whatworks.ledger.sections import Section, offer
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door
from whatworks.publish.finding.absent import offer_absence
from whatworks.publish.needs import Need, Runs, offer_need
from whatworks.scope.models import Question
from whatworks.spoken import on_day


@lead(PracticeAnswer.kind)
def _answer(identifier: str) -> Told:
    held = PracticeAnswer.objects.select_related("question").filter(pk=identifier).first()
    if held is None:
        return None
    words = _("Our answer to “%(question)s”") % {"question": held.question.wording}
    return words, f"{reverse('question', args=[held.question_id])}#our-answer"


def answer_here(question: str) -> Section | None:
    """The answer from the store on the page of its question."""
    held = PracticeAnswer.objects.newest().filter(question=question).first()
    if held is None:
        return None
    return Section(_("Our answer"), render_to_string("learn/answer_here.html", answer_of(held)))


def _undone() -> dict[str, Any]:
    """What did not work, for whoever searches the store: each with its own address, and the way to all of it."""
    items: list[Runs] = [[{"link": one.title, "href": one.href}, f": {one.found}"] for one in brief()]
    text = _("Trials that did not show a benefit, what stopped, and what we said no to. ")
    return {
        "key": "did-not-work",
        "title": _("What did not work"),
        "text": [text, {"link": _("All of it, with what it means"), "href": reverse("did_not_work")}, "."],
        "items": items,
    }


def _share_items(rows: Sequence[Item]) -> list[tuple[Runs, Runs]]:
    return [([{"link": one.title, "href": one.href}], [_due(one)]) for one in rows]


def _due(one: Item) -> str:
    if one.due_on is None:
        return one.note
    words = _("Late: it was due on %(day)s.") if one.late else _("Due on %(day)s.")
    return words % {"day": on_day(one.due_on)}


def _answer_items(rows: Sequence[AnswerDraft]) -> list[tuple[Runs, Runs]]:
    return [
        ([{"link": one.question.wording, "href": reverse("answer_check", args=[one.question_id])}], [one.sent_back])
        for one in rows
    ]


def _answers(actor: str) -> Sequence[AnswerDraft]:
    return AnswerDraft.objects.exclude(by=actor).select_related("question").order_by("at")


offer(Question.kind, answer_here, order=10)
offer_absence(_undone)
offer_need(
    Need(
        "late", gettext_lazy("Work of yours that is late"), "workspace.enter",
        lambda actor: [one for one in mine(actor) if one.late], _share_items,
    )
)  # fmt: skip
offer_need(
    Need(
        "mine", gettext_lazy("Work that you said you would do"), "workspace.enter",
        lambda actor: [one for one in mine(actor) if not one.late], _share_items,
    )
)  # fmt: skip
offer_need(
    Need("answers", gettext_lazy("Answers that wait for a second person"), "learn.approve", _answers, _answer_items)
)
offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("What we do not know, and what did not work"),
        (
            (gettext_lazy("Questions from practice, with our answers"), "questions"),
            (gettext_lazy("What is missing"), "gaps"),
            (gettext_lazy("What did not work"), "did_not_work"),
            (gettext_lazy("From a report to a page: how long it takes"), "how_fast"),
        ),
        gettext_lazy("See what nobody has found out yet, who could do something about it, and what was tried in vain."),
        order=65,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Keeping the loop going"),
        ((gettext_lazy("All that is to be done, by whom and by when"), "loop"), (gettext_lazy("Answers from the store"), "answers_work")),
        permission="workspace.enter",
        order=65,
    )
)  # fmt: skip
