"""Which questions a page or a guide answers, and how a question's page tells its answer."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.ledger.sections import Section, offer
from whatworks.publish.models import Page, Revision
from whatworks.publish.presenters import stale_notice
from whatworks.publish.writing.withdrawing import notice_of
from whatworks.scope.models import Question


def page_that(answer: str | None) -> Page | None:
    """The page that an answer means: itself, one of its revisions, or what it is about; None for anything else."""
    if not answer:
        return None
    held = Page.objects.filter(pk=answer) | Page.objects.filter(intervention=answer)
    found = held.first()
    if found is None:
        revision = Revision.objects.filter(pk=answer).select_related("page").defer("content").first()
        found = revision.page if revision else None
    return found


def answers_of(page: Page) -> list[str]:
    """Everything that, named as an answer, means this page."""
    return [page.pk, page.intervention_id, *page.revisions.values_list("pk", flat=True)]


def checked_again(answer: str | None) -> str:
    """Why the page that an answer means is being checked again; empty where it is not."""
    page = page_that(answer)
    newest = page.newest() if page else None
    notice = stale_notice(newest) if newest else None
    return notice["text"] if notice else ""


def out_of_use(answer: str | None) -> dict[str, Any] | None:
    """Since which day, and why, the page that an answer means is withdrawn; None where it is in use."""
    page = page_that(answer)
    return notice_of(page) if page else None


def questions_answered(intervention: str) -> Section | None:
    """On a page: the questions it answers; nothing where nobody said that it answers one."""
    page = Page.objects.filter(intervention=intervention).first()
    held = Question.objects.filter(answer__in=answers_of(page)).order_by("asked_on", "pk") if page else []
    rows = list(held)
    if not rows:
        return None
    title = ngettext("The question it answers", "The questions it answers", len(rows))
    return Section(title, render_to_string("publish/_questions_here.html", {"questions": rows}))


def answer_of(question: str) -> Section | None:
    """On a question's page: what the page that answers it says now, and whether that is being checked."""
    held = Question.objects.filter(pk=question).first()
    page = page_that(held.answer_id) if held else None
    revision = page.newest() if page else None
    if page is None or revision is None:
        return None
    told = {
        "page": page,
        "revision": revision,
        "answer": revision.content["answer"],
        "stale": stale_notice(revision),
        "gone": notice_of(page),
    }
    return Section(_("The answer"), render_to_string("publish/_answer_here.html", told))


offer("intervention", questions_answered, order=10)
offer(Question.kind, answer_of, order=10)
