"""Opening: one file in, its format told from its content, its records out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from whatworks.collate.methods.records import Found, ReadResult
from whatworks.collate.sources.base import Source
from whatworks.collate.sources.lines import HEAD, Lines
from whatworks.collate.sources.ris import Ris
from whatworks.errors import InputError

SOURCES: tuple[Source, ...] = (Ris(),)

_LOOKS_LIKE = (
    ("PK\x03\x04", "a zip file or spreadsheet"),
    ("%PDF", "a PDF"),
    ("<?xml", "XML"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("pmid-", "MEDLINE (nbib)"),
    ("%0 ", "EndNote (enw)"),
    ("fn clarivate", "Web of Science text"),
    ("fn thomson", "Web of Science text"),
    ("@", "BibTeX"),
    ("[", "JSON"),
    ("{", "JSON"),
)


def read(path: Path | str, *, partial: bool = False, progress: Callable[[int], None] | None = None) -> ReadResult:
    """The records of one export, streamed; what could not be read is in the result when the last record is out.

    `progress` is called with the number of bytes just read. Raises InputError where the file cannot be opened, is empty
    or in no known format, or, unless `partial`, ends in the middle of a record.
    """
    path = Path(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _cannot_open(path, error) from error
    try:
        return read_stream(stream, path=str(path), partial=partial, progress=progress)
    except BaseException:
        stream.close()
        raise


def read_stream(
    stream: BinaryIO, *, path: str, partial: bool = False, progress: Callable[[int], None] | None = None
) -> ReadResult:
    """As `read`, from an open binary stream, closed when it is read out; `path` is what messages call it."""
    try:
        lines = Lines(stream, progress)
    except OSError as error:
        raise _cannot_open(Path(path), error) from error
    source = _recognise(lines, path)
    return ReadResult(
        path=path, format=source.name, partial=partial, find=lambda result: _closing(stream, source, lines, result)
    )


def _closing(stream: BinaryIO, source: Source, lines: Lines, result: ReadResult) -> Iterator[Found]:
    try:
        yield from source.find(lines, result)
    except OSError as error:
        raise _cannot_open(Path(result.path), error) from error
    finally:
        stream.close()


def _recognise(lines: Lines, path: str) -> Source:
    head = lines.head_text()
    if not head.strip():
        raise InputError(f"{path}: the file is empty; export it again.")
    for source in SOURCES:
        if source.recognises(head):
            return source
    known = ", ".join(source.name for source in SOURCES)
    start = head.lstrip()[:40].lower()
    looks = next((f"it looks like {name}" for mark, name in _LOOKS_LIKE if start.startswith(mark.lower())), "")
    where = looks or f"no record starts in its first {HEAD // 1024:,} kB"
    raise InputError(f"{path}: no known format was recognised ({where}); export the search as {known} and try again.")


def _cannot_open(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path}: the file cannot be read ({error.strerror or error}); check the name and the permissions."
    )
