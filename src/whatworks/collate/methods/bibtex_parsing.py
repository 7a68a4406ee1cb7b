"""BibTeX parsing: one piece of a file, from an `@` that begins a line to the next, as entries; values stay as written.

Two paths give the same. `plain_entry` takes an entry laid out as programs lay it out, by one pattern; `entries` takes any
other, one token after another: quotes, `#`, macros, parentheses, several entries on a line, commas that are missing or
too many, comments between fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from whatworks.collate.methods.translating import Pair

LONGEST_VALUE = (
    4 * 1024 * 1024
)  # characters of a value once its macros are put in: macros of macros could fill any memory
START = re.compile(r"[ \t]*@[ \t]*([A-Za-z][\w-]*)\s*[{(]")
SPECIAL = frozenset({"string", "preamble", "comment"})
_HEAD = re.compile(r"[ \t]*@[ \t]*([A-Za-z][\w-]*)\s*\{\s*([^\s,{}()=\"#%\\]*)\s*,")
NESTED = re.compile(r"[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*")  # a value whose braces, two deep, are in pairs
_NAMED = re.compile(r"[A-Za-z][\w:.+/-]*")
_BARE = re.compile(r"\s*([A-Za-z][\w:.+/-]*)\s*=\s*(\w+)\s*")
_NAMED_BEFORE = re.compile(r"\s*([A-Za-z][\w:.+/-]*)\s*=\s*")
_BRACES, _QUOTES = "{}", '""'
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


class Bounds(NamedTuple):
    """An entry with a key that ends in a brace: its type in small letters, its key, where its fields begin, and where the
    last of them has its last character."""

    kind: str
    key: str
    start: int
    end: int


def bounds(text: str) -> Bounds | None:
    """Where the fields of the entry of a piece lie; None where it is no such entry, or has none."""
    head = _HEAD.match(text)
    if not head:
        return None
    kind, key = head.group(1).lower(), head.group(2)
    close = len(text) - 1
    while text[close].isspace():
        close -= 1
    end = close - 1
    while text[end].isspace():
        end -= 1
    if text[end] == ",":
        end -= 1
    if text[close] != "}" or kind in SPECIAL or not key or end < head.end():
        return None
    return Bounds(kind, key, head.end(), end)


def plain_entry(text: str, macros: Mapping[str, str]) -> Entry | None:
    """The one entry of a piece, if it is laid out as programs do: all fields in braces or all in quotes, which end their
    lines, between them numbers and words; None where anything in it is otherwise."""
    found = bounds(text)
    if not found:
        return None
    body = text[found.start : found.end + 1]
    last: list[Pair] = []
    if body[-1:] not in ("}", '"'):  # bare fields after the last in braces or quotes
        cut = max(body.rfind("},\n"), body.rfind('",\n')) + 1
        bare = _bare(body[cut + 1 :].split(",\n"), macros) if cut else None
        if bare is None:
            return None
        body, last = body[:cut], bare
    marks = _BRACES if body[-1] == "}" else _QUOTES
    fields = _plain_fields(body[:-1], marks) or _odd_fields(body[:-1], marks, macros)
    return Entry(found.kind, found.key, 0, fields + last) if fields else None


def _plain_fields(body: str, marks: str) -> list[Pair]:
    """The fields of a body without its last mark, none of them bare, each on lines of its own; none at all where anything
    is otherwise."""
    opening, closing = marks[0], marks[1]
    cut = [part.partition(opening) for part in body.split(f"{closing},\n")]
    fields = [(name_before(before), value) for before, _, value in cut]
    return fields if all(name for name, _ in fields) and _all_whole(fields, closing) else []


def name_before(before: str) -> str:
    """The name in what stands before a value; "" where there is none, or something else beside it."""
    found = _NAMED_BEFORE.fullmatch(before)
    return found.group(1) if found else ""


def _odd_fields(body: str, marks: str, macros: Mapping[str, str]) -> list[Pair]:
    """The same where bare fields stand between, or names of unusual letters; each other field ends its line."""
    fields: list[Pair] = []
    for part in body.split(f"{marks[1]},\n"):
        name, value = _odd_start(part, marks[0], macros, fields)
        if not name:
            return []
        fields.append((name, value))
    return fields if _all_whole(fields, marks[1]) else []


def _all_whole(fields: list[Pair], closing: str) -> bool:
    """Whether no value holds a quote that would end it, or a brace too many."""
    if closing == '"' and any('"' in value for _, value in fields):
        return False
    return all(NESTED.fullmatch(value) for _, value in fields if "{" in value or "}" in value)


def _odd_start(part: str, opening: str, macros: Mapping[str, str], fields: list[Pair]) -> Pair:
    """Name and value of a field whose start is not quite plain: other spaces, a name that is no word, bare fields before,
    which are put to the fields. The name is "" where it is none."""
    before, _, value = part.partition(opening)
    before = before.rstrip()
    if before[-1:] != "=":
        return "", ""
    name = before[:-1].strip()
    if _NAMED.fullmatch(name):
        return name, value
    *lines, name = name.split(",\n")
    bare = _bare(lines, macros)
    name = name.strip()
    if bare is None or not _NAMED.fullmatch(name):
        return "", ""
    fields += bare
    return name, value


def _bare(lines: list[str], macros: Mapping[str, str]) -> list[Pair] | None:
    """The fields on lines whose values are numbers or words that are no macros, such as `month = aug`; None if any is not."""
    found = [_BARE.fullmatch(line) for line in lines]
    bare = [(one.group(1), one.group(2)) for one in found if one and one.group(2).lower() not in macros]
    return bare if len(bare) == len(lines) else None


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
