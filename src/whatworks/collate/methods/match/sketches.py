"""Sketches: many sketches as columns of numbers and texts, which are compared all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from whatworks.collate.methods.match.people import head_of
from whatworks.collate.methods.match.sketching import KEYS, Sketch, hashed, labelled_keys

Numbers: TypeAlias = npt.NDArray[Any]

PEOPLE = 8  # families that are compared as numbers; longer lists are one publication's or not by their first eight
KINDS = ("", "notice", "reply", "protocol", "summary", "annex", "interim", "abstract", "book review")
SORTS = ("", "article", "book", "chapter", "data", "meeting", "patent", "preprint", "report", "thesis")


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
    flags: Numbers  # 1 preprint, 2 meeting, 4 supplement
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
    number = lambda values, kind=np.int64: np.fromiter(values, dtype=kind, count=len(sketches))  # noqa: E731  a short name
    return Sketches(
        titles=[one.title for one in sketches],
        people=[_people(one) for one in sketches],
        venues=[one.venue for one in sketches],
        dois=[one.doi for one in sketches],
        told=[one.numbers for one in sketches],
        keys=_keys(sketches),
        title=number(hashed(one.title.replace(" ", "")) if one.title else 0 for one in sketches),
        families=_families(sketches),
        initial=number((ord(one.given[0][0]) if one.given and one.given[0] else 0 for one in sketches), np.int32),
        crowd=number((len(one.families) for one in sketches), np.int32),
        words=number((one.title.count(" ") + 1 if one.title else 0 for one in sketches), np.int32),
        kind=number((KINDS.index(one.kind) for one in sketches), np.int8),
        sort=number((SORTS.index(one.sort) for one in sketches), np.int8),
        year=number((one.year for one in sketches), np.int32),
        volume=number(one.volume for one in sketches),
        issue=number(one.issue for one in sketches),
        letters=number((_letters(one.letters) for one in sketches), np.int32),
        page=number(one.page for one in sketches),
        last=number(one.last for one in sketches),
        flags=number((one.preprint + 2 * one.meeting + 4 * one.supplement for one in sketches), np.int8),
        form=number((_form(one) for one in sketches), np.int8),
        opening=number(one.opening for one in sketches),
        ending=number(one.ending for one in sketches),
    )


def joined(parts: Iterable[Sketches]) -> Sketches:
    """The parts one after another."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return columns_of([])
    values = {field.name: [getattr(part, field.name) for part in parts] for field in fields(Sketches)}
    return Sketches(
        **{
            name: [text for column in columns for text in column]
            if isinstance(columns[0], list)
            else np.concatenate(columns)
            for name, columns in values.items()
        }
    )


def _people(one: Sketch) -> str:
    return ";".join(
        f"{family} {given}" if given else family for family, given in zip(one.families, one.given, strict=True)
    )


def _form(one: Sketch) -> int:
    if one.meeting or one.supplement or (one.page and one.page == one.last):
        return 1
    return 2 if one.page and one.last - one.page >= 2 else 0


def _letters(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 32 + (ord(letter) & 31)
    return number


def _families(sketches: Sequence[Sketch]) -> Numbers:
    found = np.zeros((len(sketches), PEOPLE), dtype=np.uint32)
    for at, one in enumerate(sketches):
        if one.families:
            named = [_family(family) for family in one.families[:PEOPLE]]
            found[at, : len(named)] = named
    return found


def _keys(sketches: Sequence[Sketch]) -> Numbers:
    found = np.zeros((len(sketches), len(KEYS)), dtype=np.int64)
    for at, one in enumerate(sketches):
        found[at] = labelled_keys(one)
    return found
