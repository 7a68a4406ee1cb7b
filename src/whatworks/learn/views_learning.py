"""Lessons on the centre's own numbers, and the journal-club kit of a page: public, and without a cookie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from whatworks.learn.explaining import example_of, explainers
from whatworks.learn.explaining_trying import TRIES
from whatworks.learn.journal import kit_of
from whatworks.learn.journal_papers import PAPERS, dated, outcome_of
from whatworks.ledger.canonical import digest
from whatworks.people.access import PUBLIC, access
from whatworks.publish.formats.downloads import base
from whatworks.publish.formats.keeping import kept
from whatworks.publish.formats.views import WithdrawnError
from whatworks.publish.presenters import stale_notice
from whatworks.publish.views import newest_of
from whatworks.publish.writing.withdrawing import notice_of
from whatworks.saying import said


@access(PUBLIC)
def understand(request: HttpRequest) -> HttpResponse:
    """Every lesson."""
    return render(request, "learn/understand.html", {"explainers": explainers()})


@access(PUBLIC)
def explainer(request: HttpRequest, slug: str) -> HttpResponse:
    """One lesson: its words, a published example, something to try, two questions."""
    every = explainers()
    held = next((one for one in every if one.slug == slug), None)
    if held is None:
        raise Http404
    at = every.index(held)
    told = {
        "lesson": held,
        "example": example_of(held.example),
        "tried": TRIES[held.try_it](request.GET),
        "after": every[at + 1] if at + 1 < len(every) else None,
        "words": [{"word": word, "key": slugify(word)} for word in held.words],
    }
    return render(request, "learn/explainer.html", told)


@access(PUBLIC)
def journal_club(request: HttpRequest, slug: str) -> HttpResponse:
    """The kit of a page as it is now."""
    page, revision = newest_of(slug)
    kit = kit_of(page, revision)
    told = {
        "kit": kit,
        "here": reverse("journal_club", args=[slug]),
        "dated": dated(kit),
        "outcomes": [outcome_of(one) for one in kit.outcomes],
        "papers": [{"name": name, "words": one.words} for name, one in PAPERS.items()],
        "stale": stale_notice(revision),
        "gone": notice_of(page),
    }
    return render(request, "learn/journal.html", told)


@access(PUBLIC)
def journal_paper(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The kit as a file."""
    page, revision = newest_of(slug)
    if gone := notice_of(page):
        raise WithdrawnError(
            said("“%(title)s” was withdrawn on %(on)s: %(why)s", title=page.title, on=gone["on"], why=gone["why"])
        )
    form, kit = PAPERS[name], kit_of(page, revision)
    body, _digest = kept(
        (revision.pk, digest(repr(kit)), f"journal {name}", base()),
        lambda: form.make(kit, base(), revision.approved_at),
    )
    manner = "attachment" if name.endswith("docx") else "inline"
    called = f"{slug}-journal-club.{name.rpartition('.')[2]}"
    return HttpResponse(
        body, content_type=form.type,
        headers={"Content-Disposition": f'{manner}; filename="{called}"'},
    )  # fmt: skip
