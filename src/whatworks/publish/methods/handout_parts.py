"""A document of no format yet: a title, an answer, outcomes with their state, sections of words, lists and tables.

Whatever can be told so can be handed out on paper, in Word, on a slide and as plain text (`publish/formats`): a guide as well
as a page (`methods/handout.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

PROVISIONAL = "provisional: computed, not yet judged by people"
LONGEST = 600  # characters of one paragraph in a short format; more is told on the page
AND_MORE = " More is on the page."


@dataclass(frozen=True, slots=True)
class Run:
    """Words, and where they lead: an address inside the centre ("/trace/…/"), a whole one, or none."""

    text: str
    href: str = ""


Words: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure people said they were: so many of so many steps, the word for it, and whose judgement it is."""

    level: int
    of: int
    word: str
    by: str


@dataclass(frozen=True, slots=True)
class Dots:
    """A result out of 100: how many without and with, and the words for each."""

    before: int
    after: int
    before_label: str
    after_label: str
    of: str

    @property
    def told(self) -> str:
        """The picture in words."""
        return f"{self.before} of 100 {self.of} {self.before_label}, and {self.after} of 100 {self.after_label}."


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome: its state as shape, colour and word, its sentence, how sure, and from how many studies."""

    name: str
    shape: str
    css: str
    word: str
    sentence: Words
    certainty: Certainty | None
    unrated: str
    provisional: bool
    standing: str
    contact: bool
    safety: bool
    studies: Words
    dots: Dots | None

    @property
    def sure(self) -> str:
        """How sure, in words; where nobody judged it, that."""
        if self.certainty:
            return f"{self.certainty.word} certainty"
        return f"Certainty: {self.unrated[:1].lower()}{self.unrated[1:]}" if self.unrated else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words."""

    words: Words


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of heads; the columns whose numbers (from 0) are named hold numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    numeric: tuple[int, ...] = ()


Block: TypeAlias = Heading | Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A title and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Handout:
    """A page or guide to take away, as approved. `address` is the revision's own, `home` where the newest one is."""

    label: str
    theme: str
    title: str
    lead: str
    strong: Words
    rest: Words
    notices: tuple[str, ...]
    outcomes_title: str
    outcomes: tuple[Outcome, ...]
    missing: Words
    sections: tuple[Section, ...]
    closing: str
    standing: str
    revision: int
    on: str
    by: str
    identifier: str
    address: str
    home: str

    @property
    def provisional(self) -> bool:
        """Whether every outcome that has studies is computed and not yet judged by people."""
        some = any(one.provisional for one in self.outcomes)
        return some and all(one.provisional or not one.studies for one in self.outcomes)

    @property
    def dated(self) -> str:
        """Which revision this is, and of when."""
        return f"Revision {self.revision}, {self.on}" if self.on else f"Revision {self.revision}"


def words(parts: str | Sequence[Any] | None) -> Words:
    """Inline text of a page document as runs: numbers lead to their trace, links to their page."""
    nodes = [parts] if isinstance(parts, str) else parts or []
    return tuple(_run(node) for node in nodes if node)


def _run(node: Any) -> Run:
    if not isinstance(node, Mapping):
        return Run(str(node))
    text = next((str(node[name]) for name in ("number", "link", "mark") if name in node), "")
    return Run(text, f"/trace/{node['trace']}/" if node.get("trace") else str(node.get("href") or ""))


def trimmed(runs: Words) -> Words:
    """The same words without the spaces at their beginning."""
    found = list(runs)
    while found and not found[0].text.strip():
        found.pop(0)
    return (replace(found[0], text=found[0].text.lstrip()), *found[1:]) if found else ()


def said(runs: Iterable[Run]) -> str:
    """Runs as plain text."""
    return " ".join("".join(run.text for run in runs).split())


def shortened(runs: Words, longest: int = LONGEST) -> Words:
    """Whole sentences within so many characters, and that there is more; the same words where they are short enough."""
    text = said(runs)
    if len(text) <= longest:
        return runs
    room = text[: longest - len(AND_MORE)]
    end = max(room.rfind(mark) for mark in (". ", "! ", "? "))
    kept = room[: end + 1] if end > 0 else room[: max(room.rfind(" "), 0)].rstrip(",;: ") + "\N{HORIZONTAL ELLIPSIS}"
    return (Run(kept + AND_MORE),)
