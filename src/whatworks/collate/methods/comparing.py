"""Comparing: what two sketches agree and disagree about. Every answer is the same whichever comes first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz import fuzz

from whatworks.collate.methods.likeness import Sketch

Agreement: TypeAlias = Literal[-1, 0, 1]
"""-1 they disagree, 0 one of them does not say (or it cannot be told), 1 they agree."""

NEAR_TITLE = 92.0  # percent of letters shared; below it, titles of one team's papers begin to look alike
SAME_WORD = 85.0  # a misspelling or the other side of the Atlantic, not another word
FAR = 60.0  # below it two titles, or two journal names, have little in common
GENERIC_WORDS = 4  # a title as short as "Leaving care" may be anybody's
_OPPOSITES = (
    ("hypo", "hyper"),
    ("inter", "intra"),
    ("pre", "post"),
    ("in", "out"),
    ("under", "over"),
    ("male", "female"),
)
_SMALL_WORDS = frozenset("a an the of in on for and or to from with by at as is its".split())


@dataclass(frozen=True, slots=True)
class Titles:
    """How two titles agree: `exact`, `near` (spelling only), `part` (one stops earlier), `changed` (a word differs), or
    `far`; `likeness` is the percentage of letters they share in order."""

    how: Literal["exact", "near", "part", "changed", "far"]
    likeness: float
    generic: bool

    @property
    def said(self) -> str:
        """How they agree, as the beginning of a sentence."""
        return {
            "exact": "The titles are equal",
            "near": "The titles differ in spelling only",
            "part": "One title begins with the other",
            "changed": "The titles differ in a word",
            "far": "The titles differ",
        }[self.how]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sketches side by side."""

    titles: Titles
    names: Agreement  # first authors
    shared_author: bool  # any author of one is an author of the other
    years: Agreement  # within a year: online first, then in print
    year_apart: bool  # exactly one year
    places: Agreement  # volume and first page
    volumes: Agreement
    issues: Agreement  # volume and issue
    venues: Agreement
    sorts: Agreement  # article, report, thesis, ...
    dois_differ: bool
    numbers_differ: bool


def compare(x: Sketch, y: Sketch, titles: Titles) -> Comparison:
    """The two side by side; the titles have been compared already, which is cheaper and rules most pairs out."""
    return Comparison(
        titles=titles,
        names=_names(x, y),
        shared_author=bool(set(x.families) & set(y.families)),
        years=_agree(x.year, y.year, abs(x.year - y.year) <= 1),
        year_apart=bool(x.year and y.year) and abs(x.year - y.year) == 1,
        places=places(x, y),
        volumes=_agree(x.volume, y.volume, x.volume == y.volume),
        issues=_agree(x.volume and x.issue, y.volume and y.issue, (x.volume, x.issue) == (y.volume, y.issue)),
        venues=_venues(x, y),
        sorts=_agree(x.sort, y.sort, x.sort == y.sort),
        dois_differ=bool(x.doi and y.doi) and x.doi != y.doi,
        numbers_differ=x.numbers != y.numbers,
    )


def compare_titles(x: Sketch, y: Sketch) -> Titles:
    """How the titles agree, without what announces an erratum, a reply or a protocol."""
    one, other = sorted((x.core, y.core))
    generic = min(len(one.split()), len(other.split())) <= GENERIC_WORDS
    if one and one.replace(" ", "") == other.replace(" ", ""):
        return Titles("exact", 100.0, generic)
    likeness = fuzz.ratio(one, other) if one and other else 0.0
    if likeness >= NEAR_TITLE and same_words(one, other):
        return Titles("near", likeness, generic)
    if begins(one, other):
        return Titles("part", likeness, generic)
    return Titles("changed" if likeness >= NEAR_TITLE else "far", likeness, generic)


def same_words(one: str, other: str) -> bool:
    """Whether two folded titles have the same words but for misspellings, spelling variants and small words."""
    words, others = Counter(one.split()), Counter(other.split())
    left = [word for word in (words - others).elements() if word not in _SMALL_WORDS]
    right = [word for word in (others - words).elements() if word not in _SMALL_WORDS]
    if "".join(left) == "".join(right):
        return True
    return all(any(_same_word(word, twin) for twin in right) for word in left) and all(
        any(_same_word(word, twin) for twin in left) for word in right
    )


def begins(one: str, other: str) -> bool:
    """Whether the longer of two folded titles begins with the whole of the shorter, which is no mere phrase."""
    short, long = sorted((one, other), key=len)
    return len(short.split()) > GENERIC_WORDS and long.startswith(short + " ")


def contains(x: Sketch, y: Sketch) -> bool:
    """Whether all words of one title are in the other: a rubric, a subtitle or a translation was added."""
    return fuzz.token_set_ratio(*sorted((x.core, y.core))) >= 97.0


def alike(x: Sketch, y: Sketch) -> float:
    """How like two titles are in percent, by letters in order or by words in common, whichever is more."""
    one, other = sorted((x.core, y.core))
    return max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other))


def places(x: Sketch, y: Sketch) -> Agreement:
    """1 where volume and first page agree, -1 where the first pages differ, 0 where it cannot be told."""
    if not (x.page and y.page):
        return 0
    if x.page != y.page:
        return -1
    return 1 if x.volume and x.volume == y.volume else 0


def _same_word(one: str, other: str) -> bool:
    if fuzz.ratio(one, other) < SAME_WORD or any(letter.isdigit() for letter in one + other):
        return False
    return not any(
        other == word or one == word
        for a, b in _OPPOSITES
        for word in (
            *((b + one[len(a) :],) if one.startswith(a) else ()),
            *((b + other[len(a) :],) if other.startswith(a) else ()),
        )
    )


def _agree(one: object, other: object, agreed: bool) -> Agreement:
    if not (one and other):
        return 0
    return 1 if agreed else -1


def _names(x: Sketch, y: Sketch) -> Agreement:
    one, other = set(x.family.split()), set(y.family.split())
    swapped = bool(x.first_author) and x.first_author == y.first_author  # family and given name exchanged
    alike = one <= other or other <= one or swapped or fuzz.ratio(*sorted((x.family, y.family))) >= SAME_WORD
    return _agree(one, other, alike)


def _venues(x: Sketch, y: Sketch) -> Agreement:
    """1 where the names agree or one abbreviates or begins the other, -1 where they have little in common."""
    one, other = sorted((x.venue, y.venue))
    if not one:
        return 0
    if one == other or other.startswith(f"{one} ") or _abbreviates(one, other) or _abbreviates(other, one):
        return 1
    return -1 if fuzz.token_set_ratio(one, other) < FAR else 0


def _abbreviates(short: str, long: str) -> bool:
    """Whether each word of one begins the words of the other in turn: "child youth serv rev"."""
    words = [word for word in long.split() if word not in _SMALL_WORDS]
    parts = [word for word in short.split() if word not in _SMALL_WORDS]
    return len(parts) == len(words) and all(word.startswith(part) for part, word in zip(parts, words, strict=True))
