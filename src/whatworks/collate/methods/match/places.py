"""Places: where a publication stands (volume, issue, pages, journal, DOI), as numbers that can be compared."""

from __future__ import annotations

import re
from functools import lru_cache

from whatworks.collate.methods.likeness import fold_often

_NUMBER = re.compile(r"\d{1,9}")
_DOUBLE = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_ROMAN = re.compile(r"(?=[ivxlc])(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGES = re.compile(
    r"[\s\"'(]*(?:(?:pages?|pp?)\.?\s*(?=[A-Za-z]{0,3}\d))?"  # what stands before: marks, "pp."
    r"([A-Za-z]{0,3})[-. ]?(\d{1,8})[a-z]?\b"
    r"(?:\s*(?:-+|–|—|to)\s*([A-Za-z]{0,3})(\d{1,8}))?",
    re.I,
)
_COUNT = re.compile(r"^\s*\d+\s*(?:p|pp|pages?|leaves|s)\.?\s*$", re.I)
_SUPPLEMENT = re.compile(r"supp|\babstr|\bsp(?:ec)? ?iss|(?:^|\|)s\d", re.I)
_PREPRINT_DOI = (
    "10.1101/",
    "10.2139/ssrn",
    "10.31234/",
    "10.31235/",
    "10.31219/",
    "10.31222/",
    "10.21203/rs",
    "10.20944/",
    "10.48550/",
    "10.26434/",
    "10.35542/",
)
_PREPRINT_VENUE = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|edarxiv|ssrn|psyarxiv|socarxiv|osf preprints?|preprints?|research square"
    r"|working papers?|discussion papers?)\b"
)
_MEETING = re.compile(
    r"\b(?:conference|congress|annual (?:scientific )?meeting|(?:international |annual )?symposium|abstracts?|colloquium"
    r"|workshop|(?:scientific|general) (?:sessions|assembly)|assembly)\b"
)


def number_of(text: str) -> int:
    """The first number in a volume or an issue ("35 (Pt 1)", "XII"), 0 where there is none; "08/11" is one of its own."""
    if text.isascii() and text.isdigit():
        return int(text[:9])
    if double := _DOUBLE.search(text):
        return int(double.group(1)) * 10000 + int(double.group(2))
    if found := _NUMBER.search(text):
        return int(found.group())
    return _roman(text.strip().lower())


def _roman(text: str) -> int:
    if not text or not _ROMAN.match(text):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def is_supplement(volume: str, issue: str, pages: str) -> bool:
    """Whether the place is in a supplement, where the abstracts of meetings are printed."""
    if volume.isdigit() and (not issue or issue.isdigit()) and (not pages or pages[0].isdigit()):
        return False
    return bool(_SUPPLEMENT.search(f"{volume}|{issue}|{pages}"))


_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_AS_DATE = re.compile(r"^\s*(?:(\d{1,2})-([A-Za-z]{3})|([A-Za-z]{3})-(\d{1,2}))\s*$")


def _from_date(pages: str) -> tuple[str, int, int] | None:
    """Pages that a spreadsheet took for a date: "01-Sep" are pages 1 to 9."""
    found = _AS_DATE.match(pages)
    if not found:
        return None
    day, month = found.group(1) or found.group(4), _MONTHS.get((found.group(2) or found.group(3)).lower(), 0)
    first, last = (int(day), month) if found.group(1) else (month, int(day))
    return ("", first, last if last >= first else 0) if month else None


def pages_of(pages: str, *, in_volume: bool) -> tuple[str, int, int]:
    """Letters before the first page, first page and last page ("123-30" ends on 130); 0 where it does not say.

    A lone number outside a volume is a count of pages, and so is "215 p".
    """
    start, _, end = pages.partition("-")
    if start.isdecimal() and end.isdecimal() and len(pages) < 18:  # most are written so
        return "", int(start), _last_page(start, end)
    if not pages or _COUNT.match(pages):
        return "", 0, 0
    if (dated := _from_date(pages)) is not None:
        return dated
    found = _PAGES.match(pages)
    if not found or not (in_volume or found.group(4)):
        return "", 0, 0
    letters, first = found.group(1).lower(), int(found.group(2))
    return ("" if letters in ("p", "pp") else letters), first, _last_page(found.group(2), found.group(4) or "")


def _last_page(first: str, last: str) -> int:
    """The last page, where only its changed end may be written; 0 where it is before the first."""
    if not last:
        return 0
    whole = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    return int(whole) if int(whole) >= int(first) else 0


@lru_cache(maxsize=65536)
def venue_of(text: str) -> tuple[str, bool, bool]:
    """The folded journal or series without "The", whether it is a place for preprints, and whether it names a meeting."""
    folded = fold_often(text).removeprefix("the ")
    return folded, bool(_PREPRINT_VENUE.search(folded)), bool(_MEETING.search(folded))


def is_preprint_doi(doi: str) -> bool:
    """Whether the DOI belongs to a preprint server."""
    return doi.startswith(_PREPRINT_DOI)
