"""Consultations: questions are put, people answer by form or in a file, and take their answer back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.convene import guarding
from whatworks.convene.models import Answer, Consultation, Response
from whatworks.convene.private_addresses import digest_of, made
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said

SORTS = ("choice", "scale", "text")
MOST = 2_000  # rows of one file


@transaction.atomic
def open_consultation(
    *, by: str, title: str, slug: str = "", questions: Sequence[Mapping[str, Any]] = (), facts: Sequence[Mapping[str, str]] = (),
    **told: Any,
) -> Consultation:  # fmt: skip
    """Put questions to people. Raises InputError for a question that is none."""
    name = " ".join(title.split())
    key = slug or slugify(name)[:80].strip("-")
    if not key or Consultation.objects.filter(slug=key).exists():
        raise ConflictError(
            said("There is a consultation called “%(name)s” already, or it has no name; give it another.", name=name)
        )
    kept = [_question(one) for one in questions]
    if len({one["key"] for one in kept}) < len(kept):
        raise InputError(said("Two questions have the same key."))
    if (told.get("opens_on") is None) != (told.get("closes_on") is None) or (told.get("opens_on") and not kept):
        raise InputError(said("A consultation that is open needs a first day, a last day and a question."))
    consultation: Consultation = Consultation.objects.register(
        Consultation.derived(key), slug=key, title=name, questions=kept, facts=[dict(one) for one in facts], **told
    )
    record(verb="convene.consult-open", by=by, made=[consultation])
    return consultation


def _question(told: Mapping[str, Any]) -> dict[str, Any]:
    key, sort, words = (str(told.get(name, "")).strip() for name in ("key", "sort", "words"))
    options = [str(one).strip() for one in told.get("options", [])]
    if not key.isidentifier() or sort not in SORTS or not words:
        raise InputError(
            said("A question has a key (letters and figures), a sort (%(sorts)s) and words.", sorts=", ".join(SORTS))
        )
    if sort == "choice" and len(set(options)) < 2:
        raise InputError(said("The question “%(key)s” needs two options or more.", key=key))
    return {"key": key, "sort": sort, "words": words, "options": options}


@transaction.atomic
def respond(
    *, consultation: Consultation, answers: Mapping[str, str], scope: str = "count", by: str = guarding.PUBLIC_ACTOR,
    origin: str = "form",
) -> tuple[Response, str]:  # fmt: skip
    """One person's answers. `scope`: only counted, or may be quoted. Returns the response and the end of its private address."""
    if origin == "form" and not Consultation.objects.asking(timezone.localdate()).filter(pk=consultation.pk).exists():
        raise ConflictError(said("This consultation does not take answers today."))
    if scope not in ("count", "quote"):
        raise InputError(said("Say whether the answer is only counted or may be quoted."))
    chosen, own = _sorted_out(consultation, answers)
    if not chosen and not own:
        raise InputError(said("No question was answered; answer one."))
    token, digest = made()
    response = Response.objects.create(
        pk=Response.fresh(), consultation=consultation, answers=chosen, scope=scope, origin=origin, token=digest,
        on=timezone.localdate(),
    )  # fmt: skip
    held = Consultation.objects.select_for_update().get(pk=consultation.pk)
    number = held.own_words.count()
    for question, words in own.items():
        number += 1
        text = guarding.take(kind="response", content=words, about=consultation.subject_id, by=by)
        Answer.objects.create(
            pk=Answer.fresh(), response=response, consultation=consultation, question=question, number=number, text=text
        )
    record(verb="convene.consult-answer", by=by, about=[consultation])
    return response, token


def _sorted_out(consultation: Consultation, answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was chosen, and what was said in own words. Raises InputError for a choice that is not offered."""
    chosen: dict[str, str] = {}
    own: dict[str, str] = {}
    for one in consultation.questions:
        value = answers.get(one["key"], "").strip()
        if not value:
            continue
        if one["sort"] == "text":
            own[one["key"]] = value
            continue
        if value not in (one["options"] if one["sort"] == "choice" else list("12345")):
            raise InputError(
                said("“%(value)s” is no answer to “%(question)s”.", value=value[:60], question=one["words"])
            )
        chosen[one["key"]] = value
    return chosen, own


@transaction.atomic
def upload(
    *, by: str, consultation: Consultation, question: str, table: str, column: str, scope: str, name: str
) -> int:
    """Free text from elsewhere: one answer for each row of a CSV. Returns how many. Empty cells are left out.

    Raises InputError for a column or question that is not there, or a file of more than 2,000 rows.
    """
    if question not in [one["key"] for one in consultation.questions if one["sort"] == "text"]:
        raise InputError(said("“%(question)s” is no question with free text of this consultation.", question=question))
    rows = csv.DictReader(io.StringIO(table))
    if column not in (rows.fieldnames or []):
        raise InputError(
            said(
                "The file has no column “%(column)s”; it has %(known)s.",
                column=column,
                known=", ".join(rows.fieldnames or []),
            )
        )
    words = [text for row in rows if (text := (row[column] or "").strip())]
    if not words or len(words) > MOST:
        raise InputError(said("The file has %(n)s answers; it may have from 1 to %(most)s.", n=len(words), most=MOST))
    for text in words:
        respond(consultation=consultation, answers={question: text}, scope=scope, by=by, origin=f"file: {name}"[:200])
    return len(words)


def by_token(token: str) -> Response | None:
    """The response of a private address."""
    return Response.objects.select_related("consultation").filter(token=digest_of(token)).first()


@transaction.atomic
def change_scope(*, response: Response, scope: str, by: str = guarding.PUBLIC_ACTOR) -> Response:
    """Allow or no longer allow that the answer is quoted: a report that is built after this follows it."""
    if scope not in ("count", "quote"):
        raise InputError(said("Say whether the answer is only counted or may be quoted."))
    Response.objects.filter(pk=response.pk).update(scope=scope)
    record(verb="convene.consult-scope", by=by, about=[response.consultation_id], payload={"scope": scope})
    response.scope = scope
    return response


@transaction.atomic
def withdraw(*, response: Response, by: str = guarding.PUBLIC_ACTOR) -> None:
    """Take an answer back: its words are deleted for good, and no report shows it again. The count says how many did."""
    for answer in response.own_words.select_related("text"):
        guarding.delete(by=by, text=answer.text)
        answer.suggestions.all().delete()
    Response.objects.filter(pk=response.pk, withdrawn_on=None).update(withdrawn_on=timezone.localdate(), answers={})
    record(verb="convene.consult-withdraw", by=by, about=[response.consultation_id])


def counts(consultation: Consultation) -> list[dict[str, Any]]:
    """How often each choice was made; people chose to answer, so these are counts and say nothing of the public."""
    held = list(consultation.responses.filter(withdrawn_on=None).values_list("answers", flat=True))
    found = []
    for one in consultation.questions:
        if one["sort"] == "text":
            continue
        options = one["options"] if one["sort"] == "choice" else list("12345")
        given = [answers[one["key"]] for answers in held if one["key"] in answers]
        found.append({**one, "answered": len(given), "counts": [(option, given.count(option)) for option in options]})
    return found
