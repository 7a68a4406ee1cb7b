"""What a document is made of: blocks of words, tables and one kind of drawing, before anybody has decided how they look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a section (1) or of a part of one (2)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `manner`: plain, lead (said first and larger), notice (in a box) or small."""

    text: str
    manner: str = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; each row as long as the head. `widths`: parts of the page's width; `numbers`: columns of numbers, from 0.

    A table without a head is one of names (first column) and values.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def across(self) -> tuple[int, ...]:
        """The parts of the width that each column has."""
        columns = len(self.head) or 2
        return self.widths or ((2, 5) if not self.head else (1,) * columns)


@dataclass(frozen=True, slots=True)
class Code:
    """Text that a machine reads, with its lines as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a flow diagram: what, how many, and reasons."""

    name: str
    count: str
    reasons: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The box in words."""
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        return f"{self.name}: {self.count}{why}"


@dataclass(frozen=True, slots=True)
class FlowArm:
    """The boxes of one arm from top to bottom, and a line below them."""

    name: str
    boxes: tuple[Box, ...]
    below: str = ""


@dataclass(frozen=True, slots=True)
class FlowDiagram:
    """A flow diagram; drawn where it can be, and in words (`lines`) everywhere."""

    caption: str
    before: tuple[Box, ...]
    allocated: str
    arms: tuple[FlowArm, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The same counts as sentences."""
        told = [box.line for box in self.before] + [self.allocated]
        for arm in self.arms:
            told += [f"{arm.name}. {box.line}" for box in arm.boxes]
            told += [f"{arm.name}. {arm.below}"] if arm.below else []
        return tuple(told)


Block = Heading | Paragraph | Bullets | Table | Code | FlowDiagram


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `at`: the moment of the record that it tells, as ISO 8601, never that of its making; `notice`: that it is a
    demonstration, where it is; `foot`: what stands under every page.
    """

    kind: str
    title: str
    identifier: str
    at: str
    notice: str
    foot: str
    language: str
    blocks: tuple[Block, ...]
