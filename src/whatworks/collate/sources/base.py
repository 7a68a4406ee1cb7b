"""Source: how one format of export is recognised and read; each format is one small class on this base."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, TypeAlias

from whatworks.collate.methods.records import Found, ReadResult
from whatworks.collate.sources.lines import Lines

Line: TypeAlias = tuple[int, str, bool, bool]
"""Number from 1, text without its end, whether the text is whole, whether a record starts on it."""


class Source(ABC):
    """One format. A subclass names itself, says how a record starts, and turns lines into what it finds.

    The base counts record starts where lines are split; the parser gives out exactly one Record or Unreadable for each.
    """

    name: ClassVar[str]

    @abstractmethod
    def starts_record(self, text: str) -> bool:
        """Whether a record begins on this line."""

    @abstractmethod
    def parse(self, lines: Iterator[Line]) -> Iterator[Found]:
        """What the lines hold, in their order."""

    def recognises(self, head: str) -> bool:
        """Whether the beginning of a file is in this format: a record starts in it."""
        return any(self.starts_record(line) for line in head.replace("\r", "\n").split("\n"))

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; record starts, encoding and hash are told to the result on the way."""
        yield from self.parse(self._counted(lines, result))
        result.encoding, result.sha256 = lines.encoding, lines.sha256

    def _counted(self, lines: Lines, result: ReadResult) -> Iterator[Line]:
        starts_record = self.starts_record
        for number, text, whole in lines:
            starts = starts_record(text)
            result.record_starts += starts
            yield number, text, whole, starts
