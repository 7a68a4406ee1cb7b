"""What is read beside a form: a report's file in the browser's own reader, or the text of one of its pages."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from whatworks.collate.documents import place
from whatworks.collate.models import Document
from whatworks.extract.models import Study
from whatworks.extract.views.parts import of_study
from whatworks.people.access import access

# A browser's own reader of PDF files needs to embed and style itself; nothing else may happen in the frame.
READER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
TEXT = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
NO_TEXT = {
    Document.WAITING: "Its text is being read; look again in a minute.",
    Document.SCANNED: "Its pages are pictures without text. Read the file, and type the quote.",
    Document.LOCKED: "It is locked with a password. Add a copy that opens.",
    Document.BROKEN: "It could not be read. Add another copy.",
}


def _told_by(study: Study, document: str) -> Document:
    """A file of a report that tells of the study; 404 for any other."""
    held = get_object_or_404(Document.objects.select_related("report"), pk=document)
    speaks = held.report.merged_into_id or held.report_id
    if not study.tellings.filter(report__in=[held.report_id, speaks]).exists():
        raise Http404
    return held


@access("extract.study")
@require_GET
@of_study
@xframe_options_sameorigin
def file(request: HttpRequest, study: Study, document: str) -> HttpResponse:
    """The file as it came."""
    held = _told_by(study, document)
    path = place(held)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), filename=held.filename, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = READER
    return response


@access("extract.study")
@require_GET
@of_study
@xframe_options_sameorigin
def text(request: HttpRequest, study: Study, document: str) -> HttpResponse:
    """The text of one page, in which words can be selected as a quote; pages are counted from 1."""
    held = _told_by(study, document)
    pages = held.text.split("\f") if held.text else []
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), max(len(pages), 1)) if asked.isdecimal() and len(asked) < 7 else 1
    shown = {
        "study": study,
        "document": held,
        "page": page,
        "of": len(pages),
        "words": pages[page - 1] if pages else "",
    }
    shown |= {"before": page - 1, "after": page + 1 if page < len(pages) else 0}
    shown["absent"] = NO_TEXT.get(held.state, "There is no text on this page.")
    response = render(request, "extract/text_page.html", shown)
    response.headers["Content-Security-Policy"] = TEXT
    return response
