"""Where reports are taken away: a selection in any form, one report for a reference manager."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.api.limits import address_of, spend
from whatworks.collate.citations import file_text
from whatworks.collate.exporting import FORMS, Form, Rows, chosen, in_pieces, selections, shared
from whatworks.collate.methods.shared import COLUMNS
from whatworks.collate.models import Report
from whatworks.collate.sources.excel_writing import write_rows_xlsx
from whatworks.errors import InputError
from whatworks.people.access import PUBLIC, access
from whatworks.saying import said

PUBLIC_MOST = 10_000  # reports in one file for somebody who is not signed in
COST = 10  # how many reads one file counts for
WORDS = {
    "ris": gettext_lazy("For EndNote, Zotero, Mendeley, EPPI-Reviewer and most other programs."),
    "bibtex": gettext_lazy("For LaTeX and JabRef."),
    "csl": gettext_lazy("For Pandoc, Quarto and programs that make references."),
    "csv": gettext_lazy("A table for any spreadsheet or statistics program."),
    "jsonl": gettext_lazy("One report a line, with the fields of the API."),
    "xlsx": gettext_lazy("A table for Excel."),
}


class TooOftenError(InputError):
    """Somebody asks for more than a machine can give everybody. Says when to come again."""

    http_status = 429


@access(PUBLIC)
def exports(request: HttpRequest) -> HttpResponse:
    """What is selected, and in which forms it can be taken away."""
    inside = _inside(request)
    count = chosen(request.GET, inside=inside).count()
    query = request.GET.urlencode()
    forms = [
        {"name": form.name, "words": WORDS[key], "href": f"/reports/export/{key}/{f'?{query}' if query else ''}"}
        for key, form in FORMS.items()
    ]
    shown = {
        "count": count,
        "forms": forms,
        "said": _said(request),
        "inside": inside,
        "too_many": 0 if inside or count <= PUBLIC_MOST else PUBLIC_MOST,
    }
    return render(request, "collate/exports.html", {"export": shown})


def _said(request: HttpRequest) -> list[tuple[str, str]]:
    """By what the reports are selected, for people."""
    names = {
        "q": _("Search"),
        "year": _("Years"),
        "source": _("Source"),
        "type": _("Type"),
        "import": _("Import"),
        "ids": _("Named"),
    }
    names |= {name: name.capitalize() for name in selections()}
    found = [(words, ", ".join(request.GET.getlist(name))[:200]) for name, words in names.items()]
    return [(words, value) for words, value in found if value]


@access(PUBLIC)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """A selection as one file, sent piece by piece."""
    if form not in FORMS:
        raise Http404
    inside = _inside(request)
    rows = chosen(request.GET, inside=inside)
    if not inside:
        _within_limits(request, rows)
    stamp = timezone.localdate().isoformat()
    return _file(FORMS[form], rows, f"reports-{stamp}.{FORMS[form].ending}", inside=inside)


def _inside(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.may("workspace.enter"))


def _within_limits(request: HttpRequest, rows: Rows) -> None:
    left = spend(address_of(request), COST)
    if left.exceeded:
        raise TooOftenError(
            said("Many files were asked for from your address; ask again in %(renews)s seconds.", renews=left.renews)
        )
    if rows[: PUBLIC_MOST + 1].count() > PUBLIC_MOST:
        raise InputError(
            said(
                "These are more than %(public_most)s reports, too many for one file; narrow them by a search, or "
                "read them page by page at /api/reports.",
                public_most=f"{PUBLIC_MOST:,}",
            )
        )


def _file(form: Form, rows: Rows, name: str, *, inside: bool) -> HttpResponseBase:
    given = in_pieces(rows, inside=inside)
    if form.pieces is None:
        file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it is sent
        write_rows_xlsx(COLUMNS, (one.row() for one in given), file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=form.content_type)
    charset = "" if form.ending == "json" else "; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        _together(form.pieces(given)), content_type=form.content_type + charset, headers=headers
    )


def _together(pieces: Iterator[str], size: int = 64 * 1024) -> Iterator[bytes]:
    """Small pieces joined: a server sends few large pieces much faster than many small ones."""
    waiting: list[bytes] = []
    length = 0
    for piece in pieces:
        waiting.append(piece.encode("utf-8", "replace"))
        length += len(waiting[-1])
        if length >= size:
            yield b"".join(waiting)
            waiting, length = [], 0
    yield b"".join(waiting)


@access(PUBLIC)
def cite(request: HttpRequest, identifier: str, form: str) -> HttpResponse:
    """One report for a reference manager."""
    report: Any = get_object_or_404(Report.objects.here().select_related("merged_into"), pk=identifier)
    if report.merged_into_id:
        return redirect(request.path.replace(identifier, report.merged_into_id), permanent=True)
    text = file_text(form, shared([report])[0])
    kind = FORMS[form].content_type + ("" if form == "csl" else "; charset=utf-8")
    name = f"{identifier}.{FORMS[form].ending}"
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
