"""A page as the outline of an Easy Read version: one idea a line, each with the picture that should stand beside it.

Easy Read pairs short sentences with pictures. The pictures are named in words, for the person who will choose them; an
Easy Read version is finished with people who use it, never by rule alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONG = 15  # words: a longer line is marked for cutting
_END = re.compile(r"(?<=[.!?;])\s+(?=[\w“‘{(])")
_STATES = {
    "fewer": "a large group of people beside a smaller one",
    "more": "a small group of people beside a larger one",
    "better": "a person with a thumb up",
    "worse": "a person with a thumb down",
    "uncertain": "a person with a question mark",
    "mixed": "two people who point in different directions",
    "none": "two groups of people of the same size",
    "linked": "two circles joined by a line",
    "not-poolable": "pieces of different puzzles",
    "nothing-found": "an empty magnifying glass",
    "not-searched": "a closed book",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One idea: its words, the picture beside it, and whether it is still too long."""

    words: str
    picture: str
    long: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its lines."""

    heading: str
    lines: tuple[Line, ...]


def outline(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """The outline of a page document: what it is, what was found for each outcome, what people wrote for the young."""
    answer = [*content["answer"]["strong"], " ", *content["answer"]["rest"]]
    found = [Part(content["title"], _lines(content.get("lead") or "", f"a drawing of {content['title']}"))]
    found.append(Part("What we know", _lines(_said(answer), "a person reading a page")))
    for outcome in content["outcomes"]:
        found.append(Part(outcome["name"], tuple(_outcome(outcome))))
    for chapter in content.get("chapters", ()):
        found.append(Part(chapter["title"], tuple(_chapter(chapter))))
    return tuple(part for part in found if part.lines)


def _chapter(chapter: Mapping[str, Any]) -> Iterator[Line]:
    """The lines of a chapter that tells; one that reasons (rules, tables) is for other readers."""
    kinds = {block["type"] for block in chapter["blocks"]}
    if kinds & {"trail", "table"}:
        return
    picture = f"a picture for “{chapter['title']}”"
    for block in chapter["blocks"]:
        items = [block["parts"]] if block["type"] == "text" else block["items"] if block["type"] == "list" else []
        for text in (_said(item) for item in items):
            if not text.startswith(("Source:", "Sources:")):
                yield from _lines(text, picture)


def _outcome(outcome: Mapping[str, Any]) -> Iterator[Line]:
    picture = _STATES.get(outcome["state"]["key"], "a person with a question mark")
    yield from _lines(_said(outcome["sentence"]), picture)
    sure = outcome.get("certainty")
    if sure:
        yield Line(
            f"How sure we are: {sure['word'].lower()}.", f"{sure['level']} of {sure['of']} bars filled in", False
        )


def _said(parts: Sequence[Any]) -> str:
    named = ("number", "link")
    return "".join(
        one if isinstance(one, str) else str(next((one[name] for name in named if name in one), "")) for one in parts
    )


def _lines(text: str, picture: str) -> tuple[Line, ...]:
    """A text cut at its stops and semicolons, one idea a line."""
    ideas = [idea.strip().rstrip(";") for idea in _END.split(text) if idea.strip()]
    return tuple(Line(_whole(idea), picture, len(idea.split()) > LONG) for idea in ideas)


def _whole(idea: str) -> str:
    return f"{idea[:1].upper()}{idea[1:]}" + ("" if idea[-1:] in ".!?:" else ".")
