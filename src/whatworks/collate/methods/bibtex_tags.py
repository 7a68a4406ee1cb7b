"""BibTeX entries as RIS tags, and the quick way for entries as programs write them, which gives the same.

`quick_tags` takes most entries of most files in one pass: every field in braces, on lines of its own. Any other entry is
parsed first, and `tags_of` says what its fields mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from whatworks.collate.methods.bibtex_fields import KINDS, RULES, TEXTS, meaning
from whatworks.collate.methods.bibtex_parsing import NESTED, Entry, bounds, name_before
from whatworks.collate.methods.translating import Pair

SHAPES_KEPT = 1024  # of the ways in which fields begin, so that each is understood once

Shape: TypeAlias = tuple[str, Callable[[str], str], Callable[[str], Sequence[Pair]], str]
"""Of a field: the tag of a text and how it is read, or "" and what gives several tags; and the name it keeps."""


def quick_tags(text: str) -> tuple[str, list[Pair]] | None:
    """Key and tags of the one entry of a piece, all of whose fields are in braces and end their lines; else None."""
    found = bounds(text)
    if not found or text[found.end] != "}":
        return None
    tags = _heading(found.kind, found.key)
    for part in text[found.start : found.end].split("},\n"):
        before, _, value = part.partition("{")
        tag, read, rule, name = _shape(before)
        if not name or (("{" in value or "}" in value) and not NESTED.fullmatch(value)):
            return None
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
    return found.key, tags


@lru_cache(SHAPES_KEPT)
def _shape(before: str) -> Shape:
    """What the words before a value say of it. The name is "" where they are no plain name, or that of a subtitle, which
    belongs to the title."""
    name = name_before(before)
    low = name.lower()
    kept = f"bibtex:{name}" if name and low != "subtitle" else ""
    tag, read = TEXTS.get(low, ("", str))
    return tag, read, RULES.get(low, _nothing), kept


def _nothing(value: str) -> Sequence[Pair]:
    return ()


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
        found = meaning(name, whole)
        yield from found
        written = entry.written.get(at, value)
        if len(found) != 1 or found[0][1] != written:
            yield f"bibtex:{name}", written
