"""Fields: one bibliographic fact out of the many ways in which exports write it.

Every function is total: text in, text (or None) out, nothing raised; an unreadable value gives "" or None, and the
text itself stays in the record's tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

# DOI Handbook section 2.2: prefix "10." and a registrant code, a slash, and any suffix of printable characters.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+", re.IGNORECASE)
_DOI_IN_ADDRESS_ENDS = re.compile(r"[?&#].*$|/(?:full|abstract|pdf|epdf|html|meta)$", re.IGNORECASE)
LONGEST_DOI = 200  # what runs on longer is a value whose spaces were lost, not a DOI
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})-?(\d{3}[\dXx])(?![\dXx-])")
_DASHES = re.compile(r"--|[‐‑–—]")
_CLOSES = {")": "(", "]": "[", "}": "{"}


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def normalise_doi(text: str, *, address: bool = False) -> str:
    """The DOI in a value, lower case and without its resolver, or "" where there is none.

    `address` says that the value is a web address: its query and page endings (`/full`, `?a=b`) are no part of a DOI.
    """
    plain = text
    for _ in range(2):  # some databases escape an address that was escaped already
        plain = unquote(plain)
    found = _DOI.search(plain)
    if not found:
        return ""
    doi = found.group().lower()
    if address:
        doi = _DOI_IN_ADDRESS_ENDS.sub("", doi)
    return _without_trailing_marks(doi) if len(doi) <= LONGEST_DOI else ""


def _without_trailing_marks(doi: str) -> str:
    while doi:
        last = doi[-1]
        unopened = last in _CLOSES and doi.count(last) > doi.count(_CLOSES[last])
        if last not in ".,;:'’”" and not unopened:
            break
        doi = doi[:-1]
    return doi


def year_in(values: Iterable[str]) -> int | None:
    """The first year from 1500 to 2099 named in the values, in their order."""
    for value in values:
        found = _YEAR.search(value)
        if found:
            return int(found.group())
    return None


def issn_in(values: Iterable[str]) -> str:
    """The first ISSN in the values as NNNN-NNNN, or ""; a book number (ISBN) is not one."""
    for value in values:
        found = _ISSN.search(value)
        if found:
            return f"{found.group(1)}-{found.group(2).upper()}"
    return ""


def pages_of(first: str, last: str) -> str:
    """One page range from a first and a last page, either of which may hold the whole range already."""
    first, last = _DASHES.sub("-", one_line(first)), _DASHES.sub("-", one_line(last))
    if not first or not last or first == last:
        return first or last
    if first.endswith(f"-{last}"):
        return first
    if last.startswith(f"{first}-"):
        return last
    return f"{first}-{last}"


def names_in(values: Iterable[str]) -> tuple[str, ...]:
    """Names, one each, out of author lines; a line may hold several joined by semicolons."""
    return tuple(name for value in values for part in value.split(";") if (name := one_line(part).strip(" ,")))
