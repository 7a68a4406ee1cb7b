"""The two paths through RIS: whatever the plain one takes must be what the careful one would have given."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from tests.unit.collate.exports import RIS
from whatworks.collate.methods.records import Found, Note, ReadResult, Record
from whatworks.collate.sources import lines as lines_module
from whatworks.collate.sources import ris as module
from whatworks.collate.sources.base import LineSource
from whatworks.collate.sources.lines import Lines
from whatworks.collate.sources.ris import Ris

PIECES = [
    "TY  - JOUR", "TY  - ", "TY  -\u00a0BOOK", "TY  -CHAP", "TY - JOUR", "ty  - jour", "  TY  - JOUR", "TY-JOUR", "TY",
    "TI  - A title", "AU  - Stein, Mike", "AU  -", "KW  -one", "AB  -  spaced", "ti  - small", " TI  - indented",
    "XX  - nbib:PMID  - 1", "XX  - text", "AB - one space", "AB- none", "C1  – a long dash", "N1 \u00a0- hard space",
    "wrapped text", "  wrapped, indented", "El-Salhy, M.", "US - based", "of 12 - 18", "\u00a0", "\x0b", " \t", "",
    "ER  - ", "ER  -", "ER  - text", "ER", " ER ", "ER - ", "er  - ", "ER  -\u00a0", "ERROR", "T1-weighted", "\ufeffTY  - MAP",
    "Record #2 of 2", "\ufeff", "é", "\x85next", "\u2028",
]  # fmt: skip


def carefully(data: bytes) -> tuple[list[Found], int]:
    """What the careful path alone finds, and the record starts it counts."""
    return _read(data, LineSource.find)


def _read(data: bytes, find: object) -> tuple[list[Found], int]:
    result = ReadResult(path="export.ris", format="RIS", partial=True, find=lambda result: iter(()))
    found = list(find(Ris(), Lines(io.BytesIO(data)), result))  # type: ignore[operator]
    return [_spaced(one) for one in found], result.record_starts


def _spaced(found: Found) -> Found:
    """Where a note quotes a line, the space after the dash may have been put in."""
    return Note(found.line, re.sub(r"'([A-Z][A-Z0-9]  -) ?", r"'\1", found.text)) if isinstance(found, Note) else found


@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=40),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    chunk=st.sampled_from([1, 7, 64, 10_000]),
)
def test_both_paths_find_the_same_in_any_lines(pieces: list[str], end: str, chunk: int) -> None:
    data = end.join(pieces).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "CHUNK", chunk)
        patch.setattr(lines_module, "HEAD", 1)
        assert _read(data, Ris.find) == carefully(data)


@given(data=st.lists(st.one_of(st.sampled_from([piece.encode() + b"\n" for piece in PIECES]), st.binary(max_size=9))))
def test_both_paths_find_the_same_in_any_bytes(data: list[bytes]) -> None:
    assert _read(b"".join(data), Ris.find) == carefully(b"".join(data))


@needs_shared
@pytest.mark.parametrize("path", sorted((SHARED / "ris").glob("*.ris")), ids=lambda path: path.stem)
def test_both_paths_find_the_same_in_real_exports(path: Path) -> None:
    assert _read(path.read_bytes(), Ris.find) == carefully(path.read_bytes())


def test_an_ordinary_record_takes_the_plain_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it refused there, everything would still be right and only slow."""
    monkeypatch.setattr(module.Draft, "__init__", lambda *_: pytest.fail("the careful path was taken"))
    found, _ = _read(RIS.replace("JO  -", "AB  - One line\nand a wrapped one\nJO  -").encode(), Ris.find)
    assert sum(isinstance(one, Record) for one in found) == 2
