"""A file that was opened is closed on every path: read out, refused at once, refused half-way, or left half-read."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.unit.collate.exports import RIS
from whatworks.collate.sources import read, read_stream
from whatworks.errors import InputError

CUT = RIS.rpartition("ER")[0].encode()
Opened = list[BinaryIO]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Every file that is opened through a path from here on."""
    files: Opened = []
    original = Path.open

    def watched(self: Path, *arguments: object, **options: object) -> object:
        files.append(original(self, *arguments, **options))
        return files[-1]

    monkeypatch.setattr(Path, "open", watched)
    return files


@pytest.fixture
def export(tmp_path: Path) -> Callable[[bytes], Path]:
    """A file with these bytes."""

    def written(data: bytes) -> Path:
        path = tmp_path / "search.ris"
        path.write_bytes(data)
        return path

    return written


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.7", "it looks like a PDF"),
        (b"TY  - JOUR\nTI  - Cut in the middle", "in the middle of the record"),
        (CUT, "in the middle of the record"),
        (RIS.encode() + b"TY  -", None),
    ],
)
def test_a_refused_file_is_closed(data: bytes, says: str | None, opened: Opened, export: Callable) -> None:
    """While the error is still held, as a log holds it: an open file would be closed by chance later, or never."""
    path = export(data)
    opened.clear()
    with pytest.raises(InputError, match=says) as refused:
        list(read(path))
    assert refused.value  # and with it, the frames in which the file was read
    assert [file.closed for file in opened] == [True]


def test_a_file_that_is_read_out_is_closed(opened: Opened, export: Callable) -> None:
    path = export(RIS.encode())
    opened.clear()
    assert len(list(read(path))) == 2
    assert opened[0].closed


def test_a_file_that_is_not_read_out_is_closed_at_the_end_of_its_block(opened: Opened, export: Callable) -> None:
    """Whoever reads may fail too: a disk that is full while the records are written elsewhere."""
    path = export(RIS.encode())
    opened.clear()
    with pytest.raises(ZeroDivisionError), read(path) as result:
        for _ in result:
            raise ZeroDivisionError
    assert opened[0].closed


def test_a_stream_that_fails_is_closed_and_named() -> None:
    """A network drive that goes away while it is read."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(size)

    stream = Failing(RIS.encode() * 20_000)
    with pytest.raises(InputError, match=r"^there\.ris: the file cannot be read \(Input/output error\)"):
        list(read_stream(stream, path="there.ris"))
    assert stream.closed


def test_messages_call_an_upload_by_the_name_it_came_with(export: Callable) -> None:
    """An upload lies under its hash, which tells nobody which file is meant."""
    with pytest.raises(InputError, match=r"^My search\.ris: the file is empty"):
        read(export(b""), named="My search.ris")


def test_python_itself_sees_no_file_left_open(export: Callable) -> None:
    """With warnings about unclosed files as errors, a refused file says nothing but its one sentence."""
    program = (
        "import gc, sys\n"
        "from whatworks.collate.sources import read\n"
        "from whatworks.errors import InputError\n"
        "try:\n"
        "    list(read(sys.argv[1]))\n"
        "except InputError as error:\n"
        "    error.cycle = error\n"  # as a debugger or a log keeps it: freed in no order
        "    del error\n"
        "gc.collect()\n"
    )
    command = [sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "-c", program, str(export(CUT))]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
