"""What was asked for? The words of a search box read into a small tree; what cannot be meant is taken as plain words.

The language: words (all of them), "phrases", field:word (title, author, journal, keyword, doi, year:2015..2019), begin*,
OR, -not (or NOT), and parentheses. No text is refused: what was left aside is told in `notes`, a sentence each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import SMALL, compounds, words, written_out

LONGEST, MOST, DEEPEST = 1_000, 40, 8  # characters, words and open brackets that are read
BEGINNING = 3  # letters that a beginning* needs
FIRST_YEAR, LAST_YEAR = 1000, 2100  # what may be a year of publication
FIELDS = {
    **dict.fromkeys(("title", "ti"), "t"),
    **dict.fromkeys(("author", "au", "authors"), "a"),
    **dict.fromkeys(("journal", "venue", "source"), "v"),
    **dict.fromkeys(("keyword", "keywords", "kw"), "k"),
    "doi": "d",
    "year": "y",
}


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand one after the other."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begins:
    """Any word with this beginning, in a field ("" is anywhere)."""

    start: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Years:
    """Published in these years, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Every:
    """All of these; of none, every report there is."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these; of none, no report at all."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """Every report but these."""

    part: Node


Node: TypeAlias = Term | Begins | Years | Every | Some | Without


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was understood: the tree, what was left aside (a sentence each), and the plain words in it."""

    node: Node
    notes: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()  # folded words that a typing error may have hit, in their order

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return self.node == Every()


_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<doi>(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?10\.\d{3,9}/(?:\([^\s()"]*\)|[^\s()"])+)'
    r'|(?P<not>[-\u2212](?=[\w"(\u201c]))|(?P<open>\()|(?P<close>\))|(?P<or>\||OR(?![\w:*]))'
    r"|(?P<and>(?:AND|&)(?![\w:*]))|(?P<nota>NOT(?![\w:*]))"
    r'|(?P<field>[A-Za-z]{2,8}):(?=[^\s)])|["\u201c\u201d](?P<phrase>[^"\u201c\u201d]*)(?:["\u201c\u201d]|$)'
    r'|(?P<word>[^\s()"\u201c\u201d|]+)|(?P<stray>.)',
    re.DOTALL,
)


@dataclass(slots=True)
class _Reader:
    """Reads from left to right; `at` is the next piece."""

    pieces: list[tuple[str, str]]
    at: int = 0
    count: int = 0
    depth: int = 0
    mark: str = ""  # of the field whose brackets are being read
    notes: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    def kind(self) -> str:
        return self.pieces[self.at][0] if self.at < len(self.pieces) else "end"

    def take(self) -> str:
        self.at += 1
        return self.pieces[self.at - 1][1]

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def parse(text: str) -> Asked:
    """Read a search. Never fails."""
    reader = _Reader([])
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]
        reader.note(f"Only the first {LONGEST:,} characters were searched for.")
    reader.pieces = _pieces(text.replace("\0", " "))
    parts = []
    while reader.kind() != "end":
        parts.append(_either(reader))
        if reader.kind() == "close":  # one that closes nothing
            reader.take()
    node = _without_small(_every([part for part in parts if part is not None]))
    return Asked(node, tuple(reader.notes), tuple(reader.plain))


def _pieces(text: str) -> list[tuple[str, str]]:
    found = ((str(one.lastgroup), one[one.lastgroup or 0]) for one in _TOKEN.finditer(text))
    return [(kind, said) for kind, said in found if kind not in ("space", "stray", "and", "None")]


def _either(reader: _Reader) -> Node | None:
    """Parts with OR between them."""
    options = [_row(reader)]
    while reader.kind() == "or":
        reader.take()
        options.append(_row(reader))
    given = [option for option in options if option is not None]
    if len(given) < 2:
        return given[0] if given else None
    return Some(tuple(_without_small(option) for option in given))


def _row(reader: _Reader) -> Node | None:
    """Parts side by side: all of them."""
    parts: list[Node] = []
    while reader.kind() not in ("or", "close", "end"):
        part = _part(reader)
        if part is not None:
            parts.append(part)
    return _every(parts) if parts else None


