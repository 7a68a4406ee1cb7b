"""What people do with the files of reports: keep a PDF beside a report, and have its text found."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from whatworks.collate.models import Document, Report
from whatworks.collate.search import refresh
from whatworks.collate.sources.pdf import PdfText, check_is_pdf, read_pdf
from whatworks.collate.uploads import LARGEST, keep
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said

READ = "collate.read-document"
FOLDER = "documents"


def place(document: Document) -> Path:
    """Where the file of a document lies: under its hash, so that no name in it reaches the file system."""
    return Path(settings.HOME) / FOLDER / document.sha256


@transaction.atomic
def keep_document(*, by: str, report: Report, chunks: Iterable[bytes], filename: str) -> Document:
    """Keep a PDF beside a report, as it came, and ask for its text to be found.

    Raises InputError where the file is no PDF or too large, ConflictError where it is kept beside the report already.
    """
    filename = Path(filename).name[:200] or "report.pdf"
    path = keep(_checked(chunks, filename), within=FOLDER)
    sha256, size = path.name, path.stat().st_size
    if report.documents.filter(sha256=sha256).exists():
        raise ConflictError(
            said("%(filename)s is kept beside this report already; nothing was added.", filename=filename)
        )
    key = Document.derived(report.pk, sha256)
    document = Document.objects.register(key, report=report, filename=filename, sha256=sha256, size=size)
    payload = {"filename": filename, "sha256": sha256, "size": size}
    record(verb="collate.keep-document", by=by, about=[report], made=[document], payload=payload)
    enqueue(kind=READ, by=by, key=f"document-{document.pk}", arguments={"document": document.pk})
    return document


def _read(arguments: dict[str, Any], cursor: dict[str, Any]) -> PdfText:
    """Read the file, which may take minutes: outside, so that no writer waits for it."""
    document = Document.objects.get(pk=arguments["document"])
    path = place(document)
    if not path.is_file():
        raise InputError(
            said(
                "The file of %(filename)s is missing from the centre's folder; put it back from a copy.",
                filename=document.filename,
            )
        )
    return read_pdf(path)


@task(READ, outside=_read, lasting=datetime.timedelta(minutes=6))
def read_step(arguments: dict[str, Any], cursor: dict[str, Any], found: PdfText) -> None:
    """Keep the text of one document. It is a view of the file, and can be made again."""
    document = Document.objects.get(pk=arguments["document"])
    document.state, document.pages = found.state, found.pages
    document.text, document.reader = found.text, found.reader
    document.save(update_fields=["state", "pages", "text", "reader"])
    refresh([document.report_id])


def _checked(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    size, start = 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise InputError(
                said(
                    "%(name)s is larger than %(largest)s MB; keep a smaller copy of it.",
                    name=name,
                    largest=LARGEST // 1024**2,
                )
            )
        start = start or chunk
        if start is chunk:
            check_is_pdf(start, name)
        yield chunk
    if not size:
        raise InputError(said("%(name)s is empty; choose the PDF file again.", name=name))
