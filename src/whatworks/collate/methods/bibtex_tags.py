"""BibTeX entries as RIS tags, and the quick way for entries as programs write them, which gives the same.

`quick_tags` takes most entries of most files in one pass: every field in braces, or every one in quotes, on lines of its
own, and between them numbers and words. Any other entry is parsed first, and `tags_of` says what its fields mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from whatworks.collate.methods.bibtex_fields import KINDS, RULES, TEXTS, meaning
from whatworks.collate.methods.bibtex_parsing import SPECIAL, Entry
from whatworks.collate.methods.translating import Pair

SHAPES_KEPT = 4096  # of the words that stand between values, so that each is understood once

_HEAD = re.compile(r"[ \t]*@[ \t]*([A-Za-z][\w-]*)\s*\{\s*([^\s,{}()=\"#%\\]+)\s*,")
_NESTED = re.compile(r"[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*")  # braces in pairs, two deep
_NAME = re.compile(r"\s*([A-Za-z][\w:.+/-]*)\s*=\s*")
_BARE = re.compile(r"\s*([A-Za-z][\w:.+/-]*)\s*=\s*(\w+)\s*")


class Bare(NamedTuple):
    """Fields whose values are numbers or words, such as `month = aug`: their tags, and the words, which may be macros."""

    tags: list[Pair]
    words: list[str]


class Shape(NamedTuple):
    """What stands before a value: the tag of the text and how it is read, or "" and what gives several tags; the name that
    is kept, "" where this is no shape; the bare fields before it."""

    tag: str
    read: Callable[[str], str]
    rule: Callable[[str], Sequence[Pair]]
    name: str
    bare: Bare | None


def quick_tags(text: str, macros: Container[str]) -> tuple[str, list[Pair]] | None:
    """Key and tags of the one entry of a piece; None where it is laid out otherwise, or holds one of the macros."""
    kind, key, body = _opened(text)
    body, last = _without_bare_end(body)
    opening, closing = ("{", "}") if body[-1:] == "}" else ('"', '"')
    parts = body[:-1].split(f"{closing},\n")
    if body[-1:] != closing or (closing == '"' and body.count(closing) != 2 * len(parts)):
        return None
    tags, words = _heading(kind, key), list(last.words) if last else []
    for part in parts:
        before, _, value = part.partition(opening)
        tag, read, rule, name, bare = _shape(before)
        if not name or (("{" in value or "}" in value) and not _NESTED.fullmatch(value)):
            return None
        if bare:
            tags += bare.tags
            words += bare.words
        if tag:
            plain = read(value)
            tags.append((tag, plain))
            if plain != value:
                tags.append((name, value))
        else:
            given = rule(value)
            tags += given
            if len(given) != 1 or given[0][1] != value:
                tags.append((name, value))
    if words and any(word in macros for word in words):
        return None
    return key, [*tags, *last.tags] if last else tags


def _opened(text: str) -> tuple[str, str, str]:
    """Type in small letters, key and fields of an entry in braces, without the comma after the last; no fields at all
    where it is no such entry."""
    head = _HEAD.match(text)
    if not head:
        return "", "", ""
    kind, key = head.group(1).lower(), head.group(2)
    close = text.rfind("}")
    after = text[close + 1 :]
    if (after and not after.isspace()) or kind in SPECIAL:
        return "", "", ""
    end = close - 1
    while text[end].isspace():
        end -= 1
    if text[end] == ",":
        end -= 1
    return kind, key, text[head.end() : end + 1]


def _without_bare_end(body: str) -> tuple[str, Bare | None]:
    """A body up to its last value in braces or quotes, and the bare fields after it; no body where that is none of them."""
    if body[-1:] in ("}", '"'):
        return body, None
    cut = max(body.rfind("},\n"), body.rfind('",\n')) + 1
    last = _bare(body[cut + 1 :].split(",\n"))
    return body[:cut] if last else "", last


def _nothing(value: str) -> Sequence[Pair]:
    return ()


_NO_SHAPE = Shape("", str, _nothing, "", None)


@lru_cache(SHAPES_KEPT)
def _shape(before: str) -> Shape:
    """The shape of the words before a value; none where the name is no plain one, or of a subtitle, which belongs to the
    title."""
    *lines, last = before.split(",\n")
    found, bare = _NAME.fullmatch(last), _bare(lines) if lines else None
    if not found or bool(lines) != bool(bare) or found.group(1).lower() == "subtitle":
        return _NO_SHAPE
    name = found.group(1)
    tag, read = TEXTS.get(name.lower(), ("", str))
    return Shape(tag, read, RULES.get(name.lower(), _nothing), f"bibtex:{name}", bare)


def _bare(lines: list[str]) -> Bare | None:
    """The bare fields of lines; None if any is something else."""
    found = [_BARE.fullmatch(line) for line in lines]
    fields = [(one.group(1), one.group(2)) for one in found if one and one.group(1).lower() != "subtitle"]
    if len(fields) < len(lines):
        return None
    return Bare(
        [tag for name, value in fields for tag in _given(name, value, value)], [one.lower() for _, one in fields]
    )


def tags_of(entry: Entry) -> list[Pair]:
    """The tags of an entry; a field that is not wholly in them, or not as it was written, stands beside them."""
    return [*_heading(entry.kind, entry.key), *_fields(entry)]


def _heading(kind: str, key: str) -> list[Pair]:
    known = KINDS.get(kind, "GEN")
    if key:
        return [("TY", known), ("ID", key), ("bibtex:entrytype", kind)]
    return [("TY", known), ("bibtex:entrytype", kind)]


def _fields(entry: Entry) -> Iterator[Pair]:
    """Macros that made a field stand beside it as written; a subtitle is part of the title."""
    subtitle = next((value.strip() for name, value in entry.fields if name.lower() == "subtitle"), "")
    for at, (name, value) in enumerate(entry.fields):
        whole = f"{value}: {subtitle}" if subtitle and name.lower() == "title" else value
        yield from _given(name, whole, entry.written.get(at, value))


def _given(name: str, value: str, written: str) -> Iterator[Pair]:
    """What a field means, and as it was written where that is something else."""
    found = meaning(name, value)
    yield from found
    if len(found) != 1 or found[0][1] != written:
        yield f"bibtex:{name}", written
