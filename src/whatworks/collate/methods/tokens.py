"""What of a report is searched: its words, folded, cut and stemmed once, in one order, for every database alike.

A stream is a list of tokens with gaps. Running text comes first (titles, authors, abstract, venue, keywords), so that a
word is found wherever it stands; then the same short fields again under a mark of their own (`t:` title, `a:` author, `v:`
venue, `k:` keyword), so that `title:` is as quick as a plain word; then the text of files under `b:`, which only people who
work here search; then facts (`s:` source, `m:` type, `y:` year, `d:` DOI). A phrase never crosses a gap.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from whatworks.collate.methods.stemming import stem

VERSION = 1  # of all rules that make tokens; an entry of another version is made anew
LONGEST = 64  # characters of a token
MOST = 16_000  # tokens of a report: PostgreSQL counts positions to 16,383
REPEATS = 255  # places of one token in a report that can be part of a phrase: PostgreSQL keeps 256
EVERYTHING = "x:"  # the token that every report has, so that "all but these" can be asked

# Left out of a search that names other words; inside a phrase they count.
SMALL = frozenset(
    "a an and are as at be been being by did do does for from had has have he her his how i if in into is it its of on "
    "or our she so such than that the their them then there these they this those to was we were what when which while "
    "who why will with would you your".split()
)

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`", "'"))
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
# Marks above and below letters: Latin and Greek, Cyrillic, Hebrew, Arabic, Japanese, and those for any script.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]+"
)
# Scripts without spaces between words: every character is a word, and a word of several is a phrase.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+(?:'(?:(?![{_UNSPACED}])[^\W_])+)*")
_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_COMPOUND = re.compile(r"[^\W_]{2,}(?:-[^\W_]{2,})+")
_LONG = re.compile(rf"\S{{{LONGEST + 1}}}")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u00ad", "-"))


def fold(text: str) -> str:
    """Small letters without accents, one apostrophe, one hyphen; no markup and no named characters."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text.translate(_QUOTES).translate(_HYPHENS)).casefold()
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
        text = text if text.isascii() else text.translate(_LETTERS)
    if "&" in text:
        plain = html.unescape(text)
        text = plain if plain == text else fold(plain.replace("&", " "))
    return _TAG.sub(" ", text) if "<" in text else text


def words(text: str) -> list[str]:
    """The words of a text, folded: "Children's" gives children, "O'Brien" obrien, "looked-after" two words.

    >>> words("The Children\u2019s caf\u00e9, O'Brien & well-being")
    ['the', 'children', 'cafe', 'obrien', 'well', 'being']
    """
    return _words_in(fold(text))


def _words_in(folded: str) -> list[str]:
    found = (_PLAIN_WORD if folded.isascii() else _WORD).findall(folded)
    return [_bare(word) for word in found] if "'" in folded or _LONG.search(folded) else found


def _bare(word: str) -> str:
    if "'" in word:
        word = word.removesuffix("'s").replace("'", "")
    return word[:LONGEST]


def compounds(text: str) -> list[str]:
    """Words written with hyphens as one: "well-being" is also found as wellbeing."""
    return _compounds_in(fold(text))


def _compounds_in(folded: str) -> list[str]:
    if "-" not in folded:
        return []
    pieces = " ".join(piece for piece in folded.split() if "-" in piece)
    return [word.replace("-", "")[:LONGEST] for word in _COMPOUND.findall(pieces)]


@dataclass(frozen=True, slots=True)
class Written:
    """What a report says, as far as it is searched. The first title is the report's own; others are its records'."""

    titles: tuple[str, ...]
    authors: tuple[str, ...] = ()
    abstract: str = ""
    venues: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    text: str = ""
    dois: tuple[str, ...] = ()
    year: int | None = None
    kind: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """The tokens of a report in order; None is a gap that no phrase crosses."""

    tokens: tuple[str | None, ...]

    def positions(self) -> dict[str, list[int]]:
        """Where each token stands, counted from 1."""
        found: dict[str, list[int]] = {}
        for position, token in enumerate(self.tokens, 1):
            if token is not None:
                found.setdefault(token, []).append(position)
        return found

    def line(self, gap: str = "~") -> str:
        """The tokens as one line of text."""
        return " ".join(gap if token is None else token for token in self.tokens)

    def digest(self) -> int:
        """A signed 64-bit number that differs when a token or a rule does."""
        made = hashlib.blake2b(f"{VERSION} {self.line()}".encode(), digest_size=8)
        return int.from_bytes(made.digest(), "big", signed=True)


