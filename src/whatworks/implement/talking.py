"""Communities of practice: anybody asks, whoever keeps sites answers from a page, and a moderator reads both before they show."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from whatworks.convene.guarding import PUBLIC_ACTOR, take
from whatworks.convene.models import Text
from whatworks.errors import ConflictError, InputError
from whatworks.implement.models import PracticeQuestion, PracticeReply
from whatworks.ledger.actions import record
from whatworks.publish.models import Revision
from whatworks.saying import said
from whatworks.scope.models import Intervention


@transaction.atomic
def ask(*, intervention: Intervention, words: str, by: str = PUBLIC_ACTOR) -> PracticeQuestion:
    """Keep a question; it waits for a moderator."""
    text = take(kind="practice-question", content=words, by=by, about=intervention.subject)
    made: PracticeQuestion = PracticeQuestion.objects.register(
        intervention=intervention, text=text, asked_on=timezone.localdate()
    )
    record(verb="implement.question", by=by, about=[intervention], made=[made])
    return made


@transaction.atomic
def reply(*, by: str, question: PracticeQuestion, words: str, revision: Revision) -> PracticeReply:
    """Answer a question that is shown, from a revision of a page; the answer waits for a moderator too.

    Raises ConflictError where the question is not shown, InputError where the page is of another intervention.
    """
    held = PracticeQuestion.objects.select_related("text").get(pk=question.pk)
    if held.text is None or held.text.state != Text.SHOWN:
        raise ConflictError(said("The question is not shown; a moderator reads it first."))
    if revision.page.intervention_id != held.intervention_id:
        raise InputError(said("The answer rests on a page of another intervention; choose a revision of this one."))
    text = take(kind="practice-answer", content=words, by=by, about=held.subject)
    made = PracticeReply.objects.create(
        id=PracticeReply.fresh(), question=held, text=text, revision=revision, answered_on=timezone.localdate(), by=by
    )
    record(verb="implement.reply", by=by, about=[held, revision], made=[made])
    return made
