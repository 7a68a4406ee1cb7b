"""CSL-JSON: what Zotero, Mendeley's heirs and citation programs write; and our own two JSON forms, read back as written.

Fields are those of CSL 1.0.2's schema for input data. A list, one object, one object a line, or `{"items": [...]}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from whatworks.collate.methods.exports import as_csl
from whatworks.collate.methods.names import csl_name, dated
from whatworks.collate.methods.records import Record
from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Outline, Path, WrongShape

_TYPES = {
    "article": "JOUR",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "bill": "BILL",
    "book": "BOOK",
    "broadcast": "VIDEO",
    "chapter": "CHAP",
    "classic": "CLSWK",
    "dataset": "DATA",
    "document": "GEN",
    "entry": "ENCYC",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "figure": "FIGURE",
    "graphic": "ART",
    "hearing": "HEAR",
    "interview": "PCOMM",
    "legal_case": "CASE",
    "legislation": "STAT",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "periodical": "JFULL",
    "personal_communication": "PCOMM",
    "post": "BLOG",
    "post-weblog": "BLOG",
    "regulation": "STAT",
    "report": "RPRT",
    "review": "JOUR",
    "review-book": "JOUR",
    "software": "COMP",
    "song": "SOUND",
    "speech": "SLIDE",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}
_WORD_FOR_WORD = {
    "id": "ID",
    "title": "TI",
    "container-title": "T2",
    "collection-title": "T3",
    "container-title-short": "J2",
    "journalAbbreviation": "J2",
    "volume": "VL",
    "issue": "IS",
    "publisher": "PB",
    "publisher-place": "CY",
    "edition": "ET",
    "DOI": "DO",
    "ISSN": "SN",
    "ISBN": "SN",
    "PMID": "AN",
    "PMCID": "C2",
    "URL": "UR",
    "abstract": "AB",
    "language": "LA",
    "note": "N1",
    "genre": "M3",
    "archive": "DB",
    "source": "DP",
    "call-number": "CN",
    "number": "M1",
}
_NAMES = {"author": "AU", "editor": "ED", "collection-editor": "A3", "translator": "A4"}
_PAGES = re.compile(r"\s*([^\s,;&–-]+)\s*[–-]+\s*([^\s,;&–-]+)\s*")


class Csl(JsonSource):
    """CSL-JSON, the form of citation programs."""

    name, prefix = "CSL-JSON", "csl"

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether the first object has a type of CSL's and something to know it by, or the file is an empty list."""
        if start.has("items") and not start.is_list:
            return '"type"' in head.text
        if not start.members:
            return start.is_list
        typed = start.members.get("type") in _TYPES
        return typed and start.has_any("title", "author", "issued", "id", "container-title", "DOI", "URL")

    def places(self, start: Outline) -> tuple[Path, ...]:
        """Records stand in a list of their own, or under `items` as Zotero's service gives them."""
        return (("items",),) if start.has("items") and not start.has("type") else ()

    def tags(self, item: Item, notes: list[str]) -> Iterator[tuple[str, str]]:
        """The item in RIS tags, and everything that had to change or has no tag under its own name."""
        if not item:
            raise WrongShape("an empty object stands where a record should be")
        ours = written_here(item)
        if ours:
            yield from ours
            return
        kind = item.get("type")
        yield "TY", _TYPES.get(kind, "GEN") if isinstance(kind, str) else "GEN"
        taken = set()
        for name, tag in _WORD_FOR_WORD.items():
            value = item.get(name)
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                taken.add(name)
                yield tag, str(value)
        for name, tag in _NAMES.items():
            yield from ((tag, person) for person in _people(item.get(name)))
        yield from _dates(item)
        yield from _pages(item.get("page"))
        yield from _keywords(item.get("keyword"))
        yield from self.kept(item, taken)


def _people(names: Any) -> Iterator[str]:
    for name in names if isinstance(names, list) else [names]:
        if person := csl_name(name):
            yield person


def _dates(item: Item) -> Iterator[tuple[str, str]]:
    issued = _date(item.get("issued"))
    if issued:
        yield "PY", issued.split("/")[0]
        yield "DA", issued
    if seen := _date(item.get("accessed")):
        yield "Y2", seen


def _date(value: Any) -> str:
    """A CSL date, which comes in parts, as a literal, raw in any form, or as a bare text or number."""
    if not isinstance(value, dict):
        return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    found = dated(value.get("date-parts"))
    return found or next((value[key] for key in ("raw", "literal") if isinstance(value.get(key), str)), "")


def _pages(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
        found = _PAGES.fullmatch(str(value))
        yield from zip(("SP", "EP"), found.groups() if found else (str(value),), strict=False)


def _keywords(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    for word in value if isinstance(value, list) else ():
        if isinstance(word, str) and word.strip():
            yield "KW", word.strip()


def written_here(item: Item) -> tuple[tuple[str, str], ...]:
    """The tags of a record that was written by us as CSL, or () where the item is another's, or was changed since."""
    custom = item.get("custom")
    pairs = _pairs(custom.get("ris")) if isinstance(custom, dict) else ()
    return pairs if pairs and _without_id(as_csl(Record(1, 1, pairs))) == _without_id(item) else ()


def _without_id(item: Item) -> Item:
    """The item but for its number, which for some records is their place in the file that they came from."""
    return {key: value for key, value in item.items() if key != "id"}


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return ()
    pairs = tuple(tuple(pair) for pair in value if isinstance(pair, list))
    fits = all(len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in pairs)
    return pairs if fits and len(pairs) == len(value) and pairs and pairs[0][0] == "TY" else ()  # type: ignore[return-value]


class OwnJson(JsonSource):
    """JSON lines as this program writes them, with every tag of each record as it was."""

    name, prefix = "whatworks JSONL", "whatworks"

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether the first object has what every line of ours has."""
        return start.has("tags", "position", "title", "line") and bool(_pairs(start.members["tags"]))

    def tags(self, item: Item, notes: list[str]) -> Iterator[tuple[str, str]]:
        """The tags as they were written; the other members are only views of them."""
        pairs = _pairs(item.get("tags"))
        if not pairs:
            raise WrongShape("its tags are not pairs of texts that begin with the type (TY)")
        yield from pairs