@dataclass(frozen=True, slots=True)
class Read:
    """A report as it goes into the index: its tokens, and its words as they are written, those of titles apart."""

    stream: Stream
    titled: frozenset[str]
    others: frozenset[str]


Text: TypeAlias = tuple[list[str], list[str]]  # words, and words written with hyphens as one


def read(said: Written) -> Read:
    """All tokens of a report, at most MOST of them, and all its words but numbers."""
    titles, others, names = _texts(said.titles), _texts([said.abstract]), _texts(said.authors)
    venues, keywords, body = _texts(said.venues), _texts(said.keywords), _texts([said.text])
    out: list[str | None] = []
    for run in _runs(titles, names, others, venues, keywords, body):
        if run:
            out += run
            out.append(None)
    facts = _facts(said)
    tokens = (*_few_repeats(out[: MOST - len(facts)]), *facts)
    titled = _spoken(titles)
    return Read(Stream(tokens), titled, _spoken([*others, *names, *venues, *keywords, *body]) - titled)


def stream(said: Written) -> Stream:
    """All tokens of a report."""
    return read(said).stream


def _texts(values: Iterable[str]) -> list[Text]:
    return [(_words_in(folded), _compounds_in(folded)) for folded in map(fold, values) if folded]


def _spoken(texts: Iterable[Text]) -> frozenset[str]:
    found: set[str] = set()
    for spoken, joined in texts:
        found.update(spoken, joined)
    return frozenset(word for word in found if not word.isdigit())


def _runs(
    titles: list[Text],
    names: list[Text],
    others: list[Text],
    venues: list[Text],
    keywords: list[Text],
    body: list[Text],
) -> Iterator[list[str]]:
    """Every stretch of text within which a phrase may be found."""
    for spoken, _ in (*titles, *names, *others, *venues, *keywords):
        yield list(map(stem, spoken))
    for _, joined in (*titles, *others, *keywords):
        yield from ([stem(word)] for word in joined)
    for spoken, joined in titles:
        yield [f"t:{stem(word)}" for word in spoken]
        yield from ([f"t:{stem(word)}"] for word in joined)
    for spoken, _ in names:
        yield [f"a:{word}" for word in spoken]
        if any(len(word) > 1 for word in spoken[1:]):  # found by initials too
            yield [f"a:{word}" for word in [*spoken[:1], *(word[0] for word in spoken[1:])]]
    for mark, texts in (("v", venues), ("k", keywords)):
        for spoken, _ in texts:
            yield [f"{mark}:{stem(word)}" for word in spoken]
    for spoken, _ in body:
        yield [f"b:{stem(word)}" for word in spoken]


def _facts(said: Written) -> list[str]:
    facts = [EVERYTHING, f"m:{written_out(said.kind)}", *year_marks(said.year)]
    facts += [f"s:{written_out(source)}" for source in said.sources]
    return facts + [f"d:{written_out(doi)}" for doi in said.dois]


def year_marks(year: int | None) -> list[str]:
    """A year of four digits with its decade, century and millennium, so that a long span is a few tokens."""
    digits = str(year or 0)
    return [f"y:{digits[:kept]}{'-' * (4 - kept)}" for kept in (4, 3, 2, 1)] if len(digits) == 4 else ["y:0"]


def written_out(fact: str) -> str:
    """An identifier as one token: letters and digits stay, anything else becomes its number between underscores."""
    return "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in fact.lower())[:600]


def _few_repeats(tokens: list[str | None]) -> list[str | None]:
    """The tokens with a gap in the place of each that was there too often."""
    if len(tokens) <= REPEATS:
        return tokens
    counts = Counter(tokens)
    often = {token for token, count in counts.items() if count > REPEATS and token is not None}
    if not often:
        return tokens
    seen: Counter[str] = Counter()
    kept: list[str | None] = []
    for token in tokens:
        if token in often and token is not None:
            seen[token] += 1
            kept.append(token if seen[token] <= REPEATS else None)
        else:
            kept.append(token)
    return kept


_SHOWN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def marked(text: str, wanted: frozenset[str]) -> list[str | dict[str, str]]:
    """A text as inline parts, with the words marked whose stem is wanted."""
    parts: list[str | dict[str, str]] = []
    end = 0
    text = unicodedata.normalize("NFC", text)
    for found in _SHOWN.finditer(text) if wanted else ():
        if any(stem(word) in wanted for word in words(found[0])):
            parts += [text[end : found.start()], {"mark": found[0]}]
            end = found.end()
    return [part for part in [*parts, text[end:]] if part]
