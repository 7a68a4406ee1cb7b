"""PDF: one page as a picture, and its words with their places on it. The file is hostile until shown otherwise.

As for its text (`sources.pdf`), another process reads it, which may use so much memory and time and no more; whatever the
file tries, at worst that process ends and the page has no picture.
"""

from __future__ import annotations

import base64
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from whatworks.paper.bounded import hold

SECONDS = 20  # of one processor; a page of a scanned book takes about one
MEMORY = 2 * 1024**3  # bytes
ACROSS = 1400  # points of the picture from side to side: sharp on a screen, and small type can be read
LARGEST = 12_000_000  # points of a picture
MOST_LINES, MOST_LETTERS = 4_000, 100_000  # runs of words, and letters, on a page
GAP = 1.2  # heights of a letter: words of one run are closer
Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top
NOWHERE: Box = (float("inf"), float("inf"), float("-inf"), float("-inf"))


@dataclass(frozen=True, slots=True)
class Line:
    """A run of words on a page: its left end and the foot of its lowest letters, its width and height, in points from the
    upper left corner of the page as it is seen."""

    words: str
    x: float
    y: float
    width: float
    height: float

    @property
    def size(self) -> float:
        """About the size of its type: letters from the highest to the lowest take a seventh more."""
        return self.height / 1.15

    @property
    def base(self) -> float:
        """About where its letters stand, a fifth of their height above the lowest."""
        return self.y - 0.2 * self.height


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page as it is seen: its width and height in points, and its runs of words in the order of the file."""

    pages: int
    width: float
    height: float
    lines: tuple[Line, ...]


def words_of(path: Path, page: int) -> PageWords | None:
    """The words of a page (from 1) with their places; None where the file or the page cannot be read."""
    found = _asked(path, page, "words")
    if found is None:
        return None
    lines = tuple(Line(*one) for one in found["lines"])
    return PageWords(found["pages"], found["width"], found["height"], lines)


def picture_of(path: Path, page: int) -> bytes | None:
    """A page (from 1) as a PNG; None where the file or the page cannot be read."""
    found = _asked(path, page, "picture")
    return base64.b64decode(found["png"]) if found else None


def _asked(path: Path, page: int, what: str) -> dict[str, Any] | None:
    command = [sys.executable, "-I", "-m", "whatworks.collate.sources.pdf_pages", str(path), str(page), what]
    try:
        done = subprocess.run(command, capture_output=True, timeout=2 * SECONDS, check=False)
        found: dict[str, Any] | None = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # no time left, or no memory: it said nothing
        return None
    return found


def _found(path: str, page: int, what: str) -> dict[str, Any] | None:
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(path)
        if not 1 <= page <= len(file):
            return None
        held = file[page - 1]
        return {"png": base64.b64encode(_png(held)).decode()} if what == "picture" else _words(held, len(file))
    except pypdfium2.PdfiumError:  # broken, or locked with a password
        return None


def _png(page: Any) -> bytes:
    """The page as a PNG (ISO/IEC 15948) of eight bits a colour, without a colour for transparency."""
    width, height = page.get_size()
    scale = min(ACROSS / width, (LARGEST / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, no_smoothtext=False)
    channels, row = bitmap.n_channels, bitmap.width * bitmap.n_channels
    held = bytes(bitmap.buffer)
    rows = (held[at : at + row] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
    kind = {1: 0, 3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, kind, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + one for one in rows), 6)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _words(page: Any, pages: int) -> dict[str, Any]:
    width, height = page.get_size()
    lines = [one for _, one in zip(range(MOST_LINES), _lines(page, width, height), strict=False)]
    return {"pages": pages, "width": width, "height": height, "lines": lines}


def _lines(page: Any, width: float, height: float) -> Iterator[tuple[str, float, float, float, float]]:
    """Runs of words with their places on the page as it is seen: cropped and turned."""
    for words, (left, bottom, right, top) in _runs(page.get_textpage()):
        (x, y), (other_x, other_y) = (_seen(page, width, height, *corner) for corner in ((left, bottom), (right, top)))
        yield words, min(x, other_x), max(y, other_y), abs(other_x - x), abs(other_y - y)


def _runs(text: Any) -> Iterator[tuple[str, Box]]:
    """Letters put together to runs, which end with a line and at a gap wider than letters are high: a cell of a table."""
    letters, box = "", NOWHERE
    for letter, place in _letters(text):
        if letter in "\r\n" or (place and box != NOWHERE and place[0] - box[2] > GAP * (box[3] - box[1])):
            if letters.strip():
                yield " ".join(letters.split()), box
            letters, box = "", NOWHERE
        letters += letter
        if place:
            box = (min(box[0], place[0]), min(box[1], place[1]), max(box[2], place[2]), max(box[3], place[3]))
    if letters.strip():
        yield " ".join(letters.split()), box


def _letters(text: Any) -> Iterator[tuple[str, Box | None]]:
    """Each letter with its box in the file's own space; None for the spaces and ends of lines that only part words."""
    from pypdfium2 import raw

    for place in range(min(text.count_chars(), MOST_LETTERS)):
        letter = chr(raw.FPDFText_GetUnicode(text, place))
        parts = letter.isspace() or letter == "\0"
        yield " " if letter == "\0" else letter, None if parts else text.get_charbox(place, loose=True)


def _seen(page: Any, width: float, height: float, x: float, y: float) -> tuple[float, float]:
    """A place in the file's own space as a place on the page, in hundredths of a point for the sake of whole numbers."""
    import ctypes

    from pypdfium2 import raw

    to_x, to_y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, round(100 * width), round(100 * height), 0, x, y, to_x, to_y)
    return to_x.value / 100, to_y.value / 100


if __name__ == "__main__":
    hold(MEMORY, SECONDS)
    sys.stdout.write(json.dumps(_found(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
