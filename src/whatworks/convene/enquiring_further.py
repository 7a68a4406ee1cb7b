"""What becomes of an enquiry for everybody: an answer in the disclosure log, a question that the centre takes up, word to those
who asked once it is answered."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.convene import enquiring
from whatworks.convene.enquiring_letters import write
from whatworks.convene.methods.identifying import REASONS, likely_identifiers
from whatworks.convene.methods.identifying_rewritten import carries
from whatworks.convene.models import Disclosure, Enquiry, Quarantined, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Subject
from whatworks.publish.models import Guide, Page
from whatworks.saying import said
from whatworks.scope.models import Outcome, Question, Theme
from whatworks.scope.questioning import answer_question, take_up

TOLD = "told"


def refuse_their_words(public: str, enquiry: Enquiry) -> None:
    """Raise InputError where a public wording names somebody, or carries the words in which somebody asked."""
    for one in likely_identifiers(public):
        raise InputError(
            said(
                "“%(words)s” looks like %(reason)s; everybody will read this, so leave it out.",
                words=public[one.start : one.end],
                reason=REASONS[one.reason],
            )
        )
    apart = Quarantined.objects.filter(text=enquiry.text).values_list("content", flat=True).first()
    if run := carries(public, apart or enquiry.text.content):
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
    held.question = question
    held.save(update_fields=["question"])
    enquiring.happened(held, "question", timezone.localdate(), by=by)
    return question


@transaction.atomic
def link_question(*, by: str, enquiry: Enquiry, question: Question) -> Enquiry:
    """Say that an enquiry asks a question that was taken up already."""
    held = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if held.question_id:
        raise ConflictError(said("This enquiry became a question already."))
    held.question = question
    held.save(update_fields=["question"])
    enquiring.happened(held, "question", timezone.localdate(), by=by)
    return held


@transaction.atomic
def answer_and_tell(*, by: str, question: Question, answer: str) -> int:
    """Say what answers a question (the identifier of a page or guide), and tell everybody who asked. Returns how many."""
    answer_question(by=by, question=question, answer=answer)
    return tell_enquirers(by=by, subject=answer)


@transaction.atomic
def tell_enquirers(*, by: str, subject: str) -> int:
    """Write to everybody whose question this answers, or who asked this question; each once. Returns how many.

    For those who left no e-mail address it stands at their private address. Higher rooms call it when a page is published.
    """
    asked = Question.objects.filter(answer=subject) | Question.objects.filter(pk=subject)
    rows = Enquiry.objects.filter(question__in=asked).exclude(text__state=Text.DELETED).exclude(state=Enquiry.WITHDRAWN)
    told = 0
    for enquiry in rows.select_related("text", "question").order_by("pk"):
        answer = enquiry.question.answer_id if enquiry.question else None
        if answer is None or enquiry.history.filter(what=TOLD, to=answer).exists():
            continue
        words = _("Something we published answers a question like yours: %(title)s\n%(address)s") % _named(answer)
        write(enquiry=enquiry, by=by, words=words)
        enquiring.happened(enquiry, TOLD, timezone.localdate(), by=by, to=answer)
        told += 1
    return told


def _named(identifier: str) -> dict[str, str]:
    return {
        "title": Subject.objects.get(pk=identifier).title,
        "address": settings.BASE_URL + (path_of(identifier) or "/"),
    }


def path_of(identifier: str) -> str:
    """Where something published that can answer a question is read; empty for other things."""
    if (page := Page.objects.filter(pk=identifier).first()) is not None:
        return f"/evidence/{page.slug}/"
    if (guide := Guide.objects.filter(pk=identifier).first()) is not None:
        return f"/guides/{guide.slug}/"
    return ""
