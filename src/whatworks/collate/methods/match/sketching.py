"""Sketching: a record as matching sees it, small enough to be kept for every report of a centre; and its keys."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any, NamedTuple

from whatworks.collate.methods.fields import normalise_doi
from whatworks.collate.methods.likeness import fold
from whatworks.collate.methods.match.people import head_of, people
from whatworks.collate.methods.match.places import (
    is_preprint_doi,
    is_supplement,
    number_of,
    pages_of,
    venue_of,
)
from whatworks.collate.methods.match.titles import LONGEST_TITLE, numbers_in, titles_of
from whatworks.collate.methods.records import Record

KEYS_VERSION = 1  # a part of every key: keys of another version never meet
EDGE = 22  # letters of a title's beginning or end that two near titles share; shorter ones join unrelated titles
LONG_WORDS = 3  # the longest words of a title, which survive a rubric before it and a cut behind it
ABSTRACT = 80  # letters of an abstract's beginning and end that take part

_SORTS = {"THES": "thesis", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter"}
_SORTS |= {"RPRT": "report", "GOVDOC": "report", "JOUR": "article", "EJOUR": "article", "ABST": "article"}
_SORTS |= {"CONF": "meeting", "CPAPER": "meeting", "PAT": "patent", "DATA": "data", "UNPB": "preprint"}
_SORTS |= {"ARTICLE": "article", "INBOOK": "chapter", "INCOLLECTION": "chapter", "INPROCEEDINGS": "meeting"}
_SORTS |= {"CONFERENCE": "meeting", "PROCEEDINGS": "book", "TECHREPORT": "report", "REPORT": "report"}
_SORTS |= {"PHDTHESIS": "thesis", "MASTERSTHESIS": "thesis", "THESIS": "thesis", "UNPUBLISHED": "preprint"}


class Fields(NamedTuple):
    """What of a publication takes part in matching, as its file writes it; "" (or 0) where the file says nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int = 0
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    type: str = ""
    abstract: str = ""


class Sketch(NamedTuple):
    """A record as matching sees it. Texts are folded; "" and 0 mean that the record does not say."""

    title: str  # without what announces the kind
    kind: str
    sort: str
    numbers: str
    families: tuple[str, ...]
    given: tuple[str, ...]  # of each of the families
    year: int
    venue: str
    volume: int
    issue: int
    letters: str  # before the first page
    page: int
    last: int
    doi: str
    preprint: bool
    meeting: bool
    supplement: bool
    opening: int  # of the abstract, hashed
    ending: int

    def to_text(self) -> str:
        """As one line of JSON, to be stored."""
        return json.dumps(self, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Sketch:
        """What `to_text` gave."""
        values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in json.loads(text)]
        return cls(*values)


def fields_of(record: Record) -> Fields:
    """What of the record takes part, before folding."""
    return Fields(
        record.title,
        record.authors,
        record.year or 0,
        record.venue or record.first("PB"),  # a report has no journal, but somebody published it
        record.volume,
        record.issue,
        record.pages,
        record.doi,
        record.entry_type,
        record.abstract,
    )


def sketch(record: Record) -> Sketch:
    """What of the record takes part in matching."""
    return sketch_of(fields_of(record))


def sketch_of(fields: Fields) -> Sketch:
    """The fields, folded."""
    kind, _, core = titles_of(fields.title[:LONGEST_TITLE])
    known = people(fields.authors)
    venue, preprint_venue, meeting = venue_of(fields.venue[:LONGEST_TITLE])
    letters, page, last = pages_of(fields.pages, in_volume=bool(fields.volume))
    doi = normalise_doi(fields.doi).rstrip("/") if fields.doi else ""
    sort = _SORTS.get(fields.type.upper(), "") if fields.type else ""
    opening, ending = _ends(fields.abstract)
    return Sketch(
        core,
        kind,
        sort,
        " ".join(numbers_in(core)),
        tuple(family for family, _ in known),
        tuple(given for _, given in known),
        fields.year,
        venue,
        number_of(fields.volume) if fields.volume else 0,
        number_of(fields.issue) if fields.issue else 0,
        letters,
        page,
        last,
        doi,
        is_preprint_doi(doi) or preprint_venue or sort == "preprint",
        meeting or sort == "meeting",
        is_supplement(fields.volume, fields.issue, fields.pages),
        opening,
        ending,
    )


def _ends(abstract: str) -> tuple[int, int]:
    """The beginning and the end of an abstract as two numbers, 0 where it is too short to tell."""
    if len(abstract) < 2 * ABSTRACT:
        return 0, 0
    start = fold(abstract[: 2 * ABSTRACT]).replace(" ", "")[:ABSTRACT]
    end = fold(abstract[-2 * ABSTRACT :]).replace(" ", "")[-ABSTRACT:]
    return hashed(f"abstract {start}"), hashed(f"abstract {end}")


def hashed(text: str) -> int:
    """A signed 64-bit number for a text, the same in every run (BLAKE2b)."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


KEYS = ("doi", "title", "start", "end", "words", "author", "page", "people", "place")
_MARKS = tuple(f"{KEYS_VERSION} {key} " for key in KEYS)


def keys_of(thing: Record | Sketch) -> tuple[int, ...]:
    """What a record must share with another for the two to be compared, as signed 64-bit numbers, the same in every run:
    DOI, title, an end of the title, its longest words, author and year, author and page, place in a volume."""
    one = thing if isinstance(thing, Sketch) else sketch(thing)
    return tuple(key for key in labelled_keys(one) if key)


def labelled_keys(one: Sketch) -> tuple[int, ...]:
    """A key for each of KEYS, 0 where the record does not say enough."""
    letters = one.title.replace(" ", "")
    surname = head_of(one.families[0]) if one.families else ""
    long = len(letters) > EDGE
    said = (
        one.doi,
        letters,
        letters[:EDGE] if long else "",
        letters[-EDGE:] if long else "",
        _long_words(one.title) if long else "",
        f"{surname} {one.year}" if surname and one.year else "",
        f"{surname} {one.page}" if surname and one.page else "",
        f"{' '.join(sorted(one.families[:3]))} {one.year}" if len(one.families) > 1 else "",
        f"{one.volume} {one.page} {one.year}" if one.volume and one.page else "",
    )
    return tuple(
        [
            int.from_bytes(blake2b(f"{mark}{text}".encode(), digest_size=8).digest(), "little", signed=True)
            if text
            else 0
            for mark, text in zip(_MARKS, said, strict=True)
        ]
    )


def _long_words(title: str) -> str:
    """The longest words of a title in alphabetical order."""
    words = sorted(set(title.split()))
    words.sort(key=len, reverse=True)
    return " ".join(sorted(words[:LONG_WORDS]))
