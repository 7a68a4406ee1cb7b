"""Tagged: formats of lines, each with a field's name before its value; a format is its patterns and a table of rules.

The base holds a record until the next one starts or an end line closes it, joins wrapped lines, and counts record starts
where lines are split. Memory is bounded by the longest record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import ClassVar

from whatworks.collate.methods.records import Found, ReadResult, Record, Unreadable
from whatworks.collate.methods.translating import Pair, Rules, translated
from whatworks.collate.sources.base import Line, LineSource
from whatworks.collate.sources.lines import LONGEST_LINE, Lines
from whatworks.collate.sources.outside import Outside

LONGEST_RECORD = 16 * 1024 * 1024  # characters, as in RIS
LEAST_LINE = 64  # a short line counts as this many, since keeping it costs about that


class Draft:
    """The record in hand: its fields, each with its lines, while they come in."""

    __slots__ = ("blank", "fault", "fields", "line", "notes", "position", "size")

    def __init__(self, position: int, line: int) -> None:
        self.position, self.line = position, line
        self.fields: list[tuple[str, list[str]]] = []
        self.notes: list[str] = []
        self.blank, self.size, self.fault = 0, 0, ""

    def measure(self, number: int, text: str, whole: bool) -> None:
        """Count a line in; a record beyond the bounds is let go, and said to be unreadable in the end."""
        self.size += max(len(text), LEAST_LINE)
        if not self.fault and not whole:
            self.fault = f"line {number} is longer than {LONGEST_LINE:,} bytes"
        if not self.fault and self.size > LONGEST_RECORD:
            self.fault = f"it is longer than {LONGEST_RECORD:,} characters"
        if self.fault:
            self.fields = self.fields[:1]

    def wrap(self, text: str) -> None:
        """Put a line to the field above it."""
        if not self.fields:
            self.fields.append(("", []))
        self.fields[-1][1].extend([""] * self.blank + [text])
        self.blank = 0


class TaggedSource(LineSource):
    """A format of tagged lines. A subclass gives `name`, `key` (the source's name in kept fields), the patterns and
    `rules`; where a type or a whole record must be looked at, `kind` and `arranged`."""

    key: ClassVar[str]
    start: ClassVar[re.Pattern[str]]
    """A line on which a record starts."""
    tag: ClassVar[re.Pattern[str]]
    """A line with a field: its name and its value."""
    wrapped: ClassVar[re.Pattern[str]]
    """What stands before the text of a wrapped line."""
    end: ClassVar[re.Pattern[str] | None] = None
    """A line that ends a record, where the format has one."""
    ignored: ClassVar[re.Pattern[str] | None] = None
    """Lines outside records that belong to the format and need no note."""
    rules: ClassVar[Rules]
    listed: ClassVar[frozenset[str]] = frozenset()
    """Fields whose wrapped lines are each a value of their own."""
    joint: ClassVar[str] = " "
    """What joins a wrapped line to the one before it."""

    def starts_record(self, text: str) -> bool:
        """Whether a record begins on this line."""
        return self.start.match(text) is not None

    def starts_anew(self, text: str, seen: set[str]) -> bool:
        """Whether a record begins on this line, which stands after an empty one, though its first line is missing;
        `seen` are the fields since the last start."""
        return False

    def kind(self, fields: list[Pair]) -> str:
        """The RIS type of a record with these fields."""
        return "JOUR"

    def arranged(self, fields: list[Pair]) -> Iterable[Pair]:
        """The fields, where one depends on another."""
        return fields

    def finished(self, draft: Draft) -> bool:
        """Whether a record that no end line closed shows by itself that it is all there."""
        return False

    def whole(self, draft: Draft, *, ragged: bool, finished: int) -> bool:
        """Whether the last record, which nothing shows to be all there, may be taken for whole: of those before it,
        `finished` did show it; `ragged` says that the file breaks off within a line."""
        return draft.position > 1 and not finished

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; record starts are told to the result on the way."""
        draft: Draft | None = None
        outside, finished = Outside(), 0
        for line in self._counted(lines, result):
            if line[3]:
                yield from outside.take()
                if draft:
                    finished += self.finished(draft)
                    yield self._close(draft)
                draft = Draft(result.record_starts, line[0])
            if draft is None:
                self._pass(line, outside)
            elif self._add(draft, line):
                finished += 1
                yield self._close(draft)
                draft = None
        yield from outside.take()
        if draft:
            sure = draft.fault or self.finished(draft)
            whole = sure or self.whole(draft, ragged=lines.ragged, finished=finished)
            yield self._close(draft) if whole else _cut(draft)

    def parse(self, lines: Iterator[Line]) -> Iterator[Found]:
        """Not used: `find` reads the lines, since it must know how the last one ends."""
        raise NotImplementedError

    def _counted(self, lines: Lines, result: ReadResult) -> Iterator[Line]:
        seen: set[str] = set()
        blank = True
        for number, text, whole in lines:
            starts = self.starts_record(text) or (blank and bool(text.strip()) and self.starts_anew(text, seen))
            if starts:
                seen.clear()
                result.record_starts += 1
            blank = not text.strip()
            if found := self.tag.match(text):
                seen.add(found.group(1))
            yield number, text, whole, starts

    def _pass(self, line: Line, outside: Outside) -> None:
        if self.ignored is None or not self.ignored.match(line[1]):
            outside.add(line)

    def _add(self, draft: Draft, line: Line) -> bool:
        """Take one more line in; True when it ends the record."""
        number, text, whole, starts = line
        draft.measure(number, text, whole)
        if self.end and self.end.match(text):
            return True
        if starts and not self.starts_record(text):
            draft.notes.append("the record has no first line of its own; it was taken to start after the empty line")
        found = self.tag.match(text)
        if not text.strip():
            draft.blank += 1
        elif draft.fault:
            pass
        elif found:
            draft.blank = 0
            draft.fields.append((found.group(1), [found.group(2) or ""]))
        else:
            margin = self.wrapped.match(text)
            draft.wrap(text[margin.end() :] if margin else text)
        return False

    def _close(self, draft: Draft) -> Found:
        if draft.fault:
            return Unreadable(draft.line, draft.fault)
        fields: list[Pair] = []
        for name, parts in draft.fields:
            values = parts if name in self.listed else [_joined(parts, self.joint)]
            fields += [(name, value) for value in values]
        if len(fields) < 2:
            draft.notes.append("the record is empty: it has a first line and nothing else")
        pairs = translated(self.key, self.arranged(fields), self.rules)
        return Record(draft.position, draft.line, (("TY", self.kind(fields)), *pairs), tuple(draft.notes))


def _joined(parts: list[str], joint: str) -> str:
    """Paragraphs stay apart, as the empty lines between them show; within one, lines are joined."""
    text = parts[0]
    for before, part in pairwise(parts):
        text += f"{joint}{part}" if part and before else f"\n{part}"
    return text


def _cut(draft: Draft) -> Unreadable:
    last = draft.fields[-1][0] if draft.fields else "first"
    return Unreadable(draft.line, f"the file ends after its {last} line, in the middle of the record", cut=True)
