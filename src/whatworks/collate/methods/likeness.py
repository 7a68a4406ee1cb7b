"""Likeness: what of a record takes part in matching, brought to a form in which equal things are equal.

Folding removes what exports disagree about (accents, capitals, punctuation, brackets for translation) and keeps what
tells publications apart: numbers, parts, and words such as "erratum" or "protocol".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from whatworks.collate.methods.records import Record

LONGEST_TITLE = 600  # characters that take part; what runs on longer is an abstract in the wrong place

# Remarks that databases append to titles, seen in Ovid and MEDLINE exports; they are no part of the title.
_LANGUAGES = (
    "swedish|chinese|japanese|german|french|spanish|russian|italian|polish|dutch|danish|portuguese|norwegian|romanian"
    "|czech|hungarian|turkish|korean|greek|croatian|serbian|finnish|hebrew|ukrainian|bulgarian"
)
_REMARK = re.compile(
    r"[\[(](?:(?:review|comment|letter|editorial|abstract)s?|\d+ refs?|references|see comments?|abstract no\b[^\[\]()]*"
    rf"|no abstract available|(?:article )?(?:in )?(?:{_LANGUAGES}))\.?[\])]\.?\s*$",
    re.I,
)
_ERRATUM_ELSEWHERE = re.compile(
    r"\s*\[(?:published )?(?:erratum|correction|corrected|retraction)s? (?:appears|in)\b.*$", re.I
)
# How Web of Science and Scopus title a correction: the report's title and where it stood.
_CORRECTS = re.compile(
    r"\((?:vol \d+,? (?:pg|p|art(?:n)?|article) [^()]*|[^()]*\(\d{4}\)[^()]*(?:\([^()]*\))?[^()]*)\)\.?\s*$", re.I
)
_ORIGINAL = re.compile(r"<original>.*$", re.I | re.DOTALL)
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|span)\b[^>]*>", re.I)

# Kinds that are written about, for, or before another report and often repeat its title.
_KINDS = (
    (
        "notice",
        r"(?:publisher(?:s|'s)? |author(?:s|'s)? )?"
        r"(?:erratum|errata|corrigend(?:um|a)|correction|retraction|expression of concern|addendum)"
        r"(?: notice| note)?(?: to| of| for)?",
    ),
    ("reply", r"(?:in |(?:the )?authors? )?(?:reply|rejoinder|response|comments?|commentary|letter)(?: to| on)?"),
    ("protocol", r"(?:a )?(?:study |trial |review |research )?protocol(?: for| of)?(?: an?| the)?"),
    ("summary", r"(?:executive |plain language |technical |research )?summary(?: report)?"),
    ("interim", r"interim (?:report|findings|results)"),
)
_KIND_AT_START = tuple(
    (kind, re.compile(rf"^(?:{words})\b(?P<rest> .*)$")) for kind, words in _KINDS if kind != "summary"
)
_KIND_AT_END = tuple((kind, re.compile(rf"^(?P<rest>.{{12,}}? )(?:{words})$")) for kind, words in _KINDS)
_PROTOCOL_WITHIN = re.compile(r"^(?P<rest>.{12,}?) (?:study |trial |review )?protocol (?:for|of) .*$")

_PART = (
    "part parts volume vol phase wave study chapter section book paper series stage round year edition report".split()
)
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_WORD_NUMBERS = {word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_ORDINALS = {word: str(n) for n, word in enumerate("first second third fourth fifth sixth".split(), 1)}
_PREPRINT_DOI = (
    "10.1101/",
    "10.2139/ssrn",
    "10.31234/",
    "10.31235/",
    "10.31219/",
    "10.21203/rs",
    "10.20944/",
    "10.48550/",
)
_PREPRINT_VENUE = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|ssrn|psyarxiv|socarxiv|preprints?|research square)\b")
_SORTS = {"THES": "thesis", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter"}
_SORTS |= {"RPRT": "report", "GOVDOC": "report", "JOUR": "article", "EJOUR": "article", "ABST": "article"}


@dataclass(frozen=True, slots=True, order=True)
class Sketch:
    """A record as matching sees it. Texts are folded; "" and None mean that the record does not say."""

    title: str
    core: str
    kind: str
    sort: str
    numbers: tuple[str, ...]
    year: int  # 0 where unknown
    family: str  # of the first author
    first_author: tuple[str, ...]  # all words of the name, sorted
    families: tuple[str, ...]
    venue: str
    volume: str
    issue: str
    page: str
    doi: str
    preprint: bool


def sketch(record: Record) -> Sketch:
    """What of the record takes part in matching."""
    kind, title, core = titles_of(record.title[:LONGEST_TITLE])
    families = tuple(family for author in record.authors if (family := family_name(author)))
    doi, venue = record.doi, fold(record.venue[:LONGEST_TITLE])
    return Sketch(
        title=title,
        core=core,
        kind=kind,
        sort=_SORTS.get(record.entry_type, ""),
        numbers=numbers_in(core),
        year=record.year or 0,
        family=families[0] if families else "",
        first_author=tuple(sorted(fold(record.authors[0]).split())) if record.authors else (),
        families=families,
        venue=venue.removeprefix("the "),
        volume=fold(record.volume),
        issue=(re.findall(r"\d+", record.issue) or [""])[0],
        page=first_page(record.pages, in_volume=bool(record.volume)),
        doi=doi,
        preprint=doi.startswith(_PREPRINT_DOI) or bool(_PREPRINT_VENUE.search(venue)),
    )


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Words in small letters and digits, without accents, marks and punctuation, one space between (Unicode NFKD)."""
    if not text.isascii():
        text = unicodedata.normalize(
            "NFKD", text.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L")
        )
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = text.casefold().replace("&amp;", " and ").replace("&", " and ")
    text = re.sub(r"(?<=\d)[, \u00a0](?=\d{3}\b)", "", text)
    text = re.sub(r"['’`]", "", text)
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def without_remarks(title: str) -> str:
    """The title without markup and without what a database added at its end, unless nothing would be left."""
    title = _ERRATUM_ELSEWHERE.sub("", _MARKUP.sub("", _ORIGINAL.sub("", title))).strip()
    while True:
        shorter = _REMARK.sub("", title).strip()
        if shorter == title or not shorter:
            return title
        title = shorter


