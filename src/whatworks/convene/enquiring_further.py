"""What becomes of an enquiry for everybody: an answer in the disclosure log, a question that the centre takes up, word to those
who asked once it is answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.convene import enquiring
from whatworks.convene.enquiring_letters import write
from whatworks.convene.methods.identifying import REASONS, likely_identifiers
from whatworks.convene.methods.identifying_rewritten import carries
from whatworks.convene.models import Disclosure, Enquiry, Quarantined, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.addresses import link_to
from whatworks.ledger.fields import PUBLIC
from whatworks.publish.answering import out_of_use
from whatworks.saying import said
from whatworks.scope.models import Outcome, Question, Theme
from whatworks.scope.questioning import answer_question, take_up

TOLD = "told"


def refuse_their_words(public: str, enquiry: Enquiry) -> None:
    """Raise InputError where a public wording names somebody, or carries the words in which somebody asked."""
    apart = Quarantined.objects.filter(text=enquiry.text).values_list("content", flat=True).first()
    refuse_words_of(public, [apart or enquiry.text.content])


def refuse_words_of(public: str, theirs: Iterable[str]) -> None:
    """Raise InputError where a public wording names somebody, or carries what any of these people said."""
    for one in likely_identifiers(public):
        raise InputError(
            said(
                "“%(words)s” looks like %(reason)s; everybody will read this, so leave it out.",
                words=public[one.start : one.end],
                reason=REASONS[one.reason],
            )
        )
    for run in filter(None, (carries(public, words) for words in theirs)):
        raise InputError(
            said(
                "“%(run)s” is how they put it; write it in your own words, so that nobody can be known by it.", run=run
            )
        )


@transaction.atomic
def disclose(
    *, by: str, enquiry: Enquiry, title: str, asked: str, answered: str, outcome: str, exemption: str = ""
) -> Disclosure:
    """Put an answer into the disclosure log: what was asked, in our words, and what we answered."""
    held = Enquiry.objects.select_for_update().select_related("text").get(pk=enquiry.pk)
    _refuse_undisclosable(held)
    told = {"title": " ".join(title.split()), "asked": asked.strip(), "answered": answered.strip()}
    if not all(told.values()):
        raise InputError(said("Give a title, what was asked, and what we answered."))
    for words in told.values():
        refuse_their_words(words, held)
    last = Disclosure.objects.aggregate(last=Max("number"))["last"] or 0
    made: Disclosure = Disclosure.objects.register(
        number=last + 1,
        **told,
        regime=held.regime,
        outcome=outcome,
        exemption=exemption.strip(),
        received_on=held.received_on,
        answered_on=_answered_on(held),
        by=by,
        enquiry=held,
        question_id=held.question_id,
        demonstration=held.demonstration,
    )
    record(verb="convene.disclose", by=by, about=[made], made=[made], audience=PUBLIC)
    return made


def _refuse_undisclosable(held: Enquiry) -> None:
    if held.sort in enquiring.PERSONAL:
        raise InputError(
            said("What was asked about somebody's own data goes to nobody else; it has no place in the log.")
        )
    if held.state not in (Enquiry.ANSWERED, Enquiry.REFUSED):
        raise InputError(said("It is not answered yet; answer it, and put it into the log then."))
    if Disclosure.objects.filter(enquiry=held).exists():
        raise ConflictError(said("It is in the disclosure log already."))


def _answered_on(held: Enquiry) -> datetime.date:
    last = held.history.filter(what__in=("answered", "refused")).order_by("-number").first()
    return last.on if last else timezone.localdate()


@transaction.atomic
def raise_question(
    *, by: str, enquiry: Enquiry, wording: str, theme: Theme | None = None, outcome: Outcome | None = None
) -> Question:
    """Make a question of an enquiry, in our words. Whoever asked is told when something published answers it."""
    held = Enquiry.objects.select_for_update().select_related("text").get(pk=enquiry.pk)
    if held.question_id:
        raise ConflictError(said("This enquiry became a question already."))
    if held.sort in enquiring.PERSONAL:
        raise InputError(said("What was asked about somebody's own data does not become a question."))
    refuse_their_words(wording, held)
    question = take_up(
        by=by,
        wording=wording,
        theme=theme,
        outcome=outcome,
        origin=held.pk,
        origin_kind=Enquiry.kind,
        demonstration=held.demonstration,
    )
    _ask(held, question, by=by)
    return question


@transaction.atomic
def link_question(*, by: str, enquiry: Enquiry, question: Question) -> Enquiry:
    """Say that an enquiry asks a question that was taken up already."""
    held = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if held.question_id:
        raise ConflictError(said("This enquiry became a question already."))
    _ask(held, question, by=by)
    return held


def _ask(held: Enquiry, question: Question, *, by: str) -> None:
    """Tie an enquiry to its question; an answer that is in the log already is tied to it too."""
    held.question = question
    held.save(update_fields=["question"])
    enquiring.happened(held, "question", timezone.localdate(), by=by)
    answer = Disclosure.objects.filter(enquiry=held).first()
    if answer is not None:
        answer.question = question
        answer.save(update_fields=["question"])
        record(verb="convene.disclose", by=by, about=[answer, question], made=[answer], audience=PUBLIC)


@transaction.atomic
def answer_and_tell(*, by: str, question: Question, answer: str) -> int:
    """Say what answers a question (the identifier of a page or guide), and tell everybody who asked. Returns how many."""
    answer_question(by=by, question=question, answer=answer)
    return tell_enquirers(by=by, subject=answer)


@transaction.atomic
def tell_enquirers(*, by: str, subject: str) -> int:
    """Write to everybody whose question this answers, or who asked this question; each once. Returns how many.

    For those who left no e-mail address it stands at their private address. Nobody is told of what is not published yet, or is
    withdrawn: that is done when it is published or put back (`whatworks.convene.telling`).
    """
    told = 0
    for enquiry in who_asked(Question.objects.filter(answer=subject) | Question.objects.filter(pk=subject)):
        assert enquiry.question is not None
        answer = enquiry.question.answer
        if answer is None or enquiry.history.filter(what=TOLD, to=answer.pk).exists():
            continue
        link = link_to(answer)
        if not link["href"] or out_of_use(answer.pk):
            continue
        words = _("Something we published answers a question like yours: %(title)s\n%(address)s") % {
            "title": link["text"],
            "address": settings.BASE_URL + link["href"],
        }
        write(enquiry=enquiry, by=by, words=words)
        enquiring.happened(enquiry, TOLD, timezone.localdate(), by=by, to=answer.pk)
        told += 1
    return told


def who_asked(questions: QuerySet[Question]) -> list[Enquiry]:
    """The enquiries that asked these questions, but for those that were taken back or whose sender was forgotten."""
    rows = Enquiry.objects.filter(question__in=questions).exclude(text__state=Text.DELETED)
    return list(rows.exclude(state=Enquiry.WITHDRAWN).select_related("text", "question__answer").order_by("pk"))
