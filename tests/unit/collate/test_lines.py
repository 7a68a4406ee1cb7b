"""Lines: bytes to numbered lines, whatever the encoding, the line ends and the size of the pieces they arrive in."""

from __future__ import annotations

import codecs
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.sources import lines as module
from whatworks.collate.sources.lines import Lines

WORDS = "Évaluation naïve – l’enfant"


def lines_of(data: bytes) -> tuple[Lines, list[tuple[int, str, bool]]]:
    lines = Lines(io.BytesIO(data))
    return lines, list(lines)


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_the_encoding_is_told_and_the_text_comes_out(encoding: str, mark: bytes, said: str) -> None:
    lines, found = lines_of(mark + f"TY  - JOUR\r\nTI  - {WORDS}\r\n".encode(encoding))
    assert [text for _, text, _ in found] == ["TY  - JOUR", f"TI  - {WORDS}"]
    assert lines.encoding == said


def test_what_cp1252_does_not_have_is_latin_1() -> None:
    lines, found = lines_of(b"TI  - \xe9t\xe9 \x81\n")
    assert found[0][1] == "TI  - été \x81"
    assert lines.encoding == "latin-1"


def test_one_foreign_line_does_not_garble_the_others() -> None:
    lines, found = lines_of("été\n".encode() + "été\n".encode("cp1252") + "été\n".encode())
    assert [text for _, text, _ in found] == ["été"] * 3
    assert lines.encoding == "utf-8+cp1252"


def test_a_file_cut_inside_a_character_is_still_utf_8() -> None:
    lines, _ = lines_of("TI  - été".encode()[:-1])
    assert lines.encoding == "utf-8"


def test_a_mark_inside_a_joined_file_does_not_hide_the_record() -> None:
    _, found = lines_of(b"ER  - \n" + codecs.BOM_UTF8 + b"TY  - JOUR\n" + "ï»¿TY  - BOOK\n".encode())
    assert [text for _, text, _ in found][1:] == ["TY  - JOUR", "TY  - BOOK"]


@given(
    pieces=st.lists(
        st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=12), min_size=1, max_size=12
    ),
    end=st.sampled_from(["\n", "\r", "\r\n"]),
    chunk=st.integers(min_value=1, max_value=9),
)
def test_lines_are_the_same_however_the_bytes_arrive(pieces: list[str], end: str, chunk: int) -> None:
    """A chunk may end inside a line, a character, or between the two halves of a line end."""
    pieces = [piece.replace("\ufeff", "").replace("ï»¿", "").replace("\x00", "") for piece in pieces]
    data = end.join(pieces).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", chunk)
        patch.setattr(module, "HEAD", 1)
        lines, found = lines_of(data)
    wanted = pieces if pieces[-1] else pieces[:-1]
    assert [text for _, text, _ in found] == wanted
    assert [number for number, _, _ in found] == list(range(1, len(wanted) + 1))
    assert lines.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("longest", [10, 11, 12])
def test_a_line_beyond_the_bound_is_cut_and_the_next_one_is_whole(end: str, longest: int) -> None:
    """The bound must not swallow the line after: that may be a record's first."""
    data = end.join(["short", "x" * 40, "TY  - JOUR", "y" * 25, "ER  -"]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", 4)
        patch.setattr(module, "LONGEST_LINE", longest)
        _, found = lines_of(data)
    assert [(text[:2], whole) for _, text, whole in found] == [
        ("sh", True),
        ("xx", False),
        ("TY", True),
        ("yy", False),
        ("ER", True),
    ]
    assert max(len(text) for _, text, _ in found) <= longest


def test_wide_text_further_down_does_not_make_the_whole_file_wide() -> None:
    """A record into which UTF-16 was pasted: were the file read as UTF-16, its first line would be gone."""
    lines, found = lines_of(
        b"TY  - JOUR\nTI  - " + "A long title, pasted as it was, and long enough".encode("utf-16-le") * 4
    )
    assert (lines.encoding, found[0][1]) == ("utf-8", "TY  - JOUR")
