"""Outside: what stands in a file between its records, told of and not passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from whatworks.collate.methods.records import Note
from whatworks.collate.sources.base import Line


class Outside:
    """Lines that stand in no record: one note for each run of them, so that nothing is passed over in silence."""

    def __init__(self, explain: Callable[[str], str] = lambda text: "text") -> None:
        self._explain = explain
        self.first = self.last = 0
        self.text = ""

    def add(self, line: Line) -> None:
        """Take one line in."""
        if line[1].strip():
            self.first, self.text = (self.first, self.text) if self.first else (line[0], line[1].strip()[:60])
            self.last = line[0]

    def take(self) -> Iterator[Note]:
        """The note on the run, if there was one, and begin anew."""
        if self.first:
            where = (
                f"line {self.first} stands" if self.first == self.last else f"lines {self.first} to {self.last} stand"
            )
            yield Note(self.first, f"{where} outside every record ({self._explain(self.text)}): {self.text!r}")
        self.first, self.text = 0, ""
