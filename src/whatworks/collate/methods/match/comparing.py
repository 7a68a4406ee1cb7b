"""Comparing: what many pairs of records agree and disagree about, field by field, all pairs at once.

Every answer is a small number that means the same whichever record comes first. Texts are compared by their letters
only where their numbers have not settled the matter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from whatworks.collate.methods.match.people import is_body
from whatworks.collate.methods.match.sketches import PEOPLE, Numbers, Sketches
from whatworks.collate.methods.match.sketching import KEYS
from whatworks.collate.methods.match.wording import Told, Wording, differing_words, told, wording

LONG_WORDS = KEYS.index("words")
WORTH = 55.0  # percent of letters; below it only a shared place or shared people make two titles worth a closer look
ENOUGH = 20  # pairs, to say whether a column holds issues
ALIKE_ALONE = 80.0  # percent of letters that make two titles worth a look whoever wrote them
SAME_NAMES = 78.0  # percent: names written another way
_SMALL_WORDS = frozenset("a an the of in on for and or to from with by at as is its de la der die und et y e".split())


class Said(IntEnum):
    """Whether two records agree about a field."""

    SILENT = 0  # one of them does not say
    SAME = 1
    NEAR = 2  # about the same: a year apart, overlapping pages, journals with similar names
    DIFFER = 3


class People(IntEnum):
    """How two lists of authors agree."""

    SILENT = 0
    ALL = 1  # the same people
    FEWER = 2  # one list is a part of the other
    FIRST = 3  # the first author
    SOME = 4  # others than the first
    WRITTEN = 5  # names written another way
    NONE = 6
    BODY = 7  # one names a group, the other its people


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs side by side: for each, what its two records agree about. All columns have one length."""

    one: Numbers  # the number of a record
    other: Numbers
    wording: Numbers  # Wording
    told: Numbers  # Told: the numbers in the titles
    words: Numbers  # of the shorter title
    people: Numbers  # People
    crowd: Numbers  # authors in the shorter list
    initial: Numbers  # Said: of the first author's given name
    year: Numbers  # Said
    apart: Numbers  # years between them, 0 where one is unknown
    venue: Numbers
    volume: Numbers
    issue: Numbers
    page: Numbers
    pages: Numbers  # first and last page agree, more than two pages, not the first of a volume
    form: Numbers  # Said: short as an abstract, or long as a paper
    brief: Numbers  # both are as short as an abstract
    doi: Numbers  # NEAR: two versions of one
    abstract: Numbers
    sort: Numbers
    kinds: Numbers  # smaller kind * 16 + larger kind
    sorts: Numbers
    preprints: Numbers  # how many of the two
    meetings: Numbers
    supplements: Numbers
    recurring: Numbers  # how many of the two have a title that a body uses more than once a year
    bare: Numbers  # neither has a volume or a page
    bodies: Numbers  # how many of the two were written by a body

    def __len__(self) -> int:
        return len(self.one)

    def only(self, which: Numbers) -> Compared:
        """Some of the pairs, by a mask or by their numbers."""
        return Compared(*(getattr(self, field.name)[which] for field in fields(Compared)))


def compare(s: Sketches, pairs: Numbers) -> Compared:
    """The pairs that are worth a person's or a rule's look, side by side."""
    pairs, how, numbers = _worded(s, pairs)
    i, j = pairs[:, 0], pairs[:, 1]
    year = np.abs(s.year[i] - s.year[j]) * _both(s.year, i, j)
    kinds, sorts = np.sort((s.kind[i], s.kind[j]), axis=0), np.sort((s.sort[i], s.sort[j]), axis=0)
    shifted = _shifted(s, i, j) | _shifted(s, j, i)
    page, pages = _pages(s, i, j)
    found = Compared(
        one=i,
        other=j,
        wording=how,
        told=numbers,
        words=np.minimum(s.words[i], s.words[j]),
        people=_people(s, i, j),
        crowd=np.minimum(s.crowd[i], s.crowd[j]),
        initial=_said(_both(s.initial, i, j), s.initial[i] == s.initial[j]),
        year=_said(_both(s.year, i, j), year == 0, year == 1),
        apart=year,
        venue=_venues(s, i, j),
        volume=np.where(shifted, Said.SAME, _said(_both(s.volume, i, j), s.volume[i] == s.volume[j])).astype(np.int8),
        issue=np.where(shifted, Said.SILENT, _said(_both(s.issue, i, j), s.issue[i] == s.issue[j])).astype(np.int8),
        page=page,
        pages=pages,
        form=_said(_both(s.form, i, j), s.form[i] == s.form[j]),
        brief=(s.form[i] == 1) & (s.form[j] == 1),
        doi=_dois(s, i, j),
        abstract=_abstracts(s, i, j),
        sort=_said(_both(s.sort, i, j), s.sort[i] == s.sort[j]),
        kinds=kinds[0].astype(np.int32) * 16 + kinds[1],
        sorts=sorts[0].astype(np.int32) * 16 + sorts[1],
        preprints=_flagged(s, i, j, 1),
        meetings=_flagged(s, i, j, 2),
        supplements=_flagged(s, i, j, 4),
        recurring=_flagged(s, i, j, 16),
        bare=(s.volume[i] + s.volume[j] + s.page[i] + s.page[j]) == 0,
        bodies=_flagged(s, i, j, 8),
    )
    return _trusted(found)


