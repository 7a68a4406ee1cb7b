"""The full texts of reports: shown beside the record, and said not to be had, or to be had after all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from whatworks.collate.documents import place
from whatworks.collate.models import Document
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.screen.deciding import set_retrieved
from whatworks.screen.methods.protocol import FULL_TEXT
from whatworks.screen.models import Candidate, Review
from whatworks.screen.views.screening import closed_to_others
from whatworks.spoken import spoken

MOST = 500  # listed on one page
# A browser's own reader of PDF files needs to embed and style itself; nothing else may happen in the frame.
READER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@access("screen.say")
@require_GET
@closed_to_others
@xframe_options_sameorigin
def file(request: HttpRequest, review: Review, identifier: str) -> HttpResponse:
    """A file of a report that is up at full text, to be read in the browser's own reader, which runs none of it here."""
    held = get_object_or_404(Document.objects.select_related("report"), pk=identifier)
    group = Q(report=held.report_id) | Q(report__merged_into=held.report.merged_into_id or held.report_id)
    group |= Q(report=held.report.merged_into_id) if held.report.merged_into_id else Q()
    path = place(held)
    if not Candidate.objects.at(review, FULL_TEXT).filter(group).exists() or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), filename=held.filename, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = READER
    return response


@access("screen.say")
@require_POST
@closed_to_others
def retrieved(request: HttpRequest, review: Review, identifier: str) -> HttpResponse:
    """Say that a full text could not be had, or that it could after all."""
    held = get_object_or_404(Candidate, pk=identifier, review=review, stage=FULL_TEXT)
    had = request.POST.get("retrieved") == "yes"
    try:
        set_retrieved(by=request.user.actor, candidate=held.pk, retrieved=had)
    except WhatworksError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("It is up for a decision again.") if had else _("Noted: it could not be had."))
    return redirect("screen_not_had" if had else "screen_full-text", review.slug)


@access("screen.say")
@require_GET
@closed_to_others
def not_had(request: HttpRequest, review: Review) -> HttpResponse:
    """The reports whose full text could not be had, each with the way back."""
    rows = Candidate.objects.at(review, FULL_TEXT).filter(state=Candidate.UNRETRIEVED).select_related("report")
    listed: list[dict[str, Any]] = [
        {"candidate": one.pk, "title": one.report.title, "citation": one.report.citation(), "link": one.report.link()}
        for one in rows.order_by("report__title", "pk")[:MOST]
    ]
    told = {"review": review, "reports": listed, "total": rows.count()}
    return render(request, "screen/screening_not_had.html", told)
