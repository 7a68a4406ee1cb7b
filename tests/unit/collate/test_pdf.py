"""The text of a report's file: found where there is some, and a hostile file costs a bounded process and no more."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.unit.collate.pdfs import bomb, locked, pdf
from whatworks.collate.sources.pdf import MEMORY, PdfText, check_is_pdf, read_pdf
from whatworks.errors import InputError


def read(tmp_path: Path, body: bytes) -> PdfText:
    path = tmp_path / "report.pdf"
    path.write_bytes(body)
    return read_pdf(path)


def test_the_text_of_every_page_is_found_in_order(tmp_path: Path) -> None:
    found = read(tmp_path, pdf("Leaving care in Ardenshire", "What young people told us"))
    assert (found.state, found.pages) == ("read", 2)
    assert found.text == "Leaving care in Ardenshire\fWhat young people told us"
    assert found.reader.startswith("pypdf ")


def test_a_page_without_text_is_called_scanned_and_not_read(tmp_path: Path) -> None:
    """A file of pictures would else be searched in vain for ever, in silence."""
    found = read(tmp_path, pdf("", ""))
    assert (found.state, found.pages, found.text.strip()) == ("scanned", 2, "")


def test_a_file_that_needs_a_password_is_called_locked(tmp_path: Path) -> None:
    assert read(tmp_path, locked("secret")).state == "locked"


@pytest.mark.parametrize("body", [b"%PDF-1.4\n", pdf("cut off")[:200], b"%PDF-1.7\n" + bytes(range(256)) * 40])
def test_a_damaged_file_is_called_broken(tmp_path: Path, body: bytes) -> None:
    assert read(tmp_path, body).state == "broken"


def test_what_a_file_would_run_is_not_run(tmp_path: Path) -> None:
    """A script in the file, and a program it would open: the reader knows neither."""
    left = tmp_path / "left-behind"
    action = f"/OpenAction<</S/JavaScript/JS(app.launchURL)>>/AA<</O<</S/Launch/F({left})>>>>"
    assert read(tmp_path, pdf("harmless", extra=action)).text == "harmless"
    assert not left.exists()


def test_a_file_that_unpacks_without_end_costs_a_bounded_process(tmp_path: Path) -> None:
    """Two megabytes that become two gigabytes: the process that reads it has less memory than that."""
    began = time.monotonic()
    found = read(tmp_path, bomb(2 * MEMORY))
    assert found.state in ("broken", "scanned")
    assert time.monotonic() - began < 200


@pytest.mark.parametrize("start", [b"", b"<html>", b"PK\x03\x04", b"x" * 2000 + b"%PDF-1.4"])
def test_another_file_is_refused_before_it_is_kept(start: bytes) -> None:
    with pytest.raises(InputError, match=r"minutes\.docx is not a PDF"):
        check_is_pdf(start, "minutes.docx")


def test_a_pdf_after_a_few_stray_bytes_is_one() -> None:
    check_is_pdf(b"\r\n\r\n%PDF-1.4", "report.pdf")
