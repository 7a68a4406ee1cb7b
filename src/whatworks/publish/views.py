"""Public pages: authorise, call one thing, respond."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from whatworks.collate.models import Report
from whatworks.errors import InputError
from whatworks.extract.models import Study
from whatworks.ledger import sections
from whatworks.ledger.sharing import once, shared
from whatworks.people.access import PUBLIC, access
from whatworks.publish import listing, records
from whatworks.publish.models import Page, Revision
from whatworks.publish.page.here import here
from whatworks.publish.page.noticed import noticed_behind
from whatworks.publish.page.starting import starting
from whatworks.publish.page.team import team
from whatworks.publish.presenters import document, revisions_of, stale_notice
from whatworks.publish.stored import stored
from whatworks.publish.tracing import thread as tracing
from whatworks.screen.models import Review


@shared
def newest_of(slug: str) -> tuple[Page, Revision]:
    """The page at an address and the revision of it that readers see; 404 where there is none."""
    held = Revision.objects.filter(page__slug=slug).select_related("page__intervention")
    revision = held.order_by("-number").first()
    if revision is None:
        raise Http404
    return revision.page, revision


@shared
def revision_of(slug: str, number: int) -> tuple[Page, Revision]:
    """One revision of the page at an address; 404 where there is none."""
    page, newest = newest_of(slug)
    return page, newest if number == newest.number else get_object_or_404(Revision, page=page, number=number)


def _render_page(request: HttpRequest, page: Page, revision: Revision, *, older: bool) -> HttpResponse:
    content = dict(once(("document", revision.pk), lambda: document(page, revision)))
    if older:  # what came after it belongs to the newest
        content["history"] = [one for one in content["history"] if one["revision"] <= revision.number]
    context = {
        "page": content,
        "older": older,
        "stale": None if older else stale_notice(revision),
        "noticed": [] if older else noticed_behind(revision.pk),
        "sections": [] if older else sections.about("intervention", page.intervention_id),
        "here": here(content, request.GET),
        "starting": starting(content, request.GET),
        "team": team(content),
    }
    return render(request, "publish/page.html", context)


@access(PUBLIC)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest approved revision of a page."""
    return _render_page(request, *newest_of(slug), older=False)


@access(PUBLIC)
def page_revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One revision of a page, kept as it was approved and as it was first served."""
    held, revision = revision_of(slug, number)
    return stored(request, revision, lambda: _render_page(request, held, revision, older=True))


@access(PUBLIC)
def page_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every revision of a page."""
    held, _ = newest_of(slug)
    return render(request, "publish/history.html", {"page": held, "revisions": revisions_of(held)})


@access(PUBLIC)
def trace(request: HttpRequest, identifier: str) -> HttpResponse:
    """The thread from a number to its source."""
    try:
        thread = tracing.trace(identifier)
    except InputError as error:
        raise Http404(str(error)) from error
    may = request.user.may if request.user.is_authenticated else lambda permission: False
    context = {"trace": thread, "may_correct": may("extract.correct"), "may_sign": may("rate.sign")}
    return render(request, "publish/trace.html", context)


@access(PUBLIC)
def reviews(request: HttpRequest) -> HttpResponse:
    """All reviews."""
    return render(
        request,
        "publish/reviews.html",
        {"reviews": [listing.review_entry(one) for one in Review.objects.listed().order_by("title")]},
    )


@access(PUBLIC)
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """One review: searches, flow, decisions, results."""
    number = request.GET.get("page", "1")
    shown = Review.objects.all() if request.user.is_authenticated else Review.objects.listed()
    held = get_object_or_404(shown, slug=slug)
    return render(
        request,
        "publish/review.html",
        {
            "review": records.review_page(held, int(number) if number.isdecimal() else 1),
            "sections": sections.about(Review.kind, held.pk),
        },
    )


@access(PUBLIC)
def report(request: HttpRequest, identifier: str) -> HttpResponse:
    """One report."""
    may_match = request.user.is_authenticated and request.user.may("collate.match")
    shown = {"report": records.report_page(get_object_or_404(Report, pk=identifier)), "may_match": may_match}
    return render(request, "publish/report.html", shown)


@access(PUBLIC)
def study(request: HttpRequest, identifier: str) -> HttpResponse:
    """One study."""
    held = get_object_or_404(Study.objects.select_related("review"), pk=identifier)
    told = {"study": records.study_page(held), "sections": sections.about(Study.kind, held.pk)}
    return render(request, "publish/study.html", told)
