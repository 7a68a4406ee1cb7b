"""Source: how one format of export is recognised and read; each format is one small class on one of these bases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from whatworks.collate.methods.records import Found, ReadResult
from whatworks.collate.sources.lines import Lines

Line: TypeAlias = tuple[int, str, bool, bool]
"""Number from 1, text without its end, whether the text is whole, whether a record starts on it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, from which its format is told: its first bytes, the same as text, and the file's name.

    The name is only a hint for what the bytes cannot say, since exports are often named for another format.
    """

    raw: bytes
    text: str
    name: str = ""


class Source(ABC):
    """One format: whether a file is in it, and what the file holds.

    A source counts each record start it sees in `result.record_starts`, and gives out exactly one Record or Unreadable
    for each, so that the result can check that nothing was lost.
    """

    name: ClassVar[str]
    takes_mapping: ClassVar[bool] = False
    """Whether it has columns that a user may map. `find` then meets the user's wish in `result.mapping`, and leaves
    there what was done."""

    @abstractmethod
    def recognises(self, head: Head) -> bool:
        """Whether the beginning of a file is in this format."""

    @abstractmethod
    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds, in its order; record starts are told to the result on the way.

        It reads the file to its end by `lines` (lines of text) or `lines.chunks()` (bytes), which keep its hash.
        """


class LineSource(Source):
    """A format of lines. A subclass names itself, says how a record starts, and turns lines into what it finds.

    The base counts record starts where lines are split; the parser gives out exactly one Record or Unreadable for each.
    """

    @abstractmethod
    def starts_record(self, text: str) -> bool:
        """Whether a record begins on this line."""

    @abstractmethod
    def parse(self, lines: Iterator[Line]) -> Iterator[Found]:
        """What the lines hold, in their order."""

    def recognises(self, head: Head) -> bool:
        """Whether a record starts in the beginning of the file."""
        return any(self.starts_record(line) for line in head.text.replace("\r", "\n").split("\n"))

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; record starts are told to the result on the way."""
        yield from self.parse(self._counted(lines, result))

    def _counted(self, lines: Lines, result: ReadResult) -> Iterator[Line]:
        starts_record = self.starts_record
        for number, text, whole in lines:
            starts = starts_record(text)
            result.record_starts += starts
            yield number, text, whole, starts
