"""Opening: one file in, its format told from its content, its records out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from whatworks.collate.methods.records import Found, ReadResult, Record
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.bibtex import Bibtex
from whatworks.collate.sources.crossref import Crossref
from whatworks.collate.sources.csl import Csl, OwnJson
from whatworks.collate.sources.endnote_xml import EndNoteXml
from whatworks.collate.sources.enw import Enw
from whatworks.collate.sources.eppi import Eppi
from whatworks.collate.sources.excel import Excel
from whatworks.collate.sources.lines import HEAD, Lines
from whatworks.collate.sources.nbib import Nbib
from whatworks.collate.sources.openalex import OpenAlex
from whatworks.collate.sources.pubmed_xml import PubmedXml
from whatworks.collate.sources.ris import Ris
from whatworks.collate.sources.tables import Tables
from whatworks.collate.sources.wos import WebOfScience
from whatworks.errors import InputError
from whatworks.saying import said

SOURCES: tuple[Source, ...] = (  # in the order in which they are asked: the surer a format's marks, the earlier
    Excel(),  # first: what is packed may hold anything, also lines that look like another format's
    PubmedXml(),
    EndNoteXml(),
    Eppi(),
    OpenAlex(),
    Crossref(),
    OwnJson(),
    Csl(),
    Ris(),
    Nbib(),
    Enw(),
    WebOfScience(),
    Bibtex(),
    Tables(),  # last: a table is told by the words in its header
)

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


class OpenResult(ReadResult):
    """The result of reading a file that is still open. The file is closed with the last record out, with the error that
    ends the reading, or with `close`, whichever comes first: never by chance, when Python clears up."""

    def __init__(
        self, stream: BinaryIO, source: Source, lines: Lines, *, path: str, partial: bool, mapping: Mapping[str, str]
    ) -> None:
        find = lambda result: _told(source, lines, result)  # noqa: E731  one line, used once
        super().__init__(path=path, format=source.name, partial=partial, find=find)
        self.mapping = dict(mapping) if source.takes_mapping else None
        self._stream = stream

    def __iter__(self) -> Iterator[Record]:
        with closing(self._stream):
            yield from super().__iter__()

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def read(
    path: Path | str,
    *,
    partial: bool = False,
    progress: Callable[[int], None] | None = None,
    named: str = "",
    format: str = "",
    mapping: Mapping[str, str] | None = None,
) -> OpenResult:
    """The records of one export, streamed; what could not be read is in the result when the last record is out.

    `progress` is called with the number of bytes just read; messages call the file `named`, else by its path. `format`
    names the format where it cannot be told from the content, and `mapping` says which column of a table holds what
    (`{"title": "Titel"}`). Raises InputError where the file cannot be opened, is empty or in no known format, has no
    columns to map, or, unless `partial`, ends in the middle of a record.
    """
    path = Path(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _cannot_open(named or str(path), error) from error
    return read_stream(
        stream, path=named or str(path), partial=partial, progress=progress, format=format, mapping=mapping
    )


def read_stream(
    stream: BinaryIO,
    *,
    path: str,
    partial: bool = False,
    progress: Callable[[int], None] | None = None,
    format: str = "",
    mapping: Mapping[str, str] | None = None,
) -> OpenResult:
    """As `read`, from an open binary stream, which is closed in any case; `path` is what messages call it."""
    try:
        lines = Lines(stream, progress)
        source = _named(format, path) if format else _recognise(lines, path)
        if mapping and not source.takes_mapping:
            raise InputError(
                said("%(path)s: %(name)s has no columns to map; leave the mapping out.", path=path, name=source.name)
            )
        return OpenResult(stream, source, lines, path=path, partial=partial, mapping=mapping or {})
    except OSError as error:
        stream.close()
        raise _cannot_open(path, error) from error
    except BaseException:
        stream.close()
        raise


def _told(source: Source, lines: Lines, result: ReadResult) -> Iterator[Found]:
    try:
        yield from source.find(lines, result)
        result.encoding, result.sha256 = lines.encoding, lines.sha256
    except OSError as error:
        raise _cannot_open(result.path, error) from error


def _named(format: str, path: str) -> Source:
    wanted = _letters(format)
    for source in SOURCES:
        if _letters(source.name) == wanted:
            return source
    known = ", ".join(source.name for source in SOURCES)
    raise InputError(
        said(
            "%(path)s: %(format)r is no format that is read here; name one of %(known)s.",
            path=path,
            format=format,
            known=known,
        )
    )


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _recognise(lines: Lines, path: str) -> Source:
    head = Head(lines.head, lines.head_text(), path)
    if not head.text.strip():
        raise InputError(said("%(path)s: the file is empty; export it again.", path=path))
    for source in SOURCES:  # in order: the surer a format's marks, the earlier it stands
        if source.recognises(head):
            return source
    known = ", ".join(source.name for source in SOURCES)
    start = head.text.lstrip()[:40].lower()
    looks = next(
        (said("it looks like %(what)s", what=name) for mark, name in _LOOKS_LIKE if start.startswith(mark.lower())), ""
    )
    where = looks or said("no record starts in its first %(size)s kB", size=f"{HEAD // 1024:,}")
    raise InputError(
        said(
            "%(path)s: no known format was recognised (%(where)s); export the search as %(known)s and try again.",
            path=path,
            where=where,
            known=known,
        )
    )


def _cannot_open(path: str, error: OSError) -> InputError:
    return InputError(
        said(
            "%(path)s: the file cannot be read (%(strerror)s); check the name and the permissions.",
            path=path,
            strerror=error.strerror or str(error),
        )
    )
