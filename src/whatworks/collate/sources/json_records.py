"""JSON exports: one array of records, an envelope around it, one record alone, or one record a line, told by its start.

Each record stands for itself: what is no JSON, or JSON of the wrong shape, is reported with its line, and the reading
goes on behind it.
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from whatworks.collate.methods.keeping import kept_text
from whatworks.collate.methods.records import Found, Note, ReadResult, Record, Unreadable
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.json_text import Broken, JsonText, harmless
from whatworks.collate.sources.lines import Lines

Path: TypeAlias = tuple[str, ...]
Item: TypeAlias = dict[str, Any]
Tags: TypeAlias = list[tuple[str, str]]
Maker: TypeAlias = Callable[[Any, Item], Iterable[tuple[str, str]]]

_COMMAS = re.compile(",+")
_NEXT_LINE = re.compile(r"\n\{")
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "nothing (null)"}
_parse = json.JSONDecoder(parse_constant=str, parse_int=str).raw_decode  # an outline needs no numbers


class WrongShape(ValueError):
    """A record that is JSON, but not of the shape that its format promises; the text says how."""


@dataclass(frozen=True, slots=True)
class Outline:
    """How a JSON file begins: whether with a list, and the first object's members as far as the beginning holds them."""

    is_list: bool
    members: Mapping[str, Any] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Whether the first object has all of these members."""
        return all(name in self.members for name in names)

    def has_any(self, *names: str) -> bool:
        """Whether it has one of them."""
        return any(name in self.members for name in names)


def outline(text: str) -> Outline | None:
    """How a text begins, or None where it does not begin as JSON does. A member whose value is cut counts as None."""
    at = _passed(text, 0)
    is_list = text[at : at + 1] == "["
    at = _passed(text, at + 1) if is_list else at
    if text[at : at + 1] != "{":
        return Outline(True) if is_list and text[at : at + 1] in ("", "]") else None
    members: dict[str, Any] = {}
    try:
        while text[at : at + 1] in ("{", ","):
            key, at = _parse(text, _passed(text, at + 1))
            members[str(key)] = None
            members[str(key)], at = _parse(text, _passed(text, text.index(":", at) + 1))
            at = _passed(text, at)
    except (ValueError, RecursionError):
        pass
    return Outline(is_list, members) if members or text[at : at + 1] == "}" else None


_WHITE = re.compile(r"[ \t\r\n\x1e\ufeff]*")


def _passed(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


class JsonSource(Source):
    """A format of JSON. A subclass names itself, knows its beginning, says where records stand and what one holds."""

    prefix: ClassVar[str]
    plain: ClassVar[Mapping[str, str]] = {}
    """Members that mean what a RIS tag means, and the tag: a text or whole number is given under it word for word."""
    made: ClassVar[Mapping[str, Maker]] = {}
    """Members from which tags are made, and how; the member itself is kept beside them."""

    @abstractmethod
    def begins(self, start: Outline, head: Head) -> bool:
        """Whether a file that begins so is in this format."""

    @abstractmethod
    def tags(self, item: Item, notes: list[str]) -> Iterable[tuple[str, str]]:
        """The tags of one record, its type first; what a person should know of how it was read is added to the notes.

        Raises WrongShape where its shape is not what the format promises.
        """

    def places(self, start: Outline) -> tuple[Path, ...]:
        """Under which members of the outermost object the records stand; none where that object is a record itself."""
        return ()

    def member(self, path: Path, value: Any, read: int) -> Iterator[str]:
        """What a member that stands beside the records says about the file; `read` counts the records before it."""
        return iter(())

    def recognises(self, head: Head) -> bool:
        """Whether the file begins as this format does."""
        if head.text.lstrip()[:1] not in ("{", "["):
            return False
        start = outline(head.text)
        return start is not None and self.begins(start, head)

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; a record start is counted where its first character is seen."""
        start = outline(lines.head_text()) or Outline(False)
        walk = Walk(self, JsonText(lines), result, self.places(start) if not start.is_list else ())
        yield from walk.all()
        yield from walk.strange()

    def fields(self, item: Item) -> Tags:
        """Every member of a record in its order: under its RIS tag, or under its own name with what is made from it."""
        plain, made, prefix = self.plain, self.made, self.prefix
        tags: Tags = []
        for key, value in item.items():
            kind = type(value)
            if key in plain and (kind is str or kind is int):
                tags.append((plain[key], value if kind is str else str(value)))
                continue
            if key in made and value:
                tags += made[key](value, item)
            tags.append((f"{prefix}:{key}", kept_text(value)))
        return tags


def texts(value: Any) -> Iterator[str]:
    """The texts with something in them that a value is, or that a list holds."""
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text.strip():
            yield text


def under(tag: str) -> Maker:
    """How a list of texts is given under one tag, a value each."""
    return lambda value, item: ((tag, text) for text in texts(value))


