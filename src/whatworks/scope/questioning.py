"""A question is taken up in the centre's own words; later it is answered by something published, or declined with the reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Subject
from whatworks.saying import said
from whatworks.scope.models import Outcome, Question, Theme


@transaction.atomic
def take_up(
    *,
    by: str,
    wording: str,
    theme: Theme | None = None,
    outcome: Outcome | None = None,
    origin: str = "",
    origin_kind: str = "",
    demonstration: bool = False,
) -> Question:
    """Take a question up. `wording` is public and in our words; `origin` is the identifier of what it came from."""
    words = " ".join(wording.split())
    if not words:
        raise InputError(said("The question has no words; write it as everybody will read it."))
    if len(words) > 300:
        raise InputError(said("The question has %(count)s characters; the most is 300.", count=len(words)))
    if origin and not Subject.objects.filter(pk=origin).exists():
        raise InputError(
            said("There is nothing here called %(origin)s that a question could come from.", origin=origin)
        )
    question: Question = Question.objects.register(
        wording=words,
        theme=theme,
        outcome=outcome,
        origin_id=origin or None,
        origin_kind=origin_kind,
        asked_on=timezone.localdate(),
        by=by,
        demonstration=demonstration,
    )
    record(verb="scope.take-up-question", by=by, about=[question], made=[question], audience=PUBLIC)
    return question


@transaction.atomic
def answer_question(*, by: str, question: Question, answer: str) -> Question:
    """Say what answers a question: the identifier of a page, a guide, or anything else that is published here."""
    held = _open(question)
    if not Subject.objects.filter(pk=answer).exists():
        raise InputError(said("There is nothing here called %(answer)s that could answer it.", answer=answer))
    held.state, held.answer_id = Question.ANSWERED, answer
    held.save(update_fields=["state", "answer"])
    record(verb="scope.answer-question", by=by, about=[held, answer], made=[held], audience=PUBLIC)
    return held


@transaction.atomic
def decline_question(*, by: str, question: Question, reason: str) -> Question:
    """Say in public why a question is not taken further."""
    held = _open(question)
    if not reason.strip():
        raise InputError(said("Say why it is not taken further; everybody can read the reason."))
    held.state, held.reason = Question.DECLINED, reason.strip()
    held.save(update_fields=["state", "reason"])
    record(verb="scope.decline-question", by=by, about=[held], made=[held], audience=PUBLIC)
    return held


def _open(question: Question) -> Question:
    held = Question.objects.select_for_update().get(pk=question.pk)
    if held.state != Question.UNANSWERED:
        raise ConflictError(said("This question is “%(state)s” already; look at it again.", state=held.state))
    return held
