"""RIS: the tagged format that nearly every bibliographic database exports, each in its own way.

There is no one specification. What is accepted here beyond `XX  - value` was seen in real exports: one space or none
before the dash, small letters, indented files, missing and bare end lines, several line ends and encodings, wrapped
values, paragraphs with empty lines, vendors' own tags, and headings between records.

Two paths lead to the same records. The plain one takes whole records out of a block of lines at once, where nothing in
them is odd; the careful one takes one line after another. A property test holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from whatworks.collate.methods.foreign import CARRIER, carried, uncarried
from whatworks.collate.methods.records import Found, Note, ReadResult, Record, Unreadable
from whatworks.collate.sources.base import Line, LineSource
from whatworks.collate.sources.dialects import CANONICAL, Dialect, loose_start
from whatworks.collate.sources.lines import LONGEST_LINE, Lines, unmarked
from whatworks.collate.sources.outside import Outside

LONGEST_RECORD = 16 * 1024 * 1024  # characters; a real record with 7,456 authors counts 0.5 million
LEAST_LINE = 64  # a short line counts as this many, since keeping it costs about that

_TAG = re.compile(r"\n([A-Z][A-Z0-9])  - ?")
# A wrapped line that may yet be more than text: a tag in a looser form, an empty line, an end line without its dash.
_ODD = re.compile(r"\n(?:[ \t]*[A-Za-z][A-Za-z0-9][ \t\u00a0]*[-‐‑–—]|[^\S\n]*(?:ER[^\S\n]*)?(?:\n|\Z))")


class Draft:
    """The record in hand while its lines come in."""

    __slots__ = ("bare_end", "blank", "dialect", "fault", "line", "notes", "position", "size", "tags")

    def __init__(self, position: int, line: Line) -> None:
        self.position = position
        self.line, start, whole, _ = line
        self.dialect = Dialect(start)
        self.tags: list[tuple[str, list[str]]] = [("TY", [self.dialect.entry_type])]
        self.notes: list[str] = []
        self.blank, self.size, self.bare_end = 0, len(start), False
        self.fault = "" if whole else f"line {self.line} is longer than {LONGEST_LINE:,} bytes"

    def add(self, line: Line) -> bool:
        """Take one more line in; True when it ends the record."""
        number, text, whole, _ = line
        self.size += max(len(text), LEAST_LINE)
        if not whole or self.size > LONGEST_RECORD:
            self._spoil(number, whole)
        found = CANONICAL.match(text)
        pair = found.groups() if found else None
        if not pair and not text.strip():
            self.blank += 1
            return self.bare_end
        pair = pair or self.dialect.tag(text)
        self.bare_end = False
        if pair is None:
            self._continue(text)
        elif pair[0] == "ER":
            self._end(pair[1])
            return True
        else:
            self.blank = 0
            if not self.fault:
                self.tags.append((pair[0], [pair[1]]))
        return False

    def _continue(self, text: str) -> None:
        if text.strip() == "ER":  # an end line without its dash, if an empty line, a new record or the end follows
            self.bare_end = True
        if not self.fault:
            self.tags[-1][1].extend([""] * self.blank + [text])
        self.blank = 0

    def _end(self, value: str) -> None:
        if value.strip():
            self.tags.append(("ER", [value]))

    def _spoil(self, number: int, whole: bool) -> None:
        if not self.fault:
            where = f"line {number} is longer than {LONGEST_LINE:,} bytes"
            self.fault = where if not whole else f"it is longer than {LONGEST_RECORD:,} characters"
        self.tags = self.tags[:1]  # let the text go: the bound is on memory

    def close(self) -> Found:
        """What has come of it."""
        if self.fault:
            return Unreadable(self.line, self.fault)
        if self.bare_end:
            self._take_bare_end_away()
        if len(self.tags) == 1:
            self.notes.append("the record is empty: it has a type line and nothing else")
        tags = tuple(
            uncarried("\n".join(parts)) if tag == CARRIER else (tag, "\n".join(parts)) for tag, parts in self.tags
        )
        return Record(self.position, self.line, tags, tuple(self.notes))

    def _take_bare_end_away(self) -> None:
        parts = self.tags[-1][1]
        parts.pop()
        while len(parts) > 1 and not parts[-1].strip():
            parts.pop()


def _explained(text: str) -> str:
    return "tags before any type line (TY), or after an end line (ER)" if CANONICAL.match(text) else "text"


class Reading:
    """One file being read: what is open, and what has been seen that tells whether its last record is whole."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self.outside = Outside(_explained)
        self.starts = self.ended = 0

    def take(self, line: Line) -> Iterator[Found]:
        """Take one line in, carefully; what came to its end with it."""
        if line[3]:
            yield from self.outside.take()
            if self.draft:
                self.ended += self.draft.bare_end
                yield _close_without_end(self.draft)
            self.starts += 1
            self.draft = Draft(self.starts, line)
        elif self.draft is None:
            self.outside.add(line)
        elif self.draft.add(line):
            self.ended += 1
            found, self.draft = self.draft.close(), None
            yield found

    def plain(self, names: list[str], values: list[str], number: int) -> tuple[Record, int] | None:
        """The record of these tags, its end line left out, which starts on line `number`, and how many lines it fills;
        None where anything in it is odd and must be looked at line by line."""
        text, lines = "".join(values), len(names)
        if lines < 2 or names.count("TY") != 1 or len(text) + LEAST_LINE * lines > LONGEST_RECORD:
            return None
        if "\n" in text:
            lines += text.count("\n")
            if any("\n" in value and _ODD.search(value) for value in values):
                return None
        tags = tuple(zip(names, values, strict=True))
        if CARRIER in names:
            tags = tuple(uncarried(value) if tag == CARRIER else (tag, value) for tag, value in tags)
        self.starts += 1
        self.ended += 1
        return Record(self.starts, number, tags), lines

    def finish(self) -> Iterator[Found]:
        """What is still open when the file ends."""
        first, last, text = self.outside.first, self.outside.last, self.outside.text
        if text and first == last and "TY  -".startswith(text):
            yield Note(first, "the file ends within the type line of a record", cut=True)
        yield from self.outside.take()
        if self.draft:
            yield self._close_at_end(self.draft)

    def _close_at_end(self, draft: Draft) -> Found:
        """The last record without an end line: whole where no record of the file has one, cut off otherwise."""
        if draft.bare_end or draft.fault:
            return draft.close()
        if self.starts > 1 and not self.ended:
            draft.notes.append("no record of this file has an end line (ER); the last was taken to be whole")
            return draft.close()
        last = draft.tags[-1][0]
        return Unreadable(draft.line, f"the file ends after its {last} line, in the middle of the record", cut=True)


