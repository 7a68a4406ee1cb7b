"""A page of a PDF as a picture with its words in their places; whatever the file holds, nothing is raised."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from tests.unit.collate.pdfs import pdf
from whatworks.collate.sources.pdf_pages import picture_of, words_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf("Of 140 families 31", "Second page", ""))
    return path


def points(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of a PNG, read by the format's own rules."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 2)
    at, data = 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        name, held = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + held)
        data += held if name == b"IDAT" else b""
        at += 12 + size
    rows = zlib.decompress(data)
    return width, height, [rows[y * (3 * width + 1) + 1 : (y + 1) * (3 * width + 1)] for y in range(height)]


def test_words_stand_where_the_page_shows_them(file: Path) -> None:
    """A box drawn elsewhere than the ink would make people select other words than they see."""
    found = words_of(file, 1)
    assert found is not None and (found.pages, found.width, found.height) == (3, 300, 144)
    (line,) = found.lines
    assert line.words == "Of 140 families 31"
    width, _, rows = points(picture_of(file, 1) or b"")
    scale = width / 300
    inked = [y for y, row in enumerate(rows) if min(row) < 128]
    assert line.y - line.height - 1 <= min(inked) / scale and max(inked) / scale <= line.y + 1
    dark = [x for row in rows for x in range(width) if row[3 * x] < 128]
    assert line.x - 1 <= min(dark) / scale and max(dark) / scale <= line.x + line.width + 1


def test_a_page_without_words_is_a_picture_alone(file: Path) -> None:
    found = words_of(file, 3)
    assert found is not None and found.lines == ()
    assert picture_of(file, 3)


def test_cells_of_a_table_are_runs_of_their_own(tmp_path: Path) -> None:
    """Put together, a selection of one number would take the whole row."""
    path = tmp_path / "table.pdf"
    path.write_bytes(pdf("Placed) Tj 120 0 Td (209"))
    found = words_of(path, 1)
    assert found is not None and [line.words for line in found.lines] == ["Placed", "209"]


def test_a_page_that_lies_on_its_side_is_shown_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.pdf"
    path.write_bytes(pdf("Turned").replace(b"/MediaBox", b"/Rotate 90/MediaBox"))
    found = words_of(path, 1)
    assert found is not None and (found.width, found.height) == (144, 300)
    (line,) = found.lines
    assert line.height > line.width and line.x + line.width <= 144


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there_has_nothing(file: Path, page: int) -> None:
    assert words_of(file, page) is None and picture_of(file, page) is None


@pytest.mark.parametrize("bytes_", [b"", b"%PDF-1.4\n", b"%PDF-1.4\n" + bytes(range(256)) * 40, b"no PDF at all"])
def test_what_is_no_pdf_has_nothing(tmp_path: Path, bytes_: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(bytes_)
    assert words_of(path, 1) is None and picture_of(path, 1) is None


def test_a_page_as_large_as_a_field_does_not_take_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(pdf("Wide").replace(b"[0 0 300 144]", b"[0 0 14400 14400]"))
    made = picture_of(path, 1)
    assert made is None or points(made)[0] <= 3500
