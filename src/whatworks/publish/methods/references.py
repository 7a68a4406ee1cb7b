"""A number inside a text that people write: never typed, always a reference to a result, such as `{ana-7h3k9q2x: studies}`.

A reference names what it points at by its identifier and says in words which of its numbers is meant. Braces stand for
nothing else, so that a reference is never typed by accident and one that is half typed is never shown to a reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said

WITHOUT, WITH = "per 100 without", "per 100 with"
DIFFERENCE, RANGE = "difference per 100", "range per 100"
CHANGE, RANGE_OF_CHANGE = "change", "range of change"
RESULT, STUDIES, PEOPLE, CERTAINTY = "result", "studies", "people", "certainty"

MEASURES = {
    WITHOUT: said("How many of 100 without it"),
    WITH: said("How many of 100 with it"),
    DIFFERENCE: said("How many more or fewer of 100"),
    RANGE: said("The range of that difference"),
    CHANGE: said("The change in per cent"),
    RANGE_OF_CHANGE: said("The range of that change"),
    RESULT: said("The result on its own scale, with its interval"),
    STUDIES: said("How many studies"),
    PEOPLE: said("How many people"),
    CERTAINTY: said("How sure we are"),
}
ABSOLUTE = frozenset({WITHOUT, WITH, DIFFERENCE, RANGE})
RELATIVE = frozenset({CHANGE, RANGE_OF_CHANGE})
EFFECTS = ABSOLUTE | RELATIVE | {RESULT}  # numbers that need the certainty beside them

EXAMPLE = "{ana-7h3k9q2x: difference per 100}"
_WHOLE = re.compile(r"\{([a-z]{3}-[0-9b-df-hj-km-np-tv-z]{6,16}):[ ]([a-z0-9]+(?:[ ][a-z0-9]+)*)\}")
_OPEN_ENDED = re.compile(r"\{[^{}\n]*\}?|\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: its words, or a reference. `start` and `end` count characters; lines and columns begin at 1."""

    text: str
    start: int
    line: int
    column: int
    identifier: str = ""
    what: str = ""

    @property
    def end(self) -> int:
        """Where the run ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Slip:
    """A place where a text cannot stand as it is: where, which words, and a sentence on what to do."""

    line: int
    column: int
    words: str
    sentence: str
    rule: str = "reference"

    def told(self) -> str:
        """The place and the sentence in one."""
        return said(
            "Line %(line)s, column %(column)s: %(sentence)s", line=self.line, column=self.column, sentence=self.sentence
        )


def reference(identifier: str, what: str) -> str:
    """How a reference to a number is written."""
    return f"{{{identifier}: {what}}}"


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def parse(text: str) -> tuple[Piece, ...]:
    """The runs of a text in order, with every character in exactly one. Raises InputError at the first wrong brace."""
    for slip in slips(text):
        raise InputError(slip.told())
    return pieces(text)


def pieces(text: str) -> tuple[Piece, ...]:
    """The runs of a text in order; what is no whole reference is words."""
    found: list[Piece] = []
    at = 0
    for match in _WHOLE.finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()], at, *place(text, at)))
        found.append(Piece(match[0], match.start(), *place(text, match.start()), match[1], match[2]))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:], at, *place(text, at)))
    return tuple(found)


def references(text: str) -> tuple[Piece, ...]:
    """The references of a text, in order."""
    return tuple(piece for piece in pieces(text) if piece.identifier)


def slips(text: str) -> tuple[Slip, ...]:
    """Every brace that is part of no reference, and every reference to a number that no result has."""
    found: list[Slip] = []
    for piece in pieces(text):
        if piece.identifier and piece.what not in MEASURES:
            known = ", ".join(MEASURES)
            told = said("“%(what)s” is no number of a result; there are %(known)s.", what=piece.what, known=known)
            found.append(Slip(piece.line, piece.column, piece.text, told))
        elif not piece.identifier:
            found += [_loose(text, piece.start + match.start(), match[0]) for match in _OPEN_ENDED.finditer(piece.text)]
    return tuple(found)


def _loose(text: str, at: int, words: str) -> Slip:
    told = said(
        "“%(words)s” is no whole reference to a number; insert it from the list of results, as in %(example)s, "
        "or take the brace away.",
        words=words,
        example=EXAMPLE,
    )
    return Slip(*place(text, at), words, told)
