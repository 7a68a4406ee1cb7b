"""Questions of practice answered from the store: one person writes, each paragraph with what it rests on; a second approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.convene.enquiring_further import answer_and_tell, refuse_their_words, tell_enquirers
from whatworks.convene.methods.identifying import REASONS, likely_identifiers
from whatworks.convene.models import Enquiry
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.learn.methods.citing import cited, parts_in
from whatworks.learn.models import AnswerDraft, PracticeAnswer
from whatworks.ledger.actions import computed, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Artefact, Subject
from whatworks.publish.models import Guide, Page
from whatworks.saying import said
from whatworks.scope.models import Question

CITABLE = ("revision", "guide revision", "synthesis", "rating", "finding", "trial analysis")
METHOD, VERSION = "answer from the store", "1"
Parts = Sequence[Mapping[str, Any]]


@transaction.atomic
def write_answer(*, by: str, question: Question, text: str, asked_as: str = "") -> AnswerDraft:
    """Write the answer to a question, or write it again. Of a page or a guide its newest revision is cited.

    Raises InputError where a paragraph cites nothing, cites what is not here, or may say who somebody is.
    """
    if asked_as and asked_as not in PracticeAnswer.KINDS:
        raise InputError(said("“%(kind)s” is no kind of person who asks; choose one of the list.", kind=asked_as))
    held = Question.objects.select_for_update().get(pk=question.pk)
    if held.state == Question.DECLINED:
        raise ConflictError(said("This question was declined; its reason is public."))
    parts = [{"words": one["words"], "cites": [_citable(key) for key in one["cites"]]} for one in parts_in(text)]
    for one in parts:
        _refuse_naming(one["words"], held)
    draft = AnswerDraft.objects.filter(question=held).first() or AnswerDraft(
        id=AnswerDraft.derived(held.pk), question=held
    )
    draft.parts, draft.asked_as, draft.by, draft.at, draft.sent_back = parts, asked_as, by, timezone.now(), ""
    draft.save()
    record(verb="learn.write-answer", by=by, about=[held], payload={"cites": cited(parts)})
    return draft


def _citable(identifier: str) -> str:
    """The identifier of what stands still: a revision in place of its page or guide."""
    for model in (Page, Guide):
        if (held := model.objects.filter(pk=identifier).first()) is not None:
            newest = held.revisions.order_by("-number").first()
            if newest is None:
                raise InputError(said("“%(title)s” was never published, so it cannot be cited.", title=held.title))
            return str(newest.pk)
    if not Subject.objects.filter(pk=identifier, kind__in=CITABLE).exists():
        raise InputError(
            said(
                "%(one)s is no page, guide, result or rating of this store; copy the identifier from its page.",
                one=identifier,
            )
        )
    return identifier


def _refuse_naming(words: str, question: Question) -> None:
    for one in likely_identifiers(words):
        raise InputError(
            said(
                "“%(words)s” looks like %(reason)s; everybody will read this, so leave it out.",
                words=words[one.start : one.end],
                reason=REASONS[one.reason],
            )
        )
    for enquiry in Enquiry.objects.filter(question=question).select_related("text"):
        refuse_their_words(words, enquiry)


@transaction.atomic
def send_back(*, by: str, draft: AnswerDraft, why: str) -> AnswerDraft:
    """Say what is wrong with an answer before it can be approved."""
    if not why.strip():
        raise InputError(said("Say what the writer should change."))
    held = AnswerDraft.objects.select_for_update().get(pk=draft.pk)
    held.sent_back = why.strip()
    held.save(update_fields=["sent_back"])
    record(verb="learn.send-answer-back", by=by, about=[held.question_id], payload={"why": held.sent_back})
    return held


@transaction.atomic
def approve_answer(*, by: str, draft: AnswerDraft) -> PracticeAnswer:
    """Let everybody read an answer; the question is answered by it, and whoever asked is told.

    Raises ForbiddenError for the person who wrote it.
    """
    held = AnswerDraft.objects.select_for_update().select_related("question").get(pk=draft.pk)
    if held.by == by:
        raise ForbiddenError(said("You wrote this answer; a second person reads it and approves it."))
    question = Question.objects.select_for_update().get(pk=held.question_id)
    before = PracticeAnswer.objects.filter(question=question).order_by("-number").first()
    number = before.number + 1 if before else 1
    made: PracticeAnswer = PracticeAnswer.objects.register(
        PracticeAnswer.derived(question.pk, number), question=question, number=number, parts=held.parts,
        asked_as=held.asked_as, by=held.by, written_at=held.at, approved_by=by, approved_at=timezone.now(),
    )  # fmt: skip
    computed(
        output=made, method=METHOD, version=VERSION, inputs=held.parts, rests_on=cited(held.parts),
        replaces=before.pk if before else "",
    )  # fmt: skip
    record(verb="learn.approve-answer", by=by, about=[question], made=[made], audience=PUBLIC)
    held.delete()
    if question.state == Question.UNANSWERED:
        answer_and_tell(by=by, question=question, answer=made.pk)
    elif question.answer_id:
        tell_enquirers(by=by, subject=question.pk)
    return made


def moved_since(answer: PracticeAnswer) -> list[str]:
    """What the answer cites and that has moved since: something behind it changed, or a newer one stands beside it."""
    keys = cited(answer.parts)
    moved = set(
        Artefact.objects.filter(pk__in=keys).exclude(stale_event="", superseded_by="").values_list("pk", flat=True)
    )
    return [key for key in keys if key in moved]


def has_moved(answer: PracticeAnswer) -> bool:
    """Whether the ground of an answer has moved since it was approved."""
    return bool(moved_since(answer)) or Artefact.objects.stale().filter(pk=answer.pk).exists()


def moved_answers() -> list[PracticeAnswer]:
    """Answers that stand and whose ground has moved, the oldest first."""
    return [one for one in PracticeAnswer.objects.newest().order_by("approved_at", "pk") if has_moved(one)]
