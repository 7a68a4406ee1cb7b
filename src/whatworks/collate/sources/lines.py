"""Lines: the bytes of a file as numbered lines of text, whatever its encoding and line ends, in bounded memory."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import BinaryIO, TypeAlias

LONGEST_LINE = 4 * 1024 * 1024  # bytes; the longest line seen in a real export is under 100 kB
CHUNK = 256 * 1024  # bytes read at a time
HEAD = 1024 * 1024  # bytes in which a format must show itself

_MARKS = (  # the longer mark first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# Files joined end to end keep their marks inside; one read as cp1252 and saved again shows it.
_STRAY_MARKS = re.compile("(?:\ufeff|ï»¿)+")


def wide_encoding(head: bytes) -> str:
    """The two- or four-byte encoding that a file begins in, or "" for the one-byte family (UTF-8, cp1252, latin-1)."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return "" if name == "utf-8-sig" else name
    even, odd = head[:400:2], head[1:400:2]
    # From its first characters on: a file in one-byte text may hold wide text further down, pasted or gone wrong.
    if odd[:4].count(0) >= 2 and odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.2 * len(even) and len(odd) >= 4:
        return "utf-16-le"
    if even[:4].count(0) >= 2 and even.count(0) > 0.6 * len(even) and odd.count(0) < 0.2 * len(odd) and len(odd) >= 4:
        return "utf-16-be"
    return ""


Block: TypeAlias = tuple[bytes, bool, bool]
"""Lines without the end of the last; whether they are whole; whether that end is missing in the file."""

_LINE_END = re.compile(rb"\r\n|\n|\r")


class Lines:
    """The lines of one open file, once; `encoding`, `sha256` and `ragged` are final when the last line is out.

    A line that is not UTF-8 is read as cp1252, or as latin-1 where cp1252 has no such character, each line for itself,
    so that one foreign line does not garble the rest and no byte stops the reading. `ragged` says that the last line
    has no line end.
    """

    def __init__(self, stream: BinaryIO, progress: Callable[[int], None] | None = None) -> None:
        self._stream, self._progress = stream, progress
        self._hash = hashlib.sha256()
        self._seen = {"utf-8": 0, "cp1252": 0, "latin-1": 0}
        self.head = stream.read(HEAD)
        self._wide = wide_encoding(self.head)
        self.ragged = False
        self.declared = ""  # the encoding that the format itself declares, said by a source that reads bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes read so far, in hexadecimal."""
        return self._hash.hexdigest()

    @property
    def encoding(self) -> str:
        """The encoding seen so far, by Python's name; several names where lines differ."""
        if self.declared:
            return self.declared
        if self._wide:
            return self._wide
        if self._seen["cp1252"] or self._seen["latin-1"]:
            return "+".join(name for name, count in self._seen.items() if count)
        return "utf-8-sig" if self.head.startswith(codecs.BOM_UTF8) else "utf-8"

    def head_text(self) -> str:
        """The beginning of the file as text, for telling its format."""
        return self.head.decode(self._wide or "utf-8", "replace").lstrip("\ufeff")

    def __iter__(self) -> Iterator[tuple[int, str, bool]]:
        """Number from 1, text without its end, and whether it is whole: beyond LONGEST_LINE the rest is let go."""
        for number, text, whole in self.blocks():
            if not whole:
                yield number, text, False
                continue
            for at, line in enumerate(text.split("\n"), number):
                yield at, line, True

    def blocks(self) -> Iterator[tuple[int, str, bool]]:
        """The same lines, many at a time: the number of the first, their text joined by one newline, whether whole.

        What is not whole is a single line. A block holds about CHUNK bytes, so memory does not grow with the file.
        """
        number = 1
        for text, whole in self.texts():
            yield number, text, whole
            number += text.count("\n") + 1 if whole else 1

    def texts(self) -> Iterator[tuple[str, bool]]:
        """The same blocks, for readers that count lines themselves; what is not whole is a single line."""
        for raw, whole, ragged in _blocks(self._one_byte_chunks()):
            self.ragged = ragged
            yield (self._block_text(raw) if whole else raw.decode("utf-8", "replace")), whole

    def _block_text(self, raw: bytes) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            *earlier, last = _LINE_END.split(raw)
            texts = [self._text(line) for line in earlier]
            return "\n".join([*texts, self._text(last, ragged=self.ragged)])
        self._seen["utf-8"] += not text.isascii()
        if b"\r" in raw:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\ufeff" in text or ("¿" in text and "ï»¿" in text):
            return "\n".join(map(unmarked, text.split("\n")))
        return text

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the file as they lie in it, for formats that are not lines; once, in place of the lines."""
        rest = iter(lambda: self._stream.read(CHUNK), b"")
        for chunk in chain((self.head[at : at + CHUNK] for at in range(0, len(self.head), CHUNK)), rest):
            self._hash.update(chunk)
            if self._progress:
                self._progress(len(chunk))
            yield chunk

    def _one_byte_chunks(self) -> Iterator[bytes]:
        if not self._wide:
            yield from self.chunks()
            return
        decoder = codecs.getincrementaldecoder(self._wide)("replace")
        for chunk in self.chunks():
            yield decoder.decode(chunk).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")

    def _text(self, raw: bytes, *, ragged: bool = False) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            cut = ragged and error.end == len(raw) and error.reason == "unexpected end of data"
            return raw.decode("utf-8", "replace") if cut else self._other_text(raw)
        self._seen["utf-8"] += not text.isascii()
        return unmarked(text)

    def _other_text(self, raw: bytes) -> str:
        try:
            text, name = raw.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            text, name = raw.decode("latin-1"), "latin-1"
        self._seen[name] += 1
        return text


def unmarked(line: str) -> str:
    """The line without the byte marks that it begins with, however many."""
    found = _STRAY_MARKS.match(line)
    return line[found.end() :] if found else line


def _blocks(chunks: Iterator[bytes]) -> Iterator[Block]:
    tail, dropped = b"", False
    for chunk in chunks:
        if dropped and not (tail.endswith(b"\r") or b"\n" in chunk or b"\r" in chunk):
            continue  # still the same endless line, of which enough is held
        here = tail + chunk
        end = max(here.rfind(b"\n"), here.rfind(b"\r", 0, len(here) - 1))  # a last \r may be half of \r\n: it waits
        if end < 0:
            dropped = dropped or len(_without_end(here)) > LONGEST_LINE
            tail = here[:LONGEST_LINE] + (b"\r" if here.endswith(b"\r") else b"") if dropped else here
            continue
        body, tail = here[: end + 1], here[end + 1 :]
        if dropped or len(body) > LONGEST_LINE:
            first = _first_line(body)
            text = _without_end(first)
            yield text[:LONGEST_LINE], not dropped and len(text) <= LONGEST_LINE, False
            body, dropped = body[len(first) :], False
        if body:
            yield _without_end(body), True, False
    if tail:
        yield _without_end(tail), not dropped, not tail.endswith(b"\r")


def _first_line(body: bytes) -> bytes:
    found = _LINE_END.search(body)
    return body[: found.end()] if found else body


def _without_end(body: bytes) -> bytes:
    if body.endswith(b"\r\n"):
        return body[:-2]
    return body[:-1] if body.endswith((b"\n", b"\r")) else body