def _both(column: Numbers, i: Numbers, j: Numbers) -> Numbers:
    """Whether both records say something in a column."""
    found: Numbers = (column[i] != 0) & (column[j] != 0)
    return found


def _flagged(s: Sketches, i: Numbers, j: Numbers, bit: int) -> Numbers:
    """How many of the two have a mark."""
    found: Numbers = ((s.flags[i] & bit) > 0).astype(np.int8) + ((s.flags[j] & bit) > 0)
    return found


def _trusted(c: Compared) -> Compared:
    """The pairs, without the issue where it cannot be one: some exports put accession numbers there, which never agree.

    Judged on pairs of equal title, volume and pages: where fewer than half of them agree about the issue, it says nothing.
    """
    clear = (c.wording == Wording.EXACT) & c.pages & (c.volume == Said.SAME) & (c.issue != Said.SILENT)
    if clear.sum() >= ENOUGH and (c.issue[clear] == Said.SAME).mean() < 0.5:
        return replace(c, issue=np.zeros_like(c.issue))
    return c


def _said(known: Numbers, same: Numbers, near: Numbers | None = None) -> Numbers:
    """SILENT, SAME, NEAR or DIFFER for each pair."""
    found = np.where(same, Said.SAME, Said.DIFFER if near is None else np.where(near, Said.NEAR, Said.DIFFER))
    return np.where(known, found, Said.SILENT).astype(np.int8)


