"""Sketches: many sketches as columns of numbers and texts, which are compared all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from whatworks.collate.methods.match.people import head_of, is_body
from whatworks.collate.methods.match.sketching import KEYS, Sketch, labelled_keys
from whatworks.collate.methods.match.titles import recurs

Numbers: TypeAlias = npt.NDArray[Any]

PEOPLE = 8  # families that are compared as numbers; longer lists are one publication's or not by their first eight
KINDS = ("", "notice", "reply", "protocol", "summary", "annex", "interim", "abstract", "book review", "companion")
SORTS = ("", "article", "book", "chapter", "data", "meeting", "patent", "preprint", "report", "thesis")


_EMPTY = ("", "", "", "", (), (), 0, "", 0, 0, "", 0, 0, "", False, False, False, 0, 0)


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches by column, in the order of the records. Numbers are 0 where a record does not say."""

    titles: list[str]
    people: list[str]
    venues: list[str]
    dois: list[str]
    told: list[str]  # the numbers in the title
    keys: Numbers  # (records, KEYS), signed 64-bit
    title: Numbers  # of the title's letters, hashed
    families: Numbers  # (records, PEOPLE), hashed
    initial: Numbers  # of the first author's given name
    crowd: Numbers  # how many authors
    words: Numbers  # in the title
    kind: Numbers
    sort: Numbers
    year: Numbers
    volume: Numbers
    issue: Numbers
    letters: Numbers
    page: Numbers
    last: Numbers
    flags: Numbers  # 1 preprint, 2 meeting, 4 supplement, 8 a body wrote it, 16 its title recurs
    form: Numbers  # 1 as short as an abstract, or at a meeting; 2 as long as a paper
    opening: Numbers
    ending: Numbers

    def __len__(self) -> int:
        return len(self.titles)


@lru_cache(maxsize=262144)
def _family(name: str) -> int:
    return crc32(head_of(name).encode())


def columns_of(sketches: Sequence[Sketch]) -> Sketches:
    """The sketches as columns."""
    if not sketches:
        sketches, none = [Sketch(*_EMPTY)], True
    else:
        none = False
    c = Sketch(*zip(*sketches, strict=True))  # type: ignore[arg-type]  # the same names, a column each
    keys = _keys(sketches)
    whole = Sketches(
        titles=list(c.title),
        people=[_people(*both) for both in zip(c.families, c.given, strict=True)],
        venues=list(c.venue),
        dois=list(c.doi),
        told=list(c.numbers),
        keys=keys,
        title=keys[:, KEYS.index("title")],
        families=_families(c.families),
        initial=np.array([ord(one[0][0]) if one and one[0] else 0 for one in c.given], dtype=np.int32),
        crowd=np.array([len(one) for one in c.families], dtype=np.int32),
        words=np.array([one.count(" ") + 1 if one else 0 for one in c.title], dtype=np.int32),
        kind=np.array([KINDS.index(one) for one in c.kind], dtype=np.int8),
        sort=np.array([SORTS.index(one) for one in c.sort], dtype=np.int8),
        year=np.array(c.year, dtype=np.int32),
        volume=np.array(c.volume, dtype=np.int64),
        issue=np.array(c.issue, dtype=np.int64),
        letters=np.array([_letters(one) if one else 0 for one in c.letters], dtype=np.int32),
        page=np.array(c.page, dtype=np.int64),
        last=np.array(c.last, dtype=np.int64),
        flags=np.array([_flags(one) for one in sketches], dtype=np.int8),
        form=np.array([_form(one) for one in sketches], dtype=np.int8),
        opening=np.array(c.opening, dtype=np.int64),
        ending=np.array(c.ending, dtype=np.int64),
    )
    return rows_of(whole, slice(0, 0)) if none else whole


def rows_of(sketches: Sketches, which: slice) -> Sketches:
    """Some of the sketches."""
    return Sketches(*(getattr(sketches, field.name)[which] for field in fields(Sketches)))


def joined(parts: Iterable[Sketches]) -> Sketches:
    """The parts one after another."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return columns_of([])
    return Sketches(*(_one_column([getattr(part, field.name) for part in parts]) for field in fields(Sketches)))


def _one_column(columns: list[Any]) -> Any:
    """Several pieces of a column as one."""
    if isinstance(columns[0], list):
        return [text for column in columns for text in column]
    return np.concatenate(columns)


def _people(families: Sequence[str], given: Sequence[str]) -> str:
    return ";".join([f"{family} {name}" if name else family for family, name in zip(families, given, strict=True)])


def _flags(one: Sketch) -> int:
    body = bool(one.families) and not one.given[0] and is_body(one.families[0])
    return one.preprint + 2 * one.meeting + 4 * one.supplement + 8 * body + 16 * recurs(one.title, one.numbers)


def _form(one: Sketch) -> int:
    if one.meeting or one.supplement or (one.page and one.page == one.last):
        return 1
    return 2 if one.page and one.last - one.page >= 2 else 0


def _letters(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 32 + (ord(letter) & 31)
    return number


def _families(families: Sequence[Sequence[str]]) -> Numbers:
    filled = (0,) * PEOPLE
    named = [(*map(_family, one[:PEOPLE]), *filled)[:PEOPLE] for one in families]
    return np.array(named, dtype=np.uint32).reshape(len(families), PEOPLE)


def _keys(sketches: Sequence[Sketch]) -> Numbers:
    return np.array([labelled_keys(one) for one in sketches], dtype=np.int64).reshape(len(sketches), len(KEYS))
