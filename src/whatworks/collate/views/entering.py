"""Where people enter a report that no database exports, keep its file, and take the file out again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.actions import source_named
from whatworks.collate.documents import keep_document, place
from whatworks.collate.entering import FIRST_YEAR, LAST_YEAR, SORTS, Details, enter_report
from whatworks.collate.forms_places import PlaceForm, known_source, named_source
from whatworks.collate.models import Document, Report
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.spoken import spoken

STATES = {
    Document.WAITING: gettext_lazy("Its text is being looked for."),
    Document.READ: gettext_lazy("Its text can be searched."),
    Document.SCANNED: gettext_lazy("Its pages are pictures: there is no text to search."),
    Document.LOCKED: gettext_lazy("It needs a password, so its text cannot be searched."),
    Document.BROKEN: gettext_lazy("It could not be read, so its text cannot be searched. The file is kept as it came."),
}
PDF = forms.FileField(label=gettext_lazy("The report itself, as a PDF"), required=False)


class ReportForm(PlaceForm):
    """A report as its title page gives it."""

    one_of_two = gettext_lazy("Choose where it was found, or name it; one of the two.")

    title = forms.CharField(label=gettext_lazy("Title"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
    sort = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=list(SORTS.items()))
    authors = forms.CharField(
        label=gettext_lazy("Authors"),
        help_text=gettext_lazy("One a line, family name first: Surname, Given names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    body = forms.CharField(
        label=gettext_lazy("Who published it?"),
        help_text=gettext_lazy("A council, a charity, a university."),
        required=False,
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        help_text=gettext_lazy("Leave it empty if it is not given."),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        required=False,
    )
    number = forms.CharField(label=gettext_lazy("Report number, if it has one"), max_length=120, required=False)
    url = forms.URLField(label=gettext_lazy("Address"), assume_scheme="https", max_length=600, required=False)
    doi = forms.CharField(label=gettext_lazy("DOI, if it has one"), max_length=200, required=False)
    abstract = forms.CharField(
        label=gettext_lazy("Abstract or summary"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=50_000,
        required=False,
    )
    file = PDF
    source = known_source(gettext_lazy("Where was it found?"))
    new_source = named_source()

    def details(self) -> Details:
        """What was typed."""
        given = self.cleaned_data
        words = {name: given[name] for name in ("title", "sort", "body", "year", "number", "url", "doi", "abstract")}
        return Details(authors=tuple(given["authors"].splitlines()), **words)


@access("collate.match")
def enter(request: HttpRequest) -> HttpResponse:
    """Enter one report by hand."""
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by = request.user.actor
        try:
            source = form.cleaned_data["source"] or source_named(
                by=by, name=form.cleaned_data["new_source"], sort="website"
            )
            report = enter_report(by=by, source=source, details=form.details(), **_pdf(form.cleaned_data["file"]))
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(
                request, _("Entered: “%(title)s”. Enter another, or see its files below.") % {"title": report.title}
            )
            return redirect("report_files", report.pk)
    return render(request, "collate/enter.html", {"form": form})


def _pdf(file: UploadedFile | None) -> dict[str, Any]:
    return {"pdf": file.chunks(), "pdf_name": file.name or "report.pdf"} if file else {}


class FileForm(forms.Form):
    """A file of a report."""

    file = forms.FileField(
        label=gettext_lazy("A PDF of this report"),
        error_messages={"empty": gettext_lazy("The file is empty; choose it again.")},
    )


@access("collate.match")
def report_files(request: HttpRequest, identifier: str) -> HttpResponse:
    """The files of a report: what came of reading each, and the form to add one."""
    report = get_object_or_404(Report, pk=identifier)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            keep_document(by=request.user.actor, report=report, chunks=file.chunks(), filename=file.name)
        except WhatworksError as error:
            form.add_error("file", spoken(error))
        else:
            messages.success(request, _("Kept. Its text is looked for now."))
            return redirect("report_files", report.pk)
    files = [_file(one) for one in report.documents.order_by("filename", "pk")]
    return render(request, "collate/files.html", {"report": report, "files": files, "form": form})


def _file(document: Document) -> dict[str, Any]:
    return {
        "identifier": document.pk,
        "name": document.filename,
        "size": document.size,
        "pages": document.pages,
        "words": STATES[document.state],
    }


@access("collate.match")
def document(request: HttpRequest, identifier: str) -> FileResponse:
    """A file as it came, to be saved and not shown: what is in it is not ours and nothing in it shall run here."""
    held = get_object_or_404(Document, pk=identifier)
    path = place(held)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=held.filename, content_type="application/pdf")
