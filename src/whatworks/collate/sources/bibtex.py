"""BibTeX and BibLaTeX, as reference managers, Google Scholar, publishers and people write it.

An `@type{` that begins a line begins an entry, whatever came before: so an entry whose braces are not closed is reported
with its line and costs no other. Memory is bounded by the longest entry, the macros and `KEYS_KEPT` keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whatworks.collate.methods.bibtex_parsing import SPECIAL, START, Entry, entries
from whatworks.collate.methods.bibtex_tags import quick_tags, tags_of
from whatworks.collate.methods.records import Found, Note, ReadResult, Record, Unreadable
from whatworks.collate.methods.translating import Pair
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.lines import LONGEST_LINE, Lines
from whatworks.errors import InputError
from whatworks.saying import said

LONGEST_RECORD = 16 * 1024 * 1024  # characters, as in RIS
MACROS_KEPT = 16 * 1024 * 1024  # characters
KEYS_KEPT = 200_000  # keys that are compared; beyond, a key that stands twice is no longer noted

_STARTS = re.compile(rf"\n(?={START.pattern})")
_ENDS_IN_START = re.compile(r"(?:^|\n)[ \t]*@[^\n{(]*\Z")


class Piece:
    """What stands between one `@type{` that begins a line and the next, while its lines come in."""

    def __init__(self, number: int) -> None:
        self.number, self.size, self.fault = number, 0, ""
        self.parts: list[str] = []

    def add(self, text: str, fault: str = "") -> None:
        """Put lines to it; a piece beyond the bounds is let go and is unreadable."""
        self.size += len(text) + 1
        self.fault = self.fault or fault
        if self.size > LONGEST_RECORD:
            self.fault = self.fault or f"it is longer than {LONGEST_RECORD:,} characters"
        self.parts.append(text[:200] if self.fault else text)
        if self.fault:
            del self.parts[1:]

    def text(self) -> str:
        """All of it."""
        return "\n".join(self.parts)


class Bibtex(Source):
    """BibTeX: entries with fields in braces or quotes; macros, LaTeX's marks and BibTeX's names are understood."""

    name = "BibTeX"

    def recognises(self, head: Head) -> bool:
        """Whether an entry begins a line."""
        return _STARTS.search(f"\n{head.text}") is not None

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; record starts are told to the result on the way."""
        reading = _Reading(result)
        for text, whole in lines.texts():
            fault = "" if whole else f"line {reading.number} is longer than {LONGEST_LINE:,} bytes"
            yield from reading.take(text, fault)
        yield from reading.finish()


class _Reading:
    """One file being read."""

    def __init__(self, result: ReadResult) -> None:
        self.result = result
        self.position = 0
        self.number = 1  # of the next line
        self.piece = Piece(1)
        self.macros: dict[str, str] = {}
        self.keys: set[str] = set()

    def take(self, text: str, fault: str) -> Iterator[Found]:
        """Take lines in; what stands before the last start among them is complete."""
        text = f"\n{text}"
        at = 0  # the newline before the first line that was not taken yet
        for start in _starts(text):
            whole = text[at + 1 : start] if start else ""
            tried = not self.piece.parts and len(whole) <= LONGEST_RECORD
            quick = quick_tags(whole, self.macros) if tried else None
            if quick:  # most are one entry, all of it here
                self.result.record_starts += 1
                yield self._record(*quick, self.piece.number)
            else:
                if start:
                    self.piece.add(whole)
                yield from self.close(last=False, tried=tried)
                self.piece = Piece(0)
            if start:
                self.number += whole.count("\n") + 1
                at = start
            self.piece.number = self.number
        rest = text[at + 1 :]
        self.number += rest.count("\n") + 1
        self.piece.add(rest, fault)

    def finish(self) -> Iterator[Found]:
        """What is still open when the file ends."""
        rest = _ENDS_IN_START.search(self.piece.text())
        yield from self.close(last=True)
        if rest:
            line = self.piece.number + self.piece.text().count("\n", 0, rest.start() + 1)
            yield Note(line, "the file ends within the first line of an entry", cut=True)

    def close(self, *, last: bool, tried: bool = False) -> Iterator[Found]:
        """The entries of the piece in hand; `tried` where the quick way has failed on all of it already."""
        piece, text = self.piece, self.piece.text()
        quick = None if tried or piece.fault else quick_tags(text, self.macros)
        if quick:
            self.result.record_starts += 1
            yield self._record(*quick, piece.number)
        elif piece.fault:
            yield from self._unreadable(piece, text)
        else:
            yield from self._carefully(piece, text, last)

    def _unreadable(self, piece: Piece, text: str) -> Iterator[Found]:
        start = START.match(text)
        if start and start.group(1).lower() not in SPECIAL:
            self.result.record_starts += 1
            self.position += 1
            yield Unreadable(piece.number, piece.fault)
        else:
            yield Note(piece.number, f"text outside every entry was passed over: {piece.fault}")

    def _carefully(self, piece: Piece, text: str, last: bool) -> Iterator[Found]:
        known = len(self.macros)
        for found in entries(text, self.macros):
            at = found.at if isinstance(found, Entry) else found[0]
            number = piece.number + text.count("\n", 0, at)
            if not isinstance(found, Entry):
                yield from _noted(number, found[1])
                continue
            self.result.record_starts += 1
            if found.fault:
                self.position += 1
                yield Unreadable(number, f"{found.kind} {found.key}: {found.fault}", cut=last and found.cut)
            else:
                yield self._whole(found, number)
        if len(self.macros) > known and sum(map(len, self.macros.values())) > MACROS_KEPT:
            raise InputError(
                said(
                    "%(path)s: its macros (@string) fill more than %(macros_kept)s characters.",
                    path=self.result.path,
                    macros_kept=f"{MACROS_KEPT:,}",
                )
            )

    def _whole(self, entry: Entry, number: int) -> Record:
        empty = [] if entry.fields else ["the entry is empty: it has a key and nothing else"]
        return self._record(entry.key, tags_of(entry), number, [*entry.notes, *empty])

    def _record(self, key: str, tags: list[Pair], number: int, notes: Sequence[str] = ()) -> Record:
        self.position += 1
        if key and self._twice(key):
            notes = [*notes, f"the key {key!r} stands more than once in this file"]
        return Record(self.position, number, tuple(tags), tuple(notes))

    def _twice(self, key: str) -> bool:
        if key in self.keys:
            return True
        if len(self.keys) < KEYS_KEPT:
            self.keys.add(key)
        return False


def _noted(number: int, text: str) -> Iterator[Note]:
    """Text between entries; lines that begin with % are comments and need no note."""
    for at, line in enumerate(text.split("\n")):
        if line.strip(" \t,") and not line.lstrip().startswith("%"):
            yield Note(number + at, f"text stands outside every entry from this line on: {line.strip()[:60]!r}")
            return


def _starts(text: str) -> Iterator[int]:
    """The newlines after which an entry begins, in a text that begins with one."""
    seen, at = 0, text.find("@")  # `seen`: the place before which no newline matters any more
    while at >= 0:
        line = at - 1 if text[at - 1] == "\n" else text.rfind("\n", seen, at)
        if line >= 0 and START.match(text, line + 1):
            yield line
        seen, at = at, text.find("@", at + 1)