def _part(reader: _Reader) -> Node | None:
    kind, said = reader.kind(), reader.take()
    if kind in ("not", "nota"):
        part = None if reader.kind() in ("or", "close", "end") else _part(reader)
        return None if part is None else Without(_without_small(part))
    if kind == "open":
        return _bracket(reader)
    if kind == "field":
        return _fielded(reader, said)
    if kind == "doi":
        return _doi(reader, said)
    return _leaf(reader, said, reader.mark, phrase=kind == "phrase")


def _bracket(reader: _Reader) -> Node | None:
    reader.depth += 1
    if reader.depth > DEEPEST:
        reader.note(f"Brackets within more than {DEEPEST} brackets were left aside.")
        reader.depth -= 1
        return None
    inside = _either(reader)
    if reader.kind() == "close":
        reader.take()
    reader.depth -= 1
    return None if inside is None else _without_small(inside)


def _fielded(reader: _Reader, name: str) -> Node | None:
    mark = FIELDS.get(name.lower())
    if mark is None:
        reader.note(f"\u201c{name}:\u201d is no field here, so it was searched for as a word.")
        return _leaf(reader, name, "", phrase=False)
    if reader.kind() == "open" and mark not in "yd":
        reader.take()
        before, reader.mark = reader.mark, mark
        inside = _bracket(reader)
        reader.mark = before
        return inside
    if reader.kind() not in ("word", "phrase", "doi"):
        reader.note(f"\u201c{name}:\u201d has no word after it, so it was searched for as a word.")
        return _leaf(reader, name, "", phrase=False)
    phrase, said = reader.kind() == "phrase", reader.take()
    if mark == "y":
        return _years(reader, said)
    if mark == "d":
        return _doi(reader, said)
    return _leaf(reader, said, mark, phrase=phrase)


_SPAN = re.compile(r"(?P<first>\d{4})?\s*(?P<to>\.{2,3}|\u2026|-|\u2013)?\s*(?P<last>\d{4})?")


def _years(reader: _Reader, said: str) -> Node | None:
    span = years(said)
    if span is None:
        reader.note(
            f"\u201cyear:{said}\u201d names no year (write year:2015 or year:2015..2019), so it was left aside."
        )
    return span


def years(said: str) -> Years | None:
    """The years that a text such as 2015, 2015..2019, 2015.. or ..2019 names; None when it names none."""
    found = _SPAN.fullmatch(said.strip())
    if not found or not (found["first"] or found["last"]):
        return None
    first, last = int(found["first"] or FIRST_YEAR), int(found["last"] or LAST_YEAR)
    if not found["to"]:
        last = first
    return Years(min(first, last), max(first, last))


def _doi(reader: _Reader, said: str) -> Node | None:
    said = re.sub(r"^(https?://)?(dx\.)?doi\.org/|^doi:\s?", "", said.strip().lower())
    if not said or not _has_room(reader):
        return None
    return Begins(written_out(said[:-1]), "d") if said.endswith("*") else Term((f"d:{written_out(said)}",))


def _has_room(reader: _Reader) -> bool:
    """Whether one more word may be searched for; says so once when not."""
    reader.count += 1
    if reader.count > MOST:
        reader.note(f"Only the first {MOST} words were searched for.")
    return reader.count <= MOST


def _leaf(reader: _Reader, said: str, mark: str, *, phrase: bool) -> Node | None:
    """A word, a phrase or a beginning; None where there is no letter in it."""
    found = words(said)
    if not found or not _has_room(reader):
        return None
    if not phrase and said.endswith("*") and len(found) == 1:
        if len(found[0]) >= BEGINNING:
            return Begins(found[0], mark)
        reader.note(
            f"\u201c{said}\u201d needs at least {BEGINNING} letters before the star, so it was taken as a word."
        )
    if not phrase or len(found) == 1:
        reader.plain += [word for word in found if word not in SMALL]
    whole = Term(tuple(_token(word, mark) for word in found[:MOST]))
    joined = [] if phrase or mark == "a" else [Term((_token(word, mark),)) for word in compounds(said)]
    return Some((whole, *joined)) if joined else whole


