"""A text as paragraphs and sentences, with the place of each, and with its references out of the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whatworks.publish.methods.references import Piece, pieces, references

MASK = "\N{OBJECT REPLACEMENT CHARACTER}"
_PARAGRAPH = re.compile(r"(?:(?!\n[ \t]*\n)[\s\S])+")
# A sentence ends at a stop that a space follows, or at the end of a line: lists have a sentence to a line.
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?![\s”’\"')]|$)[^.!?\n]*)*(?:[.!?]+[”’\"')]*)?", re.M)
_SHORT = re.compile(r"\b(?:e\.g|i\.e|etc|vs|Dr|Mr|Mrs|Ms|St|No|no|art|reg|para|paras|approx|s|ss)\.$", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: its words with references masked (every character keeps its place), and those references."""

    text: str
    start: int
    references: tuple[Piece, ...]

    @property
    def end(self) -> int:
        """Where the stretch ends."""
        return self.start + len(self.text)

    def words(self) -> list[str]:
        """Its words, without numbers and references."""
        return _WORD.findall(self.text)


def masked(text: str) -> str:
    """The text with every reference blotted out, character for character."""
    return "".join(MASK * len(piece.text) if piece.identifier else piece.text for piece in pieces(text))


def paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs: stretches that an empty line parts."""
    bare = masked(text)
    return _spans(text, bare, ((one.start(), one.end()) for one in _PARAGRAPH.finditer(bare) if one[0].strip()))


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences in order; a line is at least one."""
    bare = masked(text)
    return _spans(text, bare, _sentence_ends(bare))


def _sentence_ends(text: str) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for match in _SENTENCE.finditer(text):
        if not match[0].strip():
            continue
        start = match.start() if begun is None else begun
        if _SHORT.search(match[0]):  # “e.g.” ends no sentence
            begun = start
            continue
        begun = None
        yield start, match.end()
    if begun is not None:
        yield begun, len(text)


def _spans(text: str, bare: str, ends: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    held = references(text)
    return tuple(
        Span(bare[start:end], start, tuple(one for one in held if start <= one.start < end)) for start, end in ends
    )
