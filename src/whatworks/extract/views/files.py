"""What is read beside a form: a page of a report as it looks, its text, or the file in the browser's own reader."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from whatworks.collate.documents import place
from whatworks.collate.models import Document
from whatworks.collate.sources.pdf_pages import picture_of, words_of
from whatworks.extract.models import Study
from whatworks.extract.views.parts import of_study
from whatworks.people.access import access

# A browser's own reader of PDF files needs to embed and style itself; nothing else may happen in the frame.
READER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
TEXT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
MOST_PAGES = 100_000  # of a file that is not read yet
KEPT = "private, max-age=31536000, immutable"  # a file never changes: another one is another document
NO_TEXT = {
    Document.WAITING: gettext_lazy("Its text is being read; look again in a minute."),
    Document.SCANNED: gettext_lazy("Its pages are pictures without text. Read the file, and type the quote."),
    Document.LOCKED: gettext_lazy("It is locked with a password. Add a copy that opens."),
    Document.BROKEN: gettext_lazy("It could not be read. Add another copy."),
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
def page(request: HttpRequest, study: Study, document: str) -> HttpResponse:
    """One page as it looks, its words in their places, so that they can be selected as a quote; counted from 1."""
    held = _told_by(study, document)
    path, number = place(held), _asked(request, held.pages or MOST_PAGES)
    found = words_of(path, number) if path.is_file() else None
    shown = _around(study, held, number, found.pages if found else 0) | {"found": found}
    if found is None:
        shown["absent"] = NO_TEXT.get(held.state, "This page cannot be shown as it looks; read its text, or the file.")
    return _framed(request, "extract/page_as_it_looks.html", shown)


@access("extract.study")
@require_GET
@of_study
def picture(request: HttpRequest, study: Study, document: str, number: int) -> HttpResponse:
    """The picture of a page; 404 where it has none."""
    path = place(_told_by(study, document))
    made = picture_of(path, number) if path.is_file() else None
    if made is None:
        raise Http404
    return HttpResponse(made, content_type="image/png", headers={"Cache-Control": KEPT})


@access("extract.study")
@require_GET
@of_study
@xframe_options_sameorigin
def text(request: HttpRequest, study: Study, document: str) -> HttpResponse:
    """The text of one page, in which words can be selected as a quote; pages are counted from 1."""
    held = _told_by(study, document)
    pages = held.text.split("\f") if held.text else []
    number = _asked(request, max(len(pages), 1))
    shown = _around(study, held, number, len(pages)) | {"words": pages[number - 1] if pages else ""}
    return _framed(request, "extract/text_page.html", shown)


def _asked(request: HttpRequest, most: int) -> int:
    asked = request.GET.get("page", "1")
    return min(max(int(asked), 1), most) if asked.isdecimal() and len(asked) < 7 else 1


def _around(study: Study, held: Document, number: int, pages: int) -> dict[str, Any]:
    shown = {"study": study, "document": held, "page": number, "of": pages, "before": number - 1}
    absent = NO_TEXT.get(held.state, "There is no text on this page.")
    return shown | {"after": number + 1 if number < pages else 0, "absent": absent}


def _framed(request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    response = render(request, template, shown)
    response.headers["Content-Security-Policy"] = TEXT
    return response