def _close_without_end(draft: Draft) -> Found:
    if not draft.bare_end:
        draft.notes.append("the record has no end line (ER); it was taken to end where the next one starts")
    return draft.close()


class Ris(LineSource):
    """RIS, as Ovid, ProQuest, Scopus, PubMed's helpers, Zotero, EndNote and the rest write it."""

    name = "RIS"

    def starts_record(self, text: str) -> bool:
        """Whether the line is a `TY` line."""
        if text[:5] == "TY  -":
            return True
        return text[:1] in "Tt \t" and text.lstrip()[:2].upper() == "TY" and loose_start(text) is not None

    def parse(self, lines: Iterator[Line]) -> Iterator[Found]:
        """Records, unreadable records and notes, in the order of the file, by the careful path alone."""
        reading = Reading()
        for line in lines:
            yield from reading.take(line)
        yield from reading.finish()

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; record starts are told to the result on the way."""
        reading = Reading()
        for number, text, whole in lines.blocks():
            if whole:
                yield from self._block(number, text, reading, result)
            else:
                yield from self._careful(number, text, reading, result, whole=False)
        yield from reading.finish()

    def _block(self, number: int, text: str, reading: Reading, result: ReadResult) -> Iterator[Found]:
        before, *rest = _TAG.split(f"\n{text}")
        names, values = rest[0::2], rest[1::2]
        if before:
            yield from self._careful(number, before[1:], reading, result)
        number, at = number + before.count("\n"), 0
        while at < len(names):
            end = _end_of_record(names, values, at) if reading.draft is None else 0
            plain = reading.plain(names[at:end], values[at:end], number) if end else None
            if plain:
                result.record_starts += names[at:end].count("TY")
                if reading.outside.first:
                    yield from reading.outside.take()
                yield plain[0]
                number += plain[1]
                at = end
            else:
                yield from self._careful(number, f"{names[at]}  - {values[at]}", reading, result)
            number += values[at].count("\n") + 1
            at += 1

    def _careful(
        self, number: int, text: str, reading: Reading, result: ReadResult, *, whole: bool = True
    ) -> Iterator[Found]:
        for at, line in enumerate(text.split("\n"), number):
            starts = self.starts_record(line)
            result.record_starts += starts
            yield from reading.take((at, line, whole, starts))


def _end_of_record(names: list[str], values: list[str], at: int) -> int:
    """Where the end line of the record stands that starts at `at`; 0 where none starts, or none ends plainly."""
    if names[at] != "TY":
        return 0
    try:
        end = names.index("ER", at)
    except ValueError:
        return 0
    return 0 if values[end].strip() else end


def write_ris(records: Iterable[Record]) -> Iterator[str]:
    """The records as RIS, a piece of text each: every tag and value in its order, type line first, end line last.

    Reading what this writes gives the same tags and values. A value from elsewhere whose later lines would be taken
    for tags has those lines joined to the one before.
    """
    canonical = Dialect("TY  - ")
    for record in records:
        tags = [carried(*pair) for pair in record.tags if pair[0] not in ("TY", "ER")]
        end = next((value for tag, value in record.tags if tag == "ER"), "")
        start = next((value for tag, value in record.tags if tag == "TY"), "GEN")
        pairs = [("TY", start), *tags, ("ER", end)]
        yield "".join(f"{tag}  - {_safe(value, canonical)}\n" for tag, value in pairs) + "\n"


def _safe(value: str, dialect: Dialect) -> str:
    if "\n" not in value and "\r" not in value:
        return value
    first, *rest = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [first]
    for at, text in enumerate(map(unmarked, rest)):
        ends = text.strip() == "ER" and at + 1 < len(rest) and not rest[at + 1].strip()
        if ends or dialect.tag(text) or loose_start(text):
            while len(lines) > 1 and not lines[-1].strip():  # joined to an empty line it would stand alone still
                lines.pop()
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return "\n".join(lines)
