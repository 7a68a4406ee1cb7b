"""Refusals: a file that cannot be read says so in one sentence with exit status 2, through the command itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.collate.exports import RIS

FILES = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \r\n", "the file is empty"),
    "a PDF": (b"%PDF-1.7\n\x00\xff\n", "it looks like a PDF"),
    "a web page": (b"<!doctype html><title>Sign in</title>", "it looks like a web page"),
    "a letter": (b"Dear all,\nplease find attached.\n", "no known format was recognised"),
    "cut": (RIS.encode()[:-120], "in the middle of the record"),
    "noise": (bytes(range(256)) * 40, "no known format was recognised"),
}


def refused(path: Path | str) -> str:
    """The one sentence on standard error."""
    command = [sys.executable, "-m", "whatworks", "read", str(path), "--json"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_export(tmp_path: Path, name: str) -> None:
    data, says = FILES[name]
    path = tmp_path / "export.ris"
    path.write_bytes(data)
    assert says in refused(path)


def test_a_folder_a_device_and_nothing_at_all(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path)
    assert "cannot be read" in refused(tmp_path / "absent.ris")
    assert "the file is empty" in refused("/dev/null")
