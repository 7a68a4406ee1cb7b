"""Calls as everybody sees them: what is open, by which rules, who was chosen and why, how sure the order was."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from whatworks.commission import giving
from whatworks.commission.models import Award, Call, CallVersion, LotDraw
from whatworks.commission.presenters import call_page, calls_list
from whatworks.commission.summary import summary
from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, access


@access(PUBLIC)
def calls(request: HttpRequest) -> HttpResponse:
    """Every call that was published."""
    return render(request, "commission/calls.html", {"calls": calls_list(), "awards": Award.objects.real().exists()})


@access(PUBLIC)
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """One call."""
    held = _shown(slug)
    told = {"call": call_page(held), "sections": sections.about(Call.kind, held.pk)}
    return render(request, "commission/call.html", told)


@access(PUBLIC)
def rules_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A published version of a call's rules, as the file whose digest was locked."""
    held = get_object_or_404(CallVersion.objects.exclude(lock=None), call=_shown(slug), number=number)
    return _file(held.text, f"{slug}-rules-{number}.toml", "application/toml; charset=utf-8")


@access(PUBLIC)
def lot_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The record of a call's lot, from which anybody can draw again; once the call is decided."""
    held = get_object_or_404(LotDraw, call=_shown(slug), call__state="decided")
    return _file(held.document, f"{slug}-lot.json", "application/json")


@access(PUBLIC)
def awards_csv(request: HttpRequest) -> HttpResponse:
    """Awards of real bodies, for a spreadsheet."""
    return _file(giving.as_csv(), "awards.csv", "text/csv; charset=utf-8")


@access(PUBLIC)
def awards_json(request: HttpRequest) -> HttpResponse:
    """Awards of real bodies, by the 360Giving standard."""
    return _file(giving.as_json(), "awards.json", "application/json")


@access(PUBLIC)
def summary_file(request: HttpRequest, identifier: str, form: str) -> HttpResponse:
    """What one award is and where it stands, on a page."""
    from whatworks.trial.reports.pdf import pdf
    from whatworks.trial.reports.word import word

    made = summary(get_object_or_404(Award.objects.select_related("call", "area"), pk=identifier))
    kind = (
        "application/pdf"
        if form == "pdf"
        else "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    body = pdf(made) if form == "pdf" else word(made)
    return _file(body, f"{identifier}-summary.{form}", kind)


def _shown(slug: str) -> Call:
    """A call that was published; one in draft does not exist for readers."""
    held: Call = get_object_or_404(Call, slug=slug)
    if held.state == "draft":
        raise Http404
    return held


def _file(body: str | bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
