"""BibTeX parsing: one piece of a file, from an `@` that begins a line to the next, as entries; values stay as written.

Any way in which people and programs write it: quotes, `#`, macros, parentheses, several entries on a line, commas that are
missing or too many, comments between fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from whatworks.collate.methods.translating import Pair

LONGEST_VALUE = (
    4 * 1024 * 1024
)  # characters of a value once its macros are put in: macros of macros could fill any memory
START = re.compile(r"[ \t]*@[ \t]*([A-Za-z][\w-]*)\s*[{(]")
SPECIAL = frozenset({"string", "preamble", "comment"})
_SPACE = re.compile(r"(?:\s+|%[^\n]*(?:\n|\Z))*")
_NAME = re.compile(r"[^\s,{}()=\"#%@]+")
_KEY = re.compile(r"[^,{}=\n]*?(?=\s*[,}])")
_KEY_IN_PARENTHESES = re.compile(r"[^,{}()=\n]*?(?=\s*[,)])")
_KEY_WITHOUT_COMMA = re.compile(r"[^\s,{}()=]+(?=\s+[A-Za-z][\w-]*\s*=)")
_RESUMES = re.compile(r"\}\s*@[ \t]*[A-Za-z][\w-]*\s*[{(][^,{}=\n]*,")
_TOKEN = re.compile(r"[^\s,{}()=\"#]+")
_MARKS = re.compile(r'[{}"]')
_UNESCAPED_MARKS = re.compile(r'(?<!\\)[{}"]')


@dataclass(slots=True)
class Entry:
    """One entry: its type in small letters, its key, its fields as written; of each whose text a macro or `#` made, what
    was written. `at` is where it begins in its piece. `fault` says why it cannot be read; `cut` that the piece ends."""

    kind: str
    key: str
    at: int
    fields: list[Pair] = field(default_factory=list)
    written: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fault: str = ""
    cut: bool = False


class _Broken(Exception):
    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why, self.at = why, at


def entries(text: str, macros: dict[str, str]) -> Iterator[Entry | tuple[int, str]]:
    """The entries of a piece in their order; places and texts that stand outside them. Macros are read and learnt."""
    at = 0
    while at < len(text):
        found = START.search(text, at) if at else START.match(text)
        if not found:
            yield from _outside(text, at, len(text))
            return
        yield from _outside(text, at, found.start())
        entry, at = _entry(text, found, macros)
        if entry.kind not in SPECIAL:
            yield entry
        elif entry.fault:
            yield found.start(), text[found.start() : at]


def _outside(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    if text[start:end].strip(" \t\r\n,"):
        yield start, text[start:end]


def _entry(text: str, found: re.Match[str], macros: dict[str, str]) -> tuple[Entry, int]:
    """The entry that begins here, and where it ends; braces that escapes hide are not counted where they must not be."""
    entry = Entry(found.group(1).lower(), "", found.start())
    close = "}" if text[found.end() - 1] == "{" else ")"
    for marks in (_MARKS, _UNESCAPED_MARKS):
        reading = _Reading(text, found.end(), close, marks, macros)
        try:
            reading.whole(entry)
        except _Broken as broken:
            entry.fault, entry.cut = broken.why, broken.at >= len(text)
            continue
        entry.fault, entry.cut = "", False
        return entry, reading.at
    return entry, _resumed(text, found.end())


def _resumed(text: str, at: int) -> int:
    """After an entry that cannot be read: where the next begins, though on the same line, else the end of the piece."""
    found = _RESUMES.search(text, at)
    return found.start() + 1 if found else len(text)


class _Reading:
    """One entry being read: `at` is the place reached."""

    def __init__(self, text: str, at: int, close: str, marks: re.Pattern[str], macros: dict[str, str]) -> None:
        self.text, self.at, self.close, self.marks, self.macros = text, at, close, marks, macros

    def whole(self, entry: Entry) -> None:
        """Read the entry to its closing brace or parenthesis."""
        entry.fields, entry.written, entry.notes, entry.key = [], {}, [], ""
        if entry.kind == "comment":
            self._through(0 if self.close == "}" else None)
        elif entry.kind == "preamble":
            self._value()
            self._through(0)
        else:
            if entry.kind != "string":
                self._key(entry)
            self._fields(entry)
        if entry.kind == "string":
            self.macros.update((name.lower(), value) for name, value in entry.fields)

    def _through(self, depth: int | None) -> None:
        end = self.text.find(")", self.at) + 1 if depth is None else self._matching(self.at)
        self.at = end or len(self.text)

    def _key(self, entry: Entry) -> None:
        self._space()
        found = (_KEY if self.close == "}" else _KEY_IN_PARENTHESES).match(self.text, self.at)
        if found:
            entry.key, self.at = found.group().strip(), found.end()
        elif bare := _KEY_WITHOUT_COMMA.match(self.text, self.at):
            entry.key, self.at = bare.group(), bare.end()
        if not entry.key:
            entry.notes.append("the entry has no key")

    def _fields(self, entry: Entry) -> None:
        comma = entry.kind == "string" or not entry.key
        while (here := self._char()) != self.close:
            if here == ",":
                comma, self.at = True, self.at + 1
                continue
            name = self._name()
            if not comma:
                entry.notes.append(f"a comma is missing before {name}")
            start = self.at
            value, made = self._value()
            if made:
                entry.written[len(entry.fields)] = self.text[start : self.at].strip()
            entry.fields.append((name, value))
            comma = False
        self.at += 1

    def _name(self) -> str:
        found = _NAME.match(self.text, self.at)
        if not found:
            raise _Broken(f"{self.text[self.at]!r} stands where a field should begin", self.at)
        self.at = found.end()
        if self._char() != "=":
            raise _Broken(f"'=' is missing after {found.group()[:40]!r}", self.at)
        self.at += 1
        return found.group()

    def _value(self) -> tuple[str, bool]:
        """The value that begins here, and whether macros or `#` made it."""
        parts, made, size = [], False, 0
        while True:
            part, of_macro = self._part()
            parts.append(part)
            made, size = made or of_macro, size + len(part)
            if size > LONGEST_VALUE:
                raise _Broken(f"its macros make a value of more than {LONGEST_VALUE:,} characters", self.at)
            if self._char() != "#":
                return "".join(parts), made
            made, self.at = True, self.at + 1

    def _part(self) -> tuple[str, bool]:
        here, start = self._char(), self.at + 1
        if here in '{"':
            self.at = self._matching(start) if here == "{" else self._quoted(start)
            return self.text[start : self.at - 1], False
        found = _TOKEN.match(self.text, self.at)
        if not found:
            raise _Broken(f"{here!r} stands where a value should", self.at)
        self.at = found.end()
        known = self.macros.get(found.group().lower())
        return (found.group(), False) if known is None else (known, True)

    def _char(self) -> str:
        self._space()
        if self.at >= len(self.text):
            raise _Broken("its braces are not closed", self.at)
        return self.text[self.at]

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _matching(self, at: int) -> int:
        """The place after the brace that closes the one before `at`."""
        depth = 1
        for found in self.marks.finditer(self.text, at):
            mark = found.group()
            depth += 1 if mark == "{" else -1 if mark == "}" else 0
            if not depth:
                return found.end()
        raise _Broken("its braces are not closed", len(self.text))

    def _quoted(self, at: int) -> int:
        """The place after the quote that closes the one before `at`; one within braces does not."""
        depth = 0
        for found in self.marks.finditer(self.text, at):
            mark = found.group()
            depth += 1 if mark == "{" else -1 if mark == "}" else 0
            if depth < 0:
                raise _Broken("a quoted value holds a brace too many", found.start())
            if mark == '"' and not depth:
                return found.end()
        raise _Broken("a quoted value is not closed", len(self.text))
