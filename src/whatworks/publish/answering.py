"""Which questions a page or a guide answers, and how a question's page tells its answer."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.ledger.sections import Section, offer
from whatworks.publish.guides.presenters import gone_of, stale_of
from whatworks.publish.models import Guide, Page, Revision
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


def answers_of(held: Page | Guide) -> list[str]:
    """Everything that, named as an answer, means this page or this guide."""
    about = [held.intervention_id] if isinstance(held, Page) else []
    return [held.pk, *about, *held.revisions.values_list("pk", flat=True)]


def checked_again(answer: str | None) -> str:
    """Why the page or guide that an answer means is being checked again; empty where it is not."""
    said = _said(answer)
    return said["stale"]["text"] if said and said["stale"] else ""


def out_of_use(answer: str | None) -> Said | None:
    """Since which day, and why, the page or guide that an answer means is withdrawn; None where it is in use."""
    if page := page_that(answer):
        return notice_of(page)
    guide = guide_that(answer)
    return gone_of(guide) if guide else None


def standing_of(answer: str | None) -> Said:
    """How the page or guide that an answer means stands today: why it is `checked` again, since when it is `gone` and why."""
    return {"checked": checked_again(answer), "gone": out_of_use(answer)}


def _said(answer: str | None) -> Said | None:
    """What the newest revision of a page or a guide says, where it is, and whether it stands; None before there is one."""
    page = page_that(answer)
    guide = guide_that(answer) if page is None else None
    if page and (revision := page.newest()):
        return {
            "title": page.title, "href": reverse("page", args=[page.slug]), "number": revision.number, "stale": stale_notice(revision),
            "strong": revision.content["answer"]["strong"], "runs": [revision.content["answer"]["rest"]], "gone": notice_of(page),
        }  # fmt: skip
    if guide and (newest := guide.newest()):
        return {
            "title": guide.title, "href": reverse("guide", args=[guide.slug]), "number": newest.number, "stale": stale_of(newest),
            "strong": "", "runs": newest.content["answer"], "gone": gone_of(guide), "guide": True,
        }  # fmt: skip
    return None


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