def _token(word: str, mark: str) -> str:
    """The token of a word: names are never stemmed, and a word from anywhere has no mark."""
    said = word if mark == "a" else stem(word)
    return f"{mark}:{said}" if mark else said


def _every(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


_SMALL_TOKENS = frozenset(stem(word) for word in SMALL)


def _is_small(node: Node) -> bool:
    return isinstance(node, Term) and len(node.tokens) == 1 and node.tokens[0].rpartition(":")[2] in _SMALL_TOKENS


def _without_small(node: Node) -> Node:
    """Small words go where another word stands beside them; alone they are searched for."""
    if not isinstance(node, Every):
        return node
    kept = [part for part in node.parts if not _is_small(part)]
    return _every(kept) if any(not isinstance(part, Years | Without) for part in kept) else node


def year_tokens(span: Years) -> list[str]:
    """The fewest tokens that together are a span of years of four digits: whole decades and centuries where they fit.

    >>> year_tokens(Years(1998, 2011))
    ['y:1998', 'y:1999', 'y:200-', 'y:2010', 'y:2011']
    """
    found, year, last = [], max(span.first, FIRST_YEAR), min(span.last, 9999)
    while year <= last:
        size = next(size for size in (1000, 100, 10, 1) if year % size == 0 and year + size - 1 <= last)
        kept = 5 - len(str(size))
        found.append(f"y:{str(year)[:kept]}{'-' * (4 - kept)}")
        year += size
    return found


def spelled_out(node: Node, begins: dict[Begins, tuple[str, ...]]) -> Node:
    """The tree with each beginning replaced by the tokens that have it."""
    if isinstance(node, Begins):
        return Some(tuple(Term((token,)) for token in begins.get(node, ())))
    if isinstance(node, Every | Some):
        return type(node)(tuple(spelled_out(part, begins) for part in node.parts))
    return Without(spelled_out(node.part, begins)) if isinstance(node, Without) else node


def with_files(node: Node) -> Node:
    """The tree with every word from anywhere looked for in the text of files too."""
    if isinstance(node, Term) and not any(":" in token for token in node.tokens):
        return Some((node, Term(tuple(f"b:{token}" for token in node.tokens))))
    if isinstance(node, Every | Some):
        return type(node)(tuple(map(with_files, node.parts)))
    return Without(with_files(node.part)) if isinstance(node, Without) else node


def leaves(node: Node) -> Iterator[Node]:
    """Every leaf of a tree."""
    if isinstance(node, Every | Some):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Without):
        yield from leaves(node.part)
    else:
        yield node


def wanted(node: Node) -> frozenset[str]:
    """The stems that a result is liked for, to be marked where it is shown."""
    if isinstance(node, Without):
        return frozenset()
    if isinstance(node, Every | Some):
        return frozenset().union(*(wanted(part) for part in node.parts))
    if isinstance(node, Term) and not node.tokens[0].startswith("d:"):
        said = (stem(token.rpartition(":")[2]) for token in node.tokens)
        return frozenset(token for token in said if len(node.tokens) == 1 or token not in _SMALL_TOKENS)
    return frozenset()


def holds(node: Node, tokens: list[str | None], year: int | None) -> bool:
    """The slow, obvious meaning of a tree: whether it is true of one report. Databases must agree with it."""
    if isinstance(node, Term):
        size = len(node.tokens)
        return any(tuple(tokens[at : at + size]) == node.tokens for at in range(len(tokens) - size + 1))
    if isinstance(node, Years):
        return year is not None and node.first <= year <= node.last
    if isinstance(node, Begins):
        start = f"{node.mark}:{node.start}" if node.mark else node.start
        return any(token is not None and token.startswith(start) for token in tokens)
    if isinstance(node, Without):
        return not holds(node.part, tokens, year)
    each = (holds(part, tokens, year) for part in node.parts)
    return all(each) if isinstance(node, Every) else any(each)
