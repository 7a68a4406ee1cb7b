"""Files that are made of a trial's record when they are asked for: protocol, plan, report, result card, checklists, archive."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache

from whatworks.errors import WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.saying import said
from whatworks.trial.models import Trial
from whatworks.trial.reports.checking import as_csv
from whatworks.trial.reports.gathering import Gathered, gather
from whatworks.trial.reports.offered import AFTER
from whatworks.trial.reports.parts import Document
from whatworks.trial.reports.plan import plan
from whatworks.trial.reports.protocol import protocol
from whatworks.trial.reports.report import report, result_card
from whatworks.trial.reports.text import text

PATIENCE = 30.0  # seconds that one reader waits while another's file is made
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}
MADE: dict[str, Callable[[Gathered], Document]] = {
    "protocol": protocol,
    "plan": plan,
    "report": report,
    "result": result_card,
}

_one_at_a_time = threading.Lock()


class BusyError(WhatworksError):
    """The server is making other files. Says when to come again."""

    http_status = 503


@access(PUBLIC)
def document_file(request: HttpRequest, slug: str, name: str, form: str) -> HttpResponse:
    """A document of a trial. There is none of a trial without a design of ours, and no report before there is a result."""
    held = gathered(slug)
    if name in AFTER and held.result is None:
        raise Http404
    with _alone(form):
        body = _set(MADE[name](held), form)
    return _answer(request, body, TYPES[form], f"{slug}-{name}.{form}", shown=form != "docx")


@access(PUBLIC)
def checklist_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The checklists that fit, for a spreadsheet."""
    body = as_csv(gathered(slug)).encode()
    return _answer(request, body, "text/csv; charset=utf-8", f"{slug}-checklists.csv")


@access("trial.run")
@never_cache
def archive_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The archive of a trial that has a result, for whoever runs it to deposit."""
    from whatworks.trial.reports.archive import archive

    held = gathered(slug)
    if held.result is None:
        raise Http404
    with _alone("zip"):
        body = archive(held)
    return _answer(request, body, "application/zip", f"{slug}-archive.zip")


def gathered(slug: str) -> Gathered:
    """The record of a trial with a design of ours, or 404."""
    held = gather(get_object_or_404(Trial.objects.select_related("intervention", "outcome"), slug=slug))
    if held is None:
        raise Http404
    return held


def _set(made: Document, form: str) -> bytes:
    from whatworks.trial.reports.pdf import pdf
    from whatworks.trial.reports.word import word

    return text(made).encode() if form == "txt" else pdf(made) if form == "pdf" else word(made)


@contextmanager
def _alone(form: str) -> Iterator[None]:
    """One file at a time, so that readers together cannot take the whole machine; a text takes no time worth waiting for."""
    if form == "txt":
        yield
        return
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise BusyError(said("Other files are being made just now; please try again in a minute."))
    try:
        yield
    finally:
        _one_at_a_time.release()


def _answer(request: HttpRequest, body: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    manner = "inline" if shown else "attachment"
    headers = {"Content-Disposition": f'{manner}; filename="{name}"', "Cache-Control": "no-cache", "ETag": etag}
    whole = HttpResponse(body, content_type=kind, headers=headers)
    answer = get_conditional_response(request, etag=etag, response=whole)
    return answer if isinstance(answer, HttpResponse) else whole
