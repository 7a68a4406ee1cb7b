"""Uploads: kept whole under their hash and closed to others, or not at all."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from whatworks.collate import uploads
from whatworks.collate.uploads import keep
from whatworks.errors import InputError


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Where uploads lie in a centre of this test's own."""
    settings.HOME = tmp_path / "centre"
    return tmp_path / "centre" / "uploads"


def test_a_file_lies_under_its_hash_and_only_its_owner_reads_it(folder: Path) -> None:
    path = keep([b"TY  - ", b"JOUR"])
    assert path == folder / hashlib.sha256(b"TY  - JOUR").hexdigest()
    assert path.read_bytes() == b"TY  - JOUR"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_bytes_are_one_file(folder: Path) -> None:
    assert keep([b"a", b"b"]) == keep([b"ab"])
    assert len(list(folder.iterdir())) == 1


def test_a_file_that_is_too_large_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The length that a browser states may be wrong: what counts is what comes."""
    monkeypatch.setattr(uploads, "LARGEST", 10)
    with pytest.raises(InputError, match="larger than"):
        keep([b"12345"] * 3)
    assert list(folder.iterdir()) == []


def test_a_connection_that_breaks_leaves_nothing(folder: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half of a file"
        raise OSError("connection reset")

    with pytest.raises(OSError, match="reset"):
        keep(chunks())
    assert list(folder.iterdir()) == []
