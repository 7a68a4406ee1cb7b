"""XML cut into its records without being parsed: where each begins and ends, and what stands around them.

No document type is read and no address followed, so that nothing declared in a file can grow. Memory holds one record
of at most LONGEST_RECORD bytes and one piece of the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from whatworks.collate.sources.lines import Lines, wide_encoding
from whatworks.errors import InputError
from whatworks.saying import said

LONGEST_RECORD = 16 * 1024 * 1024  # bytes; a record with 5,000 authors and their addresses counts 5 million
LONGEST_DOCTYPE = 64 * 1024  # bytes; PubMed's is 150
LONGEST_NAME = 256  # bytes of the longest mark that must be seen whole
DEEPEST = 64  # levels around the records; PubMed has one, EndNote two
SHOWN = 60  # characters of stray text that a note shows

_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_KNOWN_ENCODING = re.compile(
    r"us-ascii|ascii|utf-?8|utf-?16.*|utf-?32.*|ucs-.*|iso[-_]?8859-?\d+|latin-?\d+|windows-?\d+|cp\d+|mac-?roman|koi8-[ru]|"
    r"gb2312|gbk|gb18030|big5|shift[-_]jis|euc-(?:jp|kr)",
    re.IGNORECASE,
)
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_DOCTYPE_ENDS = re.compile(rb"[\[>]")
_MARK = re.compile(rb"<(?:!--|!\[CDATA\[|!DOCTYPE|\?|/?[A-Za-z_][\w:.-]*)")


@dataclass(frozen=True, slots=True)
class Cut:
    """One record as bytes in UTF-8, and the line where it starts; `fault` says why it is not whole."""

    line: int
    raw: bytes
    fault: str = ""
    ended: bool = False  # whether the file ended within it


@dataclass(frozen=True, slots=True)
class Stray:
    """Something around the records that a person should know of."""

    line: int
    text: str
    ended: bool = False  # whether the file ended before its outermost element did


Piece: TypeAlias = Cut | Stray


def declared_encoding(head: bytes) -> str:
    """Python's name of the encoding that a file is in, by its byte mark or declaration. Raises LookupError with its name
    where that is not known."""
    if wide := wide_encoding(head):
        return wide
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    found = _DECLARED.match(head)
    name = found.group(1).decode().lower() if found else "utf-8"
    if not _KNOWN_ENCODING.fullmatch(name):
        raise LookupError(name)
    if name.startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs")):  # a text in bytes that only says so
        return "utf-8"
    plain = codecs.lookup(name).name
    return "utf-8" if plain == "ascii" else plain


def as_utf8(lines: Lines, encoding: str) -> Iterator[bytes]:
    """The bytes of the file in UTF-8; one that is in UTF-8 comes as it is, right or wrong."""
    if encoding == "utf-8":
        yield from lines.chunks()
        return
    if encoding == "utf-8-sig":
        yield from (chunk[3:] if not at else chunk for at, chunk in enumerate(lines.chunks()))
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in lines.chunks():
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


class Cutter:
    """One way through a file of XML; `starts` counts the start tags of records that were seen."""

    def __init__(self, chunks: Iterator[bytes], records: tuple[str, ...], path: str) -> None:
        names = b"|".join(re.escape(name.encode()) for name in records)
        self._records = {name.encode() for name in records}
        self._inside = re.compile(rb"</(?:" + names + rb")\s*>|<(?:" + names + rb")(?=[\s>/])|<!--|<!\[CDATA\[|<\?")
        self._chunks, self._path = chunks, path
        self._buffer, self._at, self._ended = b"", 0, False
        self._start: int | None = None  # where the record in hand begins, while it is kept
        self._line, self._counted = 1, 0
        self._open: list[bytes] = []  # elements around the records that have begun and not ended
        self._told: set[bytes] = set()
        self._strays: list[Stray] = []
        self.starts = 0

    def pieces(self) -> Iterator[Piece]:
        """Records and what stands around them, in their order."""
        while self._to_mark():
            yield from self._strays
            self._strays.clear()
            while len(self._buffer) - self._at < LONGEST_NAME and self._more():
                pass
            if found := self._around():
                yield found
        yield from self._strays
        if self._open:
            yield Stray(self._here(self._at), f"the file ends before </{_shown(self._open[-1])}>", ended=True)

    def _to_mark(self) -> bool:
        """Go to the next `<`, passing text; False at the end of the file."""
        while (found := self._buffer.find(b"<", self._at)) < 0:
            self._outside(self._buffer[self._at :])
            self._at = len(self._buffer)
            if not self._more():
                return False
        self._outside(self._buffer[self._at : found])
        self._at = found
        return True

    def _more(self) -> bool:
        """Read on, letting go what lies before the record in hand, or before the place where there is none."""
        if self._ended:
            return False
        keep = self._at if self._start is None else self._start
        self._here(max(keep, self._counted))
        chunk = next(self._chunks, None)
        self._ended = chunk is None
        self._buffer = self._buffer[keep:] + (chunk or b"")
        self._at, self._counted = self._at - keep, self._counted - keep
        self._start = None if self._start is None else 0
        return not self._ended

    def _here(self, at: int) -> int:
        """The line of a place that is not before the last one asked for."""
        self._line += self._buffer.count(b"\n", self._counted, at)
        self._counted = at
        return self._line

    def _outside(self, text: bytes) -> None:
        """Tell of the first text that stands around the records."""
        if b"" not in self._told and text.strip():
            self._told.add(b"")
            line = self._here(self._at)
            self._strays.append(Stray(line, f"text stands outside every record: {_shown(text)!r}"))

    def _around(self) -> Piece | None:
        """Pass what begins at the place, which is at a `<` outside the records."""
        found = _MARK.match(self._buffer, self._at)
        mark = found.group() if found else b"<"
        name = mark.lstrip(b"</")
        if not found or found.end() == len(self._buffer):
            line, what = self._here(self._at), "the file ends within a mark" if self._ended else "a < stands alone"
            self._at += len(mark)
            return Stray(line, what, ended=self._ended)
        if mark in _ENDS:
            self._pass(_ENDS[mark])
        elif mark == b"<!DOCTYPE":
            self._doctype()
        elif mark[1:2] == b"/":
            if name in self._open:
                while self._open.pop() != name:
                    pass
            self._pass(b">")
        elif name in self._records:
            return self._record()
        else:
            return self._element(name)
        return None

    def _element(self, name: bytes) -> Stray | None:
        """Pass the start of an element that is no record: one around them, or one that is neither."""
        line, depth = self._here(self._at), len(self._open)
        self._pass(b">")
        if self._buffer[self._at - 2 : self._at] != b"/>":
            self._open.append(name)
        if depth > DEEPEST:
            raise InputError(
                said(
                    "%(path)s: on line %(line)s its elements are nested more than %(deepest)s deep around the "
                    "records, which no export needs; export the search again.",
                    path=self._path,
                    line=line,
                    deepest=DEEPEST,
                )
            )
        if depth < 2 or name in self._told or len(self._told) > LONGEST_NAME:
            return None
        self._told.add(name)
        return Stray(line, f"<{_shown(name)}> stands outside every record; it was passed over")

    def _pass(self, end: bytes) -> bool:
        """Go behind the next such end; False, and to the end of the file, where there is none."""
        while (found := self._buffer.find(end, self._at)) < 0:
            self._at = max(self._at, len(self._buffer) - len(end) + 1)
            self._let_go()
            if not self._more():
                self._at = len(self._buffer)
                return False
        self._at = found + len(end)
        return True

    def _doctype(self) -> None:
        """Pass a document type unread; one that declares anything of its own is refused."""
        begins = self._at
        while not (found := _DOCTYPE_ENDS.search(self._buffer, self._at)):
            if len(self._buffer) - begins > LONGEST_DOCTYPE or not self._more():
                break
            begins = 0
        if (found and found.group() == b"[") or (not found and not self._ended):
            raise InputError(
                said(
                    "%(path)s: its document type (DOCTYPE) declares entities or other things of its own, which no "
                    "export needs and which can fill the memory; take them out, or export the search again.",
                    path=self._path,
                )
            )
        self._at = found.end() if found else len(self._buffer)

    def _record(self) -> Cut:
        """Pass the record that begins at the place; one that is too long is not kept."""
        self.starts += 1
        line, self._start = self._here(self._at), self._at
        whole = self._pass(b">") and (self._buffer[self._at - 2 : self._at] == b"/>" or self._to_its_end())
        raw = b"" if self._start is None else self._buffer[self._start : self._at]
        fault = "" if raw and len(raw) <= LONGEST_RECORD else f"it is longer than {LONGEST_RECORD:,} bytes"
        self._start = None
        if whole is None:
            return Cut(line, b"", f"it has no end tag; the next record begins on line {self._here(self._at)}")
        if not whole:
            return Cut(line, raw, "the file ends in the middle of it", ended=True)
        return Cut(line, raw, fault)

    def _to_its_end(self) -> bool | None:
        """Go behind the end tag of the record in hand; None where another record begins, False where the file ends."""
        while True:
            while not (found := self._inside.search(self._buffer, self._at)):
                self._at = max(self._at, len(self._buffer) - LONGEST_NAME)
                self._let_go()
                if not self._more():
                    self._at = len(self._buffer)
                    return False
            mark = found.group()
            if mark in _ENDS:
                if not self._pass(_ENDS[mark]):
                    return False
                continue
            ends = mark[1:2] == b"/"
            self._at = found.end() if ends else found.start()
            return True if ends else None

    def _let_go(self) -> None:
        """Keep no more of a record than may be kept."""
        if self._start is not None and self._at - self._start > LONGEST_RECORD:
            self._start = None


def _shown(text: bytes) -> str:
    return " ".join(text[: 4 * SHOWN].decode("utf-8", "replace").split())[:SHOWN]
