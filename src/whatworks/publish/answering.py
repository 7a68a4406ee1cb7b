"""Which questions a page or a guide answers, and how a question's page tells its answer."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.ledger.sections import Section, offer
from whatworks.publish.guides.presenters import gone_of, stale_of
from whatworks.publish.models import Guide, GuideRevision, Page, Revision
from whatworks.publish.presenters import stale_notice
from whatworks.publish.writing.withdrawing import notice_of
from whatworks.scope.models import Question

Said = dict[str, Any]


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


def guide_that(answer: str | None) -> Guide | None:
    """The guide that an answer means: itself or one of its revisions; None for anything else."""
    return (Guide.objects.filter(pk=answer) | Guide.objects.filter(revisions=answer)).first() if answer else None


def what_answers(answer: str | None) -> Page | Guide | None:
    """The page or the guide that an answer means; None for anything else."""
    return page_that(answer) or guide_that(answer)


def answers_of(held: Page | Guide) -> list[str]:
    """Everything that, named as an answer, means this page or this guide."""
    about = [held.intervention_id] if isinstance(held, Page) else []
    return [held.pk, *about, *held.revisions.values_list("pk", flat=True)]


def out_of_use(answer: str | None) -> Said | None:
    """Since which day, and why, the page or guide that an answer means is withdrawn; None where it is in use."""
    return _gone(what_answers(answer))


def standing_of(answer: str | None) -> Said:
    """How the page or guide that an answer means stands today: why it is `checked` again, since when it is `gone` and why."""
    held = what_answers(answer)
    newest = held.newest() if held else None
    stale = _stale(newest) if newest else None
    return {"checked": stale["text"] if stale else "", "gone": _gone(held)}


def _gone(held: Page | Guide | None) -> Said | None:
    if held is None:
        return None
    return notice_of(held) if isinstance(held, Page) else gone_of(held)


def _stale(newest: Revision | GuideRevision) -> dict[str, str] | None:
    return stale_notice(newest) if isinstance(newest, Revision) else stale_of(newest)


def _said(answer: str | None) -> Said | None:
    """What the newest revision of a page or a guide says, where it is, and whether it stands; None before there is one."""
    held = what_answers(answer)
    newest = held.newest() if held else None
    if held is None or newest is None:
        return None
    guide, words = isinstance(held, Guide), newest.content["answer"]
    return {
        "guide": guide, "title": held.title, "href": reverse("guide" if guide else "page", args=[held.slug]),
        "number": newest.number, "stale": _stale(newest), "gone": _gone(held),
        "strong": "" if guide else words["strong"], "runs": words if guide else [words["rest"]],
    }  # fmt: skip


def questions_answered(held: Page | Guide | None) -> Section | None:
    """The questions that a page or a guide answers; nothing where nobody said that it answers one."""
    rows = list(Question.objects.filter(answer__in=answers_of(held)).order_by("asked_on", "pk")) if held else []
    if not rows:
        return None
    title = ngettext("The question it answers", "The questions it answers", len(rows))
    return Section(title, render_to_string("publish/_questions_here.html", {"questions": rows}))


def of_page(intervention: str) -> Section | None:
    """On the page of an intervention: the questions it answers."""
    return questions_answered(Page.objects.filter(intervention=intervention).first())


def of_guide(guide: str) -> Section | None:
    """On the page of a guide: the questions it answers."""
    return questions_answered(Guide.objects.filter(pk=guide).first())


def answer_of(question: str) -> Section | None:
    """On a question's page: what the page or guide that answers it says now, and whether that is being checked."""
    held = Question.objects.filter(pk=question).first()
    said = _said(held.answer_id) if held else None
    return Section(_("The answer"), render_to_string("publish/_answer_here.html", said)) if said else None


offer("intervention", of_page, order=10)
offer(Guide.kind, of_guide, order=10)
offer(Question.kind, answer_of, order=10)
