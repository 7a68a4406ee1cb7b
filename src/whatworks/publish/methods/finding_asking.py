"""What does a question ask for? Words that carry meaning, phrases, other words for the same, and what is recorded of pages.

“Does mentoring work for teenagers in England?” asks for mentoring, for young people of 13 to 17, and for evidence from the
UK. What was understood is told, so that a reader can search for the bare words instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import words
from whatworks.publish.methods.finding import Concept, Stems

SMALL = frozenset(
    "a about an and any are as at be been by can could do does doing for from get gets give have help helps helping her his "
    "how i if in into is it its keep made make makes me my of on or our should so than that the their them there these they "
    "this to us we what when where which who why will with without work works working would you your effective effect best "
    "evidence".split()
)
QUOTED = re.compile('["“”]([^"“”]{1,200})["“”]')
LONGEST = 24  # words of a question that are read
SLIPS = ((4, 0), (8, 1), (99, 2))  # letters a word must have fewer of, and how many slips are then mended


@dataclass(frozen=True, slots=True)
class Group:
    """Different words for the same thing, or nearly; and the facets that they stand for, if any."""

    phrases: tuple[str, ...]
    facets: tuple[tuple[str, str], ...] = ()
    same: bool = True  # whether a page with any other of the phrases is looked for too


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All groups of words, looked up by their stems."""

    groups: tuple[Group, ...]
    runs: Mapping[Stems, tuple[int, ...]]
    stems: frozenset[str]
    spoken: Mapping[str, str]
    longest: int


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for: its concepts, what else was looked for, facets, and words that were mended."""

    concepts: tuple[Concept, ...] = ()
    also: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=20_000)
def stems_of(text: str) -> Stems:
    """The stems of a text, one after another, small words left out.

    >>> stems_of("Does family group conferencing work?")
    ('famili', 'group', 'confer')
    """
    return tuple(stem(word) for word in words(text) if word not in SMALL)


def lexicon(groups: Iterable[Group]) -> Lexicon:
    """Groups of words made ready to be looked up."""
    held = tuple(groups)
    runs: dict[Stems, tuple[int, ...]] = {}
    for at, group in enumerate(held):
        for phrase in group.phrases:
            run = stems_of(phrase)
            if run and at not in runs.get(run, ()):
                runs[run] = (*runs.get(run, ()), at)
    said = [word for group in held for phrase in group.phrases for word in words(phrase)]
    spoken = {stem(word): word for word in reversed(said)}
    return Lexicon(held, runs, frozenset(one for run in runs for one in run), spoken, max(map(len, runs), default=0))


def understood(
    question: str, known: Lexicon, vocabulary: Collection[str], spoken: Mapping[str, str], *, plainly: bool = False
) -> Understood:
    """A question read against the words that are known; `spoken` gives a word for each stem, for telling what was mended.

    Plainly: the reader's own words alone, without other words for the same, facets or mending.
    """
    quoted = [stems_of(phrase) for phrase in QUOTED.findall(question)]
    exact = tuple(Concept((run,), required=True) for run in quoted if run)
    said = [word for word in words(QUOTED.sub(" ", question)) if word not in SMALL][:LONGEST]
    if plainly:
        loose = tuple(Concept(((stem(word),),)) for word in said)
        return Understood((*exact, *loose), unknown=_unknown(said, vocabulary, frozenset()))
    read = [(word, _mended(word, known, vocabulary, spoken)) for word in said]
    concepts, also, facets = _grouped([one for _, one in read], known)
    mended = tuple((word, spoken.get(one) or known.spoken.get(one, one)) for word, one in read if one != stem(word))
    unknown = _unknown([word for word, one in read if one == stem(word)], vocabulary, known.stems)
    return Understood((*exact, *concepts), also, facets, mended, unknown)


def _unknown(said: Iterable[str], vocabulary: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    return tuple(word for word in said if stem(word) not in vocabulary and stem(word) not in known)


def _mended(word: str, known: Lexicon, vocabulary: Collection[str], spoken: Mapping[str, str]) -> str:
    """The stem of a word; of one that nobody uses, the nearest stem or word that is used, if it is near enough."""
    own = stem(word)
    if own in vocabulary or own in known.stems or word.isdigit():
        return own
    stems = dict.fromkeys((*known.stems, *vocabulary))
    if near := nearest(own, stems, 1):
        return near[0]
    said = {spoken.get(one) or known.spoken.get(one, one): one for one in stems}  # “famly” loses more than its ending
    return next((said[one] for one in nearest(word, said, 1)), own)


def nearest(own: str, among: Iterable[str], most: int, *, further: int = 0) -> list[str]:
    """The stems that differ from this one by a slip or two of the hand, the nearest first, then by the alphabet."""
    slips = next(allowed for letters, allowed in SLIPS if len(own) < letters) + further
    if not slips:
        return []
    near = [one for one in among if abs(len(one) - len(own)) <= slips and not one.isdigit()]
    found = process.extract(own, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return sorted({one for one, _, _ in found}, key=lambda one: (OSA.distance(own, one), one[:1] != own[:1], one))[
        :most
    ]


def _grouped(
    read: Sequence[str], known: Lexicon
) -> tuple[tuple[Concept, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Concepts of a row of stems: the longest known phrase first, other words one by one."""
    concepts: list[Concept] = []
    also: list[str] = []
    facets: list[tuple[str, str]] = []
    at = 0
    while at < len(read):
        length = next(
            (
                size
                for size in range(min(known.longest, len(read) - at), 0, -1)
                if tuple(read[at : at + size]) in known.runs
            ),
            0,
        )
        run = tuple(read[at : at + max(length, 1)])
        groups = [known.groups[which] for which in known.runs.get(run, ())]
        concepts.append(_concept(run, groups))
        also += [phrase for group in groups if group.same for phrase in group.phrases if stems_of(phrase) != run]
        facets += [facet for group in groups for facet in group.facets]
        at += len(run)
    return tuple(concepts), tuple(dict.fromkeys(also)), tuple(dict.fromkeys(facets))


def _concept(run: Stems, groups: Sequence[Group]) -> Concept:
    others = dict.fromkeys(stems_of(phrase) for group in groups if group.same for phrase in group.phrases)
    facets = dict.fromkeys(facet for group in groups for facet in group.facets)
    return Concept((run, *(one for one in others if one and one != run)), tuple(facets))