def titles_of(title: str) -> tuple[str, str, str]:
    """The kind, the folded title, and that title without what announces the kind."""
    plain = without_remarks(title)
    corrected = _CORRECTS.sub("", plain).strip()
    if corrected and corrected != plain:
        return "notice", fold(plain), fold(corrected)
    folded = fold(plain)
    kind, core = kind_of(folded)
    return kind, folded, core


def kind_of(folded_title: str) -> tuple[str, str]:
    """The kind of writing that a title announces ("" for an ordinary report), and the title without that."""
    for kind, pattern in (*_KIND_AT_START, *_KIND_AT_END, ("protocol", _PROTOCOL_WITHIN)):
        found = pattern.match(folded_title)
        if found:
            return kind, found.group("rest").strip()
    return "", folded_title


def numbers_in(folded_title: str) -> tuple[str, ...]:
    """Every number in a title, in order; "part ii", "part two" and "second edition" count as 2."""
    found: list[str] = []
    words = folded_title.split()
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if any(letter.isdigit() for letter in word):
            found += [digits.lstrip("0") or "0" for digits in re.findall(r"\d+", word)]
        elif before in _PART and (number := _ROMAN.get(word) or _WORD_NUMBERS.get(word)):
            found.append(number)
        elif before == "part" and len(word) == 1:
            found.append(word)
        elif after in _PART and word in _ORDINALS:
            found.append(_ORDINALS[word])
        elif word in ("ii", "iii"):
            found.append(_ROMAN[word])
    return tuple(found)


@lru_cache(maxsize=65536)
def family_name(author: str) -> str:
    """The family name, folded: before the comma, or else the word that is not initials."""
    family, comma, _ = author.partition(",")
    if comma:
        return fold(family)
    words = author.replace(".", ". ").split()
    if len(words) > 1 and re.fullmatch(r"[A-Z]{1,3}\.?", words[-1]):  # "Smith JA"
        return fold(" ".join(word for word in words if not re.fullmatch(r"[A-Z]{1,3}\.?", word)) or words[0])
    return fold(words[-1]) if words else ""


def first_page(pages: str, *, in_volume: bool) -> str:
    """The first page with its letters ("e123", "s4"), or ""; a lone number outside a volume is a count of pages."""
    found = re.match(r"([a-z]{0,3}) ?(\d+)", fold(pages))
    if not found or not (in_volume or "-" in pages):
        return ""
    return found.group(1) + found.group(2).lstrip("0")
