"""Grey literature: what is typed is kept as any other record, with its file; bad input adds nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.collate.pdfs import pdf
from whatworks.collate.actions import add_source
from whatworks.collate.documents import FOLDER, keep_document, place
from whatworks.collate.entering import FORMAT, Details, enter_report
from whatworks.collate.models import Document, Import, Record, Report, Source
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event
from whatworks.ledger.work import work_off

pytestmark = pytest.mark.django_db

BY = "usr-librarian"
TYPED = Details(
    title="Leaving care in Ardenshire:  what young people told us",
    authors=("Panel of Young People",),
    body="Ardenshire County Council",
    year=2019,
    url="https://ardenshire.example/leaving-care",
    abstract="Two lines\nof summary",
)


@pytest.fixture
def source() -> Source:
    return add_source(by=BY, name="Websites of councils", sort="website")


def test_what_is_typed_becomes_a_record_with_its_tags(source: Source) -> None:
    report = enter_report(by=BY, source=source, details=TYPED)
    assert report.title == "Leaving care in Ardenshire: what young people told us"
    assert (report.year, report.sort, report.url) == (2019, "RPRT", "https://ardenshire.example/leaving-care")
    held = Record.objects.get(report=report)
    assert ("PB", "Ardenshire County Council") in [tuple(pair) for pair in held.tags]
    assert ("AB", "Two lines\nof summary") in [tuple(pair) for pair in held.tags]
    assert (held.origin.format, held.origin.complete, held.origin.records) == (FORMAT, True, 1)
    assert Event.objects.about(held.origin_id).filter(verb="collate.import", actor=BY).exists()


def test_the_same_typed_twice_says_so_and_adds_nothing(source: Source) -> None:
    enter_report(by=BY, source=source, details=TYPED)
    with pytest.raises(ConflictError, match="before; nothing was added"):
        enter_report(by=BY, source=source, details=TYPED)
    assert Report.objects.count() == Record.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": "  "}, "needs a title"),
        ({"year": 19}, "no year of publication"),
        ({"url": "javascript:alert(1)"}, "must begin with https"),
        ({"doi": "11.1/x"}, "no DOI"),
        ({"sort": "POEM"}, "no kind of report 'POEM'"),
    ],
)
def test_what_cannot_be_so_is_refused_whole(source: Source, change: dict[str, object], why: str) -> None:
    typed = {"title": "Leaving care"} | change
    with pytest.raises(InputError, match=why):
        enter_report(by=BY, source=source, details=Details(**typed))  # type: ignore[arg-type]
    assert not Import.objects.exists()


def test_its_file_is_kept_and_its_text_found(source: Source, home: Path) -> None:
    body = pdf("Young people want to be asked")
    report = enter_report(by=BY, source=source, details=TYPED, pdf=[body[:300], body[300:]], pdf_name="../../asked.pdf")
    document = Document.objects.get(report=report)
    assert (document.filename, document.state, document.size) == ("asked.pdf", Document.WAITING, len(body))
    assert place(document).read_bytes() == body
    assert place(document).parent == home / FOLDER
    work_off()
    document.refresh_from_db()
    assert (document.state, document.pages) == (Document.READ, 1)
    assert document.text == "Young people want to be asked"
    assert document.reader.startswith("pypdf")


@pytest.mark.parametrize("body", [b"<html>not a pdf</html>", b""])
def test_a_report_with_a_wrong_file_is_not_entered(source: Source, home: Path, body: bytes) -> None:
    """Half of what was typed would else be there, and the same typed again be refused."""
    with pytest.raises(InputError):
        enter_report(by=BY, source=source, details=TYPED, pdf=[body], pdf_name="page.html")
    assert not Report.objects.exists()
    assert not any(path.is_file() for path in (home / FOLDER).rglob("*"))


def test_a_file_kept_already_is_not_kept_twice(source: Source) -> None:
    report = enter_report(by=BY, source=source, details=TYPED, pdf=[pdf("x")], pdf_name="a.pdf")
    with pytest.raises(ConflictError, match="beside this report already"):
        keep_document(by=BY, report=report, chunks=[pdf("x")], filename="b.pdf")
    keep_document(by=BY, report=report, chunks=[pdf("y")], filename="b.pdf")
    assert report.documents.count() == 2


def test_a_file_that_was_taken_away_is_said_to_be_missing(source: Source) -> None:
    report = enter_report(by=BY, source=source, details=TYPED, pdf=[pdf("x")], pdf_name="a.pdf")
    document = report.documents.get()
    place(document).unlink()
    work_off()
    document.refresh_from_db()
    assert document.state == Document.WAITING