class Walk:
    """One way through a file: where records begin, what each gave, and what stands between them."""

    def __init__(self, source: JsonSource, text: JsonText, result: ReadResult, places: tuple[Path, ...]) -> None:
        self.source, self.text, self.result, self.places = source, text, result, places

    def all(self) -> Iterator[Found]:
        """Everything up to the end of the file: lists, envelopes and records that stand alone, in any number."""
        text = self.text
        while sign := text.peek():
            if sign == "[":
                yield from self.list_of_records()
            elif sign == "{" and self.places:
                yield from self.envelope(())
            elif sign in ",:]}":
                yield from self.stray(sign)
            else:
                yield from self.record(alone=True)

    def stray(self, sign: str) -> Iterator[Note]:
        """Pass a sign between records: a comma, or one that belongs to something broken."""
        text = self.text
        if sign != ",":
            yield Note(text.mark(), f"{sign!r} stands between records; it was passed over")
        commas = _COMMAS.match(text.buffer, text.at)
        text.at = commas.end() if commas else text.at + 1

    def strange(self) -> Iterator[Note]:
        """One note on each piece of the file that has bytes of another encoding."""
        for line in self.text.strange:
            yield Note(line, f"from line {line} on, bytes that are not UTF-8 were read as Windows text (cp1252)")

    def list_of_records(self) -> Iterator[Found]:
        """The records of a list, the place being at its bracket."""
        text = self.text
        text.at += 1
        while sign := text.peek():
            if sign == "]":
                text.at += 1
                return
            if sign in ",:}":
                yield from self.stray(sign)
            else:
                yield from self.record(alone=False)
        yield Note(text.mark(), "the file ends before its list of records does", cut=True)

    def envelope(self, path: Path) -> Iterator[Found]:
        """The records within an object, the place being at its brace; other members are told to the source."""
        text = self.text
        text.at += 1
        while sign := text.peek():
            if sign == "}":
                text.at += 1
                return
            if sign in ",:]":
                yield from self.stray(sign)
                continue
            line = text.mark()
            try:
                key = text.value()
                if not isinstance(key, str) or text.peek() != ":":
                    raise Broken("a member has no name", cut=not text.peek())
                text.at += 1
                yield from self.under((*path, key))
            except Broken as broken:
                yield Note(line, f"what stands beside the records cannot be read: {broken.reason}", cut=broken.cut)
                if not text.skip():
                    return
        yield Note(text.mark(), "the file ends before its outermost object does", cut=True)

    def under(self, path: Path) -> Iterator[Found]:
        """What stands under a member: records, a way to them, or something else."""
        sign = self.text.peek()
        if path in self.places and sign == "[":
            yield from self.list_of_records()
        elif path in self.places and sign == "{":
            yield from self.record(alone=False)
        elif sign == "{" and any(place[: len(path)] == path for place in self.places):
            yield from self.envelope(path)
        else:
            line = self.text.mark()
            for remark in self.source.member(path, self.text.value(), self.result.record_starts):
                yield Note(line, remark)

    def record(self, *, alone: bool) -> Iterator[Found]:
        """One record, the place being at its first character."""
        text, result = self.text, self.result
        result.record_starts += 1
        position, line = result.record_starts, text.mark()
        try:
            item = text.value()
        except Broken as broken:
            yield Unreadable(line, broken.reason, cut=broken.cut)
            closed = text.skip_to(_NEXT_LINE) if alone else text.skip()
            if not closed and not broken.cut:
                yield Note(text.mark(), "the file ends before that record does", cut=True)
            return
        notes = []
        if text.mended:
            notes.append("line ends or other signs that JSON does not allow inside a text were kept as they are")
        yield self.given(item, position, line, notes, unsafe=text.may_harm())

    def given(self, item: Any, position: int, line: int, notes: list[str], *, unsafe: bool) -> Record | Unreadable:
        """The record that an item gives."""
        if type(item) is not dict:
            return Unreadable(line, f"{_KINDS.get(type(item), 'a number')} stands where a record should be")
        try:
            tags = tuple(self.source.tags(item, notes))
        except WrongShape as error:
            return Unreadable(line, str(error))
        except RecursionError:
            return Unreadable(line, "it is nested too deeply")
        if unsafe:
            tags, notes = self.made_harmless(tags, notes)
        return Record(position, line, tags, tuple(notes))

    def made_harmless(
        self, tags: tuple[tuple[str, str], ...], notes: list[str]
    ) -> tuple[tuple[tuple[str, str], ...], list[str]]:
        """The tags without characters that no database keeps, with a note where there were any."""
        safe = tuple((harmless(tag), harmless(value)) for tag, value in tags)
        if safe != tags:
            notes = [*notes, "characters that are no text (NUL, half of a pair) were replaced by U+FFFD"]
        return safe, notes