def _worded(s: Sketches, pairs: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The pairs worth a look, how their titles agree, and how the numbers in them do."""
    i, j = pairs[:, 0], pairs[:, 1]
    exact = (s.title[i] == s.title[j]) & (s.title[i] != 0)
    silent = (s.title[i] == 0) | (s.title[j] == 0)
    same_words = (s.keys[i, LONG_WORDS] == s.keys[j, LONG_WORDS]) & (s.keys[i, LONG_WORDS] != 0)
    worth = exact | _same_place(s, i, j) | _same_people(s, i, j) | same_words
    unsure = np.flatnonzero(~worth & ~silent)
    worth[unsure] = _alike(s, i[unsure], j[unsure])
    pairs, exact = pairs[worth], exact[worth]
    how = np.full(len(pairs), Wording.EXACT, dtype=np.int8)
    numbers = np.full(len(pairs), Told.AGREE, dtype=np.int8)
    unequal = np.flatnonzero(~exact)
    for at, (a, b) in zip(unequal.tolist(), pairs[unequal].tolist(), strict=True):
        how[at] = level = wording(s.titles[a], s.titles[b])
        numbers[at] = told(level, s.told[a], s.told[b])
    keep = (how != Wording.FAR) | _same_place(s, pairs[:, 0], pairs[:, 1])
    return pairs[keep], how[keep], numbers[keep]


def _same_place(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    """Whether DOI, or volume and first page, or the abstract agree."""
    placed = (s.volume[i] == s.volume[j]) & (s.volume[i] > 0) & (s.page[i] == s.page[j]) & (s.page[i] > 0)
    doi = (s.keys[i, 0] == s.keys[j, 0]) & (s.keys[i, 0] != 0)
    found: Numbers = placed & (s.year[i] == s.year[j]) | doi | ((s.ending[i] == s.ending[j]) & (s.ending[i] != 0))
    return found


def _same_people(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    """Whether the first two authors, the year and the issue or the volume agree."""
    team = (s.families[i, :2] == s.families[j, :2]).all(axis=1) & (s.families[i, 0] != 0)
    found: Numbers = team & (s.year[i] == s.year[j]) & (s.volume[i] == s.volume[j]) & (s.volume[i] > 0)
    return found


def _alike(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    """Whether two titles share enough of their letters (more where the authors differ), or one is in the other."""
    one, other = [s.titles[at] for at in i.tolist()], [s.titles[at] for at in j.tolist()]
    likeness = np.asarray(cpdist(one, other, scorer=fuzz.ratio, score_cutoff=WORTH, dtype=np.float32))
    family = (s.families[i, 0] == s.families[j, 0]) | (s.families[i, 0] == 0) | (s.families[j, 0] == 0)
    near = (np.abs(s.year[i] - s.year[j]) <= 1) | (s.year[i] == 0) | (s.year[j] == 0)
    inside = np.fromiter((a in b or b in a for a, b in zip(one, other, strict=True)), dtype=bool, count=len(one))
    alike: Numbers = (likeness >= ALIKE_ALONE) | ((likeness > 0) & family & near)
    return alike | (inside & (np.minimum(s.words[i], s.words[j]) > 2))


def _people(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    first, fewer, shared = (np.zeros(len(i), dtype=np.int64) for _ in range(3))
    for start in range(0, len(i), 200_000):  # in pieces: eight by eight families a pair
        part = slice(start, start + 200_000)
        a, b = s.families[i[part]], s.families[j[part]]
        first[part] = (a[:, 0] == b[:, 0]) & (a[:, 0] != 0)
        met = (a[:, :, None] == b[:, None, :]) & (a[:, :, None] != 0)
        shared[part] = np.minimum(met.any(axis=2).sum(axis=1), met.any(axis=1).sum(axis=1))
    most, fewer = np.maximum(s.crowd[i], s.crowd[j]), np.minimum(s.crowd[i], s.crowd[j])
    found = np.select(
        [
            fewer == 0,
            (shared >= np.minimum(most, PEOPLE)) & (most - fewer <= 1),
            (shared >= np.minimum(fewer, PEOPLE)) & (fewer < most),
            first == 1,
            shared * 2 >= np.minimum(fewer, PEOPLE),
        ],
        [People.SILENT, People.ALL, People.FEWER, People.FIRST, People.SOME],
        People.NONE,
    ).astype(np.int8)
    unsure = np.flatnonzero(found == People.NONE)
    one, other = ([s.people[at] for at in index[unsure].tolist()] for index in (i, j))
    found[unsure] = np.fromiter((_otherwise(a, b) for a, b in zip(one, other, strict=True)), np.int8, len(unsure))
    return found


def _otherwise(one: str, other: str) -> People:
    """How two lists of authors agree that have no family name in common."""
    if _written(one, other):
        return People.WRITTEN
    return People.BODY if is_body(one.partition(";")[0]) != is_body(other.partition(";")[0]) else People.NONE


def _written(one: str, other: str) -> bool:
    """Whether two lists of authors are one list written in two ways: misspelt, names exchanged, an acronym."""
    names, others = one.replace(";", " "), other.replace(";", " ")
    words, twins = ({word for word in text.split() if len(word) > 2} for text in (names, others))
    if words and twins and (words <= twins or twins <= words):
        return True
    first, second = one.partition(";")[0], other.partition(";")[0]
    if is_body(first) and is_body(second):  # "Northmoor Council" is not "Eastvale Council", however much they share
        return _acronym(one, other) or _acronym(other, one) or not all(differing_words(names, others))
    if fuzz.ratio(first.partition(" ")[0], second.partition(" ")[0]) >= SAME_NAMES:
        return True
    return fuzz.token_sort_ratio(names, others) >= SAME_NAMES or _acronym(one, other) or _acronym(other, one)


def _acronym(short: str, long: str) -> bool:
    """Whether one body's name is made of the first letters of the other's."""
    words = [word for word in long.replace(";", " ").split() if word not in ("of", "the", "and")]
    plain = short.replace(";", " ").replace(" ", "")
    return (
        2 < len(plain) <= 8
        and len(words) > 2
        and plain
        in (
            "".join(word[0] for word in words),
            "".join(word[0] for word in long.replace(";", " ").split()),
        )
    )


def _venues(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    names = ((s.venues[a], s.venues[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True))
    return np.fromiter((venue_agreement(a, b) if a <= b else venue_agreement(b, a) for a, b in names), np.int8, len(i))


@lru_cache(maxsize=262144)
def venue_agreement(one: str, other: str) -> Said:
    """Whether two folded journals or series are one: equal, one abbreviates or begins the other, or alike."""
    if not (one and other):
        return Said.SILENT
    if one == other or other.startswith(f"{one} ") or one.startswith(f"{other} "):
        return Said.SAME
    if one.replace(" ", "") == other.replace(" ", "") or abbreviates(one, other) or abbreviates(other, one):
        return Said.SAME
    if is_body(one) and is_body(other) and all(differing_words(one, other)):
        return Said.DIFFER  # two councils
    return Said.NEAR if max(fuzz.token_set_ratio(one, other), fuzz.ratio(one, other)) >= 60.0 else Said.DIFFER


def abbreviates(short: str, long: str) -> bool:
    """Whether each word of one begins the words of the other in turn ("child youth serv rev"), or its words' first
    letters make the other ("jama", "pnas usa")."""
    words = [word for word in long.split() if word not in _SMALL_WORDS]
    parts = [word for word in short.split() if word not in _SMALL_WORDS]
    if len(parts) == 1 and len(words) > 2 and len(parts[0]) > 2:
        return _run_together(parts[0], words)
    return len(parts) <= len(words) and all(word.startswith(part) for part, word in zip(parts, words, strict=False))


def _run_together(short: str, words: list[str]) -> bool:
    """Whether one word is the beginnings of the others in turn, written without spaces ("jthoraccardiovascsurg")."""
    rest = short
    for word in words:
        size = 0
        while size < min(len(rest), len(word)) and rest[size] == word[size]:
            size += 1
        if not size:
            return False
        rest = rest[size:]
    return not rest


def _shifted(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    """Whether the volume of one stands in the issue of the other, whose columns were shifted by one."""
    found: Numbers = (s.volume[i] == 0) & (s.issue[i] == s.volume[j]) & (s.volume[j] != 0)
    return found


def _pages(s: Sketches, i: Numbers, j: Numbers) -> tuple[Numbers, Numbers]:
    """Whether the first pages agree, and whether the same pages are meant."""
    a, b, last_a, last_b = s.page[i], s.page[j], s.last[i], s.last[j]
    letters = s.letters[i], s.letters[j]
    one_kind = (letters[0] == letters[1]) | (letters[0] == 0) | (letters[1] == 0)
    same_end = (last_a == last_b) & (last_a > 0)
    end_a, end_b = np.maximum(last_a, a), np.maximum(last_b, b)
    overlap = (np.maximum(a, b) <= np.minimum(end_a, end_b)) & one_kind
    page = _said((a > 0) & (b > 0), (a == b) & one_kind, overlap | same_end)
    pages = (a == b) & same_end & one_kind & (a > 1) & (last_a - a >= 2)
    return page, pages


def _dois(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    one, other = s.keys[i, 0], s.keys[j, 0]
    found = _said((one != 0) & (other != 0), one == other)
    for at in np.flatnonzero(found == Said.DIFFER):
        if _stem(s.dois[i[at]]) == _stem(s.dois[j[at]]):
            found[at] = Said.NEAR
    return found


def _stem(doi: str) -> str:
    """A DOI without its version: Cochrane's ".pub3", a preprint's "v2" or "/v2"."""
    head, mark, tail = doi.rpartition(".pub")
    if mark and tail.isdigit():
        return head
    head, mark, tail = doi.rpartition("v")
    return head.rstrip("./") if mark and tail.isdigit() and len(tail) < 3 else doi


def _abstracts(s: Sketches, i: Numbers, j: Numbers) -> Numbers:
    same = (s.opening[i] == s.opening[j]) | (s.ending[i] == s.ending[j])
    return _said((s.opening[i] != 0) & (s.opening[j] != 0), same)
